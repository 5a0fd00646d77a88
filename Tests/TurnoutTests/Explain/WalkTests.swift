import Testing

@testable import Turnout

/// Rules, lookups and the walk through placement, as an explanation tells them.
struct WalkTests {
  private func told(
    _ request: Request, _ overlay: [OverlayEntry] = []
  ) throws -> Evaluation {
    try ExplainDocument.table().explain(request, overlay).evaluation
  }

  /// A request of load that no experiment and no rule before the last takes.
  private func last(_ account: Request.Unit) -> Request {
    Request(
      "Home", unit: "u1", units: ["account": account],
      assignments: ["depth": nil, "rival": nil, "tool": nil])
  }

  @Test func everyTestIsToldWithBothItsValuesAndWhereItLeads() throws {
    var request = last("c1")
    request.attributes = ["kids": true, "country": "AT"]
    let rule = try #require(try told(request).rules.first)
    #expect(rule.name == "kids" && rule.kind == .route && rule.outcome == .skipped && !rule.held)
    let expected: [Evaluation.Test] = [
      .init(
        attribute: "country", op: "in", operands: [Evaluation.Value("AT"), Evaluation.Value("DE")],
        operandCount: 2, value: Evaluation.Value("AT"), held: true, leads: .fails),
      .init(
        attribute: "kids", op: "==", operands: [.boolean(true)], operandCount: 1,
        value: .boolean(true), held: true, leads: .next),
    ]
    for test in rule.tests { #expect(expected.contains(test), "\(test)") }
    #expect(rule.tests.contains(expected[0]))
  }

  @Test func setsAreListedWhereTheyAreSmallAndCountedWhereNot() throws {
    var request = last("c1")
    request.attributes = ["app": "8.2", "country": "J"]
    let told = try told(request)
    let own = try #require(told.rules.first { $0.name == "own" }?.tests.first)
    #expect(own.op == "in" && own.operandCount == 10 && own.held)
    #expect(own.operands == "ABCDEFGHIJ".map { Evaluation.Value(String($0)) })
    request.attributes["country"] = "Z"
    let old = try #require(try self.told(request).rules.first { $0.name == "old" })
    let flock = try #require(old.tests.first { $0.attribute == "unit" })
    #expect(flock.operands == [] && flock.operandCount == 18 && !flock.held)
    #expect(flock.value == Evaluation.Value("u1"))
    if let app = old.tests.first(where: { $0.attribute == "app" }) {
      #expect(app.op == "<" && app.operands == [Evaluation.Value("8.10")] && app.held)
    }
  }

  @Test func aLookupTellsWhatItFound() throws {
    var request = last("c1")
    request.attributes = ["country": "FI"]
    let found = try #require(try told(request).rules.last)
    #expect(
      found.lookup
        == .init(attribute: "country", value: Evaluation.Value("FI"), version: "m@v3"))
    #expect(found.outcome == .decided && found.number == 6)
    #expect(try told(request).rulesLeft == 3)
    request.attributes = ["country": "Z"]
    let none = try #require(try told(request).rules.first { $0.name == "by-country" })
    #expect(none.lookup?.version == nil && none.outcome == .passed)
  }

  @Test func aSplitTellsItsUnitAndWhatStoodInForIt() throws {
    let own = try #require(try told(last("c1")).rules.last?.draw)
    #expect(own.source == .unit("account", standsIn: nil) && own.value == Evaluation.Value("c1"))
    var request = last("")
    let standIn = try #require(try told(request).rules.last?.draw)
    #expect(standIn.source == .unit("account", standsIn: "user"))
    #expect(standIn.value == Evaluation.Value("u1") && standIn.owner == "Home/canary")
    request.unit = ""
    request.requestID = "r1"
    #expect(try told(request).rules.last?.draw?.source == .requestID)
    request.requestID = ""
    let nothing = try #require(try told(request).rules.last?.draw)
    // One position is left over a third each, and goes to the first.
    #expect(nothing.source == .nothing("account") && nothing.arm == "m@v1")
    #expect(nothing.value == nil && nothing.position == nil && nothing.interval == nil)
  }

  @Test func theUseCasesUnitIsToldAndWhatStoodInForIt() throws {
    #expect(try told(last("c1")).unit == .init(name: "user", value: Evaluation.Value("u1")))
    #expect(try told(Request("Home")).unit == .init(name: "user"))
  }

  @Test func aRulesOwnClustersReplaceThePlacement() throws {
    var request = last("c1")
    request.attributes = ["country": "A"]
    let placement = try #require(try told(request, [.cluster("c", .down)]).placement)
    #expect(placement.walks.map(\.reason) == [.rule])
    #expect(placement.walks.first?.clusters.map(\.name) == ["c", "b"])
    #expect(placement.walks.first?.clusters.map(\.state) == [.down, .up])
    #expect(placement.end == .up(version: "m@v2", routingKey: "to-b", isFallback: true))
  }

  @Test func choicesByContextAndSplitsOfClustersAreTold() throws {
    var request = last("c1")
    request.attributes = ["country": "FI"]
    let walk = try #require(try told(request).placement?.walks.first)
    #expect(walk.choices.map(\.held) == [false, true] && walk.choices.last?.tests == [])
    #expect(walk.choices.first?.tests.last?.leads == .fails)
    let draw = try #require(walk.draw)
    #expect(draw.salt == "placement:m@v3" && draw.allocation == .placement)
    #expect(draw.arm == walk.clusters.first?.name)
  }

  @Test func siblingsAreDrawnInTheOrderOfTheirSalts() throws {
    var request = last("c1")
    request.attributes = ["country": "SE"]
    request.units["session"] = "s1"
    let up = try #require(try told(request).placement?.walks.first?.clusters.first)
    let shard = try #require(up.shard)
    #expect(shard.draw?.salt == "shards:s" && shard.draw?.arm == shard.name && up.siblings == [])
    let down = try told(request, [.cluster("s/" + shard.name, .draining)])
    let cluster = try #require(down.placement?.walks.first?.clusters.first)
    #expect(cluster.shard?.state == .draining && cluster.isUp && cluster.sibling != nil)
    #expect(cluster.siblings.map(\.salt) == (1...cluster.siblings.count).map { "shards:s#\($0)" })
    #expect(cluster.siblings.last?.arm == cluster.sibling)
    #expect(cluster.siblings.dropLast().allSatisfy { $0.arm == shard.name })
    let all = ["s0", "s1", "s2"].map { OverlayEntry.cluster("s/" + $0, .down) }
    let none = try #require(try told(request, all).placement?.walks.first?.clusters.first)
    #expect(none.siblings.count == 16 && none.sibling == nil && !none.isUp)
  }

  @Test func whatIsTriedOtherwiseIsAWalkOfItsOwn() throws {
    var request = last("c1")
    request.attributes = ["country": "SE"]
    let told = try told(request, [.cluster("s", .down), .cluster("c", .down)])
    #expect(told.placement?.walks.map(\.reason) == [.decided, .otherwise])
    #expect(told.placement?.walks.map(\.version) == ["m@v2", "m@v1"])
    #expect(told.placement?.end == .up(version: "m@v1", routingKey: "a", isFallback: true))
  }

  @Test func degradedAndUnavailableAreTold() throws {
    let all = ["a", "b", "c", "s"].map { OverlayEntry.cluster($0, .down) }
    var request = last("c1")
    request.attributes = ["country": "SE"]
    guard case .degraded("m@v2", let key) = try told(request, all).placement?.end else {
      return #expect(Bool(false))
    }
    #expect(key.hasPrefix("s/"))
    let refusing = Request(
      "Refusing", unit: "u", units: ["session": "s"], attributes: ["country": "NO"])
    let refused = try told(refusing, all)
    #expect(refused.placement?.end == .unavailable && refused.decision.status == .unavailable)
    #expect(refused.refusal?.contains("when_all_down: refuse") == true)
  }

  @Test func aRefusalSaysWhatIsWrong() throws {
    let long = String(repeating: "x", count: 65_537)
    let cases: [(Request, String)] = [
      (Request("None"), "no use case of this name"), (Request("Off"), "enabled: false"),
      (Request("Refusing", units: ["session": "s"]), "attribute `country`"),
      (Request("Refusing", attributes: ["country": "A"]), "unit `session`"),
      (Request(""), "no use case is named"),
      (Request("Home", unit: .init(long)), "the unit is longer"),
      (Request("Home", attributes: ["age": .number(.infinity)]), "attribute 1, age: its number"),
      (Request("Home", attributes: ["traffic": 5]), "traffic: it must be a text"),
      (Request("Home", assignments: ["depth": long]), "the cell of assignment 1"),
      (Request("Home", units: ["": "u"]), "the name of other unit 1"),
      (Request("Home", requestID: .init(long)), "the request id is longer"),
    ]
    for (request, words) in cases {
      let told = try told(request)
      #expect(told.decision.status != .ok)
      #expect(told.refusal?.contains(words) == true, "\(told.refusal ?? "nothing"), \(words)")
    }
    let off = try told(Request("Home"), [.off(.useCase, "Home")])
    #expect(off.refusal?.contains("overlay") == true && off.decision.status == .disabled)
  }
}
