import Turnout

/// The division of a ring among arms: which positions each of them has. Positions of no arm are
/// unallocated, as in a layer, a holdout or a sample.
package struct Allocation: Sendable {
  /// Positions `lower ..< upper` of one arm.
  package struct Interval: Sendable, Hashable {
    package let lower: UInt64
    /// Exclusive; up to 2³².
    package let upper: UInt64
    /// An index into `arms`.
    package let arm: Int

    package init(lower: UInt64, upper: UInt64, arm: Int) {
      self.lower = lower
      self.upper = upper
      self.arm = arm
    }
  }

  /// In byte order of their keys, without duplicates; those without positions too.
  package let arms: [Arm]
  /// In order of positions, none empty, disjoint, adjacent ones of one arm joined.
  package let intervals: [Interval]

  /// Takes intervals for what `arms` promises of them.
  init(arms: [Arm], intervals: [Interval]) {
    self.arms = arms
    self.intervals = intervals
  }

  /// An allocation read back from a table. Keys and intervals may come in any order and intervals
  /// may touch; nil if a key stands twice, or an interval is empty, overlaps another, leaves the
  /// ring or names no arm.
  package init?(keys: [String], intervals: [Interval]) {
    var lengths = [UInt64](repeating: 0, count: keys.count)
    var end: UInt64 = 0
    let intervals = intervals.sorted { $0.lower < $1.lower }
    for interval in intervals {
      guard
        end <= interval.lower, interval.lower < interval.upper, interval.upper <= Ring.positions,
        keys.indices.contains(interval.arm)
      else { return nil }
      end = interval.upper
      lengths[interval.arm] += interval.upper - interval.lower
    }

    let order = keys.indices.sorted { ByteOrder.precedes(keys[$0], keys[$1]) }
    var place = [Int](repeating: 0, count: keys.count)
    for (new, old) in order.enumerated() { place[old] = new }
    let arms = order.map { Arm(key: keys[$0], length: lengths[$0]) }
    guard ByteOrder.duplicate(in: arms) == nil else { return nil }

    var list = IntervalList()
    for interval in intervals {
      list.append(from: interval.lower, to: interval.upper, arm: place[interval.arm])
    }
    self.init(arms: arms, intervals: list.intervals)
  }

  /// The arm with most positions, the first in byte order among equals: the one that a request gets
  /// which has nothing to be drawn by. Nil without arms.
  package var heaviest: Int? {
    arms.indices.max { (arms[$0].length, $1) < (arms[$1].length, $0) }
  }

  /// The arms' contiguous intervals in byte order of their keys, from 0.
  package static func fresh(_ lengths: Lengths) -> Allocation {
    carried(from: Allocation(arms: [], intervals: []), lengths)
  }
}

extension Allocation: Equatable {
  package static func == (first: Allocation, second: Allocation) -> Bool {
    first.intervals == second.intervals
      && first.arms.elementsEqual(second.arms) {
        $0.length == $1.length && ByteOrder.same($0.key, $1.key)
      }
  }
}

/// Intervals that come in order of positions, joined where one arm's touch.
struct IntervalList {
  private(set) var intervals: [Allocation.Interval] = []

  mutating func append(from lower: UInt64, to upper: UInt64, arm: Int) {
    guard lower < upper else { return }
    if let last = intervals.last, last.arm == arm, last.upper == lower {
      intervals[intervals.count - 1] = Allocation.Interval(
        lower: last.lower, upper: upper, arm: arm)
    } else {
      intervals.append(Allocation.Interval(lower: lower, upper: upper, arm: arm))
    }
  }
}
