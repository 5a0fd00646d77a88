import Testing
import Turnout
import TurnoutCompiler

@testable import TurnoutCommand

@Suite struct FiguresTests {
  @Test(
    arguments: [
      (0, "0"), (1 << 32, "1"), (1 << 31, "0.5"), (171_798_691, "0.04"), (171_798_692, "0.04"),
      (1 << 30, "0.25"), (1, "0.0000000002"), (1_431_655_765, "0.3333333333"),
      ((1 << 32) - 1, "0.9999999998"),
    ] as [(UInt64, String)])
  func aShareIsTheShortestThatIsLessThanAPositionOff(_ positions: UInt64, _ share: String) {
    #expect(Figures.share(positions) == share)
  }

  @Test func percentagesAreSharesTimesAHundred() {
    #expect(Figures.percent(171_798_691) == "4 %")
    #expect(Figures.percent(1 << 31) == "50 %")
    #expect(Figures.percent(1 << 22) == "0.09765625 %")
  }

  @Test func numbersAreGrouped() {
    #expect(Figures.grouped(7) == "7")
    #expect(Figures.grouped(1_234_567) == "1,234,567")
    #expect(Figures.grouped(-123_456) == "-123,456")
    #expect(Figures.tenth(1_234.56) == "1,234.6")
    #expect(Figures.duration(seconds: 0) == "0 s")
    #expect(Figures.duration(seconds: 90_061) == "1 d 1 h")
    #expect(Figures.count(1, "entry", plural: "entries") == "1 entry")
  }

  @Test(
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("1970-01-01T01:00:00+01:00", 0),
      ("2026-11-20T00:00:00Z", 1_795_132_800_000_000_000),
      ("2026-11-20t00:00:00.5z", 1_795_132_800_500_000_000),
      ("1969-12-31T23:59:59.999999999Z", -1),
      ("2024-02-29T12:00:00-00:00", 1_709_208_000_000_000_000),
      ("2000-01-01T00:00:00.1234567891Z", 946_684_800_123_456_789),
    ] as [(String, Int64)])
  func aTimeIsReadAsRFC3339WritesIt(_ text: String, _ nanoseconds: Int64) {
    #expect(Instant(text)?.nanoseconds == nanoseconds)
  }

  @Test(arguments: [
    "", "2026-11-20", "2026-11-20T00:00:00", "2026-11-20 00:00:00Z", "2026-13-01T00:00:00Z",
    "2026-02-29T00:00:00Z", "2026-11-20T24:00:00Z", "2026-11-20T00:00:00.Z", "9999-01-01T00:00:00Z",
    "2026-11-20T00:00:00+1:00", "2026-11-20T00:00:00Zz", "noon",
  ])
  func whatIsNoTimeIsNone(_ text: String) {
    #expect(Instant(text) == nil)
  }

  @Test func aTimeIsWrittenAsItWasRead() {
    for text in [
      "2026-11-20T01:02:03.456Z", "1999-12-31T23:59:59.000Z", "1960-02-29T00:00:00.001Z",
    ] {
      #expect(Instant(text)?.precise == text)
    }
    #expect(Instant(nanoseconds: .min).precise.hasSuffix("Z"))
  }

  @Test(
    arguments: [
      ("90s", 90), ("10m", 600), ("2h", 7_200), ("7d", 604_800), ("1h30m", 5_400), ("0s", 0),
    ] as [(String, Int64)])
  func aSpanIsNumbersWithUnits(_ text: String, _ seconds: Int64) {
    #expect(Span(argument: text)?.seconds == seconds)
  }

  @Test(arguments: ["", "10", "m", "10m5", "30m1h", "1h1h", "-5m", "99999999999999999999d", "1.5h"])
  func whatIsNoSpanIsNone(_ text: String) {
    #expect(Span(argument: text) == nil)
  }
}
