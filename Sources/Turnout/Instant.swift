/// A moment in nanoseconds since 1970 in UTC, as RFC 3339 writes it.
package struct Instant: Equatable {
  package var nanoseconds: Int64

  /// What is right where `init` said no.
  package static let expectation =
    "a time is written as 2026-11-20T00:00:00Z, or with an offset, +01:00, from 1678 to 2261"

  package init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// `2026-11-20T00:00:00Z`, also with a fraction and with an offset; nil for anything else and for
  /// moments before 1678 or after 2261.
  package init?(_ text: some StringProtocol) {
    var digits = Scanner(bytes: Array(text.utf8))
    guard
      let year = digits.number(4), digits.skip("-"), let month = digits.number(2),
      digits.skip("-"), let day = digits.number(2), digits.skip("T", "t"),
      let hour = digits.number(2), digits.skip(":"), let minute = digits.number(2),
      digits.skip(":"), let second = digits.number(2),
      (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day), hour < 24,
      minute < 60, second < 60, (1678...2261).contains(year)
    else { return nil }
    var fraction: Int64 = 0
    if digits.skip(".") {
      guard let found = digits.fraction() else { return nil }
      fraction = found
    }
    guard let offset = digits.offset(), digits.isAtEnd else { return nil }
    let seconds =
      Self.dayNumber(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset
    nanoseconds = seconds * 1_000_000_000 + fraction
  }

  /// With milliseconds, in UTC.
  package var precise: String { text(fraction: true) }
  /// With as many digits of the second as it takes, in UTC.
  package var whole: String {
    var rest = String(Self.pad(Self.divide(nanoseconds, 1_000_000_000).remainder, 9))
    while rest.last == "0" { rest.removeLast() }
    let readable = readable.split(separator: " ").joined(separator: "T")
    return readable + (rest.isEmpty ? "" : "." + rest) + "Z"
  }
  /// To the second, in UTC, as people read it.
  package var readable: String { text(fraction: false) }

  private func text(fraction: Bool) -> String {
    let (seconds, rest) = Self.divide(nanoseconds, 1_000_000_000)
    let (day, second) = Self.divide(seconds, 86_400)
    let (year, month, dayOfMonth) = Self.date(day)
    let date = "\(Self.pad(year, 4))-\(Self.pad(month))-\(Self.pad(dayOfMonth))"
    let time =
      "\(Self.pad(second / 3_600)):\(Self.pad(second / 60 % 60)):\(Self.pad(second % 60))"
    return fraction ? "\(date)T\(time).\(Self.pad(rest / 1_000_000, 3))Z" : "\(date) \(time)"
  }

  private static func pad(_ number: Int64, _ width: Int = 2) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }

  /// Rounded towards the past.
  private static func divide(_ number: Int64, _ by: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = number.quotientAndRemainder(dividingBy: by)
    return remainder < 0 ? (quotient - 1, remainder + by) : (quotient, remainder)
  }

  private static func days(in month: Int64, of year: Int64) -> Int64 {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][Int(month) - 1]
  }

  /// Days since 1970-01-01 in the Gregorian calendar, by years that begin in March (Howard Hinnant,
  /// "chrono-Compatible Low-Level Date Algorithms").
  private static func dayNumber(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func date(_ number: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = divide(number + 719_468, 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted + (shifted < 10 ? 3 : -9)
    let day = dayOfYear - (153 * shifted + 2) / 5 + 1
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  private struct Scanner {
    let bytes: [UInt8]
    var index = 0

    var isAtEnd: Bool { index == bytes.count }
    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    mutating func skip(_ characters: Unicode.Scalar...) -> Bool {
      guard let next, characters.contains(Unicode.Scalar(next)) else { return false }
      index += 1
      return true
    }

    mutating func digit() -> Int64? {
      guard let next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) else { return nil }
      index += 1
      return Int64(next - UInt8(ascii: "0"))
    }

    mutating func number(_ digits: Int) -> Int64? {
      var number: Int64 = 0
      for _ in 0..<digits {
        guard let digit = digit() else { return nil }
        number = number * 10 + digit
      }
      return number
    }

    /// In nanoseconds; what is smaller is dropped.
    mutating func fraction() -> Int64? {
      guard var value = digit() else { return nil }
      var count = 1
      while let digit = digit() {
        if count < 9 {
          value = value * 10 + digit
          count += 1
        }
      }
      for _ in count..<9 { value *= 10 }
      return value
    }

    /// `Z` or `+hh:mm`, in seconds.
    mutating func offset() -> Int64? {
      if skip("Z", "z") { return 0 }
      let sign: Int64
      if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { return nil }
      guard let hours = number(2), skip(":"), let minutes = number(2), hours < 24, minutes < 60
      else { return nil }
      return sign * (hours * 3_600 + minutes * 60)
    }
  }
}
