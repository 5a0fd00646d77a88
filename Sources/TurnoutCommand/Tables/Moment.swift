import Turnout

/// A time as people give it: when something was so. In UTC unless it carries an offset.
struct Moment: Hashable {
  /// Since 1970 in UTC.
  let nanoseconds: Int64

  /// What is right where `init` said no.
  static let expectation =
    "a time is 2026-11-20T15:00:00Z, 2026-11-20 15:00, \"yesterday 15:00\", \"today 9:30\", 2h-ago or now, "
    + "in UTC unless an offset such as +01:00 follows"

  private static let dayNanoseconds: Int64 = 86_400_000_000_000

  /// `now` is what `today`, `ago` and the like are counted from.
  init?(_ text: String, now: Int64 = SystemClock.now) {
    let words = text.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
    guard let first = words.first, words.count <= 3 else { return nil }
    if words.count == 1, let instant = Instant(first) {
      nanoseconds = instant.nanoseconds
      return
    }
    if words == ["now"] {
      nanoseconds = now
      return
    }
    if let span = Self.ago(words) {
      let (then, overflow) = now.subtractingReportingOverflow(span)
      guard !overflow else { return nil }
      nanoseconds = then
      return
    }
    // A day, then the time of it, which may be joined by `T` and be followed by an offset.
    var rest = Array(words.dropFirst())
    var dayText = first
    if let mark = first.firstIndex(of: "T"), first.startIndex < mark {
      dayText = String(first[..<mark])
      rest.insert(String(first[first.index(after: mark)...]), at: 0)
    }
    guard let date = Self.date(dayText, now: now) else { return nil }
    // `2026-11-20` is the beginning of that day; of `today` and `yesterday` nobody would say so.
    guard let clock = rest.first ?? (dayText.first?.isNumber == true ? "00:00" : nil) else {
      return nil
    }
    let (time, offset) = Self.parted(clock)
    guard rest.count <= (offset.isEmpty ? 2 : 1), let seconds = Self.padded(time),
      let instant = Instant(
        "\(date)T\(seconds)\(rest.count == 2 ? rest[1] : offset.isEmpty ? "Z" : offset)")
    else { return nil }
    nanoseconds = instant.nanoseconds
  }

  /// `2h-ago`, `1h30m ago`.
  private static func ago(_ words: [String]) -> Int64? {
    let span: String
    if words.count == 2, words[1] == "ago" {
      span = words[0]
    } else if words.count == 1, words[0].hasSuffix("-ago") {
      span = String(words[0].dropLast("-ago".count))
    } else {
      return nil
    }
    guard let seconds = Span(argument: span)?.seconds, seconds <= .max / 1_000_000_000 else {
      return nil
    }
    return seconds * 1_000_000_000
  }

  /// The day as `2026-11-20`.
  private static func date(_ text: String, now: Int64) -> String? {
    switch text {
    case "today": String(Instant(nanoseconds: now).readable.prefix(10))
    case "yesterday": String(Instant(nanoseconds: now - dayNanoseconds).readable.prefix(10))
    default: text.utf8.count == 10 && text.first?.isNumber == true ? text : nil
    }
  }

  /// The time and what follows it: `Z`, `+01:00`.
  private static func parted(_ clock: String) -> (String, String) {
    guard let mark = clock.firstIndex(where: { "Zz+-".contains($0) }) else { return (clock, "") }
    return (String(clock[..<mark]), String(clock[mark...]))
  }

  /// `9:30` as `09:30:00`.
  private static func padded(_ clock: String) -> String? {
    var parts = clock.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard (2...3).contains(parts.count) else { return nil }
    if parts[0].utf8.count == 1 { parts[0] = "0" + parts[0] }
    if parts.count == 2 { parts.append("00") }
    return parts.joined(separator: ":")
  }
}
