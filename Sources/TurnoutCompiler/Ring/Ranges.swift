import Turnout

/// What is wrong with the `ranges` of a document.
package struct RangesFault: Sendable, Hashable, CustomStringConvertible {
  /// The arm as its key; nil if the fault is of all.
  package let key: String?
  /// The index of the offending range among the arm's, if it is one range's fault.
  package let index: Int?
  package let description: String
  /// What would be right.
  package let suggestion: String
}

/// All faults of one `ranges`: first those of single ranges, in byte order of arms.
package struct RangesError: Error, Sendable {
  package let faults: [RangesFault]
}

extension Allocation {
  /// One arm's ranges as a document writes them: pairs of a position and an exclusive end.
  package typealias Ranges = (key: String, ranges: [(lower: UInt64, upper: UInt64)])

  /// The allocation that `ranges` say, whatever there was before. All arms must be named, each
  /// length within one position of `lengths`, computed without a previous allocation.
  package static func pinned(
    _ ranges: [Ranges], _ lengths: Lengths
  ) throws(RangesError) -> Allocation {
    var faults: [RangesFault] = []
    func fault(
      _ description: String, of key: String?, at index: Int? = nil, _ suggestion: String
    ) {
      faults.append(
        RangesFault(key: key, index: index, description: description, suggestion: suggestion))
    }

    let ranges = ranges.sorted { ByteOrder.precedes($0.key, $1.key) }
    var intervals: [(interval: Interval, index: Int)] = []
    var arms: [Arm] = []
    for (key, ranges) in ranges {
      if let last = arms.last, ByteOrder.same(last.key, key) {
        fault("\(key) has ranges twice", of: key, "write all its ranges in one list")
        continue
      }
      var length: UInt64 = 0
      for (index, range) in ranges.enumerated() {
        guard range.lower < range.upper, range.upper <= Ring.positions else {
          fault(
            "[\(range.lower), \(range.upper)] of \(key) is no range: "
              + "lo < hi ≤ \(Ring.positions) must hold", of: key, at: index,
            "lo is its first position, hi the one after its last")
          continue
        }
        // Overlapping ranges may add up to more than a ring, and very many to more than 64 bits.
        length = length.saturatingAdd(range.upper - range.lower)
        intervals.append(
          (Interval(lower: range.lower, upper: range.upper, arm: arms.count), index))
      }
      arms.append(Arm(key: key, length: length))
    }
    if !faults.isEmpty { throw RangesError(faults: faults) }

    let pairs = ByteOrder.pairs(arms, lengths.arms)
    var known = [Bool](repeating: false, count: arms.count)
    var pinned = [Bool](repeating: false, count: lengths.arms.count)
    for (own, wanted) in pairs {
      known[own] = true
      pinned[wanted] = true
      let (length, expected) = (arms[own].length, lengths.arms[wanted].length)
      if length > expected + 1 || length + 1 < expected {
        fault(
          "ranges give \(arms[own].key) \(length) positions, but it is to have \(expected)",
          of: arms[own].key,
          "lengthen or shorten its ranges to that, or leave `ranges` out to have them made")
      }
    }
    for (index, arm) in arms.enumerated() where !known[index] {
      fault("ranges name \(arm.key), which is no arm here", of: arm.key, "take it out")
    }
    for (index, arm) in lengths.arms.enumerated() where !pinned[index] {
      fault(
        "ranges leave out \(arm.key): all arms must be there", of: arm.key,
        "one without positions has `[]`")
    }

    intervals.sort { $0.interval.lower < $1.interval.lower }
    var list = IntervalList()
    var highest: Interval?
    var total: UInt64 = 0
    for (interval, index) in intervals {
      if let highest, interval.lower < highest.upper {
        fault(
          "[\(interval.lower), \(interval.upper)] of \(arms[interval.arm].key) overlaps "
            + "[\(highest.lower), \(highest.upper)] of \(arms[highest.arm].key)",
          of: arms[interval.arm].key, at: index,
          "a position belongs to one arm; an end is the position after the last")
      } else {
        total += interval.upper - interval.lower
        list.append(from: interval.lower, to: interval.upper, arm: interval.arm)
      }
      if interval.upper > highest?.upper ?? 0 { highest = interval }
    }
    if faults.isEmpty, lengths.fillsRing, total != Ring.positions {
      fault(
        "ranges cover \(total) positions, but must cover all \(Ring.positions)", of: nil,
        "give those that are left to an arm")
    }
    if !faults.isEmpty { throw RangesError(faults: faults) }
    return Allocation(arms: arms, intervals: list.intervals)
  }
}

extension UInt64 {
  fileprivate func saturatingAdd(_ other: UInt64) -> UInt64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
