import Turnout

/// Shares of the ring as people read them.
package enum RingShare {
  /// The shortest decimal that is less than one position off.
  package static func decimal(_ positions: UInt64) -> String { decimal(positions, whole: 1) }

  /// The same in percent: `4 %`.
  package static func percent(_ positions: UInt64) -> String {
    decimal(positions, whole: 100) + " %"
  }

  /// For pictures and pages: to four digits that count, and never `0 %` or `100 %` what is not.
  package static func roundedPercent(_ positions: UInt64) -> String {
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
    if rounded >= UInt64(100 * scale) { return "> 99.99 %" }
    var text = point(rounded, digits)
    while text.contains("."), let last = text.last, last == "0" || last == "." {
      text.removeLast()
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
}
