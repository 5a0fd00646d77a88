/// Who may import what: a target's own floor, the ones below it, and nothing that would bring
/// Foundation or a package into the engine.
enum ImportRules {
  /// Folder → modules; the longest folder that a file lies in counts.
  static let allowed: [String: Set<String>] = [
    "Sources/Turnout/": ["CThread", "CTurnout", "CXXHash", "Glibc", "Synchronization"],
    "Sources/Turnout/Store/": [
      "CLMDB", "CThread", "CTurnout", "CXXHash", "Glibc", "Synchronization",
    ],
    "Sources/TurnoutC/": ["CTurnout", "Glibc", "Turnout"],
    "Sources/TurnoutCompiler/": ["Glibc", "Turnout", "Yams"],
    // The events of libyaml, which Yams carries.
    "Sources/TurnoutCompiler/Document/": ["CYaml", "Glibc", "Turnout", "Yams"],
    "Sources/TurnoutDiff/": ["Glibc", "Turnout", "TurnoutCompiler"],
    "Sources/TurnoutCommand/": [
      "ArgumentParser", "Dispatch", "Foundation", "Glibc", "Synchronization", "Turnout",
      "TurnoutCompiler", "TurnoutDiff",
    ],
    "Sources/TurnoutLibrary/": ["TurnoutC"],
  ]

  static func check(_ file: SourceFile) -> [Finding] {
    guard file.fileExtension == "swift", file.path.hasPrefix("Sources/") else { return [] }
    let folders = allowed.keys.filter { file.path.hasPrefix($0) }
    guard let folder = folders.max(by: { $0.count < $1.count }), let modules = allowed[folder]
    else {
      return [
        Finding(
          path: file.path, line: 1,
          advice: "no rule says what this folder may import; add it to ImportRules.allowed")
      ]
    }
    var findings: [Finding] = []
    for (index, line) in file.code.enumerated() {
      guard let module = module(importedBy: line), !modules.contains(module) else { continue }
      findings.append(
        Finding(
          path: file.path, line: index + 1,
          advice: "\(folder) may not import \(module), only \(modules.sorted()); see "
            + "Docs/architecture.md, or move this code to the floor that may"))
    }
    return findings
  }

  static func module(importedBy line: String) -> String? {
    guard line.contains("import") else { return nil }
    // `import struct A.B` imports A; attributes and an access level may stand before it.
    let pattern =
      /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:\w+\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)/
    guard let match = try? pattern.firstMatch(in: line) else { return nil }
    return String(match.output.1)
  }
}
