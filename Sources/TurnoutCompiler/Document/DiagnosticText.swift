extension Diagnostic {
  /// For people: `file:line:column: error: what is wrong; what would be right`, the line that it
  /// is about, and a caret under the column. No line break at the end.
  package func text(colored: Bool = false) -> String {
    let paint = colored ? Paint.ansi : Paint.none
    var place = file
    if line > 0 { place += ":\(line):\(column)" }
    var text = paint.bold + place + ":" + paint.end + " "
    switch severity {
    case .error: text += paint.red + "error:" + paint.end
    case .warning: text += paint.yellow + "warning:" + paint.end
    }
    text += " " + message
    if let suggestion { text += "; " + suggestion }
    if severity == .warning { text += " [\(code.rawValue)]" }
    if let excerpt {
      text += "\n    " + excerpt.sourceLine + "\n    "
      for scalar in excerpt.sourceLine.unicodeScalars.prefix(excerpt.caret) {
        text += scalar == "\t" ? "\t" : " "
      }
      text += paint.green + "^" + paint.end
    }
    return text
  }

  private struct Paint {
    var bold = ""
    var red = ""
    var yellow = ""
    var green = ""
    var end = ""

    static let none = Paint()
    static let ansi = Paint(
      bold: "\u{1b}[1m", red: "\u{1b}[1;31m", yellow: "\u{1b}[1;33m", green: "\u{1b}[1;32m",
      end: "\u{1b}[0m")
  }
}
