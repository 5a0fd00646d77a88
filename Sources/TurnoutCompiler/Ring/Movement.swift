import Turnout

/// What a change of an allocation moves.
package struct Movement: Sendable, Hashable {
  /// How many positions came to an arm that did not have them before.
  package let positions: UInt64
  /// The fewest that the change of lengths allows: `Σ max(0, newᵢ − oldᵢ)`. Carrying moves no more.
  package let minimum: UInt64
  /// How many positions had an arm and have none now, as when a holdout or an experiment shrinks.
  package let released: UInt64

  package init(from old: Allocation, to new: Allocation) {
    var successor = [Int?](repeating: nil, count: old.arms.count)
    var stays: UInt64 = 0
    for (before, after) in ByteOrder.pairs(old.arms, new.arms) {
      successor[before] = after
      stays += min(old.arms[before].length, new.arms[after].length)
    }

    // Of the two rings laid over each other: positions of an arm in both, and of the same in both.
    var inBoth: UInt64 = 0
    var same: UInt64 = 0
    var i = 0
    var j = 0
    while i < old.intervals.count, j < new.intervals.count {
      let (before, after) = (old.intervals[i], new.intervals[j])
      let lower = max(before.lower, after.lower)
      let upper = min(before.upper, after.upper)
      if lower < upper {
        inBoth += upper - lower
        if successor[before.arm] == after.arm { same += upper - lower }
      }
      if before.upper <= after.upper { i += 1 }
      if after.upper <= before.upper { j += 1 }
    }
    positions = new.allocated - same
    minimum = new.allocated - stays
    released = old.allocated - inBoth
  }
}

extension Movement {
  /// What an allocation releases that is gone.
  package static func gone(_ old: Allocation) -> Movement {
    Movement(positions: 0, minimum: 0, released: old.allocated)
  }

  private init(positions: UInt64, minimum: UInt64, released: UInt64) {
    self.positions = positions
    self.minimum = minimum
    self.released = released
  }
}

extension Allocation {
  /// The number of positions that some arm has.
  package var allocated: UInt64 { arms.reduce(0) { $0 + $1.length } }
}
