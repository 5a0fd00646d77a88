/// Where the lines of a source begin, counted as the YAML parser counts them.
struct SourceLines {
  private let bytes: [UInt8]
  private var starts: [Int]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    starts = [bytes.starts(with: Encoding.byteOrderMark) ? Encoding.byteOrderMark.count : 0]
    var index = 0
    while index < bytes.count {
      // Nearly every byte is one of these, and no break begins with it.
      if 0x0e...0xc1 ~= bytes[index] {
        index += 1
        continue
      }
      let length = Self.breakLength(bytes, at: index)
      index += max(length, 1)
      if length > 0 { starts.append(index) }
    }
  }

  /// The line and its caret. Control characters, which could steer a terminal, are replaced.
  func excerpt(line: Int, column: Int) -> Diagnostic.Excerpt? {
    guard line >= 1, line <= starts.count, column >= 1 else { return nil }
    let start = starts[line - 1]
    var end = start
    while end < bytes.count, Self.breakLength(bytes, at: end) == 0 { end += 1 }
    var scalars = Array(String(decoding: bytes[start..<end], as: UTF8.self).unicodeScalars)
    var caret = min(column - 1, scalars.count)
    let scalarsMax = Limits.excerptScalarsMax
    if scalars.count > scalarsMax {
      let first = max(0, min(caret - scalarsMax / 2, scalars.count - scalarsMax))
      let last = first + scalarsMax
      let isCutAtEnd = last < scalars.count
      scalars = Array(scalars[first..<last])
      caret -= first
      if first > 0 {
        scalars.insert("…", at: 0)
        caret += 1
      }
      if isCutAtEnd { scalars.append("…") }
    }
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars)
    return Diagnostic.Excerpt(sourceLine: Printable.text(text), caret: caret)
  }

  /// The length of the line break at `index`, or 0: CR, LF, CR LF, NEL, LS and PS.
  private static func breakLength(_ bytes: [UInt8], at index: Int) -> Int {
    switch bytes[index] {
    case 0x0a: return 1
    case 0x0d: return index + 1 < bytes.count && bytes[index + 1] == 0x0a ? 2 : 1
    case 0xc2: return index + 1 < bytes.count && bytes[index + 1] == 0x85 ? 2 : 0
    case 0xe2:
      guard index + 2 < bytes.count, bytes[index + 1] == 0x80 else { return 0 }
      return bytes[index + 2] == 0xa8 || bytes[index + 2] == 0xa9 ? 3 : 0
    default: return 0
    }
  }
}

/// Text from documents in messages: a terminal must not obey it.
enum Printable {
  /// Control characters replaced by `�`, one for one; tabs stay.
  static func text(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var printable = ""
    for scalar in text.unicodeScalars {
      printable.unicodeScalars.append(isControl(scalar) ? "\u{fffd}" : scalar)
    }
    return printable
  }

  /// As `text`, and cut to what a message can carry.
  static func quoted(_ text: String) -> String {
    let scalarsMax = 64
    guard text.unicodeScalars.count > scalarsMax else { return "`\(text)`" }
    return "`\(String(String.UnicodeScalarView(text.unicodeScalars.prefix(scalarsMax))))…`"
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09: false
    case 0..<0x20, 0x7f...0x9f, 0x202a...0x202e, 0x2066...0x2069: true
    default: false
    }
  }
}
