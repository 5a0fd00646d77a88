/// Where `unsafe` may stand, and that each use says who guarantees it.
enum UnsafeRules {
  /// Folders end in `/`; everything else under Sources/ must do without.
  static let allowed = [
    "Sources/Turnout/Memory/",
    "Sources/Turnout/Hashing/XXH3.swift",
    "Sources/Turnout/Store/LMDB.swift",
    "Sources/TurnoutC/",
    // libyaml, wrapped once.
    "Sources/TurnoutCompiler/Document/YAMLEvents.swift",
  ]

  static func check(_ file: SourceFile) -> [Finding] {
    guard file.fileExtension == "swift", file.path.hasPrefix("Sources/") else { return [] }
    let isAllowed = allowed.contains {
      $0.hasSuffix("/") ? file.path.hasPrefix($0) : file.path == $0
    }
    var findings: [Finding] = []
    let lines = file.lines
    for (index, code) in file.code.enumerated() where isUnsafe(code) {
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

  /// A `// SAFETY:` comment covers what follows it in its own function or closure and inside of
  /// that; above a declaration, all of the declaration. `// SAFETY, for the whole file:` covers the
  /// file from there on.
  private static func isExplained(_ index: Int, in lines: [String]) -> Bool {
    var indent = indentation(lines[index])
    var isDeclaration = declares(lines[index])
    var above = index - 1
    while above >= 0 {
      let line = lines[above].trimmingPrefix { $0 == " " }
      let own = indentation(lines[above])
      let isComment = line.hasPrefix("//")
      if line.hasPrefix("// SAFETY, for the whole file: ") { return true }
      if line.hasPrefix("// SAFETY: "), own <= indent { return true }
      if !isComment, !line.isEmpty, own <= indent {
        // Past its own declaration only that one's comments and attributes count.
        if isDeclaration, !line.hasPrefix("@") { return wholeFile(above, lines) }
        if own < indent {
          indent = own
          isDeclaration = declares(lines[above])
        } else if declares(lines[above]) {
          return wholeFile(above, lines)
        }
      }
      above -= 1
    }
    return false
  }

  private static func wholeFile(_ index: Int, _ lines: [String]) -> Bool {
    lines[..<index].contains { $0.contains("// SAFETY, for the whole file: ") }
  }

  private static func indentation(_ line: String) -> Int { line.prefix { $0 == " " }.count }

  /// Whether a function, a computed property or a type begins here.
  private static func declares(_ line: String) -> Bool {
    let pattern =
      /^\s*[\w@() ]*\b(func|init|subscript|deinit|struct|enum|class|extension)\b|\bvar\b[^=]*\{|\{\s*$/
    guard ((try? pattern.firstMatch(in: line)) ?? nil) != nil else { return false }
    // A closure or a statement with a body is no declaration.
    let words = /\b(func|init|subscript|deinit|struct|enum|class|extension|var)\b/
    let isBinding = /^\s*(if|guard|while|let|return|for)\b|\bin$/
    return ((try? words.firstMatch(in: line)) ?? nil) != nil
      && ((try? isBinding.firstMatch(in: line)) ?? nil) == nil
  }
}
