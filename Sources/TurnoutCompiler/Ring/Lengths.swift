import Turnout

/// One arm of an allocation and the number of positions it has.
package struct Arm: Sendable {
  /// What the arm is known by from table to table: its name, or in a layer the salt of the
  /// experiment's cells. Compared and ordered by its bytes.
  package let key: String
  /// 0 … 2³². An arm without positions stays known.
  package let length: UInt64
}

/// Why weights or shares give no lengths.
package enum LengthsFault: Error, Sendable, Hashable {
  case noArms
  case duplicateArm(String)
  /// Every weight is 0.
  case noPositiveWeight
  /// Percentages of one ring add up to more than 100.
  case sharesExceedWhole
}

/// How many positions each arm of an allocation gets, exactly.
package struct Lengths: Sendable {
  /// In byte order of their keys, without duplicates; the lengths add up to at most 2³².
  package let arms: [Arm]
  /// Whether the arms have the whole ring (weights) or leave the rest unallocated (percentages).
  package let fillsRing: Bool

  /// Divides the ring by weight: arm *i* gets `wᵢ / Σw · 2³²`, rounded by largest remainder, so that
  /// the lengths add up to exactly 2³².
  ///
  /// Of equal remainders, arms go first that already hold more than their rounded-down length in
  /// `previous`, the allocation that this one will be carried from, if any; then the first by bytes.
  package init(
    weights: [(key: String, weight: Weight)], carriedFrom previous: Allocation?
  ) throws(LengthsFault) {
    let weights = weights.sorted { ByteOrder.precedes($0.key, $1.key) }
    let total = weights.reduce(UInt128(0)) { $0 + UInt128($1.weight.units) }

    var arms: [Arm] = []
    var remainders: [UInt128] = []
    arms.reserveCapacity(weights.count)
    remainders.reserveCapacity(weights.count)
    for arm in weights {
      // 60 bits of weight and 32 of ring.
      let scaled = UInt128(arm.weight.units) << 32
      let (length, remainder) = total == 0 ? (0, 0) : scaled.quotientAndRemainder(dividingBy: total)
      arms.append(Arm(key: arm.key, length: UInt64(length)))
      remainders.append(remainder)
    }
    try Self.check(arms)
    guard total > 0 else { throw .noPositiveWeight }

    var holdsMore = [Bool](repeating: false, count: arms.count)
    if let previous {
      for (old, new) in ByteOrder.pairs(previous.arms, arms) {
        holdsMore[new] = previous.arms[old].length > arms[new].length
      }
    }
    let left = Ring.positions - arms.reduce(0) { $0 + $1.length }
    let order = arms.indices.sorted { first, second in
      if remainders[first] != remainders[second] { return remainders[first] > remainders[second] }
      if holdsMore[first] != holdsMore[second] { return holdsMore[first] }
      return first < second
    }
    // The remainders add up to `left` totals and each is less than one, so more than `left` arms
    // have one: an arm of weight 0 never gets a position.
    for index in order.prefix(Int(left)) {
      arms[index] = Arm(key: arms[index].key, length: arms[index].length + 1)
    }
    self.arms = arms
    fillsRing = true
  }

  /// Gives each arm `p / 100 · 2³²` positions, rounded down, and leaves the rest unallocated.
  package init(shares: [(key: String, share: Percentage)]) throws(LengthsFault) {
    let arms = shares.sorted { ByteOrder.precedes($0.key, $1.key) }.map { arm in
      let scaled = UInt128(arm.share.units) << 32
      return Arm(key: arm.key, length: UInt64(scaled / UInt128(Percentage.whole)))
    }
    try Self.check(arms)
    let total = shares.reduce(UInt128(0)) { $0 + UInt128($1.share.units) }
    guard total <= UInt128(Percentage.whole) else { throw .sharesExceedWhole }
    self.arms = arms
    fillsRing = false
  }

  private static func check(_ arms: [Arm]) throws(LengthsFault) {
    if arms.isEmpty { throw .noArms }
    if let key = ByteOrder.duplicate(in: arms) { throw .duplicateArm(key) }
  }
}
