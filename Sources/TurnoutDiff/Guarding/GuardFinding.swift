import TurnoutCompiler

/// Where a change stands that a guard looks at.
package enum GuardFinding: Sendable {
  case move(GuardedMove)
  case clusterLoad(GuardedLoad)
  /// Use cases whose load could not be worked out, so that nothing can be said of any cluster.
  case unknownLoad(GuardsInForce.ClusterLoad, useCases: [String], helps: Bool)

  package var holds: Bool {
    switch self {
    case .move(let found): found.holds
    case .clusterLoad(let found): found.holds
    case .unknownLoad: false
    }
  }
}

/// What of a use case moves, at most.
package struct GuardedMove: Sendable {
  package let guarded: GuardsInForce.Move
  package let useCase: UseCaseDifference
  /// Those that the guard is held against.
  let classes: [ClassDifference]
  /// Whether a population would say what could not be worked out: never of a document's guard.
  package let wouldPopulationHelp: Bool

  /// The class of which most moves; nil where none could be worked out.
  package var largest: ClassDifference? { UseCaseDifference.largest(classes) }

  /// Whether no class moves more than it may. One that was too much to work out may.
  package var holds: Bool { !isUnknown && !moved.isAbove(guarded.limit) }

  /// Whether some class was too much to work out.
  package var isUnknown: Bool { classes.contains { $0.limit != nil } }

  package var moved: Share { largest?.moved ?? .zero }
}

/// How the load of a cluster or a shard grows.
package struct GuardedLoad: Sendable {
  package let guarded: GuardsInForce.ClusterLoad
  package let change: LoadChange
  /// What one unit of load is.
  package let basis: TableDifference.LoadBasis

  /// One without any load before has nothing to grow by.
  package var holds: Bool {
    change.before.total.isZero
      || !change.after.total.isAbove(change.before.total, grownBy: guarded.limit)
  }
}

extension GuardsInForce {
  /// What the guards say of a change: all that it breaks, and of each guard that holds where it comes
  /// nearest. Moves before loads, those that go furthest first.
  package func findings(_ difference: TableDifference) -> [GuardFinding] {
    moves(difference) + loads(difference)
  }

  /// A guard of documents is held against every class and the population, one that was stated against
  /// the population alone where it asks the use case. Of two the laxer is left out if it is held against
  /// no more than the stricter.
  private func moves(_ difference: TableDifference) -> [GuardFinding] {
    var (ofOptions, ofDocuments): ([GuardedMove], [GuardedMove]) = ([], [])
    for useCase in difference.useCases {
      let all = useCase.classes + (useCase.population.map { [$0] } ?? [])
      let option = stated.move(of: useCase.name)
      let document = documents.move(of: useCase.name)
      let isSame = useCase.population == nil
      let bound = document?.limit.units ?? .max
      if let option, option.limit.units < bound || isSame && option.limit.units == bound {
        ofOptions.append(
          GuardedMove(
            guarded: option, useCase: useCase, classes: useCase.counted,
            wouldPopulationHelp: isSame))
        if isSame { continue }
      }
      if let document {
        ofDocuments.append(
          GuardedMove(
            guarded: document, useCase: useCase, classes: all, wouldPopulationHelp: false))
      }
    }
    // Without a population all are held against the same: one list.
    let lists =
      difference.population == nil ? [ofOptions + ofDocuments] : [ofOptions, ofDocuments]
    return lists.flatMap { list in
      let sorted = list.sorted { ($1.holds ? 1 : 0, $1.moved) < ($0.holds ? 1 : 0, $0.moved) }
      return Self.told(sorted, \.holds).map { GuardFinding.move($0) }
    }
  }

  /// Loads by classes count for a guard of documents always, and for one that was stated where the
  /// population leaves out a use case that changes: of that one it says nothing.
  private func loads(_ difference: TableDifference) -> [GuardFinding] {
    let (option, document) = (stated.clusterLoad, documents.clusterLoad)
    let strictest =
      switch (option, document) {
      case (let option?, let document?): document.limit < option.limit ? document : option
      default: option ?? document
      }
    guard let strictest else { return [] }
    guard difference.population != nil else {
      return findings(
        strictest, difference.classLoads, .useCases, unknown: difference.unknownClassLoads,
        helps: option == strictest)
    }
    let ofPopulation = findings(
      strictest, difference.loads, .population, unknown: difference.unknownLoads, helps: false)
    let isPartial = difference.useCases.contains { $0.population == nil }
    guard let byClasses = isPartial ? strictest : document else { return ofPopulation }
    return ofPopulation
      + findings(
        byClasses, difference.classLoads, .useCases, unknown: difference.unknownClassLoads,
        helps: byClasses == option)
  }

  private func findings(
    _ guarded: ClusterLoad, _ changes: [LoadChange], _ basis: TableDifference.LoadBasis,
    unknown: [String], helps: Bool
  ) -> [GuardFinding] {
    let loads = changes.filter { !$0.before.total.isZero }
      .sorted { ($0.growth ?? 0) > ($1.growth ?? 0) }
      .map { GuardedLoad(guarded: guarded, change: $0, basis: basis) }
    let found = Self.told(loads, \.holds).map { GuardFinding.clusterLoad($0) }
    return unknown.isEmpty
      ? found : [.unknownLoad(guarded, useCases: unknown, helps: helps)] + found
  }

  /// All that break the guard; where none does, the first.
  private static func told<Finding>(
    _ findings: [Finding], _ holds: (Finding) -> Bool
  ) -> [Finding] {
    let broken = findings.filter { !holds($0) }
    return broken.isEmpty ? Array(findings.prefix(1)) : broken
  }
}

extension Share {
  /// Whether this is more than a percentage, beyond what lengths are off because they are whole
  /// positions.
  func isAbove(_ limit: Percentage) -> Bool {
    times(Percentage.whole) > Share(whole: limit.units + limit.slack.units)
  }

  func isAbove(_ before: Share, grownBy limit: Growth) -> Bool {
    let slack = limit.units == 0 ? 0 : Percentage.rounding.units
    return times(Percentage.whole) > before.times(Percentage.whole + limit.units + slack)
  }
}
