import Testing

@testable import Turnout

/// Each gate of experiments and shadows is told, with what it looked at.
struct GateTests {
  private static let inWindow: Int64 = 1_780_000_000_000_000_000

  private func gates(
    _ experiment: String = "depth", _ request: Request, _ overlay: [OverlayEntry] = []
  ) throws -> [Evaluation.Gate] {
    var request = request
    request.now = request.now ?? Self.inWindow
    let told = try ExplainDocument.table().explain(request, overlay).evaluation
    let rule = try #require(told.rules.first { $0.experiment?.name == experiment })
    return try #require(rule.experiment).gates
  }

  private func home(
    _ unit: Request.Unit, _ country: String = "Z", _ assignments: [String: String?] = [:]
  ) -> Request {
    Request("Home", unit: unit, attributes: ["country": .string(country)], assignments: assignments)
  }

  @Test func anExperimentThatTheDocumentDisablesEndsThere() throws {
    #expect(try gates("off", home("u1")) == [.init(.enabled, .out)])
  }

  @Test func aSwitchIsToldApartFromTheDocument() throws {
    let gates = try gates("depth", home("u1"), [.off(.experiment, "depth")])
    #expect(gates == [.init(.enabled, .on), .init(.switchedOn, .out)])
  }

  @Test func aWindowTellsNowAndBothItsEnds() throws {
    var request = home("u1")
    request.now = 1_796_083_200_500_000_000
    let closed = try gates("depth", request)
    #expect(
      closed.last
        == .init(
          .window(
            now: 1_796_083_200_500_000_000, starts: 1_767_225_600_000_000_000,
            ends: 1_796_083_200_500_000_000), .out))
    request.now = 1_796_083_200_499_999_999
    #expect(try gates("depth", request).contains { $0.kind.isWindow && $0.way == .on })
    let json = try ExplainDocument.table().explain(request).json
    #expect(
      json.contains(
        #""gate":"window","leads":"on","now":"2026-12-01T00:00:00.499999999Z","#
          + #""starts":"2026-01-01T00:00:00Z","ends":"2026-12-01T00:00:00.5Z""#))
  }

  @Test func anExperimentWithoutAWindowHasNoSuchGate() throws {
    #expect(try !gates("rival", home("u1")).contains { $0.kind.isWindow })
  }

  @Test func trafficTellsTheRequestsClassAndThoseThatFit() throws {
    var request = home("u1")
    request.attributes["traffic"] = "backfill"
    let depth = try gates("depth", request)
    let classes = [Evaluation.Value("load"), Evaluation.Value("production")]
    #expect(
      depth.last
        == .init(
          .traffic(.init(value: Evaluation.Value("backfill"), classes: classes, classCount: 2)),
          .out))
    let rival = try gates("rival", request)
    #expect(
      rival.last
        == .init(
          .traffic(
            .init(
              value: Evaluation.Value("backfill"), classes: [Evaluation.Value("production")],
              classCount: 1)), .out))
  }

  @Test func anAssignmentGivesACellOrKeepsTheUnitOut() throws {
    #expect(
      try gates("depth", home("u1", "Z", ["depth": "flat"])).last
        == .init(.assignment(.cell), .into))
    #expect(
      try gates("depth", home("u1", "Z", ["depth": nil])).last == .init(.assignment(.keptOut), .out)
    )
    #expect(
      try gates("depth", home("u1", "Z", ["depth": "nine"])).last
        == .init(.assignment(.unknown(Evaluation.Value("nine"))), .out))
  }

  @Test func anOverrideToACellIsTold() throws {
    let told = try ExplainDocument.table().explain(home("bob")).evaluation
    #expect(
      told.override
        == .cells([.init(experiment: "depth", cell: "deep"), .init(experiment: "tool", cell: "on")])
    )
    let gates = try gates("depth", home("bob"))
    #expect(gates.suffix(2) == [.init(.assignment(.none), .on), .init(.override, .into)])
  }

  @Test func overridesToVersionsAreForProductionOnly() throws {
    let table = try ExplainDocument.table()
    let production = try table.explain(home("ada")).evaluation
    #expect(production.override == .version("m@v3"))
    #expect(production.rules.isEmpty && production.rulesLeft == 9)
    var load = home("ada")
    load.attributes["traffic"] = "load"
    let other = try table.explain(load).evaluation
    #expect(other.override == .versionOfOtherTraffic("m@v3") && !other.rules.isEmpty)
    #expect(try table.explain(home("u1")).evaluation.override == Evaluation.Override.none)
  }

  @Test func whatIsAssignedOutsideIsEnteredFromThereOnly() throws {
    let request = home("u1")
    var adult = request
    adult.attributes["age"] = 20
    #expect(try gates("tool", adult).last == .init(.assignedByHash, .out))
  }

  @Test func aLayerSaysWhichExperimentTookIt() throws {
    let gates = try gates("depth", home("u1", "Z", ["rival": "y"]))
    #expect(gates.last == .init(.layerFree(takenBy: "rival"), .out))
  }

  @Test func everyHoldoutOfTheLayerIsToldWithItsDraw() throws {
    for i in 0..<200 {
      let gates = try gates("depth", home(.init("u\(i)")))
      let holdouts = gates.filter(\.kind.isHoldout)
      #expect(holdouts.count == 3)
      guard case .holdout("all", let finding, let draw?) = holdouts[0].kind,
        case .holdout("load", .otherTraffic, nil) = holdouts[1].kind,
        case .holdout("sessions", .noUnit, nil) = holdouts[2].kind
      else { return #expect(Bool(false), "\(holdouts)") }
      #expect(draw.salt == "holdout:all" && draw.allocation == .holdout)
      // A tenth of the ring, rounded down.
      #expect((finding == .inside) == ((draw.position ?? 0) < 429_496_729))
      #expect(draw.arm == (finding == .inside ? "in" : nil))
      #expect(holdouts[0].way == (finding == .inside ? .out : .on))
      if finding == .inside {
        #expect(gates.last == holdouts[2])
        return
      }
    }
    Issue.record("nobody is held out")
  }

  @Test func theExperimentsConditionIsToldWithItsTests() throws {
    for i in 0..<20 {
      let gates = try gates("depth", Request("Home", unit: .init("u\(i)")))
      guard let last = gates.last, case .when(let tests) = last.kind else { continue }
      let test = try #require(tests.first)
      #expect(last.way == .out && test.attribute == "country" && test.op == "exists")
      #expect(test.operands == [.boolean(true)] && test.value == nil && test.leads == .fails)
      return
    }
    Issue.record("everybody is held out")
  }

  @Test func theLayersDrawAndTheCellsAreTold() throws {
    let table = try ExplainDocument.table()
    for i in 0..<50 {
      let told = try table.explain(home(.init("u\(i)")), []).evaluation
      guard let rule = told.rules.first(where: { $0.experiment?.name == "depth" }),
        let cell = rule.experiment?.cell, let last = rule.experiment?.gates.last,
        case .layer(true, let draw?) = last.kind
      else { continue }
      #expect(last.way == .into && draw.salt == "layer:one" && draw.arm == "depth")
      #expect(draw.interval == 0..<2_147_483_648, "50 % of the ring")
      #expect(cell.draw?.salt == "cells:depth" && cell.draw?.arm == cell.name && cell.by == .hash)
      #expect(cell.version == (cell.name == "deep" ? "m@v2" : nil))
      #expect(rule.outcome == (cell.name == "deep" ? .decided : .contributed))
      return
    }
    Issue.record("nobody is in the experiment")
  }

  @Test func withoutTheLayersUnitNothingIsDrawn() throws {
    let gates = try gates("rival", Request("Home", requestID: "r"))
    #expect(gates.last == .init(.layer(hasUnit: false, nil), .out))
  }

  @Test func aShadowTellsItsGatesUpToTheOneThatStopsIt() throws {
    let table = try ExplainDocument.table()
    let none = try table.explain(home("u1")).evaluation.shadows
    #expect(none.map(\.name) == ["north", "each"] && none.allSatisfy { !$0.isAdded })
    guard case .when(let tests) = try #require(none[0].gates.last).kind else {
      return #expect(Bool(false))
    }
    #expect(tests.first?.value == Evaluation.Value("Z") && none[0].gates.count == 2)
    #expect(none[1].gates.last == .init(.sample(hasSource: false, nil), passes: false))

    var added: Request?
    for i in 0..<20 where added == nil {
      var request = home("u1")
      request.requestID = .init("r\(i)")
      if try table.resolve(request).shadowNames == ["each"] { added = request }
    }
    let request = try #require(added)
    let each = try #require(try table.explain(request).evaluation.shadows.last)
    #expect(each.isAdded && each.gates.map(\.passes) == [true, true, true, true, true])
    #expect(each.walk?.clusters.map(\.name) == ["s"] && each.walk?.reason == .shadow)
    guard case .sample(true, let draw?) = each.gates[2].kind else { return #expect(Bool(false)) }
    #expect(draw.source == .requestID && draw.salt == "shadow:Home/each" && draw.arm == "in")

    let off = try table.explain(request, [.off(.shadow, "Home/each")]).evaluation.shadows
    #expect(off.last?.gates.last == .init(.switchedOn, passes: false) && off.last?.walk == nil)
    let down = try table.explain(request, [.cluster("s", .down)]).evaluation.shadows
    #expect(down.last?.gates.last == .init(.cluster, passes: false))
    #expect(down.last?.walk?.clusters.first?.state == .down && down.last?.isAdded == false)
  }
}

extension Evaluation.Gate.Kind {
  var isWindow: Bool { if case .window = self { true } else { false } }
}
