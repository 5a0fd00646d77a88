import Testing
import Turnout

@testable import TurnoutCompiler

struct RingAllocationTests {
  private func weigh(_ arms: [String: String], on held: Allocation? = nil) throws -> Allocation {
    let weights = try arms.map { (key: $0, weight: try #require(Weight($1))) }
    return try RingStep(weights: weights).allocation(carriedFrom: held)
  }

  private func share(_ arms: [String: String], on held: Allocation? = nil) throws -> Allocation {
    let shares = try arms.map { (key: $0, share: try #require(Percentage($1))) }
    return try RingStep(shares: shares).allocation(carriedFrom: held)
  }

  private func positions(of key: String, in allocation: Allocation) -> [ClosedRange<UInt64>] {
    allocation.intervals.filter { allocation.arms[$0.arm].key == key }
      .map { $0.lower...($0.upper - 1) }
  }

  @Test func rampsAreNested() throws {
    var held = try weigh(["v1": "99", "v2": "1"])
    for percent in [5, 50, 75, 100] {
      let next = try weigh(["v1": "\(100 - percent)", "v2": "\(percent)"], on: held)
      for piece in pieces(held, next) where piece.before == "v2" {
        #expect(piece.after == "v2")
      }
      held = next
    }
    held = try share(["in": "1%"])
    for percent in ["5%", "5.5%", "50%", "100%"] {
      let next = try share(["in": percent], on: held)
      #expect(pieces(held, next).allSatisfy { $0.before != "in" || $0.after == "in" })
      held = next
    }
  }

  @Test func aRampNeverMovesUnitsBetweenUnchangedArms() throws {
    let before = try weigh(["a": "30", "b": "30", "c": "39", "d": "1"])
    let after = try weigh(["a": "30", "b": "30", "c": "35", "d": "5"], on: before)
    for arm in ["a", "b"] {
      #expect(positions(of: arm, in: before) == positions(of: arm, in: after))
    }
    #expect(
      Movement(from: before, to: after).positions == after.length(of: "d") - before.length(of: "d"))
  }

  @Test func oneArmHasTheWholeRingWhateverItWeighs() throws {
    for weight in ["1", "0.000000001", "999999999.999999999"] {
      #expect(positions(of: "only", in: try weigh(["only": weight])) == [0...(Ring.positions - 1)])
    }
  }

  @Test func anArmOfWeightZeroStaysKnownAndHasNoPositions() throws {
    let allocation = try weigh(["a": "0", "b": "3", "c": "0.0"])
    #expect(allocation.arms.map(\.key) == ["a", "b", "c"])
    #expect(allocation.arms.map(\.length) == [0, Ring.positions, 0])
    #expect(allocation.intervals.count == 1)
  }

  @Test func theHeaviestArmIsTheFirstByBytesAmongEquals() throws {
    #expect(try weigh(["b": "1", "a": "1", "B": "0", "c": "1"]).heaviest == 1)
    #expect(try weigh(["b": "2", "a": "2", "B": "2", "c": "2"]).heaviest == 0)
    #expect(try weigh(["b": "2", "a": "1", "c": "3"]).heaviest == 2)
    #expect(Allocation(keys: [], intervals: [])?.heaviest == nil)
  }

  @Test func anArmMayHaveOnePosition() throws {
    let one = try weigh(["one": "0.000000001", "rest": "4.294967295"])
    #expect(positions(of: "one", in: one) == [0...0])
    let other = try weigh(["one": "4.294967295", "rest": "0.000000001"], on: one)
    #expect(positions(of: "rest", in: other) == [1...1])
  }

  @Test func theLargestWeightsDivideTheRingExactly() throws {
    let big = "999999999.999999999"
    let even = try weigh(["a": big, "b": big])
    #expect(even.arms.map(\.length) == [Ring.positions / 2, Ring.positions / 2])
    let dust = try weigh(["a": big, "dust": "0.000000001"])
    #expect(dust.arms.map(\.length) == [Ring.positions, 0])
  }

  @Test func renamingEveryArmMovesEverythingAndNothingIsLost() throws {
    let before = try weigh(["a": "1", "b": "2"])
    let after = try weigh(["x": "2", "y": "1"], on: before)
    #expect(after.isSound(covers: true))
    #expect(Movement(from: before, to: after).positions == Ring.positions)
    #expect(after == (try weigh(["x": "2", "y": "1"])))
  }

  @Test func aLayerWhoseExperimentsAllGoIsEmptyAndFillsFromZero() throws {
    let full = try share(["a": "60%", "b": "40%"])
    let empty = try share(["a": "0%"], on: full)
    #expect(empty.intervals.isEmpty)
    #expect(Movement(from: full, to: empty).released == full.allocated)
    #expect(try share(["c": "1%"], on: empty).intervals.first?.lower == 0)
  }

  @Test func growthTakesTheLowestFreePositionsInByteOrderOfArms() throws {
    // a gives up its top, c goes; the holes are filled from below, B before b.
    let before = try share(["a": "20%", "c": "10%", "d": "20%"])
    let after = try share(["a": "10%", "B": "5%", "b": "20%", "d": "20%"], on: before)
    #expect(after.intervals.map { after.arms[$0.arm].key } == ["a", "B", "b", "d", "b"])
    #expect(after.length(of: "d") == before.length(of: "d"))
  }

  @Test func keysThatOnlyNormaliseAlikeAreDifferentArms() throws {
    let weights = [(key: "é", weight: Weight.one), (key: "e\u{301}", weight: Weight.one)]
    let allocation = Allocation.fresh(try Lengths(weights: weights, carriedFrom: nil))
    #expect(
      allocation.arms.map { Array($0.key.utf8) } == [Array("e\u{301}".utf8), Array("é".utf8)])
    let swapped = Allocation(
      keys: allocation.arms.map(\.key).reversed(), intervals: allocation.intervals)
    #expect(swapped != allocation)
  }

  @Test func damagedPartsAreNoAllocation() {
    func read(_ keys: [String], _ list: [(UInt64, UInt64, Int)]) -> Allocation? {
      Allocation(
        keys: keys, intervals: list.map { .init(lower: $0, upper: $1, arm: $2) })
    }
    #expect(read(["a", "b"], [(0, 5, 0), (5, Ring.positions, 1)]) != nil)
    #expect(read([], []) != nil)
    #expect(read(["a", "a"], [(0, 5, 0)]) == nil)
    #expect(read(["a"], [(0, 5, 1)]) == nil)
    #expect(read(["a"], [(0, 5, -1)]) == nil)
    #expect(read(["a"], [(5, 5, 0)]) == nil)
    #expect(read(["a"], [(7, 5, 0)]) == nil)
    #expect(read(["a"], [(0, 5, 0), (4, 9, 0)]) == nil)
    #expect(read(["a"], [(0, Ring.positions + 1, 0)]) == nil)
    #expect(read(["a"], [(0, .max, 0), (.max - 1, .max, 0)]) == nil)
  }

  @Test(.timeLimit(.minutes(1))) func sixtyFiveThousandArmsAreDividedExactly() throws {
    let weights = (0..<65_535).map { (key: "arm-\($0)", weight: Weight.one) }
    let allocation = Allocation.fresh(try Lengths(weights: weights, carriedFrom: nil))
    // 2³² = 65,535 · 65,537 + 1: the one position left goes to the first by bytes.
    #expect(allocation.arms.first?.length == 65_538)
    #expect(allocation.arms.dropFirst().allSatisfy { $0.length == 65_537 })
    #expect(allocation.isSound(covers: true))
  }

  @Test(.timeLimit(.minutes(1))) func aHundredThousandScatteredArmsAreCarriedInOnePass() throws {
    var dice = Dice(seed: 5)
    let keys = (0..<100_000).map { "arm-\($0)" }
    let width = Ring.positions / 200_000
    let intervals = (0..<200_000).map { index in
      let lower = UInt64(index) * width
      return Allocation.Interval(
        lower: lower, upper: lower + 1 + dice.next() % width, arm: dice.upTo(keys.count))
    }
    let before = try #require(Allocation(keys: keys, intervals: intervals))
    let weights = keys.map { key in (key: key, weight: Weight("\(dice.upTo(1_000_000))")!) }
    let lengths = try Lengths(weights: weights, carriedFrom: before)
    let after = Allocation.carried(from: before, lengths)
    #expect(after.isSound(covers: true))
    let movement = Movement(from: before, to: after)
    #expect(movement.positions == movement.minimum)
  }
}
