/// How the canonical form spells scalars: plain stays plain, and quotes go only where no reader of YAML,
/// old or new, could take the text for anything else.
enum ScalarSpelling {
  /// On one line.
  static func value(_ text: String, _ style: YAMLEvent.Style, inFlow: Bool) -> String {
    switch style {
    case .plain:
      // In a flow nothing would be no item.
      if text.isEmpty { return inFlow ? "null" : "" }
      guard YAMLScalar.isPlainInBlock(text), !inFlow || staysPlainInFlow(text) else {
        return YAMLScalar.quoted(text)
      }
      return text
    case .singleQuoted where isClearerInSingleQuotes(text): return "'\(text)'"
    default: return isUnmistakable(text) ? text : YAMLScalar.quoted(text)
    }
  }

  static func key(_ key: SyntaxPart.Key, inFlow: Bool) -> String {
    key.style == .plain && key.text.isEmpty ? "\"\"" : value(key.text, key.style, inFlow: inFlow)
  }

  private static func staysPlainInFlow(_ text: String) -> Bool {
    !text.utf8.contains { ",[]{}".utf8.contains($0) }
  }

  private static func isClearerInSingleQuotes(_ text: String) -> Bool {
    text.utf8.contains { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
      && text.utf8.allSatisfy { (0x20...0x7e).contains($0) && $0 != UInt8(ascii: "'") }
  }

  /// Words that some version of YAML takes for a boolean or for nothing.
  private static let words: Set<String> = [
    "y", "n", "yes", "no", "on", "off", "true", "false", "null",
  ]

  /// Letters first, and then nothing that means anything; or an address, or a percentage.
  static func isUnmistakable(_ text: String) -> Bool {
    guard text.utf8.count <= 512, let first = text.utf8.first, let last = text.utf8.last,
      last != UInt8(ascii: " "), last != UInt8(ascii: ":")
    else { return false }
    var previous = first
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
        UInt8(ascii: "."), UInt8(ascii: "@"), UInt8(ascii: "/"), UInt8(ascii: "%"),
        UInt8(ascii: "+"), UInt8(ascii: ":"):
        break
      case UInt8(ascii: " "):
        if previous == UInt8(ascii: ":") || previous == UInt8(ascii: " ") { return false }
      default: return false
      }
      previous = byte
    }
    switch first {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
      return !words.contains(text.lowercased())
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return isAddress(text) || isPercentage(text)
    default: return false
    }
  }

  /// `10.0.1.1:8080`: of three points and a colon no number is made.
  private static func isAddress(_ text: String) -> Bool {
    let halves = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard halves.count == 2, !halves[1].isEmpty, halves[1].allSatisfy(Digits.isDigit) else {
      return false
    }
    let parts = halves[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return parts.count == 4 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(Digits.isDigit) }
  }

  private static func isPercentage(_ text: String) -> Bool {
    text.utf8.last == UInt8(ascii: "%") && Percentage(text) != nil
  }
}
