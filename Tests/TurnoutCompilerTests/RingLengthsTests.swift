import Testing
import Turnout

@testable import TurnoutCompiler

struct RingLengthsTests {
  @Test(
    arguments: [
      ("0", 0), ("1", 1_000_000_000), ("0.5", 500_000_000), ("007", 7_000_000_000),
      ("0.000000001", 1), ("1.50", 1_500_000_000),
      ("999999999.999999999", 999_999_999_999_999_999),
    ] as [(String, UInt64)])
  func weightsAreReadExactly(text: String, units: UInt64) {
    #expect(Weight(text)?.units == units)
  }

  @Test(arguments: [
    "", ".", "1.", ".5", "-1", "+1", "1e3", "1 ", " 1", "1,5", "1_000", "0x1", "1.2.3", "١",
    "1234567890", "0.1234567890", "0000000001", "1%", "nan", "inf", "1\u{0}",
  ])
  func whatIsNoWeightIsRefused(text: String) {
    #expect(Weight(text) == nil)
  }

  @Test(
    arguments: [
      ("0%", 0), ("1%", 1_000_000_000), ("0.5%", 500_000_000), ("100%", 100_000_000_000),
      ("100.000000000%", 100_000_000_000), ("99.999999999%", 99_999_999_999),
    ] as [(String, UInt64)])
  func percentagesAreReadExactly(text: String, units: UInt64) {
    #expect(Percentage(text)?.units == units)
  }

  @Test(arguments: [
    "", "%", "1", "1 %", "1%%", "-1%", "100.000000001%", "101%", "999999999%", "1.%", ".5%",
    "0.0000000001%", "1e1%", "1٪",
  ])
  func whatIsNoPercentageIsRefused(text: String) {
    #expect(Percentage(text) == nil)
  }

  private func weighed(_ arms: (String, String)...) throws -> [(key: String, weight: Weight)] {
    try arms.map { (key: $0, weight: try #require(Weight($1))) }
  }

  @Test func sharesAreRoundedDown() throws {
    let shares = [
      (key: "a", share: try #require(Percentage("1%"))),
      (key: "b", share: try #require(Percentage("33.333333333%"))),
      (key: "c", share: try #require(Percentage("0.000000001%"))),
    ]
    // 2³² / 100 = 42,949,672.96; 2³² · 0.33333333333 = 1,431,655,765.319; 2³² / 10¹¹ < 1.
    #expect(try Lengths(shares: shares).arms.map(\.length) == [42_949_672, 1_431_655_765, 0])
  }

  @Test func tiesGoFirstToArmsThatHoldMoreThanTheirRoundedDownLength() throws {
    let alike = try weighed(("a", "1"), ("b", "1"), ("c", "1"))
    let third = Ring.positions / 3
    let fresh = try Lengths(weights: alike, carriedFrom: nil)
    #expect(fresh.arms.map(\.length) == [third + 1, third, third])
    let held = Allocation.fresh(
      try Lengths(weights: weighed(("a", "1"), ("b", "1"), ("c", "2")), carriedFrom: nil))
    let kept = try Lengths(weights: alike, carriedFrom: held)
    #expect(kept.arms.map(\.length) == [third, third, third + 1])
  }

  @Test func whatGivesNoLengthsIsRefusedForItsReason() throws {
    let zero = try weighed(("a", "0"), ("b", "0.0"))
    #expect(throws: LengthsFault.noPositiveWeight) {
      try Lengths(weights: zero, carriedFrom: nil)
    }
    #expect(throws: LengthsFault.noArms) { try Lengths(weights: [], carriedFrom: nil) }
    #expect(throws: LengthsFault.noArms) { try Lengths(shares: []) }
    let twice = try weighed(("a", "1"), ("b", "1"), ("a", "2"))
    #expect(throws: LengthsFault.duplicateArm("a")) {
      try Lengths(weights: twice, carriedFrom: nil)
    }
    let over = [
      (key: "a", share: try #require(Percentage("50%"))),
      (key: "b", share: try #require(Percentage("50.000000001%"))),
    ]
    #expect(throws: LengthsFault.sharesExceedWhole) { try Lengths(shares: over) }
  }
}
