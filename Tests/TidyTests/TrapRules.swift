/// Nothing that a caller passes or a table holds may reach a trap: a trap ends the host.
enum TrapRules {
  /// Files that may trap, each on a broken invariant of our own.
  static let mayTrap: Set<String> = []

  static func check(_ file: SourceFile) -> [Finding] {
    guard file.fileExtension == "swift", file.path.hasPrefix("Sources/") else { return [] }
    let isCommand = file.path.hasPrefix("Sources/TurnoutCommand/")
    var findings: [Finding] = []
    for (index, line) in file.code.enumerated() where isSuspect(line) {
      func find(_ advice: String) {
        findings.append(Finding(path: file.path, line: index + 1, advice: advice))
      }
      if has(line, /\b(?:try|as)!/) {
        find("no try! and no as!; handle the failure and give it on as a TurnoutError")
      } else if has(line, /[\w\)\]\}"?]!(?!=)/) {
        find("no force unwrap; bind with guard let, or give a TurnoutError")
      }
      if !isCommand, !mayTrap.contains(file.path),
        has(line, /\b(?:fatalError|precondition|preconditionFailure|unreachable)\s*\(/)
      {
        find(
          "no trap outside TrapRules.mayTrap; answer with a status, or list the file with the "
            + "invariant it guards")
      }
    }
    return findings
  }

  /// A quick look that spares most lines the patterns.
  private static func isSuspect(_ line: String) -> Bool {
    line.utf8.contains(UInt8(ascii: "!")) || line.contains("fatal") || line.contains("precond")
      || line.contains("unreachable")
  }

  private static func has(_ line: String, _ pattern: Regex<Substring>) -> Bool {
    ((try? pattern.firstMatch(in: line)) ?? nil) != nil
  }
}
