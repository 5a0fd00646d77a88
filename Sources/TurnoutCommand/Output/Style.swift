import Turnout

/// How texts are set off on a terminal; elsewhere, and under `NO_COLOR`, they are not.
struct Style: Sendable {
  let isColored: Bool

  /// For what goes to standard output.
  static let output = Style(isTerminal: ByteStream.standardOutput.isTerminal)
  /// For what goes to standard error.
  static let error = Style(isTerminal: ByteStream.standardError.isTerminal)

  private init(isTerminal: Bool) {
    isColored =
      isTerminal && Environment.value("NO_COLOR") == nil && Environment.value("TERM") != "dumb"
  }

  func bold(_ text: String) -> String { paint(text, "1") }
  func dim(_ text: String) -> String { paint(text, "2") }
  func red(_ text: String) -> String { paint(text, "1;31") }
  func green(_ text: String) -> String { paint(text, "32") }
  func yellow(_ text: String) -> String { paint(text, "33") }

  private func paint(_ text: String, _ code: String) -> String {
    isColored ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
  }
}
