/// What a plain scalar means by the core schema of YAML 1.2 (section 10.3.2). Only configs follow
/// it: everywhere else a scalar takes the type of its place.
enum CoreSchema {
  static func isNull(_ text: String) -> Bool {
    switch text {
    case "", "~", "null", "Null", "NULL": true
    default: false
    }
  }

  enum Value {
    case json(String)
    case text
    /// `.inf`, `.nan`: JSON has no such numbers.
    case notFinite
    /// Hexadecimal or octal digits beyond 64 bits.
    case tooLarge
  }

  /// A number that JSON can write keeps its text: `0.80`, `1e3`. Others become the nearest that
  /// JSON can: `+1` is 1, `.5` is 0.5, `5.` is 5.0, `007` is 7, `0x1F` is 31, `0o17` is 15.
  static func value(_ text: String) -> Value {
    switch text {
    case "true", "True", "TRUE": return .json("true")
    case "false", "False", "FALSE": return .json("false")
    case ".nan", ".NaN", ".NAN": return .notFinite
    default: break
    }
    if isNull(text) { return .json("null") }
    var digits = Substring(text).utf8
    guard let first = digits.first, first < 0x3a else { return .text }
    if text.hasPrefix("0x") { return integer(text.dropFirst(2), radix: 16) }
    if text.hasPrefix("0o") { return integer(text.dropFirst(2), radix: 8) }
    var json = ""
    if first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      if first == UInt8(ascii: "-") { json = "-" }
      digits = digits.dropFirst()
    }
    switch String(digits) {
    case ".inf", ".Inf", ".INF": return .notFinite
    default: break
    }
    let whole = digits.prefix(while: Digits.isDigit)
    digits = digits.dropFirst(whole.count)
    var fraction: Substring.UTF8View?
    if digits.first == UInt8(ascii: ".") {
      digits = digits.dropFirst()
      let after = digits.prefix(while: Digits.isDigit)
      digits = digits.dropFirst(after.count)
      fraction = after
    }
    guard !whole.isEmpty || fraction?.isEmpty == false else { return .text }
    var exponent = ""
    if digits.first == UInt8(ascii: "e") || digits.first == UInt8(ascii: "E") {
      var rest = digits.dropFirst()
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
        rest = rest.dropFirst()
      }
      guard !rest.isEmpty, rest.allSatisfy(Digits.isDigit) else { return .text }
      exponent = String(Substring(digits))
      digits = digits.dropFirst(digits.count)
    }
    guard digits.isEmpty else { return .text }
    let significant = whole.drop { $0 == UInt8(ascii: "0") }
    json += significant.isEmpty ? "0" : String(Substring(significant))
    if let fraction { json += "." + (fraction.isEmpty ? "0" : String(Substring(fraction))) }
    return .json(json + exponent)
  }

  private static func integer(_ digits: Substring, radix: Int) -> Value {
    let isInteger = digits.utf8.allSatisfy { Digits.value(of: $0).map { $0 < radix } ?? false }
    guard !digits.isEmpty, isInteger else { return .text }
    guard let value = UInt64(digits, radix: radix) else { return .tooLarge }
    return .json(String(value))
  }
}

enum Digits {
  static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// As a hexadecimal digit.
  static func value(of byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte) - 0x30
    case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte) - 0x61 + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte) - 0x41 + 10
    default: nil
    }
  }
}
