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
  var mayLeavePositions: Bool {
    switch kind {
    case .layer, .holdout, .sample: true
    case .split, .cells, .placement, .shards: false
    }
  }
}

/// Allocations: blocks that each belong to one owner.
extension Validation {
  /// Makes room for what the sections may own.
  mutating func expectAllocations() {
    let validation = self
    allocations = FoundAllocations { kind in
      switch kind {
      case .split, .sample: validation.count(.useCaseOrder)
      case .layer: validation.count(.layers)
      case .cells: validation.count(.experiments)
      case .holdout: validation.count(.holdouts)
      case .placement: validation.count(.placements)
      case .shards: validation.count(.clusters)
      }
    }
  }

  /// The next block of the allocations section, which the reference at `at` must lead to. What its
  /// arms lead to is among `targets`.
  mutating func takeAllocation(
    _ at: Int, of owner: AllocationOwner, _ targets: Range<Int>
  ) throws(TurnoutError) {
    try check(try int(at) - 1 == nextAllocation, at, "allocations do not follow each other")
    nextAllocation += try checkAllocation(
      offset(.allocations) + nextAllocation, limit: end(.allocations), of: owner, targets)
  }

  /// The block at `at`; returns its size.
  mutating func checkAllocation(
    _ at: Int, limit: Int, of owner: AllocationOwner, _ targets: Range<Int>
  ) throws(TurnoutError) -> Int {
    try check(at % 8 == 0, at, "an allocation is not aligned")
    let intervals = try int(at + Layout.Allocation.intervalCount)
    let arms = Int(try u16(at + Layout.Allocation.armCount))
    let size = Layout.Allocation.bytes(intervals: intervals, arms: arms)
    try check(at <= limit && size <= limit - at, at, "an allocation reaches outside")
    try check(arms >= 1 && intervals >= 1, at, "an allocation without arms")
    let targetsAt = at + Layout.Allocation.lasts + 4 * intervals
    let leavesPositions = try u32(targetsAt + 4 * (arms - 1)) == Format.nobody
    let owned = leavesPositions ? arms - 1 : arms
    try check(!leavesPositions || owner.mayLeavePositions, at, "positions of nobody")
    try check((1...Format.armsMax).contains(owned), at, "an allocation of \(owned) arms")
    let heaviest = Int(try u16(at + Layout.Allocation.heaviest))
    try check(heaviest < (owner.mayLeavePositions ? 1 : arms), at, "no such arm")
    for arm in 0..<owned {
      let target = try int(targetsAt + 4 * arm)
      try check(targets.contains(target), targetsAt + 4 * arm, "no such target")
      if owner.kind == .layer {
        let experiment = offset(.experiments) + target * Section.experiments.stride
        try check(
          try int(experiment + Layout.Experiment.layer) == owner.owner, targetsAt + 4 * arm,
          "an experiment of another layer")
      }
    }
    try checkIntervals(at, intervals, arms)
    try checkZero(targetsAt + 4 * arms + 2 * intervals, at + size)
    let isNew = allocations.insert(owner)
    try check(isNew, at, "an allocation that was found before")
    return size
  }

  private func checkIntervals(_ at: Int, _ intervals: Int, _ arms: Int) throws(TurnoutError) {
    let lastsAt = at + Layout.Allocation.lasts
    let armsAt = lastsAt + 4 * intervals + 4 * arms
    for interval in 0..<intervals {
      let lastAt = lastsAt + 4 * interval
      let armAt = armsAt + 2 * interval
      try check(Int(try u16(armAt)) < arms, armAt, "no such arm")
      if interval > 0 {
        try check(try u32(lastAt - 4) < (try u32(lastAt)), lastAt, "intervals are not in order")
        try check(try u16(armAt - 2) != (try u16(armAt)), armAt, "neighbours of one arm")
      }
    }
    let lastAt = lastsAt + 4 * (intervals - 1)
    try check(try u32(lastAt) == UInt32.max, lastAt, "the intervals end before the ring does")
  }
}
