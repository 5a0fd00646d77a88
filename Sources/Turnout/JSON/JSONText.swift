/// Texts as JSON strings.
package enum JSONText {
  /// In quotes, with only those characters escaped that JSON forbids in a string.
  package static func quoted(_ text: String) -> String {
    var quoted = "\""
    quoted.reserveCapacity(text.utf8.count &+ 2)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\u{0}"..."\u{1f}", "\"", "\\":
        quoted += escape(UInt8(truncatingIfNeeded: scalar.value))
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  /// How a character is written that a string may not hold as it is: a control, a quote, a backslash.
  static func escape(_ character: UInt8) -> String {
    switch character {
    case UInt8(ascii: "\""): "\\\""
    case UInt8(ascii: "\\"): "\\\\"
    case UInt8(ascii: "\n"): "\\n"
    case UInt8(ascii: "\r"): "\\r"
    case UInt8(ascii: "\t"): "\\t"
    case 0x08: "\\b"
    case 0x0c: "\\f"
    default: (character < 16 ? "\\u000" : "\\u00") + String(character, radix: 16)
    }
  }
}
