import Foundation
import Testing

/// `turnout diff` as it is typed.
@Suite struct DiffTests {
  private static func document(_ weights: (Int, Int)) -> String {
    """
    turnout: 1
    unit: user
    units: { session: { missing: user } }
    attributes: { country: string, app: version }
    clusters:
      a: { address: "10.0.0.1:1" }
      b: { address: "10.0.0.2:1" }
    models: { m: { v1: { cluster: a }, v2: { cluster: b } } }
    use_cases:
      U:
        rules:
          - { when: { country: DE }, route: m@v1 }
          - { name: s, split: { m@v1: \(weights.0), m@v2: \(weights.1) } }
      V: { rules: [{ route: m@v1 }] }

    """
  }

  private func place() throws -> Workplace {
    let place = try Workplace()
    try place.write(Self.document((90, 10)), to: "a.yaml")
    try place.write(Self.document((40, 60)), to: "b.yaml")
    #expect(try place.turnout("publish", "a.yaml").status == 0)
    return place
  }

  @Test func aTimeIsComparedWithWhatWasSetThen() throws {
    let place = try place()
    _ = try place.turnout("set", "cluster", "b", "down")
    #expect(try place.bash("date -u +%Y-%m-%dT%H:%M:%S.%NZ >then").status == 0)
    _ = try place.turnout("set", "cluster", "b", "up")
    #expect(try place.turnout("publish", "b.yaml").status == 0)
    let then = try place.bash("\"$turnout\" diff \"@$(cat then)\" @head --json").json()
    expectEqual((then["before"] as? [String: Any])?["revision"], 1)
    expectEqual(
      then["overlay"],
      [["kind": "cluster", "name": "b", "before": "down", "after": "up"]])
    let text = try place.bash("\"$turnout\" diff \"@$(cat then)\" @head").output
    #expect(text.hasSuffix("beside the tables, and in no figure above:\n  cluster b  down → up\n"))
    #expect(try place.turnout("diff", "@1", "@2").output.contains("beside") == false)
    #expect(try place.turnout("diff", "@now").output.contains("the same was set"))
    #expect(try place.turnout("diff", "@1h-ago").status == 3)
  }

  @Test func oneTableIsComparedWithHead() throws {
    let place = try place()
    let ran = try place.turnout("diff", "b.yaml", "--json")
    #expect(ran.status == 0 && ran.errors.isEmpty, "\(ran.errors)")
    let json = try ran.json()
    #expect(json["moves"] as? Bool == true && json["unchanged_use_cases"] as? Int == 1)
    let largest = try #require(json["largest_move"] as? [String: Any])
    #expect(largest["use_case"] as? String == "U" && largest["share"] as? Double == 0.5)
    #expect((json["before"] as? [String: Any])?["revision"] as? Int == 1)

    #expect(try place.turnout("diff", "b.yaml", "--exit-code").status == 1)
    #expect(try place.turnout("diff", "a.yaml", "--exit-code").status == 0)
    #expect(try place.turnout("diff", "a.yaml").output.contains("the same table"))
  }

  @Test func tablesHaveManyNames() throws {
    let place = try place()
    #expect(try place.turnout("publish", "b.yaml").status == 0)
    #expect(
      try place.turnout("compile", "b.yaml", "-o", "b.table", "--against", "turnout-store").status
        == 0)
    for (before, after, status) in [
      ("@1", "@2", 1), ("@head", "b.table", 0), ("@2", "turnout-store", 0), ("@1", "b.table", 1),
      ("a.yaml", "@1", 0), ("b.table", "b.yaml", 0),
    ] {
      let ran = try place.turnout("diff", before, after, "--exit-code")
      #expect(ran.status == status, "\(before) \(after): \(ran.output)\(ran.errors)")
    }
    for (name, status) in [("@x", 2), ("none.yaml", 3), ("@7", 2)] {
      let ran = try place.turnout("diff", name, "@1")
      #expect(ran.status == status, "\(name): \(ran.errors)")
    }
    #expect(try place.turnout("diff").status == 2)
    #expect(try place.turnout("diff", "@1", "@2", "@1").status == 2)
  }

  @Test func whatIsNoDocumentIsTroubleAndNoDifference() throws {
    let place = try place()
    try place.write("turnout: 2\n", to: "bad.yaml")
    let ran = try place.turnout("diff", "bad.yaml", "--exit-code")
    #expect(ran.status == 2 && ran.errors.contains("bad.yaml:1:"))
  }

  @Test func aPopulationOfRequestsAndContextsIsWeighed() throws {
    let place = try place()
    try place.write(
      """
      {"use_case":"U","weight":3,"context":{"country":"DE"}}

      {"use_case":"U","weight":1}
      {"weight":2,"context":{"country":"US"},"lacks":["session"]}
      {"use_case":"V","unit":"u_1"}

      """, to: "population.jsonl")
    let ran = try place.turnout("diff", "b.yaml", "--population", "population.jsonl", "--json")
    #expect(ran.status == 0, "\(ran.errors)")
    let json = try ran.json()
    let population = try #require(json["population"] as? [String: Any])
    #expect(population["contexts"] as? Int == 3 && population["requests"] as? Int == 1)
    // Of 6 for U, the 3 of Germany stay and half of the others move.
    let largest = try #require(json["largest_move"] as? [String: Any])
    #expect(largest["requests"] as? String == "the population")
    #expect(largest["share"] as? Double == 0.25)
    #expect(json["load_basis"] as? String == "population")
    let loads = try #require(json["loads"] as? [[String: Any]])
    let primaries = loads.compactMap { ($0["after"] as? [String: Any])?["primary"] as? Double }
    #expect(abs(primaries.reduce(0, +) - 1) < 1e-9)
    let text = try place.turnout("diff", "b.yaml", "--population", "population.jsonl")
    #expect(
      text.output.contains("population.jsonl: 1 request resolved one by one, 3 contexts exact"))
  }

  @Test(arguments: [
    (#"{"use_case":"U","wieght":1}"#, ":1:17:", "did you mean `weight`?"),
    (#"{"use_case":"U","weight":0}"#, ":1:26:", "above 0"),
    (#"{"use_case":"U","weight":"1"}"#, ":1:26:", "above 0"),
    (#"{"unit":"u"}"#, ":1:1:", "`use_case` is missing"),
    (#"{"use_case":"U","unit":"u","lacks":["session"]}"#, ":1:28:", "`lacks` is for contexts"),
    (#"{"use_case":"U","lacks":["nobody"]}"#, ":1:26:", "has a unit `nobody`"),
    (#"{"weight":1,"use_case":"Uu"}"#, ":1:24:", "neither table has a use case `Uu`"),
    (#"{"use_case":"Uu","unit":"u"}"#, ":1:13:", "neither table has a use case `Uu`"),
    (#"{"context":{"contry":"DE"}}"#, ":1:13:", "`contry`; did you mean `country`?"),
    (#"{"use_case":"U","context":{"country":7}}"#, ":1:38:", "`country` must be a text"),
    (#"{"context":{"country":["DE"]}}"#, ":1:23:", "`country` must be a text"),
    (#"{"context":{"app":"new"}}"#, ":1:19:", "`app` must be a version"),
    (#"{"use_case":"","weight":1}"#, ":1:2:", "`use_case` is empty"),
    ("{", ":1:2:", "expected a name"), ("", "", "holds no request and no context"),
  ])
  func aPopulationThatIsNoneIsRefusedWithItsPlace(line: String, at: String, words: String) throws {
    let place = try place()
    try place.write(line + "\n", to: "p.jsonl")
    let ran = try place.turnout("diff", "b.yaml", "--population", "p.jsonl", "--exit-code")
    #expect(ran.status == 2 && ran.output.isEmpty, "\(ran.output)\(ran.errors)")
    #expect(at.isEmpty || ran.errors.contains("p.jsonl" + at), "\(ran.errors)")
    #expect(ran.errors.contains(words), "\(ran.errors)")
  }

  @Test func whatAPopulationMayNameAndWhatItDoesNotAskIsSaid() throws {
    let place = try place()
    // A request of a log is taken as it came; a context may leave an attribute out with null.
    try place.write(
      """
      {"use_case":"V","unit":"u","context":{"country":7,"contry":"DE"}}
      {"use_case":"V","context":{"traffic":"artificial","country":null,"app":"2.10"}}

      """, to: "v.jsonl")
    let ran = try place.turnout("diff", "b.yaml", "--population", "v.jsonl")
    #expect(ran.status == 0, "\(ran.errors)")
    #expect(ran.output.contains("not asked by it, and in no load: `U`\n"), "\(ran.output)")
  }

  @Test func publishTellsWhatIsReleasedAndWhatIsGone() throws {
    let place = try Workplace()
    let document = { (holdouts: String) in
      Self.document((90, 10)).replacing(
        "use_cases:", with: "layers: { l: {} }\n\(holdouts)use_cases:")
    }
    try place.write(document("holdouts: { h: { share: 10%, layers: all } }\n"), to: "a.yaml")
    try place.write(document("holdouts: { h: { share: 4%, layers: all } }\n"), to: "b.yaml")
    try place.write(document(""), to: "c.yaml")
    _ = try place.turnout("publish", "a.yaml")
    let less = try place.turnout("publish", "b.yaml")
    #expect(less.output.contains("released") && less.output.contains("6 %"), "\(less.output)")
    let none = try place.turnout("publish", "c.yaml", "--json")
    let moved = try #require(none.json()["moved"] as? [[String: Any]])
    #expect(moved.count == 1 && moved[0]["gone"] as? Bool == true)
    #expect(moved[0]["released"] as? Double == 0.04 && moved[0]["share"] as? Double == 0)
    let back = try place.turnout("rollback")
    #expect(back.status == 0)
    let again = try place.turnout("publish", "c.yaml", "--dry-run")
    #expect(again.output.contains("gone: holdout h"), "\(again.output)")
  }
}
