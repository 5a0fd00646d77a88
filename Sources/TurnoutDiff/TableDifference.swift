package import Turnout

/// What becomes of requests where one table takes the place of another.
package struct TableDifference: Sendable {
  package var before: ComparedTable
  package var after: ComparedTable
  /// The time that windows are held against: nanoseconds since 1970 in UTC.
  package var now: Int64
  /// Those that answer differently, in the order of their names.
  package var useCases: [UseCaseDifference] = []
  /// How many answer alike, whatever the request.
  package var unchangedCount = 0
  /// By cluster and shard, in the order of their names; those too that do not change.
  package var loads: [LoadChange] = []
  /// What one unit of load is.
  package var loadBasis = LoadBasis.useCases
  /// Those that change, in the order of their names.
  package var experiments: [ExperimentChange] = []
  /// Nil without one.
  package var population: Population?
  /// Use cases whose load could not be worked out, and is in no sum.
  package var unknownLoads: [String] = []
  /// The same two by the first class of each use case, whether there is a population or not.
  package var classLoads: [LoadChange] = []
  package var unknownClassLoads: [String] = []

  package init(before: ComparedTable, after: ComparedTable, now: Int64) {
    self.before = before
    self.after = after
    self.now = now
  }

  /// A table that is compared.
  package struct ComparedTable: Sendable, Hashable {
    /// What it was called: a path, `@3`, `@head`.
    package var name: String
    /// Nil of a table that is in no store.
    package var revision: UInt64?
    package var digest: Digest
    package var useCaseCount: Int

    package init(name: String, revision: UInt64?, digest: Digest, useCaseCount: Int) {
      self.name = name
      self.revision = revision
      self.digest = digest
      self.useCaseCount = useCaseCount
    }
  }

  /// What a population held.
  package struct Population: Sendable, Hashable {
    package var name: String
    /// Lines with a unit, resolved one by one.
    package var requestCount: Int
    /// Lines without, each evaluated over all units.
    package var contextCount: Int

    package init(name: String, requestCount: Int, contextCount: Int) {
      self.name = name
      self.requestCount = requestCount
      self.contextCount = contextCount
    }
  }

  package enum LoadBasis: Sendable, Hashable {
    /// As many requests for every use case, of the first class of each: 1 is the load of a use case.
    case useCases
    /// The population's requests: 1 is all of it.
    case population
  }

  /// Whether anything moves: units that are drawn, or such as documents name. What was too much to work
  /// out may.
  package var moves: Bool {
    useCases.contains { useCase in
      useCase.all.contains { !$0.moved.isZero || $0.limit != nil }
        || useCase.listedUnits.map { $0.movedCount > 0 } ?? false
    }
  }

  /// The largest share that moves, and where: over use cases and, of each, its classes; by the
  /// population alone where there is one. Nil if nothing is known to move.
  package var largestMove: (useCase: UseCaseDifference, class: ClassDifference)? {
    var found: (useCase: UseCaseDifference, class: ClassDifference)?
    for useCase in useCases {
      guard let largest = useCase.largestMove, largest.moved > found?.class.moved ?? .zero else {
        continue
      }
      found = (useCase, largest)
    }
    return found
  }
}

/// One use case that answers differently.
package struct UseCaseDifference: Sendable, Hashable {
  package var name: String
  package var change: Change
  /// By arithmetic: first the class of requests of which nothing is said, then those classes of context
  /// in which something moves, or that were too much to work out.
  package var classes: [ClassDifference] = []
  /// How many classes more were worked out, in which nothing moves.
  package var stillClassCount = 0
  /// How many combinations of what answers depend on there are beside, which were not looked at.
  package var omittedCount = 0
  /// Over the population's requests for this use case; nil without any.
  package var population: ClassDifference?
  /// The units that the documents name; nil if they name none here.
  package var listedUnits: ListedUnits?
  /// Those that change.
  package var shadows: [ShadowChange] = []

  package init(name: String, change: Change) {
    self.name = name
    self.change = change
  }

  package enum Change: Sendable, Hashable {
    case changed
    case added
    case removed
  }

  /// What its moves are counted by: the population alone if there is one.
  var counted: [ClassDifference] { population.map { [$0] } ?? classes }

  /// All that was worked out, the population first.
  package var all: [ClassDifference] { (population.map { [$0] } ?? []) + classes }

  /// The class of which most moves, where something does: the population if there is one.
  package var largestMove: ClassDifference? { Self.largest(counted) }

  /// The one of which most moves, where something does.
  static func largest(_ classes: [ClassDifference]) -> ClassDifference? {
    guard let largest = classes.max(by: { $0.moved < $1.moved }), !largest.moved.isZero else {
      return nil
    }
    return largest
  }

  /// Whether there are classes that could not be worked out.
  package var isIncomplete: Bool { omittedCount > 0 || classes.contains { $0.limit != nil } }
}

/// Where the units of one class of requests go, before and after.
package struct ClassDifference: Sendable, Hashable {
  /// Which requests: "production, nothing else given", `country == DE`, "the population".
  package var circumstances: String
  /// How it was found.
  package var basis: Basis
  /// Those that stay too, the largest first; their shares add up to 1.
  package var flows: [Flow]
  /// Why there are no flows, in words.
  package var limit: String?
  /// How many classes more have the same flows.
  package var alikeCount = 0
  /// Units that had a destination and have another one or none.
  package let moved: Share
  /// Units that had none and have one.
  package let begun: Share
  /// The fewest that have to move for each destination to get what it has after.
  package let minimum: Share

  package enum Basis: Sendable, Hashable {
    /// Exact, over all units.
    case arithmetic
    /// Resolved request by request: the weights of those that count here.
    case requests
    /// Of contexts by arithmetic, weighed, and of requests one by one.
    case population
  }

  /// The flows of a class, in any order, each pair of destinations once.
  package init(circumstances: String, basis: Basis, flows: [Flow]) {
    self.circumstances = circumstances
    self.basis = basis
    self.flows = flows.sorted { one, other in
      if one.share != other.share { return one.share > other.share }
      return (one.from.text, one.to.text) < (other.from.text, other.to.text)
    }
    var (moved, begun, minimum) = (Share.zero, Share.zero, Share.zero)
    var (before, after): ([Destination: Share], [Destination: Share]) = ([:], [:])
    for flow in flows {
      if flow.moves { moved += flow.share }
      if flow.begins { begun += flow.share }
      before[flow.from, default: .zero] += flow.share
      after[flow.to, default: .zero] += flow.share
    }
    for (destination, share) in before where destination.endpoint != nil {
      minimum += share - (after[destination] ?? .zero)
    }
    (self.moved, self.begun, self.minimum) = (moved, begun, minimum)
  }

  /// Whether anybody moves, or gets an answer that there was none to.
  package var changes: Bool { !moved.isZero || !begun.isZero }

  /// A class that was too much to work out.
  package init(circumstances: String, limit: String) {
    self.circumstances = circumstances
    basis = .arithmetic
    flows = []
    self.limit = limit
    (moved, begun, minimum) = (.zero, .zero, .zero)
  }
}

/// Units that segments and overrides name, resolved one by one on both tables.
package struct ListedUnits: Sendable, Hashable {
  package var count: Int
  package var movedCount: Int
  /// Of these, those that an override names before or after.
  package var overriddenCount: Int
  /// More were listed than are resolved.
  package var omittedCount: Int

  package init(count: Int, movedCount: Int, overriddenCount: Int, omittedCount: Int) {
    self.count = count
    self.movedCount = movedCount
    self.overriddenCount = overriddenCount
    self.omittedCount = omittedCount
  }
}

/// What share of requests a shadow copies, in the first class of its use case, and where to.
package struct ShadowChange: Sendable, Hashable {
  package var name: String
  /// Nil where there is no such shadow.
  package var before: Copies?
  package var after: Copies?

  package struct Copies: Sendable, Hashable {
    package var share: Share
    /// `model@version`.
    package var target: String

    package init(share: Share, target: String) {
      self.share = share
      self.target = target
    }
  }

  package init(name: String, before: Copies?, after: Copies?) {
    self.name = name
    self.before = before
    self.after = after
  }
}
