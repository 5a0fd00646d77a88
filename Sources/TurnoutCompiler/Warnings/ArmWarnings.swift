internal import Turnout

/// Arms whose sizes are probably not what was meant.
extension Warnings {
  /// `weights-not-100`: who writes 90 and 9 has probably percentages in mind.
  func checkSum(_ allocation: AllocationSpec) {
    guard allocation.kind == .split || allocation.kind == .placement,
      !allocation.allowed.contains(.weightsNot100)
    else { return }
    var sum = UInt128(0)
    for arm in allocation.arms {
      if case .weight(let weight) = arm.size { sum += UInt128(weight.units) }
    }
    let hundred = UInt128(Percentage.whole)
    guard sum != hundred, sum >= hundred / 100 * 95, sum <= hundred / 100 * 105 else { return }
    report.warning(
      .weightsNot100, at: allocation.mark,
      "the weights add up to \(Decimal.text(sum)), not to 100",
      "each is a share of that sum; if percentages are meant, make it 100")
  }

  /// `one-arm` and `empty-arm`
  func checkArms(_ allocation: AllocationSpec) {
    if allocation.kind == .split || allocation.kind == .placement, allocation.arms.count == 1,
      let arm = allocation.arms.first, !allocation.allowed.contains(.oneArm)
    {
      report.warning(
        .oneArm, at: allocation.mark,
        "\(allocation.kind.what) `\(allocation.owner)` has one arm: every unit gets `\(arm.name)`",
        allocation.kind == .split
          ? "write `route: \(arm.name)`, or the arm that is missing"
          : "write the cluster without `split`, or the arm that is missing")
    }
    guard !allocation.allowed.contains(.emptyArm), allocation.mayHaveEmptyArm else { return }
    let pinned = try? allocation.pinnedByName()
    let arms = pinned?.arms ?? allocation.lengthsByName()?.arms ?? []
    let empty = Set(arms.filter { $0.length == 0 }.map(\.key))
    guard !empty.isEmpty else { return }
    for arm in allocation.arms where empty.contains(arm.name) {
      if allocation.kind == .layer, experimentsWithoutShare.contains(arm.name) { continue }
      warn(
        .emptyArm, at: arm.mark,
        "the arm `\(arm.name)` of \(allocation.kind.what) `\(allocation.owner)` has no positions",
        "no unit is drawn for it; give it more, or take it away")
    }
  }
}

extension AllocationSpec {
  /// False if every arm has a position for certain: a share of the whole that is not rounded to
  /// nothing. Most are like that, and their lengths need not be computed to know it.
  fileprivate var mayHaveEmptyArm: Bool {
    guard ranges == nil else { return true }
    var whole = UInt128(Percentage.whole)
    if case .weight = arms.first?.size {
      whole = arms.reduce(0) { sum, arm in
        if case .weight(let weight) = arm.size { sum + UInt128(weight.units) } else { sum }
      }
    }
    return arms.contains { arm in
      switch arm.size {
      case .weight(let weight): UInt128(weight.units) << 32 < whole
      case .share(let share): UInt128(share.units) << 32 < whole
      }
    }
  }
}
