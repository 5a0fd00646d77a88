/// The source by Unicode scalars, as the parser counts them, and what it says of lines and comments.
struct SourceText {
  let scalars: [Unicode.Scalar]
  /// Where each line begins.
  private let starts: [Int]

  init(_ bytes: [UInt8]) {
    var scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
    if scalars.first == "\u{feff}" { scalars.removeFirst() }
    var starts = [0]
    var index = 0
    while index < scalars.count {
      let length = Self.breakLength(scalars, at: index)
      index += max(length, 1)
      if length > 0 { starts.append(index) }
    }
    self.scalars = scalars
    self.starts = starts
  }

  /// The comments outside of `covered`: the ranges of scalars, aliases and anchors, in order. There, a
  /// `#` can be nothing else.
  func remarks(outside covered: [Range<Int>]) -> [Remark] {
    var remarks: [Remark] = []
    var index = 0
    for range in covered + [scalars.count..<scalars.count] {
      while index < range.lowerBound {
        guard scalars[index] == "#" else {
          index += 1
          continue
        }
        let remark = self.remark(at: index)
        remarks.append(remark)
        index += remark.text.unicodeScalars.count
      }
      index = max(index, range.upperBound)
    }
    return remarks
  }

  /// The comment that begins here.
  func remark(at start: Int) -> Remark {
    var end = start
    while end < scalars.count, Self.breakLength(scalars, at: end) == 0 { end += 1 }
    while end > start, scalars[end - 1] == " " || scalars[end - 1] == "\t" { end -= 1 }
    let line = line(of: start)
    let first = starts[line - 1]
    return Remark(
      text: Self.string(scalars[start..<end]), column: start - first, line: line, start: start,
      isAlone: scalars[first..<start].allSatisfy { $0 == " " || $0 == "\t" },
      hasBlankAbove: isBlank(line - 1))
  }

  /// From 1.
  func line(of index: Int) -> Int {
    var low = 0
    var high = starts.count
    while low + 1 < high {
      let middle = (low + high) / 2
      if starts[middle] <= index { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// From 0.
  func column(of index: Int) -> Int { index - starts[line(of: index) - 1] }

  /// Whether a line before `index` begins with `%`.
  func hasDirective(before index: Int) -> Bool {
    starts.contains { $0 < index && scalars[$0] == "%" }
  }

  /// Whether the line, from 1, is there and holds nothing.
  func isBlank(_ line: Int) -> Bool {
    guard line >= 1, line < starts.count else { return false }
    return scalars[starts[line - 1]..<starts[line]].allSatisfy {
      $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r"
    }
  }

  /// Where the first `-` stands that is in no comment; `range.upperBound` if there is none.
  func dash(in range: Range<Int>) -> Int {
    var index = range.lowerBound
    while index < range.upperBound, scalars[index] != "-" {
      if scalars[index] == "#" {
        while index < range.upperBound, Self.breakLength(scalars, at: index) == 0 { index += 1 }
      } else {
        index += 1
      }
    }
    return min(index, range.upperBound)
  }

  /// What comes behind blanks, line ends and comments.
  func skipBlanks(from start: Int) -> Int {
    var index = start
    while index < scalars.count {
      if scalars[index] == "#" {
        while index < scalars.count, Self.breakLength(scalars, at: index) == 0 { index += 1 }
      } else if scalars[index] == " " || scalars[index] == "\t"
        || Self.breakLength(scalars, at: index) > 0
      {
        index += 1
      } else {
        return index
      }
    }
    return index
  }

  static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars)
    return text
  }

  /// As `SourceLines` has it.
  static func breakLength(_ scalars: [Unicode.Scalar], at index: Int) -> Int {
    switch scalars[index] {
    case "\n", "\u{85}", "\u{2028}", "\u{2029}": 1
    case "\r": index + 1 < scalars.count && scalars[index + 1] == "\n" ? 2 : 1
    default: 0
    }
  }
}
