import Testing
import TurnoutCompiler

/// What is said of rules that are never reached, with proofs and without.
@Test(arguments: [
  // The rule above always decides; under the same `when`; and what only a proof finds.
  ("{ route: m@v }", "{ when: { c: SE }, route: m@v }", true),
  ("{ when: { c: SE }, route: m@v }", "{ when: { all: [{ c: SE }] }, route: m@v }", true),
  ("{ when: { c: { in: [SE, NO] } }, route: m@v }", "{ when: { c: NO }, route: m@v }", false),
])
func whatTakesNoProofIsSaidWithoutOne(_ first: String, _ second: String, _ isPlain: Bool) {
  let text = """
    turnout: 1
    unit: user
    attributes: { c: string }
    clusters: { k: { address: "10.0.0.1:80" } }
    models: { m: { v: { cluster: k } } }
    use_cases: { U: { rules: [\(first), \(second), { route: m@v }] } }
    """
  func lines(proves: Bool) -> [String] {
    CheckedDocuments([Source(name: "a.yaml", text: text)], proves: proves).diagnostics
      .filter { $0.code == .unreachableRule }.map(\.message)
  }
  #expect(lines(proves: true).count >= 1)
  #expect(lines(proves: false) == (isPlain ? lines(proves: true) : []))
}
