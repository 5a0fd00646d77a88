/// Versions: `digits(.digits)*[-suffix][+build]`. Numbers compare one by one and missing ones are
/// 0, suffixes compare by SemVer 2.0.0 section 11, the build is ignored. Digits are compared as
/// texts, so that no number is too large.
extension Text {
  /// Whether the text is a version.
  var isVersion: Bool {
    var i = 0
    repeat {
      let start = i
      while i < count, Self.isDigit(byte(i)) { i &+= 1 }
      if i == start { return false }
    } while step(&i, over: UInt8(ascii: "."))
    if step(&i, over: UInt8(ascii: "-")), !skipIdentifiers(&i) { return false }
    if step(&i, over: UInt8(ascii: "+")), !skipIdentifiers(&i) { return false }
    return i == count
  }

  /// Order of two versions: negative, zero or positive.
  func compareVersion(_ other: Text) -> Int {
    var a = 0
    var b = 0
    while true {
      let order = number(&a).compareNumber(other.number(&b))
      if order != 0 { return order }
      let more = step(&a, over: UInt8(ascii: "."))
      let otherMore = other.step(&b, over: UInt8(ascii: "."))
      if !more && !otherMore { break }
    }
    let suffix = suffix(from: a)
    let otherSuffix = other.suffix(from: b)
    // A version without a suffix comes after every one that has it.
    if suffix.isEmpty || otherSuffix.isEmpty {
      return (suffix.isEmpty ? 1 : 0) &- (otherSuffix.isEmpty ? 1 : 0)
    }
    return suffix.compareIdentifiers(otherSuffix)
  }

  /// Writes the one spelling that all equal versions share: no leading zeros, no trailing `.0`, no
  /// build. False if it is too long, so that no table has it.
  func writeCanonicalVersion(to scratch: inout ScratchText) -> Bool {
    var i = 0
    // Zeros wait for a number that makes them count; the first number stays, whatever it is.
    let first = number(&i)
    guard first.isEmpty ? scratch.append(UInt8(ascii: "0")) : scratch.append(first) else {
      return false
    }
    var zeros = 0
    while step(&i, over: UInt8(ascii: ".")) {
      let number = number(&i)
      zeros &+= 1
      if number.isEmpty { continue }
      while zeros > 1 {
        guard scratch.append(UInt8(ascii: ".")), scratch.append(UInt8(ascii: "0")) else {
          return false
        }
        zeros &-= 1
      }
      guard scratch.append(UInt8(ascii: ".")), scratch.append(number) else { return false }
      zeros = 0
    }
    let suffix = suffix(from: i)
    var next = 0
    while next < suffix.count {
      let mark = next == 0 ? UInt8(ascii: "-") : UInt8(ascii: ".")
      let identifier = suffix.identifier(&next)
      var end = 0
      let number = identifier.number(&end)
      let isNumber = end == identifier.count
      if !scratch.append(mark) { return false }
      if isNumber && number.isEmpty {
        if !scratch.append(UInt8(ascii: "0")) { return false }
      } else if !scratch.append(isNumber ? number : identifier) {
        return false
      }
    }
    return true
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  private func step(_ i: inout Int, over character: UInt8) -> Bool {
    guard i < count, byte(i) == character else { return false }
    i &+= 1
    return true
  }

  /// Dot-separated identifiers of letters, digits and hyphens, none of them empty.
  private func skipIdentifiers(_ i: inout Int) -> Bool {
    repeat {
      let start = i
      while i < count {
        let letter = byte(i) | 0x20
        let fits =
          Self.isDigit(byte(i)) || byte(i) == UInt8(ascii: "-")
          || (letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z"))
        if !fits { break }
        i &+= 1
      }
      if i == start { return false }
    } while step(&i, over: UInt8(ascii: "."))
    return true
  }

  /// The digits at `i`, without leading zeros; none where there are no digits.
  private func number(_ i: inout Int) -> Text {
    while i < count, byte(i) == UInt8(ascii: "0") { i &+= 1 }
    let start = i
    while i < count, Self.isDigit(byte(i)) { i &+= 1 }
    return part(start, i &- start)
  }

  /// Order of two numbers without leading zeros.
  private func compareNumber(_ other: Text) -> Int {
    count != other.count ? count &- other.count : compare(other)
  }

  /// What stands between `-` at `i` and the build.
  private func suffix(from i: Int) -> Text {
    var start = i
    guard step(&start, over: UInt8(ascii: "-")) else { return part(0, 0) }
    var end = start
    while end < count, byte(end) != UInt8(ascii: "+") { end &+= 1 }
    return part(start, end &- start)
  }

  private func compareIdentifiers(_ other: Text) -> Int {
    var a = 0
    var b = 0
    while true {
      // More identifiers come after fewer.
      if a >= count || b >= other.count {
        return (a < count ? 1 : 0) &- (b < other.count ? 1 : 0)
      }
      let order = identifier(&a).compareIdentifier(other.identifier(&b))
      if order != 0 { return order }
    }
  }

  private func identifier(_ i: inout Int) -> Text {
    let start = i
    while i < count, byte(i) != UInt8(ascii: ".") { i &+= 1 }
    let identifier = part(start, i &- start)
    i &+= 1
    return identifier
  }

  /// Numbers compare as numbers and come before letters, which compare by bytes.
  private func compareIdentifier(_ other: Text) -> Int {
    var a = 0
    var b = 0
    let own = number(&a)
    let others = other.number(&b)
    let isNumber = a == count
    let otherIsNumber = b == other.count
    if isNumber && otherIsNumber { return own.compareNumber(others) }
    if isNumber != otherIsNumber { return isNumber ? -1 : 1 }
    return compare(other)
  }
}
