extension Evaluation.Value {
  /// The text, if it is one and UTF-8.
  var string: String? {
    guard case .text(let bytes, _) = self else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }

  /// For people: texts in quotes where they would not read as one word, never with a character that
  /// steers a terminal, and cut with `…` where they are long. What is not UTF-8 is in base64.
  package var words: String { words(atMost: 64) }

  /// The same with at most so many characters of the text, or of its base64.
  func words(atMost limit: Int) -> String {
    switch self {
    case .boolean(let boolean): return boolean ? "true" : "false"
    case .number(let number): return number.json
    case .text(let bytes, let count):
      guard let text = string else {
        let shown = bytes.prefix(limit / 4 &* 3)
        return "base64:" + Base64.text(shown) + (shown.count < count ? "…" : "")
      }
      let shown = text.unicodeScalars.prefix(limit)
      let isCut = bytes.count < count || shown.endIndex != text.unicodeScalars.endIndex
      var words = String.UnicodeScalarView()
      words.append(contentsOf: shown)
      if !isCut, !text.isEmpty, words.allSatisfy(Self.isWord) { return String(words) }
      return Self.quoted(String(words)) + (isCut ? "…" : "")
    }
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "0"..."9", "a"..."z", "A"..."Z", "-", ".", "_", "@", "/", ":", "+", "#": true
    default: false
    }
  }

  private static func quoted(_ text: String) -> String {
    var quoted = ""
    for scalar in JSONText.quoted(text).unicodeScalars {
      switch scalar.value {
      case 0x7f...0x9f, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069:
        quoted += "\\u{" + String(scalar.value, radix: 16) + "}"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted
  }
}
