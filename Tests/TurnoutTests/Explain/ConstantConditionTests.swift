import Testing

@testable import Turnout

/// Conditions that are decided whatever the request says: tables write a test for them that no document
/// has, and that is not told.
struct ConstantConditionTests {
  private static let document = """
    turnout: 1
    unit: user
    attributes: { country: string }
    clusters: { a: { address: "a:1" }, b: { address: "b:1" } }
    models:
      m:
        v1:
          placement:
            - { when: { any: [ {}, { country: NO } ] }, cluster: a }
            - { cluster: b }
    use_cases:
      Home:
        rules:
          - { when: { not: {} }, route: m@v1 }
          - { route: m@v1 }
    """

  private func evaluation() throws -> Evaluation {
    try DocumentTable(Self.document).explain(Request("Home", unit: "u")).evaluation
  }

  @Test func whatNeverHoldsIsNotToldAsATestThatHeld() throws {
    let rule = try #require(try evaluation().rules.first)
    #expect(rule.outcome == .skipped && rule.tests.count == 1)
    let test = try #require(rule.tests.first)
    #expect(!test.held && test.leads == .fails && test.operands == [.boolean(false)])
  }

  @Test func whatAlwaysHoldsHasNoTests() throws {
    let walk = try #require(try evaluation().placement?.walks.first)
    #expect(walk.choices.map(\.held) == [true] && walk.choices.allSatisfy(\.tests.isEmpty))
  }
}
