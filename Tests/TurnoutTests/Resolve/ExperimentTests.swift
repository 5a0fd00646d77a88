import Testing
import Turnout

/// Experiments, layers, holdouts, assignments and overrides.
struct ExperimentTests {
  static let head = """
    turnout: 1
    unit: user
    units: { account: {}, session: { missing: user } }
    attributes: { country: string, tier: number }
    clusters: { a: { address: "a:1" }, b: { address: "b:1" } }
    models:
      m:
        v1: { cluster: a, config: { k: 1, m: v1 } }
        v2: { cluster: b, config: { k: 2, m: v2 } }

    """

  static let document =
    head + """
      layers: { one: {}, two: { unit: account } }
      experiments:
        config-only:
          layer: one
          share: 50%
          cells: { off: { config: { k: 10 } }, on: { config: { k: 20, cell: on } } }
        deciding:
          layer: one
          share: 50%
          cells: { control: {}, treatment: { model: m@v2 } }
        accounts:
          layer: two
          cells: { x: { config: { k: 30 } }, y: {} }
        per-use-case:
          layer: one
          share: 0%
          cells: { all: { model: { A: m@v2 } } }
      use_cases:
        A:
          config: { k: 5, use: case }
          overrides:
            pinned: m@v2
            tester: { deciding: treatment, accounts: y }
            configured: { config-only: on }
            both: { deciding: control, per-use-case: all }
          rules:
            - { experiment: config-only }
            - { experiment: accounts, name: by-account }
            - { experiment: deciding, name: test }
            - { experiment: per-use-case }
            - { name: rest, route: m@v1, config: { k: 6 } }
        B:
          overrides: { both: { per-use-case: all } }
          rules:
            - { experiment: per-use-case }
            - { route: m@v1 }
        Guarded:
          overrides: { tester: { deciding: treatment } }
          rules:
            - { experiment: config-only }
            - { experiment: deciding, when: { country: NO } }
            - { route: m@v1 }
      """

  @Test func inOneLayerAUnitIsInOneExperimentAtMost() throws {
    let table = try DocumentTable(Self.document)
    var seen: [String: Int] = [:]
    for i in 0..<400 {
      let decision = try table.resolve(Request("A", unit: Request.Unit("u\(i)")))
      #expect(decision.cells.count == 1, "accounts has no unit, and the layer is full")
      #expect(decision.cells.allSatisfy { $0.by == .hash })
      for name in decision.cellNames { seen[name, default: 0] += 1 }
      let decides = decision.cellNames == ["deciding/treatment"]
      #expect(decision.reason == (decides ? .experiment : .route))
      #expect(decision.rule == (decides ? "deciding" : "rest"))
      #expect(decision.target == (decides ? "m@v2" : "m@v1"))
    }
    #expect(seen.count == 4 && seen.values.allSatisfy { $0 > 50 })
  }

  @Test func cellsAddTheirConfigsInTheOrderOfTheirRules() throws {
    let table = try DocumentTable(Self.document)
    let unit = try table.unit(of: "A") { $0.cellNames == ["config-only/on"] }
    let decision = try table.resolve(
      Request(
        "A", unit: unit, units: ["account": "c"], assignments: ["accounts": "x"],
        wantsConfig: true))
    #expect(decision.cellNames == ["config-only/on", "accounts/x"])
    #expect(decision.cells.map(\.by) == [.hash, .assignment])
    #expect(decision.config == #"{"cell":"on","k":30,"m":"v1","use":"case"}"#)
    let other = try table.resolve(
      Request("A", unit: unit, assignments: ["accounts": "y"], wantsConfig: true))
    #expect(other.config == #"{"cell":"on","k":20,"m":"v1","use":"case"}"#)
  }

  @Test func aCellThatDecidesEndsTheRules() throws {
    let table = try DocumentTable(Self.document)
    let decision = try table.resolve(
      Request("A", assignments: ["deciding": "treatment", "per-use-case": "all"]))
    #expect(decision.cellNames == ["deciding/treatment"] && decision.rule == "deciding")
    #expect(decision.target == "m@v2" && decision.reason == .experiment)
  }

  @Test func aModelByUseCaseDecidesOnlyThere() throws {
    let table = try DocumentTable(Self.document)
    let a = try table.resolve(Request("A", assignments: ["per-use-case": "all"]))
    #expect(a.target == "m@v2" && a.reason == .experiment)
    let b = try table.resolve(Request("B", assignments: ["per-use-case": "all"]))
    #expect(b.target == "m@v1" && b.cellNames == ["per-use-case/all"] && b.reason == .route)
  }

  @Test func withoutTheLayersUnitNothingIsEnteredByHash() throws {
    let table = try DocumentTable(Self.document)
    let decision = try table.resolve(Request("A", requestID: "r"))
    #expect(decision.cells == [] && decision.rule == "rest")
    let account = try table.resolve(Request("A", units: ["account": "c"]))
    #expect(account.cells.map(\.experiment) == ["accounts"])
  }

  @Test func anOverrideToAVersionDecidesBeforeTheRulesForProduction() throws {
    let table = try DocumentTable(Self.document)
    let decision = try table.resolve(
      Request("A", unit: "pinned", assignments: ["accounts": "x"], wantsConfig: true))
    #expect(decision.reason == .override && decision.rule == nil && decision.target == "m@v2")
    #expect(decision.cells == [] && decision.config == #"{"k":5,"m":"v2","use":"case"}"#)
    let artificial = try table.resolve(
      Request("A", unit: "pinned", attributes: ["traffic": "load-test"]))
    #expect(artificial.reason == .route && artificial.target == "m@v1" && artificial.cells == [])
    let said = try table.resolve(
      Request("A", unit: "pinned", attributes: ["traffic": "production"]))
    #expect(said.reason == .override)
  }

  @Test func overridesToCellsNeedNoUnitOfTheLayer() throws {
    let table = try DocumentTable(Self.document)
    let decision = try table.resolve(Request("A", unit: "tester"))
    #expect(decision.cellNames == ["accounts/y", "deciding/treatment"])
    #expect(decision.cells.allSatisfy { $0.by == .override } && decision.rule == "deciding")
  }

  @Test func anAssignmentIsStrongerThanAnOverride() throws {
    let table = try DocumentTable(Self.document)
    let decision = try table.resolve(
      Request("A", unit: "tester", assignments: ["deciding": "control"]))
    #expect(decision.cellNames == ["accounts/y", "deciding/control"])
    #expect(decision.cells.map(\.by) == [.override, .assignment] && decision.rule == "rest")
    let kept = try table.resolve(Request("A", unit: "tester", assignments: ["deciding": nil]))
    #expect(kept.cells.map(\.experiment).contains("deciding") == false)
    let unknown = try table.resolve(
      Request("A", unit: "tester", assignments: ["deciding": "nowhere"]))
    #expect(unknown.cells.map(\.experiment).contains("deciding") == false)
  }

  @Test func aGivenCellTakesItsLayerWhereverItsRuleStands() throws {
    let table = try DocumentTable(Self.document)
    let inOther = try table.unit(of: "Guarded") { $0.cells.first?.experiment == "config-only" }
    let decision = try table.resolve(
      Request("Guarded", unit: inOther, assignments: ["deciding": "control"]))
    #expect(decision.cells == [], "the rule below does not hold, and yet has the layer")
    #expect(try table.resolve(Request("Guarded", unit: "tester")).cells == [])
    let held = try table.resolve(
      Request(
        "Guarded", unit: inOther, attributes: ["country": "NO"],
        assignments: ["deciding": "control"]))
    #expect(held.cellNames == ["deciding/control"])
    let kept = try table.resolve(
      Request("Guarded", unit: inOther, assignments: ["deciding": nil]))
    #expect(kept.cells.count == 1, "who is kept out of one takes no layer")
    let elsewhere = try table.resolve(
      Request("B", unit: inOther, assignments: ["deciding": "control"]))
    #expect(elsewhere.cells == [], "B does not name it")
  }

  @Test func twoGivenCellsOfOneLayerBothHold() throws {
    let table = try DocumentTable(Self.document)
    let decision = try table.resolve(Request("A", unit: "both"))
    #expect(decision.cellNames == ["deciding/control", "per-use-case/all"])
  }

  @Test func whatDoesNotRunAdmitsNobody() throws {
    let table = try DocumentTable(
      Self.head + """
        layers: { l: {} }
        experiments:
          off: { layer: l, share: 20%, enabled: false, cells: { c: {} } }
          timed: { layer: l, share: 20%, starts: 2026-01-01T00:00:00Z, ends: 2026-02-01T01:00:00+01:00, cells: { c: {} } }
          outside: { layer: l, assigned: outside, cells: { c: {} } }
          shaded: { layer: l, share: 20%, traffic: [load, staging], cells: { c: {} } }
          grown: { layer: l, share: 20%, when: { tier: { ">=": 2 } }, cells: { c: {} } }
        use_cases:
          A:
            rules:
              - { experiment: "off" }
              - { experiment: timed }
              - { experiment: outside }
              - { experiment: shaded }
              - { experiment: grown }
              - { route: m@v1 }
        """)
    func names(
      _ unit: Request.Unit = "u", _ attributes: [String: Request.Value] = [:],
      _ assignments: [String: String?] = [:], now: Int64 = 1, _ overlay: [OverlayEntry] = []
    ) throws -> [String] {
      try table.resolve(
        Request("A", unit: unit, attributes: attributes, assignments: assignments, now: now),
        overlay
      ).cellNames
    }
    let start: Int64 = 1_767_225_600_000_000_000
    let end: Int64 = 1_769_904_000_000_000_000
    let all: [String: String?] = [
      "off": "c", "timed": "c", "outside": "c", "shaded": "c", "grown": "c",
    ]
    #expect(try names("u", [:], all) == ["outside/c", "grown/c"])
    #expect(try names("u", [:], all, now: start - 1) == ["outside/c", "grown/c"])
    #expect(try names("u", [:], all, now: start) == ["timed/c", "outside/c", "grown/c"])
    #expect(try names("u", [:], all, now: end - 1) == ["timed/c", "outside/c", "grown/c"])
    #expect(try names("u", [:], all, now: end) == ["outside/c", "grown/c"])
    #expect(try names("u", ["traffic": "staging"], all) == ["shaded/c"])
    #expect(
      try names("u", [:], all, [.off(.experiment, "outside")]) == ["grown/c"])
    var seen = Set<String>()
    for i in 0..<200 {
      for attributes: [String: Request.Value] in [[:], ["tier": 2], ["traffic": "load"]] {
        let cells = try names(Request.Unit("u\(i)"), attributes, [:], now: start)
        #expect(cells.count <= 1)
        for name in cells { seen.insert(name + (attributes.keys.first ?? "")) }
      }
    }
    #expect(seen == ["timed/c", "timed/ctier", "grown/ctier", "shaded/ctraffic"])
  }

  @Test func holdoutsKeepUnitsOutAndAreRecorded() throws {
    let table = try DocumentTable(
      Self.head + """
        layers: { l: {}, m: {} }
        holdouts:
          all: { share: 30%, layers: all }
          only-l: { share: 30%, layers: [l], unit: account }
          staged: { share: 100%, layers: all, traffic: staging }
        experiments:
          e: { layer: l, share: 50%, when: { country: NO }, cells: { c: {} } }
          f: { layer: m, cells: { c: {} } }
          g: { layer: l, share: 50%, assigned: outside, cells: { c: {} } }
        use_cases:
          A:
            rules:
              - { experiment: f }
              - { experiment: e }
              - { experiment: g }
              - { route: m@v1 }
          Late:
            rules:
              - { name: early, when: { country: NO }, route: m@v1 }
              - { experiment: e }
              - { route: m@v1 }
        """)
    func decide(_ i: Int, _ account: Request.Unit, _ assignments: [String: String?] = [:]) throws
      -> Decision
    {
      try table.resolve(
        Request(
          "A", unit: Request.Unit("u\(i)"), units: ["account": account],
          attributes: ["country": "NO"], assignments: assignments))
    }
    var combinations: [[String]: Int] = [:]
    for i in 0..<300 {
      let decision = try decide(i, Request.Unit("a\(i)"))
      combinations[decision.holdouts, default: 0] += 1
      #expect(decision.cellNames.contains("f/c") == !decision.holdouts.contains("all"))
      if !decision.holdouts.isEmpty { #expect(!decision.cellNames.contains("e/c")) }
      // Taken layers record nothing: of l, only-l; all comes by m alone.
      let given = try decide(i, Request.Unit("a\(i)"), ["g": "c"])
      #expect(given.holdouts == decision.holdouts.filter { $0 == "all" })
      #expect(given.cellNames.contains("g/c"))
      // Without a unit of their own.
      let nobody = try table.resolve(Request("A", units: ["account": Request.Unit("a\(i)")]))
      #expect(nobody.holdouts == decision.holdouts.filter { $0 == "only-l" })
      #expect(nobody.cells == [])
      let early = try table.resolve(
        Request("Late", unit: Request.Unit("u\(i)"), attributes: ["country": "NO"]))
      #expect(early.holdouts == [], "no experiment was reached")
    }
    #expect(Set(combinations.keys) == [[], ["all"], ["only-l"], ["all", "only-l"]])
    let staged = try table.resolve(Request("A", unit: "u", attributes: ["traffic": "staging"]))
    #expect(staged.holdouts == [], "no experiment concerns staging")
  }
}
