import Testing

/// The rules, held against the project as it is. RuleTests shows that each can fail.
@Suite struct ProjectTests {
  @Test func theTreeIsFound() {
    #expect(Tree.files.contains { $0.path == "Package.swift" })
    #expect(Tree.files.contains { $0.path == "Sources/Turnout/Status.swift" })
  }

  @Test func everyTargetImportsOnlyItsFloorAndBelow() { expectNone(ImportRules.check) }
  @Test func unsafeStandsOnlyBehindTheFenceAndSaysWhoGuaranteesIt() {
    expectNone(UnsafeRules.check)
  }
  @Test func nothingTrapsOnData() { expectNone(TrapRules.check) }
  @Test func textIsShortNamedAndClean() { expectNone(TextRules.check) }

  @Test func headerMapAndImplementationNameTheSameFunctions() throws {
    let findings = CFaceRules.check(
      header: try Tree.file("Include/turnout.h").text,
      map: try Tree.file("Include/turnout.map").text,
      implementations: Tree.files(under: "Sources/TurnoutC/", suffix: ".swift").map(\.text))
    for finding in findings { Issue.record(Comment(rawValue: finding.description)) }
  }

  @Test func foldersOfTestsMirrorFoldersOfSources() {
    for target in ["Turnout", "TurnoutCompiler", "TurnoutDiff", "TurnoutCommand"] {
      let sources = Set(folders(under: "Sources/\(target)/"))
      for folder in folders(under: "Tests/\(target)Tests/") where !sources.contains(folder) {
        Issue.record(
          "Tests/\(target)Tests/\(folder): no Sources/\(target)/\(folder); name it after what it tests"
        )
      }
    }
  }

  private func folders(under prefix: String) -> [String] {
    let paths = Tree.files(under: prefix, suffix: ".swift").map { $0.path.dropFirst(prefix.count) }
    return Set(paths.filter { $0.contains("/") }.compactMap { $0.split(separator: "/").first })
      .map(String.init).sorted()
  }

  private func expectNone(_ check: (SourceFile) -> [Finding]) {
    for finding in Tree.files.flatMap(check) {
      Issue.record(Comment(rawValue: finding.description))
    }
  }
}
