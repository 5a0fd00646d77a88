import Testing
import Turnout

@testable import TurnoutCompiler

/// Properties over random chains of allocations. A failure prints its seed: give it to `Dice`.
struct RingPropertyTests {
  /// Runs 6 steps for each of 400 seeds; every third chain is partial, every third is mixed.
  private func overChains(
    _ check: (_ seed: UInt64, _ step: RingStep, _ old: Allocation?, _ new: Allocation) throws ->
      Void
  ) throws {
    for seed in UInt64(1)...400 {
      var dice = Dice(seed: seed)
      var held: Allocation?
      for _ in 0..<6 {
        let step = dice.step(partial: seed % 3 == 0 || seed % 3 == 1 && dice.chance(50))
        let new = try step.allocation(carriedFrom: held)
        try check(seed, step, held, new)
        held = new
      }
    }
  }

  @Test func lengthsOfWeightsSumToTheRingAndEachIsWithinOneOfItsShare() throws {
    try overChains { seed, step, old, new in
      guard step.shares.isEmpty else { return }
      #expect(new.arms.reduce(0) { $0 + $1.length } == Ring.positions, "seed \(seed)")
      let total = step.weights.reduce(UInt128(0)) { $0 + UInt128($1.weight.units) }
      for (key, weight) in step.weights {
        let exact = UInt128(weight.units) << 32
        let length = UInt128(new.length(of: key))
        #expect(length * total < exact + total, "seed \(seed)")
        #expect((length + 1) * total > exact, "seed \(seed)")
        if weight.units == 0 { #expect(length == 0, "seed \(seed)") }
      }
    }
  }

  @Test func intervalsAreSortedJoinedDisjointAndCoverWhatTheyMust() throws {
    try overChains { seed, step, _, new in
      #expect(new.isSound(covers: step.shares.isEmpty), "seed \(seed)")
    }
  }

  @Test func exactlyTheMinimumChangesHands() throws {
    try overChains { seed, _, old, new in
      guard let old else { return }
      let movement = Movement(from: old, to: new)
      let moved = pieces(old, new).filter { piece in
        piece.after != nil
          && piece.before.map { Array($0.utf8) } != piece.after.map { Array($0.utf8) }
      }
      let growth = new.arms.reduce(UInt64(0)) { sum, arm in
        sum + arm.length - min(arm.length, old.length(of: arm.key))
      }
      #expect(movement.positions == moved.reduce(0) { $0 + $1.length }, "seed \(seed)")
      #expect(movement.minimum == growth, "seed \(seed)")
      #expect(movement.positions == movement.minimum, "seed \(seed)")
      let released = pieces(old, new).filter { $0.before != nil && $0.after == nil }
      #expect(movement.released == released.reduce(0) { $0 + $1.length }, "seed \(seed)")
    }
  }

  @Test func nothingMovesBetweenArmsWhoseLengthsStay() throws {
    try overChains { seed, _, old, new in
      guard let old else { return }
      for piece in pieces(old, new)
      where piece.before.map({ Array($0.utf8) }) != piece.after.map({ Array($0.utf8) }) {
        if let before = piece.before {
          #expect(old.length(of: before) > new.length(of: before), "seed \(seed)")
        }
        if let after = piece.after {
          #expect(old.length(of: after) < new.length(of: after), "seed \(seed)")
        }
      }
    }
  }

  /// What bounds how an allocation falls apart: one cut for each arm that shrinks or grows.
  @Test func aChangeAddsNoMorePiecesThanArmsChange() throws {
    func pieceCount(_ allocation: Allocation) -> Int {
      var count = allocation.intervals.count
      var end: UInt64 = 0
      for interval in allocation.intervals {
        if end < interval.lower { count += 1 }
        end = interval.upper
      }
      return end < Ring.positions ? count + 1 : count
    }
    var grew = false
    try overChains { seed, _, old, new in
      guard let old else { return }
      let keys = Set((old.arms + new.arms).map { Text($0.key) })
      let changed = keys.count { old.length(of: $0.string) != new.length(of: $0.string) }
      #expect(pieceCount(new) <= pieceCount(old) + changed, "seed \(seed)")
      grew = grew || pieceCount(new) > pieceCount(old)
    }
    #expect(grew)
  }

  @Test func theOrderOfKeysChangesNothing() throws {
    var dice = Dice(seed: 99)
    try overChains { seed, step, old, new in
      var shuffled = step
      shuffled.shuffle(&dice)
      let again = try shuffled.allocation(carriedFrom: old)
      #expect(again == new, "seed \(seed)")
    }
  }

  @Test func carryingOntoItselfChangesNothing() throws {
    try overChains { seed, step, _, new in
      let again = try step.allocation(carriedFrom: new)
      #expect(again == new, "seed \(seed)")
    }
  }

  @Test func anAllocationReadBackFromItsPartsIsTheSame() throws {
    try overChains { seed, _, _, new in
      let keys = new.arms.map(\.key)
      let reversed = new.intervals.reversed().map {
        Allocation.Interval(lower: $0.lower, upper: $0.upper, arm: keys.count - 1 - $0.arm)
      }
      #expect(Allocation(keys: keys, intervals: new.intervals) == new, "seed \(seed)")
      #expect(Allocation(keys: keys.reversed(), intervals: reversed) == new, "seed \(seed)")
    }
  }

  @Test func printedRangesPinTheSameAllocation() throws {
    try overChains { seed, step, _, new in
      let ranges = new.arms.indices.map { arm in
        (
          key: new.arms[arm].key,
          ranges: new.intervals.filter { $0.arm == arm }.map { (lower: $0.lower, upper: $0.upper) }
        )
      }
      let pinned = try Allocation.pinned(ranges, step.lengths(carriedFrom: nil))
      #expect(pinned == new, "seed \(seed)")
    }
  }
}
