import Testing
import TurnoutCompiler

private func check(_ text: String) -> CheckedDocuments {
  CheckedDocuments([
    Source(
      name: "doc.yaml",
      text: """
        turnout: 1
        unit: user
        attributes: { country: string }
        clusters: { a: { address: x:1 } }

        """ + text)
  ])
}

private func limits(_ checked: CheckedDocuments) -> [String] {
  checked.diagnostics.filter { $0.severity == .error }.map { "\($0.code.rawValue): \($0.message)" }
}

@Test func aUseCaseNamesSixteenExperimentsAtMost() {
  func document(_ count: Int) -> String {
    let cells = "{ layer: l, share: 1%, cells: { c: {} } }"
    return """
      layers: { l: {} }
      models: { m: { v: { cluster: a } } }
      experiments: { \((0..<count).map { "e\($0): \(cells)" }.joined(separator: ", ")) }
      use_cases:
        Home: { rules: [\((0..<count).map { "{ experiment: e\($0) }, " }.joined()){ route: m@v }] }
      """
  }
  #expect(check(document(Limits.experimentsPerUseCaseMax)).errors == "")
  #expect(
    limits(check(document(Limits.experimentsPerUseCaseMax + 2)))
      == ["limit: `Home` names more than 16 experiments"])
}

@Test func holdoutsAreBounded() {
  func document(_ count: Int) -> String {
    let holdouts = (0..<count).map { "h\($0): { share: 1%, layers: all }" }
    return "layers: { l: {} }\nholdouts: { \(holdouts.joined(separator: ", ")) }"
  }
  #expect(check(document(Limits.holdoutsMax)).errors == "")
  #expect(
    limits(check(document(Limits.holdoutsMax + 1)))
      == ["limit: the documents define 65 of `holdouts`"])
}

@Test func sixteenVersionsMayFollowEachOther() {
  func document(_ count: Int) -> String {
    let versions = (0...count).map { number in
      "v\(number): { cluster: a\(number < count ? ", otherwise: m@v\(number + 1)" : "") }"
    }
    return "models: { m: { \(versions.joined(separator: ", ")) } }"
  }
  #expect(check(document(Limits.otherwiseChainMax)).errors == "")
  #expect(limits(check(document(Limits.otherwiseChainMax + 1))).count == 1)
  #expect(limits(check(document(1_000))).count == 1)
}

@Test func partsOfAPlacementAndClassesOfTrafficAreBounded() {
  func document(choices: Int, classes: Int) -> String {
    let placement = (1..<choices).map { "{ when: { country: c\($0) }, cluster: a }, " }.joined()
    let traffic = (0..<classes).map { "t\($0)" }.joined(separator: ", ")
    return """
      models: { m: { v: { placement: [\(placement){ cluster: a }] } } }
      layers: { l: {} }
      holdouts: { h: { share: 1%, layers: [l], traffic: [\(traffic)] } }
      """
  }
  let (choices, classes) = (Limits.choicesPerPlacementMax, Limits.trafficClassesMax)
  #expect(check(document(choices: choices, classes: classes)).errors == "")
  #expect(
    limits(check(document(choices: choices + 1, classes: classes + 1)))
      == ["limit: `placement` has 65 entries", "limit: `traffic` has 65 entries"])
}

@Test func theConditionOfAnythingIsBounded() {
  let many = (0..<Limits.testsPerConditionMax).map { "{ country: c\($0) }" }
    .joined(separator: ", ")
  let when = "when: { any: [\(many)] }"
  let checked = check(
    """
    models: { m: { v: { placement: [{ \(when), cluster: a }, { cluster: a }] } } }
    layers: { l: {} }
    experiments: { e: { layer: l, cells: { c: {} }, \(when) } }
    use_cases:
      Home: { rules: [{ route: m@v }], shadows: [{ name: s, model: m@v, \(when) }] }
    """)
  #expect(limits(checked).count == 3)
  #expect(limits(checked).allSatisfy { $0.hasPrefix("limit: the condition has 1025 tests") })
}

@Test func manyExperimentsOfOneLayerAreCheckedAtOnce() {
  let experiments = (0..<4_000).map {
    "  e\($0): { layer: l, share: 0.02%, salt: s, shared_salt: true, cells: { c: {} } }"
  }
  let checked = check("layers: { l: {} }\nexperiments:\n" + experiments.joined(separator: "\n"))
  #expect(checked.diagnostics.allSatisfy { $0.code == .sharedSalt })
  #expect(checked.diagnostics.count + checked.omittedCount == 3_999)
}
