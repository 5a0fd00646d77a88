/// How a scalar is spelled so that it is read back as it was.
enum YAMLScalar {
  /// As a key: plain where nobody could mistake it, else in double quotes.
  static func key(_ text: String) -> String {
    guard let first = text.utf8.first, first == UInt8(ascii: "_") || isAlphanumeric(first),
      text.utf8.allSatisfy(isWordByte), !CoreSchema.isNull(text)
    else { return quoted(text) }
    return text
  }

  /// As a value in block style, on one line; empty for a plain scalar that is empty.
  static func value(_ text: String, isPlain: Bool) -> String {
    isPlain && (text.isEmpty || isPlainInBlock(text)) ? text : quoted(text)
  }

  /// Whether a plain scalar in a flow list is read as itself.
  static func isPlainInFlow(_ text: String) -> Bool {
    isPlainInBlock(text) && text.utf8.allSatisfy(isWordByte)
  }

  /// A text of several lines as a literal block; nil where quotes are safer.
  static func literal(_ text: String) -> (header: String, lines: [Substring])? {
    guard text.utf8.contains(UInt8(ascii: "\n")), let first = text.unicodeScalars.first,
      first != " ", first != "\n",
      text.unicodeScalars.allSatisfy({ $0 == "\n" || staysUnescaped($0) })
    else { return nil }
    var body = Substring(text)
    let endsLine = text.utf8.last == UInt8(ascii: "\n")
    if endsLine { body.unicodeScalars.removeLast() }
    // What stands at the end of the text, chomping would change.
    guard let last = body.utf8.last, last != UInt8(ascii: "\n"), last != UInt8(ascii: " ") else {
      return nil
    }
    var lines: [Substring] = []
    for line in body.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.isEmpty || line.contains(where: { $0 != " " }) else { return nil }
      lines.append(Substring(line))
    }
    return (endsLine ? "|" : "|-", lines)
  }

  /// A text for a comment: nothing in it ends the line.
  static func oneLine(_ text: String) -> String {
    var line = ""
    for scalar in text.unicodeScalars {
      line.unicodeScalars.append(staysUnescaped(scalar) ? scalar : " ")
    }
    return line
  }

  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case "\r": quoted += "\\r"
      case _ where staysUnescaped(scalar): quoted.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16)
        let (letter, width) =
          scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
        quoted += "\\" + letter + String(repeating: "0", count: width - digits.utf8.count) + digits
      }
    }
    return quoted + "\""
  }

  static func isPlainInBlock(_ text: String) -> Bool {
    var previous: Unicode.Scalar = " "
    for scalar in text.unicodeScalars {
      guard staysUnescaped(scalar) else { return false }
      if scalar == "#", previous == " " { return false }
      if scalar == " ", previous == ":" { return false }
      previous = scalar
    }
    guard let first = text.unicodeScalars.first, previous != " ", previous != ":" else {
      return false
    }
    switch first {
    case "-", "?", ":":
      // Indicators only before a blank.
      guard let second = text.unicodeScalars.dropFirst().first else { return false }
      return second != " "
    case " ", ",", "[", "]", "{", "}", "#", "&", "*", "!", "|", ">", "'", "\"", "%", "@", "`":
      return false
    default: return text != "<<"
    }
  }

  /// What YAML can hold as it is and an eye can see for what it is: the rest is escaped, that turns
  /// the direction of writing too. No tabs: they mean other things at the start of a line.
  private static func staysUnescaped(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x2028...0x202e, 0x2066...0x2069, 0xfeff: false
    case 0x20...0x7e, 0xa0...0xd7ff, 0xe000...0xfffd, 0x10000...0x10ffff: true
    default: false
    }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || "_.-@/%+".utf8.contains(byte)
  }
}
