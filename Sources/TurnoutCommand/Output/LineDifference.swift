/// What changes from one text to another, as `diff -u` says it.
enum LineDifference {
  private static let context = 3
  /// Of more lines, the difference takes too long to find and too long to read.
  private static let linesMax = 20_000

  private enum Line {
    case same(Substring)
    case removed(Substring)
    case inserted(Substring)
  }

  static func text(from old: String, to new: String, name: String) -> String {
    let (before, after) = (split(old), split(new))
    guard before.count <= linesMax, after.count <= linesMax else {
      return "\(name) differs\n"
    }
    let lines = lines(from: before, to: after)
    var output = "--- \(name)\n+++ \(name)\n"
    for hunk in hunks(lines) {
      let (first, kept) = (lines[..<hunk.lowerBound], lines[hunk])
      output += "@@ -\(range(first, kept, isOld: true)) +\(range(first, kept, isOld: false)) @@\n"
      for line in kept {
        switch line {
        case .same(let text): output += " \(text)\n"
        case .removed(let text): output += "-\(text)\n"
        case .inserted(let text): output += "+\(text)\n"
        }
      }
    }
    return output
  }

  private static func split(_ text: String) -> [Substring] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  private static func lines(from old: [Substring], to new: [Substring]) -> [Line] {
    let difference = new.difference(from: old)
    var removed: Set<Int> = []
    var inserted: Set<Int> = []
    for change in difference {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    var lines: [Line] = []
    var (from, to) = (0, 0)
    while from < old.count || to < new.count {
      if removed.contains(from) {
        lines.append(.removed(old[from]))
        from += 1
      } else if inserted.contains(to) {
        lines.append(.inserted(new[to]))
        to += 1
      } else {
        lines.append(.same(old[from]))
        from += 1
        to += 1
      }
    }
    return lines
  }

  /// The lines that change, with those around them.
  private static func hunks(_ lines: [Line]) -> [Range<Int>] {
    var hunks: [Range<Int>] = []
    for (index, line) in lines.enumerated() {
      if case .same = line { continue }
      let around = max(0, index - context)..<min(lines.count, index + context + 1)
      if let last = hunks.last, last.upperBound >= around.lowerBound {
        hunks[hunks.count - 1] = last.lowerBound..<around.upperBound
      } else {
        hunks.append(around)
      }
    }
    return hunks
  }

  /// `3,7`: where the hunk begins, and how many lines it has.
  private static func range(
    _ before: ArraySlice<Line>, _ hunk: ArraySlice<Line>, isOld: Bool
  ) -> String {
    func count(_ lines: ArraySlice<Line>) -> Int {
      lines.count { line in
        switch line {
        case .same: true
        case .removed: isOld
        case .inserted: !isOld
        }
      }
    }
    let size = count(hunk)
    return "\(count(before) + (size > 0 ? 1 : 0)),\(size)"
  }
}
