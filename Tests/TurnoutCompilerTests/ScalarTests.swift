import Testing
import TurnoutCompiler

/// The condition of the only rule with one, in a document with an attribute of each type.
private func condition(_ when: String) -> Condition? {
  let checked = CheckedDocuments([
    Source(
      name: "doc.yaml",
      text: """
        turnout: 1
        unit: user
        attributes: { country: string, days: number, kids: boolean, app: version }
        segments: { na: { country: [US, CA] } }
        clusters: { on: { address: 10.0.0.1:80 }, 1: { address: 10.0.0.2:80 } }
        models: { m: { on: { cluster: [on, 1] }, 8.10: { cluster: on } } }
        use_cases:
          no:
            rules:
              - { when: \(when), route: m@8.10 }
              - { route: m@on, allow: [unreachable-rule] }
        """)
  ])
  #expect(checked.errors == "", "\(when)")
  return checked.document?.useCases.first?.rules.first?.condition
}

private func test(
  _ name: String, _ type: AttributeType, _ operation: ConditionTest.Operation
) -> Condition {
  .test(ConditionTest(subject: .attribute(name: name, type: type), operation: operation))
}

@Test func aScalarTakesTheTypeOfItsPlace() {
  #expect(condition("{ country: NO }") == test("country", .string, .equal(.string("NO"))))
  #expect(condition("{ country: on }") == test("country", .string, .equal(.string("on"))))
  #expect(condition("{ country: 1.0 }") == test("country", .string, .equal(.string("1.0"))))
  #expect(condition("{ country: 'null' }") == test("country", .string, .equal(.string("null"))))
  #expect(condition("{ country: '' }") == test("country", .string, .equal(.string(""))))
  #expect(condition("{ days: '12' }") == test("days", .number, .equal(.number(12))))
  #expect(condition("{ days: 1e3 }") == test("days", .number, .equal(.number(1000))))
  #expect(condition("{ days: -0 }") == test("days", .number, .equal(.number(0))))
  #expect(condition("{ kids: 'true' }") == test("kids", .boolean, .equal(.boolean(true))))
}

@Test func aVersionKeepsItsText() throws {
  let found = try #require(condition("{ app: 8.10 }"))
  guard case .test(let test) = found, case .equal(.version(let version)) = test.operation
  else {
    Issue.record("\(found)")
    return
  }
  #expect(version.text == "8.10")
  #expect(version.canonical == "8.10")
}

@Test(arguments: [
  ("8.2", "8.2.0"), ("8", "8.0.0.0"), ("08.02", "8.2"), ("1.2+build.7", "1.2"),
  ("1.0-rc.01", "1-rc.1"), ("0", "0.0"),
])
func spellingsOfOneVersionAreEqual(_ left: String, _ right: String) throws {
  let list = try #require(condition("{ app: ['\(left)', '\(right)'] }"))
  guard case .test(let test) = list, case .among(let values) = test.operation else {
    Issue.record("\(list)")
    return
  }
  #expect(values.count == 1)
}

@Test func namesThatYAMLWouldGuessToBeOtherThingsStayNames() throws {
  let checked = CheckedDocuments([
    Source(
      name: "doc.yaml",
      text: """
        turnout: 1
        unit: null
        clusters: { on: { address: x:1 }, 1: { address: x:2 }, 0x1F: { address: x:3 } }
        """)
  ])
  #expect(checked.text().hasPrefix("doc.yaml:2:7: error: `unit` must be a name, not nothing"))
  #expect(condition("{}") == .always)
}

@Test func operatorsAreTypedAndStandInByteOrder() {
  #expect(
    condition("{ days: { '>=': 3, '<': 7 } }")
      == .all([
        test("days", .number, .less(.number(7))),
        test("days", .number, .greaterOrEqual(.number(3))),
      ]))
  #expect(
    condition("{ kids: true, country: [US, CA, US] }")
      == .all([
        test("country", .string, .among([.string("CA"), .string("US")])),
        test("kids", .boolean, .equal(.boolean(true))),
      ]))
  #expect(
    condition("{ not: { any: [{ segment: na }, { unit: { prefix: u_ } }] } }")
      == .not(
        .any([
          .segment("na"), .test(ConditionTest(subject: .unit, operation: .prefix("u_"))),
        ])))
  #expect(condition("{ units: [b, a, b] }") == .units(UnitSet(["a", "b"].map(\.utf8))))
  #expect(
    condition("{ traffic: artificial }")
      == test("traffic", .string, .equal(.string("artificial"))))
  #expect(
    condition("{ country: { exists: false } }") == test("country", .string, .exists(false)))
}

@Test func textsAreDifferentWhereTheirBytesAre() {
  let composed = Text("\u{e9}")
  let decomposed = Text("e\u{301}")
  #expect(composed.string == decomposed.string)
  #expect(composed != decomposed)
  #expect(decomposed < composed)
  #expect(
    condition("{ country: [\"\\u00e9\", \"e\\u0301\"] }")
      == test("country", .string, .among([.string(decomposed), .string(composed)])))
}
