import Turnout

/// What a change of an allocation moves.
package struct Movement: Sendable, Hashable {
  /// How many positions another arm has than before. Having none counts as an arm here: a unit that
  /// leaves a holdout moves.
  package let positions: UInt64
  /// The fewest that the change of lengths allows: the sum of all growth.
  package let minimum: UInt64

  package init(from old: Allocation, to new: Allocation) {
    var successor = [Int?](repeating: nil, count: old.arms.count)
    var stay: UInt64 = 0
    for (before, after) in ByteOrder.pairs(old.arms, new.arms) {
      successor[before] = after
      stay += min(old.arms[before].length, new.arms[after].length)
    }
    stay += min(old.unallocated, new.unallocated)
    minimum = Ring.positions - stay

    // Of the two rings laid over each other: positions whose arm, or lack of one, is the same.
    var same: UInt64 = 0
    var covered: UInt64 = 0
    var i = 0
    var j = 0
    while i < old.intervals.count, j < new.intervals.count {
      let (before, after) = (old.intervals[i], new.intervals[j])
      let lower = max(before.lower, after.lower)
      let upper = min(before.upper, after.upper)
      if lower < upper {
        covered += upper - lower
        if successor[before.arm] == after.arm { same += upper - lower }
      }
      if before.upper <= after.upper { i += 1 }
      if after.upper <= before.upper { j += 1 }
    }
    let eitherAllocated =
      (Ring.positions - old.unallocated) + (Ring.positions - new.unallocated) - covered
    same += Ring.positions - eitherAllocated
    positions = Ring.positions - same
  }
}

extension Allocation {
  /// The number of positions that no arm has.
  package var unallocated: UInt64 {
    Ring.positions - arms.reduce(0) { $0 + $1.length }
  }
}
