import TurnoutCompiler

/// Where a change stands that a guard looks at.
package enum GuardFinding: Sendable {
  case move(GuardedMove)
  case clusterLoad(GuardedLoad)

  package var holds: Bool {
    switch self {
    case .move(let found): found.holds
    case .clusterLoad(let found): found.holds
    }
  }
}

/// What of a use case moves, at most.
package struct GuardedMove: Sendable {
  package let guarded: GuardsInForce.Move
  package let useCase: UseCaseDifference
  /// The class of which most moves; nil where none could be worked out.
  package let largest: ClassDifference?

  /// Whether no class moves more than it may, and every class could be looked at.
  package var holds: Bool {
    !useCase.isIncomplete && !moved.isAbove(guarded.limit)
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
    return Self.told(moves, \.holds).map { .move($0) }
      + Self.told(loads, \.holds).map { .clusterLoad($0) }
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

  /// So many of these. What a whole number of them has is far below 2^64.
  func times(_ count: UInt64) -> Share {
    var (sum, power, left) = (Share.zero, self, count)
    while left > 0 {
      if left & 1 == 1 { sum += power }
      left >>= 1
      if left > 0 { power += power }
    }
    return sum
  }
}
