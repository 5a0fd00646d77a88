/// What an allocation divides a ring for, as its record of lineage says it.
struct AllocationOwner {
  let kind: AllocationKind
  let owner: Int
  let part: Int

  init(_ kind: AllocationKind, _ owner: Int, _ part: Int = 0) {
    self.kind = kind
    self.owner = owner
    self.part = part
  }

  /// Whether positions may belong to nobody. Such an allocation is drawn from by units that are
  /// there, and by no others.
  @inline(__always)
  var mayLeavePositions: Bool {
    switch kind {
    case .layer, .holdout, .sample: true
    case .split, .cells, .placement, .shards: false
    }
  }
}

/// Allocations: blocks that each belong to one owner.
extension Validation {
  /// The next block of the allocations section, which the reference at `at` must lead to. What its
  /// arms lead to is among `targets`.
  func takeAllocation(
    _ at: Int, of owner: AllocationOwner, _ targets: Range<Int>, _ taken: inout Taken
  ) throws(Fault) {
    try check(int(at) &- 1 == taken.nextAllocation, at, "allocations do not follow each other")
    taken.nextAllocation &+= try checkAllocation(
      offset(.allocations) &+ taken.nextAllocation, limit: end(.allocations), of: owner, targets)
    taken.allocations &+= 1
  }

  /// The block at `at`, which ends by `limit`; returns its size.
  func checkAllocation(
    _ at: Int, limit: Int, of owner: AllocationOwner, _ targets: Range<Int>
  ) throws(Fault) -> Int {
    try check(
      at % 8 == 0 && Layout.Allocation.lasts <= limit &- at, at,
      "an allocation is not aligned, or reaches outside")
    let intervals = int(at &+ Layout.Allocation.intervalCount)
    let arms = Int(u16(at &+ Layout.Allocation.armCount))
    let size = Layout.Allocation.bytes(intervals: intervals, arms: arms)
    try check(size <= limit &- at, at, "an allocation reaches outside")
    try check(arms >= 1 && intervals >= 1, at, "an allocation without arms")
    let targetsAt = at &+ Layout.Allocation.lasts &+ 4 &* intervals
    let leavesPositions = u32(targetsAt &+ 4 &* (arms &- 1)) == Format.nobody
    let owned = leavesPositions ? arms &- 1 : arms
    try check(!leavesPositions || owner.mayLeavePositions, at, "positions of nobody")
    try check(owned >= 1 && owned <= Format.armsMax, at, "an allocation has no arms, or too many")
    let heaviest = Int(u16(at &+ Layout.Allocation.heaviest))
    try check(heaviest < (owner.mayLeavePositions ? 1 : arms), at, "no such arm")
    for arm in 0..<owned {
      let targetAt = targetsAt &+ 4 &* arm
      let target = int(targetAt)
      try check(
        target >= targets.lowerBound && target < targets.upperBound, targetAt, "no such target")
      if owner.kind == .layer {
        let experiment = record(.experiments, target)
        try check(
          int(experiment &+ Layout.Experiment.layer) == owner.owner, targetAt,
          "an experiment of another layer")
      }
    }
    try checkIntervals(at, intervals, arms)
    try checkZero(targetsAt &+ 4 &* arms &+ 2 &* intervals, at &+ size)
    return size
  }

  @inline(__always)
  private func checkIntervals(_ at: Int, _ intervals: Int, _ arms: Int) throws(Fault) {
    var lastAt = at &+ Layout.Allocation.lasts
    var armAt = lastAt &+ 4 &* intervals &+ 4 &* arms
    var last = u32(lastAt)
    var arm = u16(armAt)
    try check(Int(arm) < arms, armAt, "no such arm")
    for _ in 1..<intervals {
      lastAt &+= 4
      armAt &+= 2
      let nextLast = u32(lastAt)
      let nextArm = u16(armAt)
      try check(Int(nextArm) < arms, armAt, "no such arm")
      try check(last < nextLast, lastAt, "intervals are not in order")
      try check(arm != nextArm, armAt, "neighbours of one arm")
      (last, arm) = (nextLast, nextArm)
    }
    try check(last == UInt32.max, lastAt, "the intervals end before the ring does")
  }
}
