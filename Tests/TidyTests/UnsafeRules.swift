/// Where `unsafe` may stand, and that each use says who guarantees it.
enum UnsafeRules {
  /// Folders end in `/`; everything else under Sources/ must do without.
  static let allowed = [
    "Sources/Turnout/Memory/",
    "Sources/Turnout/Hashing/XXH3.swift",
    "Sources/Turnout/Store/LMDB.swift",
    "Sources/TurnoutC/",
  ]

  static func check(_ file: SourceFile) -> [Finding] {
    guard file.fileExtension == "swift", file.path.hasPrefix("Sources/") else { return [] }
    let isAllowed = allowed.contains {
      $0.hasSuffix("/") ? file.path.hasPrefix($0) : file.path == $0
    }
    var findings: [Finding] = []
    let lines = file.lines
    for (index, code) in SwiftText.code(of: file.text).enumerated() where isUnsafe(code) {
      if !isAllowed {
        findings.append(
          Finding(
            path: file.path, line: index + 1,
            advice: "unsafe may not stand here; wrap it in Sources/Turnout/Memory/ behind a "
              + "function that checks its arguments"))
      } else if !isExplained(index, in: lines) {
        findings.append(
          Finding(
            path: file.path, line: index + 1,
            advice: "put a comment `// SAFETY: who guarantees it` above this line or the block of "
              + "lines that it stands in"))
      }
    }
    return findings
  }

  static func isUnsafe(_ code: String) -> Bool {
    guard code.contains("unsafe") else { return false }
    // The keyword, and nonisolated(unsafe); not an attribute, not a part of a name or a label.
    let pattern = /(?:^|[^\w@.])unsafe(?![\w:])/
    return ((try? pattern.firstMatch(in: code)) ?? nil) != nil
  }

  /// Going up from the line over the lines of its block, which a blank line ends, the first comment
  /// must be one that says SAFETY.
  private static func isExplained(_ index: Int, in lines: [String]) -> Bool {
    var above = index - 1
    while above >= 0 {
      let line = lines[above].trimmingPrefix { $0 == " " }
      if line.isEmpty { return false }
      if line.hasPrefix("//") {
        if line.hasPrefix("// SAFETY: ") { return true }
        if !(above > 0 && lines[above - 1].trimmingPrefix { $0 == " " }.hasPrefix("//")) {
          return false
        }
      }
      above -= 1
    }
    return false
  }
}
