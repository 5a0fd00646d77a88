/// Texts in boxes: where lines end, and about how wide they are.
enum TextLines {
  /// Characters of one line, and of all lines of a text, which ends in `…` if there is more.
  static let lineMax = 38
  static let textMax = 400

  /// At blanks, and inside a word that is longer than a line.
  static func wrapped(_ text: String, lineMax: Int = lineMax) -> [String] {
    var lines: [String] = []
    var line = ""
    var left = textMax
    for word in text.split(separator: " ", omittingEmptySubsequences: true) {
      var word = word
      if word.count > left {
        word = word.prefix(max(0, left)) + "…"
        left = 0
      } else {
        left -= word.count + 1
      }
      if !line.isEmpty, line.count + 1 + word.count > lineMax {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
      while line.count > lineMax {
        lines.append(String(line.prefix(lineMax)))
        line = String(line.dropFirst(lineMax))
      }
      if left <= 0 { break }
    }
    if !line.isEmpty { lines.append(line) }
    return lines
  }

  /// About, in a sans-serif font of this size. Errs to the wide side.
  static func width(_ text: String, size: Double) -> Double {
    text.unicodeScalars.reduce(0) { $0 + ems($1) } * size
  }

  private static func ems(_ scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", "!", " ", "[", "]", "(", ")": 0.36
    case "f", "t", "r", "-", "\"", "/": 0.42
    case "m", "w", "M", "W", "@", "%": 0.96
    case "A"..."Z", "<", ">", "=", "+", "_": 0.72
    case _ where scalar.value >= 0x1100: 1.05
    default: 0.62
    }
  }
}
