import Testing
import Turnout

@testable import TurnoutCompiler

struct RingRangesTests {
  @Test func allFaultsOfRangesAreReportedAtOnce() throws {
    let lengths = try Lengths(
      weights: [(key: "a", weight: .one), (key: "b", weight: .one)], carriedFrom: nil)
    let half = Ring.positions / 2
    #expect(throws: RangesError.self) {
      try Allocation.pinned([("a", [(0, 10), (5, 7), (6, 8)]), ("z", [(20, 30)])], lengths)
    }
    do {
      _ = try Allocation.pinned([("a", [(0, 10), (5, 7), (6, 8)]), ("z", [(20, 30)])], lengths)
    } catch {
      #expect(
        error.faults.map(\.description) == [
          "ranges give a 14 positions, but it is to have \(half)",
          "ranges name z, which is no arm here",
          "ranges leave out b: all arms must be there",
          "[5, 7] of a overlaps [0, 10] of a",
          "[6, 8] of a overlaps [0, 10] of a",
        ])
      #expect(error.faults.map(\.index) == [nil, nil, nil, 1, 2])
    }
  }

  @Test func absurdNumbersAreFaultsAndNoMore() throws {
    let lengths = try Lengths(weights: [(key: "a", weight: .one)], carriedFrom: nil)
    let absurd: [[(lower: UInt64, upper: UInt64)]] = [
      [(0, .max)], [(.max, 0)], [(.max, .max)], [(0, 0)], [(Ring.positions, Ring.positions + 1)],
      Array(repeating: (0, Ring.positions), count: 1000), [],
    ]
    for ranges in absurd {
      #expect(throws: RangesError.self) { try Allocation.pinned([("a", ranges)], lengths) }
    }
    #expect(throws: RangesError.self) {
      try Allocation.pinned([("a", [(0, Ring.positions)]), ("a", [])], lengths)
    }
    #expect(throws: RangesError.self) { try Allocation.pinned([], lengths) }
  }

  @Test func touchingRangesOfOneArmAreJoined() throws {
    let lengths = try Lengths(weights: [(key: "a", weight: .one)], carriedFrom: nil)
    let pinned = try Allocation.pinned([("a", [(9, Ring.positions), (0, 9)])], lengths)
    #expect(pinned == .fresh(lengths))
  }
}

struct CarrySourceTests {
  private func allocation(_ arms: String...) throws -> Allocation {
    .fresh(try Lengths(weights: arms.map { ($0, .one) }, carriedFrom: nil))
  }

  @Test func anAllocationIsCarriedFromTheOneOfItsKindAndSaltWhoeverOwnedIt() throws {
    let old = try allocation("a", "b")
    let sources = CarrySources([
      EarlierAllocation(kind: .split, salt: "s", owner: "Search/canary", allocation: old)
    ])
    #expect(sources.source(kind: .split, salt: "s", owner: "Search/renamed") == old)
    #expect(sources.source(kind: .cells, salt: "s", owner: "Search/canary") == nil)
    #expect(sources.source(kind: .split, salt: "t", owner: "Search/canary") == nil)
  }

  @Test func whereSeveralShareASaltTheOwnerDecides() throws {
    let (first, second) = (try allocation("a"), try allocation("b"))
    let sources = CarrySources([
      EarlierAllocation(kind: .sample, salt: "s", owner: "A/dark", allocation: first),
      EarlierAllocation(kind: .sample, salt: "s", owner: "B/dark", allocation: second),
      EarlierAllocation(kind: .split, salt: "s", owner: "C/dark", allocation: second),
    ])
    #expect(sources.source(kind: .sample, salt: "s", owner: "A/dark") == first)
    #expect(sources.source(kind: .sample, salt: "s", owner: "B/dark") == second)
    #expect(sources.source(kind: .sample, salt: "s", owner: "C/dark") == nil)
    #expect(sources.source(kind: .split, salt: "s", owner: "A/dark") == second)
  }

  @Test func saltsAreComparedByTheirBytes() throws {
    let old = try allocation("a")
    let sources = CarrySources([
      EarlierAllocation(kind: .split, salt: "é", owner: "x", allocation: old)
    ])
    #expect(sources.source(kind: .split, salt: "e\u{301}", owner: "x") == nil)
    #expect(sources.source(kind: .split, salt: "é", owner: "x") == old)
  }
}
