import Testing

@testable import Turnout

/// A use case read back from a table: everything that its requests can lead to.
struct UseCaseOutlineTests {
  private func outline() throws -> UseCaseOutline {
    try ExplainDocument.table().outline("Home")
  }

  @Test func rulesLeadWhereTheDocumentSays() throws {
    let outline = try outline()
    #expect(outline.unit == "user" && outline.isEnabled && !outline.refusesWhenAllDown)
    #expect(
      outline.rules.map { $0.name ?? "" } == [
        "kids", "depth", "rival", "tool", "off", "by-country", "own", "old", "canary",
      ])
    func name(_ number: UInt32) -> String? { outline.versions[number]?.name }
    guard case .route(let kids) = outline.rules[0].action,
      case .lookup(let attribute, let routes) = outline.rules[5].action,
      case .split(let unit, let arms) = outline.rules[8].action
    else {
      Issue.record("not what the document says")
      return
    }
    #expect(name(kids) == "m@v1" && attribute == "country" && unit == "account")
    #expect(routes.map { name($0.version) } == ["m@v2", "m@v3"])
    #expect(routes.map { $0.values.map(\.words) } == [["SE"], ["FI"]])
    #expect(arms.map { name($0.target) } == ["m@v1", "m@v2", "m@v3"])
    #expect(arms.reduce(0) { $0 + $1.positions } == Ring.positions)
    #expect(
      outline.rules[6].placement?.first?.list.map { outline.clusters[$0]?.name } == ["c", "b"])
  }

  @Test func experimentsSayTheirLayerWindowAndCells() throws {
    let outline = try outline()
    guard case .experiment(let depth) = outline.rules[1].action,
      case .experiment(let tool) = outline.rules[3].action,
      case .experiment(let off) = outline.rules[4].action
    else {
      Issue.record("not what the document says")
      return
    }
    #expect(depth.name == "depth" && depth.layer == "one" && depth.positions == Ring.positions / 2)
    #expect(depth.condition.text == "country is given")
    #expect(depth.starts.map { Instant(nanoseconds: $0).whole } == "2026-01-01T00:00:00Z")
    #expect(depth.cells.map(\.name) == ["deep", "flat"])
    #expect(depth.cells.map { $0.version.flatMap { outline.versions[$0]?.name } } == ["m@v2", nil])
    #expect(depth.cells.map(\.hasConfig) == [false, true])
    #expect(depth.holdouts.map(\.name).sorted() == ["all", "load", "sessions"])
    #expect(tool.isAssignedOutside && tool.unit == "session" && tool.starts == nil)
    #expect(!off.isEnabled)
  }

  @Test func versionsLeadToClustersInOrderOfPreference() throws {
    let outline = try outline()
    func clusters(_ choice: UseCaseOutline.PlacementChoice) -> [String] {
      (choice.split.map(\.target) + choice.list).compactMap { outline.clusters[$0]?.name }
    }
    let named = Dictionary(uniqueKeysWithValues: outline.versions.map { ($1.name, $1) })
    #expect(named["m@v2"]?.placement.map(clusters) == [["s", "c"]])
    #expect(named["m@v2"]?.otherwise.flatMap { outline.versions[$0]?.name } == "m@v1")
    #expect(named["m@v3"]?.placement.map(clusters) == [["b"], ["a", "b", "c"]])
    #expect(
      named["m@v3"]?.placement.map(\.condition.text) == [
        "country == NO and kids == true", "always",
      ])
    let sharded = outline.clusters.values.first { $0.name == "s" }
    #expect(
      sharded?.shards.map(\.name) == ["s0", "s1", "s2"] && sharded?.standsInForSiblings == true)
    #expect(
      sharded?.shards.map(\.address) == ["s0:1", "s1:1", "s2:1"] && sharded?.unit == "session")
    let plain = outline.clusters.values.first { $0.name == "b" }
    #expect(plain?.address == "b:1" && plain?.routingKey == "to-b" && plain?.shards.isEmpty == true)
  }

  @Test func shadowsAndOverridesAreCounted() throws {
    let outline = try outline()
    #expect(outline.shadows.map(\.name) == ["north", "each"])
    #expect(outline.shadows.map(\.isByRequest) == [false, true])
    #expect(outline.shadows.allSatisfy { $0.positions == Ring.positions / 2 })
    #expect(outline.overrides.toVersions.values.reduce(0, +) == 1 && outline.overrides.toCells == 1)
  }

  @Test func numbersBooleansAndVersionsOfALookupReadAsTheyWere() throws {
    let table = try DocumentTable(
      """
      turnout: 1
      unit: user
      attributes: { age: number, kids: boolean, app: version }
      clusters: { a: { address: "a:1" } }
      models: { m: { v1: { cluster: a }, v2: { cluster: a } } }
      use_cases:
        U:
          rules:
            - { name: ages, lookup: age, routes: { 17.5: m@v2, -3: m@v2 } }
            - { name: kids, lookup: kids, routes: { true: m@v2 } }
            - { name: apps, lookup: app, routes: { 8.10: m@v2 } }
            - { route: m@v1 }
      """)
    let values = try table.outline("U").rules.dropLast().map { rule in
      guard case .lookup(_, let routes) = rule.action else { return [String]() }
      return routes.flatMap { $0.values.map(\.words) }.sorted()
    }
    #expect(values == [["-3", "17.5"], ["true"], ["8.10"]])
  }

  @Test func aTableWithoutTheUseCaseGivesNone() throws {
    #expect(try ExplainDocument.table().asked([]) { UseCaseOutline("None", of: $0.image) == nil })
    #expect(
      try ExplainDocument.table().asked([]) { $0.image.useCaseNames } == [
        "Home", "Off", "Refusing",
      ])
  }
}
