import Testing
import Turnout

@testable import TurnoutCommand

@Suite struct MomentTests {
  /// 2026-11-21 13:53:48 UTC.
  private static let now = Instant("2026-11-21T13:53:48Z")?.nanoseconds ?? 0

  @Test(
    arguments: [
      ("2026-11-20T15:00:00Z", "2026-11-20T15:00:00Z"),
      ("2026-11-20T15:00:00.25+01:00", "2026-11-20T14:00:00.25Z"),
      ("2026-11-20 15:00", "2026-11-20T15:00:00Z"),
      ("2026-11-20T15:00", "2026-11-20T15:00:00Z"),
      ("2026-11-20 15:00:07", "2026-11-20T15:00:07Z"),
      ("2026-11-20 9:05", "2026-11-20T09:05:00Z"),
      ("2026-11-20 15:00 +01:00", "2026-11-20T14:00:00Z"),
      ("2026-11-20 15:00+01:00", "2026-11-20T14:00:00Z"),
      ("2026-11-20 15:00Z", "2026-11-20T15:00:00Z"),
      ("2026-11-20", "2026-11-20T00:00:00Z"),
      ("yesterday 15:00", "2026-11-20T15:00:00Z"),
      ("yesterday  15:00 -05:00", "2026-11-20T20:00:00Z"),
      ("today 9:30", "2026-11-21T09:30:00Z"),
      ("now", "2026-11-21T13:53:48Z"),
      ("2h-ago", "2026-11-21T11:53:48Z"),
      ("1h30m ago", "2026-11-21T12:23:48Z"),
      ("7d-ago", "2026-11-14T13:53:48Z"),
    ])
  func timesAreReadInUTC(_ text: String, _ expected: String) {
    #expect(Moment(text, now: Self.now)?.nanoseconds == Instant(expected)?.nanoseconds)
  }

  @Test(
    arguments: [
      "", " ", "yesterday", "today", "15:00", "2026-13-01", "2026-11-20 25:00", "2026-11-20 15",
      "2h", "ago", "-ago", "2x-ago", "tomorrow 15:00", "yesterday 15:00 noon",
      "2026-11-20 15:00 Z Z",
      "2026-11-20 15:00Z Z", "20261120", "head", "99999999999d-ago", "2026-11-20Tnow",
    ])
  func whatIsNoTimeIsNone(_ text: String) {
    #expect(Moment(text, now: Self.now) == nil)
  }

  @Test func aPointOfAStoreIsARevisionOrATime() {
    #expect(StorePoint(argument: "3") == .revision(3))
    #expect(StorePoint(argument: "@3") == .revision(3))
    #expect(StorePoint(argument: "99999999999999999999999") == nil)
    #expect(StorePoint(argument: "@") == nil && StorePoint(argument: "") == nil)
    let moment = Moment("2026-11-20 15:00")
    #expect(StorePoint(argument: "@2026-11-20 15:00") == moment.map { .time($0) })
    #expect((try? TableReference("@2026-11-20 15:00")) == moment.map { .point(.time($0)) })
    #expect((try? TableReference("@soon")) == nil)
  }
}
