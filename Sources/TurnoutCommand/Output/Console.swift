import Turnout

/// Standard output and standard error.
enum Console {
  /// Writes a text and a line's end to standard output.
  static func print(_ text: String) throws {
    try write(Array((text + "\n").utf8))
  }

  static func write(_ bytes: [UInt8]) throws {
    do throws(TurnoutError) {
      try ByteStream.standardOutput.write(bytes)
    } catch {
      if error.status == .closed { throw OutputClosed() }
      throw error
    }
  }

  /// Writes a text and a line's end to standard error. If that fails there is nobody to tell.
  static func printError(_ text: String) {
    try? ByteStream.standardError.write(Array((text + "\n").utf8))
  }

  static func fail(_ message: String) {
    printError(Style.error.red("error:") + " " + Printable.text(message, linesStay: true))
  }

  static func warn(_ message: String) {
    printError(Style.error.yellow("warning:") + " " + Printable.text(message, linesStay: true))
  }
}

/// Texts that come from a store or a request, made safe for a terminal.
enum Printable {
  /// Control characters and those that turn the direction of writing, written out.
  static func text(_ text: String, linesStay: Bool = false) -> String {
    func mayStay(_ scalar: Unicode.Scalar) -> Bool {
      switch scalar.value {
      case 0x0a: linesStay
      case 0..<0x20, 0x7f...0x9f, 0x202a...0x202e, 0x2066...0x2069: false
      default: true
      }
    }
    guard !text.unicodeScalars.allSatisfy(mayStay) else { return text }
    var printable = ""
    for scalar in text.unicodeScalars {
      if mayStay(scalar) {
        printable.unicodeScalars.append(scalar)
      } else {
        printable += scalar == "\n" ? " " : "\\u{" + String(scalar.value, radix: 16) + "}"
      }
    }
    return printable
  }
}
