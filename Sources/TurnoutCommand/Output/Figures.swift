import Turnout
import TurnoutCompiler

/// Numbers as people read them.
enum Figures {
  static func grouped(_ number: some BinaryInteger) -> String { Numerals.grouped(number) }

  static func count(
    _ number: some BinaryInteger, _ noun: String, plural: String? = nil
  ) -> String {
    Numerals.count(number, noun, plural: plural)
  }

  /// A share of the ring as the shortest decimal that is less than one position off: lengths are
  /// rounded to whole positions, and 4 % should read 0.04.
  static func share(_ positions: UInt64) -> String { RingShare.decimal(positions) }

  /// The same in percent.
  static func percent(_ positions: UInt64) -> String { RingShare.percent(positions) }

  /// To one decimal.
  static func tenth(_ number: Double, grouped isGrouped: Bool = true) -> String {
    guard number.isFinite, number >= 0, number < 1e15 else { return "\(number)" }
    let tenths = Int((number * 10).rounded())
    let whole = isGrouped ? grouped(tenths / 10) : String(tenths / 10)
    return "\(whole).\(tenths % 10)"
  }

  /// A number of seconds as its two largest parts: `3 d 4 h`.
  static func duration(seconds: Int64) -> String {
    let parts: [(Int64, String)] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")]
    var left = max(0, seconds)
    var texts: [String] = []
    for (size, name) in parts {
      if left >= size || (size == 1 && texts.isEmpty) { texts.append("\(left / size) \(name)") }
      left %= size
      if texts.count == 2 { break }
    }
    return texts.joined(separator: " ")
  }
}
