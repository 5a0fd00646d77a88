/// A `|` or `>` as it was written, to be put at another indentation.
struct BlockScalar {
  /// `|-` and the like.
  let header: String
  let lines: [String]
  /// Whether empty lines behind it would be its own.
  let keepsEnd: Bool

  /// Nil where quotes are safer: without text, or with line ends that are not those of files.
  init?(text: String, source: [Unicode.Scalar]) {
    guard text.unicodeScalars.contains(where: { $0 != "\n" && $0 != " " }),
      !source.contains(where: { $0 == "\u{85}" || $0 == "\u{2028}" || $0 == "\u{2029}" })
    else { return nil }
    let raw = source.filter { $0 != "\r" }
      .split(separator: "\n", maxSplits: Int.max, omittingEmptySubsequences: false)
    guard let first = raw.first?.first, raw.count > 1 else { return nil }
    let marks = (raw.first ?? []).prefix { $0 != " " && $0 != "\t" && $0 != "#" }
    let keeps = marks.contains("+")
    let chomp = keeps ? "+" : marks.contains("-") ? "-" : ""
    func blanks(_ line: some Sequence<Unicode.Scalar>) -> Int { line.prefix { $0 == " " }.count }
    func isFull(_ line: some Sequence<Unicode.Scalar>) -> Bool { line.contains { $0 != " " } }
    // How deep it stands: what the first line has, less what of it is text.
    guard let rawFirst = raw.dropFirst().first(where: isFull),
      let textFirst = text.unicodeScalars.split(separator: "\n").first(where: isFull)
    else { return nil }
    let indent = blanks(rawFirst) - blanks(textFirst)
    guard indent >= 0 else { return nil }
    var lines = raw.dropFirst().map { SourceText.string($0.dropFirst(min(indent, blanks($0)))) }
    // Behind the last line end there is nothing.
    if lines.last?.isEmpty == true { lines.removeLast() }
    if !keeps { while lines.last?.isEmpty == true { lines.removeLast() } }
    let opensWithBlank = raw.dropFirst().prefix { !isFull($0) }.contains { $0.count > indent }
    guard !opensWithBlank else { return nil }
    header = "\(first)" + (blanks(textFirst) > 0 ? "2" : "") + chomp
    self.lines = lines
    keepsEnd = keeps
  }
}
