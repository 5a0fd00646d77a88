import Testing

@testable import Turnout

/// Conditions read back from a table as expressions.
struct ConditionOutlineTests {
  @Test(arguments: [
    ("{ country: NO }", "country == NO"),
    ("{ country: [US, CA] }", "country in [CA, US]"),
    ("{ country: { not_in: [US, CA] } }", "country not_in [CA, US]"),
    ("{ device: tv, kids: true }", "device == tv and kids == true"),
    ("{ not: { country: NO } }", "not (country == NO)"),
    (
      "{ any: [ { country: NO }, { device: tv, kids: true } ] }",
      "country == NO or (device == tv and kids == true)"
    ),
    (
      "{ country: NO, any: [ { device: tv }, { device: phone } ] }",
      "(device == tv or device == phone) and country == NO"
    ),
    (
      "{ not: { any: [ { country: NO }, { not: { kids: true } } ] } }",
      "not (country == NO) and kids == true"
    ),
    (
      "{ not: { all: [ { country: NO }, { kids: true } ] } }",
      "not (country == NO and kids == true)"
    ),
    ("{ age: { \">=\": 18, \"<\": 65 } }", "age < 65 and age >= 18"),
    (
      "{ country: { exists: true }, device: { exists: false } }",
      "country is given and device is missing"
    ),
    ("{ unit: { prefix: \"a \\\"b\" } }", "unit prefix \"a \\\"b\""),
    ("{ segment: north }", "country in [CA, US]"),
    ("{ segment: crowd }", "unit in 20 values"),
    (
      "{ country: a-long-value, device: another-one }",
      "country == a-long-value and device == another-one"
    ),
    ("{}", "always"),
    ("{ not: {} }", "never"),
  ])
  func aConditionReadsAsItWasWritten(_ condition: String, _ words: String) throws {
    let table = try DocumentTable(Self.document(of: [condition]))
    let outline = try table.outline("U0")
    #expect(outline.rules.first?.condition.text == words)
    // The same in a block of its own, as shadows have it.
    #expect(outline.shadows.first?.condition.text == words)
  }

  /// Whatever `all`, `any` and `not` make of tests comes back as what the engine evaluates.
  @Test(arguments: [UInt64(1), 2, 3])
  func anExpressionHoldsWhereTheEngineSaysSo(_ seed: UInt64) throws {
    var dice = Dice(seed)
    let conditions = (0..<60).map { _ in Self.condition(&dice, depth: 4) }
    let table = try DocumentTable(Self.document(of: conditions))
    let outlines = try conditions.indices.map { try table.outline("U\($0)").rules.first?.condition }
    for _ in 0..<40 {
      var request = Request("")
      var given: [String: Request.Value] = [:]
      for name in ["country", "device"] where !dice.rolls(4) {
        given[name] = .string(dice.of(["NO", "a-long-value", "tv"]))
      }
      if !dice.rolls(4) { given["kids"] = .boolean(dice.rolls(2)) }
      request.attributes = given
      for (index, outline) in outlines.enumerated() {
        request.useCase = "U\(index)"
        let held = try table.resolve(request).version == "v2"
        let outline = try #require(outline)
        #expect(
          Self.holds(outline, given) == held,
          "seed \(seed): \(conditions[index]) is \(outline.text) of \(given)")
      }
    }
  }

  private static func document(of conditions: [String]) -> String {
    """
    turnout: 1
    unit: user
    attributes: { country: string, device: string, kids: boolean, age: number }
    segments:
      north: { country: [US, CA] }
      crowd: { units: [\((0..<20).map { "u\($0)" }.joined(separator: ", "))] }
    clusters: { a: { address: "a:1" } }
    models: { m: { v1: { cluster: a }, v2: { cluster: a } } }
    use_cases:

    """
      + conditions.enumerated().map { index, condition in
        """
          U\(index):
            rules: [ { when: \(condition), route: m@v2 }, { route: m@v1 } ]
            shadows: [ { name: s, model: m@v2, when: \(condition) } ]

        """
      }.joined()
  }

  private static func condition(_ dice: inout Dice, depth: Int) -> String {
    let kind = depth == 0 ? 0 : dice.of([0, 1, 2, 3])
    switch kind {
    case 1, 2:
      let parts = (0..<dice.of([1, 2, 3])).map { _ in condition(&dice, depth: depth - 1) }
      return "{ \(kind == 1 ? "all" : "any"): [ \(parts.joined(separator: ", ")) ] }"
    case 3: return "{ not: \(condition(&dice, depth: depth - 1)) }"
    default:
      return dice.of([
        "{ country: \"NO\" }", "{ country: a-long-value }", "{ device: tv }", "{ kids: true }",
        "{ kids: { exists: true } }", "{ country: { exists: false } }", "{}",
        "{ device: [tv, a-long-value] }",
      ])
    }
  }

  private static func holds(
    _ condition: ConditionOutline, _ given: [String: Request.Value]
  ) -> Bool {
    switch condition {
    case .always: return true
    case .never: return false
    case .all(let parts): return parts.allSatisfy { holds($0, given) }
    case .any(let parts): return parts.contains { holds($0, given) }
    case .not(let part): return !holds(part, given)
    case .tangled: return false
    case .test(let test):
      let value: Evaluation.Value? =
        switch given[test.attribute] {
        case .string(let text): Evaluation.Value(text)
        case .boolean(let boolean): .boolean(boolean)
        default: nil
        }
      if test.op == "exists" { return .boolean(value != nil) == test.operands.first }
      return value.map { test.operands.contains($0) } ?? false
    }
  }
}

extension DocumentTable {
  func outline(_ useCase: String) throws -> UseCaseOutline {
    try #require(try asked([]) { UseCaseOutline(useCase, of: $0.image) })
  }
}
