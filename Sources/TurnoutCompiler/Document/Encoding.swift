/// What has to be settled about a source's bytes before they are parsed.
enum Encoding {
  static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

  /// Where the bytes stop being UTF-8, or hold a character that no document may hold.
  struct Fault {
    var message: String
    var suggestion: String
    /// Both from 1.
    var line: Int
    var column: Int
  }

  /// The first fault, found in one pass: YAML and JSON allow no control characters but tab and
  /// line breaks, and neither do we. libyaml compares every directive with all before it, so their
  /// number is bounded too.
  static func fault(in bytes: [UInt8]) -> Fault? {
    if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
      return Fault(
        message: "the file is UTF-16", suggestion: "save it as UTF-8", line: 1, column: 1)
    }
    var line = 1
    var column = 1
    var directiveCount = 0
    var index = bytes.starts(with: byteOrderMark) ? byteOrderMark.count : 0
    while index < bytes.count {
      let byte = bytes[index]
      if column > 1, byte >= 0x20, byte < 0x7f {
        index += 1
        column += 1
        continue
      }
      if byte == UInt8(ascii: "%"), column == 1 {
        directiveCount += 1
        if directiveCount > Limits.directivesMax {
          return Fault(
            message: "more than \(Limits.directivesMax) lines begin with `%`",
            suggestion: "no directive is needed: leave them out", line: line, column: column)
        }
      }
      if byte < 0x80 {
        if byte == 0x0a || byte == 0x0d {
          if byte == 0x0d, index + 1 < bytes.count, bytes[index + 1] == 0x0a { index += 1 }
          line += 1
          column = 0
        } else if byte < 0x20 && byte != 0x09 || byte == 0x7f {
          return Fault(
            message: "control character \(hex(byte))",
            suggestion: "remove it, or write it as an escape in double quotes",
            line: line, column: column)
        }
        index += 1
      } else {
        let length = scalarLength(bytes, at: index)
        if length == 0 {
          return Fault(
            message: "byte \(hex(byte)) is not UTF-8", suggestion: "save the file as UTF-8",
            line: line, column: column)
        }
        if isLineBreak(bytes, at: index, length: length) {
          line += 1
          column = 0
        }
        index += length
      }
      column += 1
    }
    return nil
  }

  /// JSON as libyaml reads it, which gives one kind of marks and of errors; what only YAML allows
  /// is not refused in a `.json` file. Rewritten are: pairs of surrogate escapes as one escape, and the characters that
  /// YAML takes for line breaks, which JSON allows in its strings, as escapes. Columns behind one
  /// of these on the same line are off by a few.
  static func yaml(fromJSON bytes: [UInt8]) -> [UInt8] {
    let hasEscapes = bytes.contains(0x5c)
    guard hasEscapes || bytes.contains(0xc2) || bytes.contains(0xe2) else { return bytes }
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == 0x5c {
        if let high = escapedUnit(bytes, at: index), (0xd800..<0xdc00).contains(high),
          let low = escapedUnit(bytes, at: index + 6), (0xdc00..<0xe000).contains(low)
        {
          let scalar = 0x10000 + (high - 0xd800) << 10 + (low - 0xdc00)
          let digits = Array(String(scalar, radix: 16).utf8)
          output += Array("\\U".utf8)
          output += [UInt8](repeating: 0x30, count: 8 - digits.count) + digits
          index += 12
        } else {
          output += bytes[index..<min(index + 2, bytes.count)]
          index += 2
        }
      } else if byte == 0xc2, index + 1 < bytes.count, bytes[index + 1] == 0x85 {
        output += Array("\\N".utf8)
        index += 2
      } else if byte == 0xe2, isLineBreak(bytes, at: index, length: 3) {
        output += Array((bytes[index + 2] == 0xa8 ? "\\L" : "\\P").utf8)
        index += 3
      } else {
        output.append(byte)
        index += 1
      }
    }
    return output
  }

  /// The number in `\uXXXX` at `index`.
  private static func escapedUnit(_ bytes: [UInt8], at index: Int) -> UInt32? {
    guard index + 6 <= bytes.count, bytes[index] == 0x5c, bytes[index + 1] == 0x75 else {
      return nil
    }
    return UInt32(String(decoding: bytes[(index + 2)..<(index + 6)], as: UTF8.self), radix: 16)
  }

  /// NEL, LS or PS.
  private static func isLineBreak(_ bytes: [UInt8], at index: Int, length: Int) -> Bool {
    guard index + length <= bytes.count else { return false }
    if length == 2 { return bytes[index] == 0xc2 && bytes[index + 1] == 0x85 }
    return length == 3 && bytes[index] == 0xe2 && bytes[index + 1] == 0x80
      && (bytes[index + 2] == 0xa8 || bytes[index + 2] == 0xa9)
  }

  /// The length of the well-formed UTF-8 sequence at `index` (Unicode 3.9, table 3-7), or 0.
  static func scalarLength(_ bytes: [UInt8], at index: Int) -> Int {
    let first = bytes[index]
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xbf
    switch first {
    case 0xc2...0xdf: length = 2
    case 0xe0...0xef:
      length = 3
      if first == 0xe0 { second = 0xa0...0xbf }
      if first == 0xed { second = 0x80...0x9f }
    case 0xf0...0xf4:
      length = 4
      if first == 0xf0 { second = 0x90...0xbf }
      if first == 0xf4 { second = 0x80...0x8f }
    default: return 0
    }
    guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return 0 }
    for offset in 2..<max(length, 2) where !(0x80...0xbf).contains(bytes[index + offset]) {
      return 0
    }
    return length
  }

  private static func hex(_ byte: UInt8) -> String {
    (byte < 16 ? "0x0" : "0x") + String(byte, radix: 16)
  }
}
