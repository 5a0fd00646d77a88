import TurnoutCompiler

/// Where a change stands that a guard looks at.
package enum GuardFinding: Sendable {
  case move(GuardedMove)
  case clusterLoad(GuardedLoad)
  /// Use cases whose load could not be worked out, so that nothing can be said of any cluster.
  case unknownLoad(GuardsInForce.ClusterLoad, useCases: [String])

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
  /// The class of which most moves; nil where none could be worked out.
  package let largest: ClassDifference?

  /// Whether no class moves more than it may. One that was too much to work out may.
  package var holds: Bool { !isUnknown && !moved.isAbove(guarded.limit) }

  /// Whether some class was too much to work out, and no population says what there is to say.
  package var isUnknown: Bool {
    let classes = useCase.population.map { [$0] } ?? useCase.classes
    return classes.contains { $0.limit != nil }
  }

  package var moved: Share { largest?.moved ?? .zero }
}

/// How the load of a cluster or a shard grows.
package struct GuardedLoad: Sendable {
  package let guarded: GuardsInForce.ClusterLoad
  package let change: LoadChange

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
    let moves = difference.useCases.compactMap { useCase in
      move(of: useCase.name).map {
        GuardedMove(guarded: $0, useCase: useCase, largest: useCase.largestMove)
      }
    }.sorted { ($1.holds ? 1 : 0, $1.moved) < ($0.holds ? 1 : 0, $0.moved) }
    let loads = difference.loads.compactMap { change in
      clusterLoad.map { GuardedLoad(guarded: $0, change: change) }
    }.filter { !$0.change.before.total.isZero }
      .sorted { ($0.change.growth ?? 0) > ($1.change.growth ?? 0) }
    var findings = Self.told(moves, \.holds).map { GuardFinding.move($0) }
    if let clusterLoad, !difference.unknownLoads.isEmpty {
      findings.append(.unknownLoad(clusterLoad, useCases: difference.unknownLoads))
    }
    return findings + Self.told(loads, \.holds).map { .clusterLoad($0) }
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
