import Testing
import TurnoutCompiler

@Suite struct ExpectationLimitTests {
  private static func source(_ end: String) -> Source {
    Source(
      name: "doc.yaml",
      text: """
        turnout: 1
        unit: user
        clusters: { a: { address: 10.0.0.1:80 } }
        models: { m: { v1: { cluster: a } } }
        use_cases: { Home: { rules: [{ route: m@v1 }] } }
        \(end)
        """)
  }

  private static func checked(expect: String) -> CheckedDocuments {
    CheckedDocuments([source("expect: [\(expect)]")])
  }

  private static func cases(_ count: Int) -> String {
    String(repeating: "{ use_case: Home, model: m },", count: count)
  }

  @Test func asManyCasesAsMayBeAreReadAndNotOneMore() throws {
    let most = Self.checked(expect: Self.cases(Limits.expectationsMax))
    #expect(most.document?.expectations.count == Limits.expectationsMax)
    let more = Self.checked(expect: Self.cases(Limits.expectationsMax + 1))
    #expect(
      more.diagnostics.map(\.message) == ["the documents have 10001 cases of `expect`"])
    #expect(more.diagnostics.map(\.code) == [.limit])
  }

  @Test(arguments: [(64, true), (65, false)])
  func aListOfWhatWillDoIsBounded(_ count: Int, _ isRight: Bool) {
    let names = String(repeating: "m@v1,", count: count)
    let checked = Self.checked(expect: "{ use_case: Home, model: [\(names)] }")
    #expect((checked.document != nil) == isRight)
    let keys = (0..<count).map { "k\($0): 1" }.joined(separator: ", ")
    let config = Self.checked(expect: "{ use_case: Home, config: { \(keys) } }")
    #expect((config.document != nil) == isRight)
  }

  @Test func whatIsExpectedIsNoPartOfTheTable() throws {
    let plain = CompiledTable([Self.source("")], against: nil)
    let more = CompiledTable(
      [Self.source("guards: { max_move: 5% }\nexpect: [{ use_case: Home, status: disabled }]")],
      against: nil)
    #expect(plain.image != nil)
    #expect(plain.image == more.image)
    #expect(more.expectations.count == 1)
    #expect(more.guards.all.move?.share == Percentage("5%"))
  }
}
