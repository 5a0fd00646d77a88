/// What JSON does not have of YAML, which the parser reads both by.
enum JSONOnly {
  /// The first comment, anchor, alias, tag or single quote outside of texts.
  static func fault(in bytes: [UInt8]) -> SourceMark? {
    var line = 1
    var column = 1
    var isInText = false
    var isEscaped = false
    for byte in bytes {
      if isInText {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInText = false
        }
      } else if byte == UInt8(ascii: "\"") {
        isInText = true
      } else if "#&*!'|>?%`@".utf8.contains(byte) {
        return SourceMark(source: 0, line: line, column: column)
      }
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xc0 != 0x80 {
        column += 1
      }
    }
    return nil
  }

  /// `true`, `false`, `null`, or a number.
  static func isLiteral(_ text: String) -> Bool {
    switch text {
    case "true", "false", "null": true
    default: Checker.isNumber(text)
    }
  }
}
