import Turnout

extension Allocation {
  /// Gives arms new lengths with the fewest positions changing hands:
  ///
  /// 1. an arm that shrinks or goes gives up positions from the top of its highest interval down;
  /// 2. freed and unallocated positions, lowest first, go to the arms that grow, in byte order of
  ///    their keys;
  /// 3. adjacent intervals of one arm are joined.
  ///
  /// Takes time in proportion to arms and intervals.
  package static func carried(from previous: Allocation, _ lengths: Lengths) -> Allocation {
    // Giving up from the top is keeping from the bottom; so one pass upwards does all three steps.
    var successor = [Int](repeating: 0, count: previous.arms.count)
    var keeps = [UInt64](repeating: 0, count: previous.arms.count)
    var wants = lengths.arms.map(\.length)
    for (old, new) in ByteOrder.pairs(previous.arms, lengths.arms) {
      successor[old] = new
      keeps[old] = min(previous.arms[old].length, lengths.arms[new].length)
      wants[new] -= keeps[old]
    }

    var dealing = Dealing(wants: wants)
    var end: UInt64 = 0
    for interval in previous.intervals {
      dealing.deal(from: end, to: interval.lower)
      let kept = min(keeps[interval.arm], interval.upper - interval.lower)
      keeps[interval.arm] -= kept
      dealing.keep(from: interval.lower, to: interval.lower + kept, arm: successor[interval.arm])
      dealing.deal(from: interval.lower + kept, to: interval.upper)
      end = interval.upper
    }
    dealing.deal(from: end, to: Ring.positions)
    return Allocation(arms: lengths.arms, intervals: dealing.list.intervals)
  }
}

/// A ring handed out from position 0 upwards.
private struct Dealing {
  private(set) var list = IntervalList()
  /// What each arm still has to get, by index; only arms that grow want anything.
  private var wants: [UInt64]
  /// The first arm that may still want something.
  private var next = 0

  init(wants: [UInt64]) {
    self.wants = wants
  }

  mutating func keep(from lower: UInt64, to upper: UInt64, arm: Int) {
    list.append(from: lower, to: upper, arm: arm)
  }

  /// Gives free positions to the arms that want some, in order; the rest stay unallocated.
  mutating func deal(from lower: UInt64, to upper: UInt64) {
    var lower = lower
    while lower < upper, next < wants.count {
      let given = min(wants[next], upper - lower)
      list.append(from: lower, to: lower + given, arm: next)
      wants[next] -= given
      lower += given
      if wants[next] == 0 { next += 1 }
    }
  }
}
