/// Header = map = implementation: what `turnout.h` declares, what the library exports and what
/// Swift implements are one set of functions. (Tests/Library compares `nm` of the built library.)
enum CFaceRules {
  /// The functions that a C header declares: `turnout_name(` outside comments and `#` lines, at the
  /// top level, in a statement that is no typedef.
  static func declared(in header: String) -> Set<String> {
    var text = ""
    for line in withoutComments(header).split(separator: "\n", omittingEmptySubsequences: false) {
      let isDirective = line.trimmingPrefix { $0 == " " }.hasPrefix("#")
      if !isDirective { text += line + "\n" }
    }
    // `extern "C" {` opens no level that matters here.
    text = text.replacing(/extern\s+"C"\s*\{/, with: "")
    var names: Set<String> = []
    var depth = 0
    var statement = ""
    for character in text {
      if character == "{" { depth += 1 }
      if depth == 0 { statement.append(character) }
      if character == "}" { depth = max(0, depth - 1) }
      if character == ";", depth == 0 {
        if !statement.contains("typedef"),
          let match = try? /(turnout_\w+)\s*\(/.firstMatch(in: statement)
        {
          names.insert(String(match.output.1))
        }
        statement = ""
      }
    }
    return names
  }

  /// The names under `global:` of a linker map; a wildcard stays one and so matches nothing.
  static func exported(by map: String) -> Set<String> {
    let text = withoutComments(map)
    guard let match = try? /global:([^:]*)local:/.firstMatch(in: text) else { return [] }
    return Set(
      match.output.1.split(separator: ";").map { String($0).filter { !$0.isWhitespace } }
        .filter { !$0.isEmpty })
  }

  /// The functions under `@c` in Swift: `@c @implementation public func name(`.
  static func implemented(in swift: String) -> Set<String> {
    let code = SwiftText.code(of: swift).joined(separator: "\n")
    let pattern = /@c\b(?:\([^)]*\))?(?:\s+@\w+(?:\([^)]*\))?)*\s+(?:\w+\s+)*?func\s+(\w+)/
    return Set(code.matches(of: pattern).map { String($0.output.1) })
  }

  static func check(header: String, map: String, implementations: [String]) -> [Finding] {
    let declared = declared(in: header)
    let exported = exported(by: map)
    let implemented = implementations.reduce(into: Set<String>()) {
      $0.formUnion(self.implemented(in: $1))
    }
    var findings: [Finding] = []
    func compare(_ names: Set<String>, _ others: Set<String>, _ path: String, _ advice: String) {
      for name in names.subtracting(others).sorted() {
        findings.append(Finding(path: path, line: 1, advice: "\(name): \(advice)"))
      }
    }
    compare(declared, exported, "Include/turnout.map", "declared in turnout.h; list it here")
    compare(exported, declared, "Include/turnout.map", "not in turnout.h; take it away here")
    compare(declared, implemented, "Include/turnout.h", "nobody in Sources/TurnoutC implements it")
    compare(implemented, declared, "Sources/TurnoutC", "implemented but not in turnout.h")
    if declared.isEmpty {
      findings.append(
        Finding(path: "Include/turnout.h", line: 1, advice: "no declaration found in it"))
    }
    return findings
  }

  private static func withoutComments(_ text: String) -> String {
    text.replacing(/\/\*(?:[^*]|\*(?!\/))*\*\//, with: " ").replacing(/\/\/[^\n]*/, with: "")
  }
}
