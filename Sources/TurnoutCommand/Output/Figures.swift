import Turnout
import TurnoutCompiler

/// Numbers as people read them.
enum Figures {
  /// 1234567 as `1,234,567`.
  static func grouped(_ number: some BinaryInteger) -> String {
    let digits = Array(String(number))
    var text = ""
    for (index, digit) in digits.enumerated() {
      let left = digits.count - index
      if left % 3 == 0, index > 0, digits[index - 1] != "-" { text += "," }
      text.append(digit)
    }
    return text
  }

  /// `1 revision`, `2 revisions`.
  static func count(
    _ number: some BinaryInteger, _ noun: String, plural: String? = nil
  ) -> String {
    grouped(number) + " " + (number == 1 ? noun : plural ?? noun + "s")
  }

  /// A share of the ring as the shortest decimal that is less than one position off: lengths are
  /// rounded to whole positions, and 4 % should read 0.04.
  static func share(_ positions: UInt64) -> String {
    decimal(positions, whole: 1)
  }

  /// The same in percent.
  static func percent(_ positions: UInt64) -> String {
    decimal(positions, whole: 100) + " %"
  }

  /// A share for pictures: rounded to four digits that count, and never to 0 % or 100 % what is not.
  static func roundedPercent(_ positions: UInt64) -> String {
    let exact = percent(positions)
    guard positions > 0, positions < Ring.positions, exact.utf8.count > 7 else { return exact }
    let value = Double(positions) / Double(Ring.positions) * 100
    var digits = 0
    var scale = 1.0
    while value * scale < 1_000, digits < 9 {
      digits += 1
      scale *= 10
    }
    let rounded = UInt64((value * scale).rounded())
    if rounded == UInt64(100 * scale) { return "> 99.99 %" }
    var text = point(rounded, digits)
    while text.contains("."), let last = text.last, last == "0" || last == "." {
      text.removeLast()
      if last == "." { break }
    }
    return text + " %"
  }

  private static func decimal(_ positions: UInt64, whole: UInt64) -> String {
    let ring = Ring.positions
    var scale: UInt64 = 1
    for digits in 0...10 {
      // At most 2^32 · 10^10 · 100 / 2^32, in between by parts of full width.
      let (high, low) = positions.multipliedFullWidth(by: scale * whole)
      guard high < ring / 2 else { break }
      let (quotient, remainder) = ring.dividingFullWidth((high, low))
      let rounded = quotient + (remainder >= ring / 2 ? 1 : 0)
      let error = rounded == quotient ? remainder : ring - remainder
      if error < scale * whole && (rounded > 0 || positions == 0) {
        return point(rounded, digits)
      }
      scale *= 10
    }
    return String(Double(positions) / Double(ring) * Double(whole))
  }

  /// `number / 10^digits`.
  private static func point(_ number: UInt64, _ digits: Int) -> String {
    guard digits > 0 else { return String(number) }
    var text = String(number)
    if text.utf8.count <= digits {
      text = String(repeating: "0", count: digits + 1 - text.utf8.count) + text
    }
    return text.dropLast(digits) + "." + text.suffix(digits)
  }

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
