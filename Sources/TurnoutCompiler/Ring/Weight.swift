/// The weight of an arm, exact: a whole number of billionths.
package struct Weight: Sendable, Hashable {
  /// 10⁻⁹ each. At most 10¹⁸ − 1, so a sum of many weights needs 128 bits.
  package let units: UInt64

  /// What an arm weighs when its document does not say.
  package static let one = Weight(units: Decimal.unitsPerOne)

  /// Reads digits with at most 9 before the point and 9 after it: `1`, `0.5`, `12.25`. Nil for
  /// anything else: a sign, an exponent, spaces, a point without digits on both sides.
  package init?(_ text: String) {
    guard let units = Decimal.units(text.utf8) else { return nil }
    self.units = units
  }

  private init(units: UInt64) {
    self.units = units
  }
}

/// A share of a ring within 0 % … 100 %, exact: a whole number of billionths of a percent.
package struct Percentage: Sendable, Hashable {
  /// 10⁻⁹ of a percent each: at most `whole`.
  package let units: UInt64

  /// The units of 100 %.
  package static let whole: UInt64 = 100 * Decimal.unitsPerOne

  /// What a share or a sample is when its document does not say.
  package static let all = Percentage(units: whole)
  /// What the share of an experiment is that is assigned outside and does not say.
  package static let none = Percentage(units: 0)

  /// As a number of percents, and as a part of 1: `12.5` and `0.125`.
  package var percents: String { Decimal.text(UInt128(units)) }
  package var fraction: String { Decimal.text(UInt128(units), unitsPerOne: UInt128(Self.whole)) }

  /// Reads a number as `Weight` does, followed at once by `%`, and at most 100: `1%`, `0.5%`.
  package init?(_ text: String) {
    guard text.utf8.last == UInt8(ascii: "%") else { return nil }
    guard let units = Decimal.units(text.utf8.dropLast()), units <= Self.whole else { return nil }
    self.units = units
  }

  /// What a share may be off since lengths are whole positions, with room for many draws in a row:
  /// 0.001 %.
  package static let rounding = Percentage(units: Decimal.unitsPerOne / 1_000)

  /// The same of this one: nobody and everybody are whole positions.
  package var slack: Percentage { units == 0 || units == Self.whole ? .none : .rounding }

  private init(units: UInt64) {
    self.units = units
  }
}

/// Decimal numbers as weights and percentages write them.
enum Decimal {
  static let unitsPerOne: UInt64 = 1_000_000_000
  static let digitsMax = 9

  /// The number in billionths, or nil if the bytes are not `digits[.digits]` within bounds.
  static func units(_ bytes: some Sequence<UInt8>) -> UInt64? {
    var whole: UInt64 = 0
    var wholeDigits = 0
    var fraction: UInt64 = 0
    var fractionDigits = 0
    var pointSeen = false
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "."):
        if pointSeen { return nil }
        pointSeen = true
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let digit = UInt64(byte &- UInt8(ascii: "0"))
        if pointSeen {
          fractionDigits &+= 1
          if fractionDigits > digitsMax { return nil }
          fraction = fraction &* 10 &+ digit
        } else {
          wholeDigits &+= 1
          if wholeDigits > digitsMax { return nil }
          whole = whole &* 10 &+ digit
        }
      default:
        return nil
      }
    }
    guard wholeDigits > 0, !pointSeen || fractionDigits > 0 else { return nil }
    for _ in fractionDigits..<digitsMax { fraction = fraction &* 10 }
    return whole &* unitsPerOne &+ fraction
  }

  /// Billionths as people write them: `33.4`.
  static func text(_ units: UInt128) -> String { text(units, unitsPerOne: UInt128(unitsPerOne)) }

  /// The same with other units, of which a power of ten is one.
  static func text(_ units: UInt128, unitsPerOne one: UInt128) -> String {
    var fraction = String(String(one + units % one).dropFirst())
    while fraction.last == "0" { fraction.removeLast() }
    let whole = String(units / one)
    return fraction.isEmpty ? whole : "\(whole).\(fraction)"
  }
}
