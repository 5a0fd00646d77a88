/// An exact part of a whole, or a sum of such parts: a number whose digits to the base 2^32 end.
///
/// A draw has 2^32 positions and draws of different salts are independent, so every share of units is a
/// product of such fractions, and a sum of products. Nothing is ever rounded.
package struct Share: Sendable, Hashable {
  /// What stands before the point.
  package private(set) var whole: UInt64
  /// The digits behind it, of 32 bits each; the last one is not 0.
  package private(set) var digits: [UInt32]

  package static let zero = Share(whole: 0)
  package static let one = Share(whole: 1)

  package init(whole: UInt64) {
    self.whole = whole
    digits = []
  }

  /// So many of the 2^32 positions of a ring.
  package init(positions: UInt64) {
    whole = positions >> 32
    let rest = UInt32(truncatingIfNeeded: positions)
    digits = rest == 0 ? [] : [rest]
  }

  package var isZero: Bool { whole == 0 && digits.isEmpty }

  /// The part of this that `positions` of a ring's 2^32 are.
  package func scaled(by positions: UInt64) -> Share {
    if positions >> 32 == 1 { return self }
    var result = Share.zero
    result.digits = [UInt32](repeating: 0, count: digits.count + 1)
    var carry: UInt64 = 0
    for index in digits.indices.reversed() {
      let product = UInt64(digits[index]) * positions + carry
      result.digits[index + 1] = UInt32(truncatingIfNeeded: product)
      carry = product >> 32
    }
    // At most (2^32 - 1) * (2^32 - 1) + 2^32 - 1 for every whole that a sum of shares can have.
    let product = UInt128(whole) * UInt128(positions) + UInt128(carry)
    result.digits[0] = UInt32(truncatingIfNeeded: product)
    result.whole = UInt64(truncatingIfNeeded: product >> 32)
    result.trim()
    return result
  }

  /// So many times this.
  package func times(_ count: UInt64) -> Share {
    var result = self
    var carry: UInt128 = 0
    for index in digits.indices.reversed() {
      let product = UInt128(digits[index]) * UInt128(count) + carry
      result.digits[index] = UInt32(truncatingIfNeeded: product)
      carry = product >> 32
    }
    result.whole = whole &* count &+ UInt64(truncatingIfNeeded: carry)
    result.trim()
    return result
  }

  /// A part of so many, rounded down to 2^-128 or less: of weights and counts. The divisor is not 0.
  package func divided(by divisor: UInt64) -> Share {
    var result = Share(whole: whole / divisor)
    var rest = UInt128(whole % divisor)
    for index in 0..<max(4, digits.count + 1) {
      let dividend = rest << 32 | UInt128(index < digits.count ? digits[index] : 0)
      result.digits.append(UInt32(truncatingIfNeeded: dividend / UInt128(divisor)))
      rest = dividend % UInt128(divisor)
    }
    result.trim()
    return result
  }

  package static func += (one: inout Share, other: Share) {
    while one.digits.count < other.digits.count { one.digits.append(0) }
    var carry: UInt64 = 0
    for index in one.digits.indices.reversed() {
      let digit = index < other.digits.count ? UInt64(other.digits[index]) : 0
      let sum = UInt64(one.digits[index]) + digit + carry
      one.digits[index] = UInt32(truncatingIfNeeded: sum)
      carry = sum >> 32
    }
    one.whole &+= other.whole &+ carry
    one.trim()
  }

  /// The difference; zero where `other` is larger.
  package static func - (one: Share, other: Share) -> Share {
    if one <= other { return .zero }
    var result = one
    while result.digits.count < other.digits.count { result.digits.append(0) }
    var borrow: UInt64 = 0
    for index in result.digits.indices.reversed() {
      let digit = index < other.digits.count ? UInt64(other.digits[index]) : 0
      let difference = UInt64(result.digits[index]) &- digit &- borrow
      result.digits[index] = UInt32(truncatingIfNeeded: difference)
      borrow = difference >> 63
    }
    result.whole = result.whole &- other.whole &- borrow
    result.trim()
    return result
  }

  package static func + (one: Share, other: Share) -> Share {
    var sum = one
    sum += other
    return sum
  }

  private mutating func trim() {
    while digits.last == 0 { digits.removeLast() }
  }
}

extension Share: Comparable {
  package static func < (one: Share, other: Share) -> Bool {
    if one.whole != other.whole { return one.whole < other.whole }
    return one.digits.lexicographicallyPrecedes(other.digits)
  }
}

extension Share {
  /// The nearest double.
  package var value: Double {
    digits.prefix(3).reversed().reduce(0) { ($0 + Double($1)) / 4_294_967_296 } + Double(whole)
  }

  /// To the nearest position of a ring; of a share above 0 at least one.
  package var positions: UInt64 {
    if isZero { return 0 }
    let half: UInt64 = digits.count > 1 && digits[1] >= 1 << 31 ? 1 : 0
    let rounded = whole << 32 &+ UInt64(digits.first ?? 0) &+ half
    return max(1, rounded)
  }

  /// All of it: hexadecimal digits, eight for each digit behind the point, as `0.73333333`.
  package var hexadecimal: String {
    let words = digits.map { digit in
      let text = String(digit, radix: 16)
      return String(repeating: "0", count: 8 - text.utf8.count) + text
    }
    return String(whole, radix: 16) + (words.isEmpty ? "" : "." + words.joined())
  }
}
