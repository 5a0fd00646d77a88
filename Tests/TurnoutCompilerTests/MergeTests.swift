import Testing
import TurnoutCompiler

private func check(_ sources: [(name: String, text: String)]) -> CheckedDocuments {
  CheckedDocuments(
    sources.map { Source(name: $0.name, text: $0.text) }, unitFiles: fullDocumentUnitFiles)
}

@Test func theWholeLanguageBecomesAModel() throws {
  let checked = check([("doc.yaml", fullDocument)])
  #expect(checked.errors == "")
  let document = try #require(checked.document)
  #expect(document.primaryUnit == "user")
  #expect(document.units.map(\.name) == ["profile", "session", "user"])
  #expect(document.units.map(\.missing) == ["user", "profile", nil])
  #expect(document.attributes.map(\.name) == ["app_version", "country", "kids", "tenure_days"])
  #expect(document.segments.map(\.name) == ["beta", "both", "listed", "north-america"])
  #expect(document.clusters.map(\.routingKey) == ["chat", "cw-a", "cw_b"])
  guard case .shards(let shards) = document.clusters[0].site else {
    Issue.record("no shards")
    return
  }
  #expect(shards.whenDown == .siblings)
  #expect(shards.shards.map(\.routingKey) == ["chat/g0", "chat/g1", "chat/g2"])
  #expect(shards.allocation.salt == "chat-shards")
  #expect(shards.allocation.owner == "chat")
  #expect(shards.allocation.unit == "session")
  #expect(
    shards.allocation.arms.map(\.size)
      == [.weight(Weight("2") ?? .one), .weight(.one), .weight(Weight("0") ?? .one)])
  #expect(document.useCases.map(\.name) == ["Chat", "ContinueWatchingRanking"])
  #expect(document.useCases[0].isEnabled == false)
  #expect(document.useCases[0].unit == "session")
  let useCase = document.useCases[1]
  #expect(useCase.requiredAttributes == ["country"])
  #expect(useCase.requiredUnits == ["user"])
  #expect(useCase.whenAllDown == .refuse)
  #expect(
    useCase.rules.map(\.name)
      == ["load-test", "canary", "depth", nil, "moved", "pinned", "partners", nil, nil])
  #expect(useCase.rules[0].placement == Placement(always: .list(["cw-b"]), mark: useCase.mark))
  guard case .split(let canary) = useCase.rules[1].action,
    case .split(let pinned) = useCase.rules[5].action,
    case .lookup(let partners) = useCase.rules[6].action
  else {
    Issue.record("wrong actions")
    return
  }
  #expect(canary.allocation.salt == "split:ContinueWatchingRanking/canary")
  #expect(canary.allocation.owner == "ContinueWatchingRanking/canary")
  #expect(canary.allocation.unit == "profile")
  #expect(canary.allocation.ranges == nil)
  #expect(canary.versions.map(\.description) == canary.allocation.arms.map(\.name))
  #expect(pinned.allocation.sharedSalt)
  #expect(pinned.allocation.unit == "user")
  #expect(pinned.allocation.ranges?.map(\.intervals).map(\.count) == [1, 1])
  #expect(pinned.allocation.ranges?[1].intervals[0].high == 1 << 32)
  #expect(partners.routes.map(\.value) == [.string("DE"), .string("NO")])
  #expect(
    document.models[1].versions[1].config.json
      == #"{"deep":{"a":"on","b":[1,2.50]},"input":"wide","top_k":60}"#)
}

@Test func severalFilesMakeOneModel() {
  let whole = check([("doc.yaml", fullDocument)]).document
  var files = ["turnout: 1", "turnout: 1", "turnout: 1\nunit: user"]
  var section = 0
  for line in fullDocument.split(separator: "\n") where line != "turnout: 1" {
    if !line.hasPrefix(" ") { section += 1 }
    // Notes may stand in every file, other keys in one.
    files[section % 3] += "\n" + line
  }
  #expect(files[1].contains("clusters") != files[2].contains("clusters"))
  let parts = files.enumerated().map { (name: "\($0.offset).yaml", text: withOneUnit($0.element)) }
  let merged = check(parts)
  #expect(merged.errors == "")
  #expect(merged.document == whole)
  #expect(check(parts.reversed()).document == whole)
}

/// A file that got `unit:` twice keeps one.
private func withOneUnit(_ text: String) -> String {
  var isFirst = true
  return text.split(separator: "\n").filter { line in
    guard line == "unit: user" else { return true }
    defer { isFirst = false }
    return isFirst
  }.joined(separator: "\n")
}

/// A JSON-like value with keys that can be shuffled.
private indirect enum Tree {
  case leaf(String)
  case list([Tree])
  case mapping([(String, Tree)])

  func yaml(_ generator: inout SeededGenerator) -> String {
    switch self {
    case .leaf(let text): return text
    case .list(let items):
      return "[" + items.map { $0.yaml(&generator) }.joined(separator: ", ") + "]"
    case .mapping(let entries):
      let parts = entries.shuffled(using: &generator).map { key, value in
        "\"\(key)\": \(value.yaml(&generator))"
      }
      return "{" + parts.joined(separator: ", ") + "}"
    }
  }
}

@Test func theOrderOfKeysChangesNothing() throws {
  let seed = UInt64.random(in: 0...UInt64.max)
  var generator = SeededGenerator(state: seed)
  let split = Tree.mapping([("m@v1", .leaf("1")), ("m@v2", .leaf("2")), ("m@v3", .leaf("0.5"))])
  let when = Tree.mapping([
    ("country", .list([.leaf("US")])),
    ("device", .mapping([("<", .leaf("z")), (">", .leaf("a"))])),
    ("any", .list([.mapping([("unit", .leaf("x")), ("segment", .leaf("s"))])])),
    ("not", .mapping([("segment", .leaf("t"))])),
  ])
  let config = Tree.mapping([
    ("b", .leaf("1")), ("a", .mapping([("z", .leaf("on")), ("y", .leaf("2"))])),
  ])
  let version = Tree.mapping([("cluster", .leaf("c")), ("config", config)])
  let document = Tree.mapping([
    ("turnout", .leaf("1")), ("unit", .leaf("user")),
    ("units", .mapping([("p", .mapping([("missing", .leaf("q"))])), ("q", .mapping([]))])),
    ("attributes", .mapping([("country", .leaf("string")), ("device", .leaf("string"))])),
    ("segments", .mapping([("t", .mapping([("segment", .leaf("s"))])), ("s", .mapping([]))])),
    (
      "clusters",
      .mapping([
        ("c", .mapping([("address", .leaf("\"x:1\"")), ("owner", .leaf("me"))])),
        (
          "d",
          .mapping([
            (
              "shards",
              .mapping([
                ("s1", .mapping([("address", .leaf("\"x:2\"")), ("weight", .leaf("2"))])),
                ("s0", .mapping([("address", .leaf("\"x:3\""))])),
              ])
            ), ("unit", .leaf("p")),
          ])
        ),
      ])
    ),
    ("models", .mapping([("m", .mapping([("v1", version), ("v2", version), ("v3", version)]))])),
    (
      "use_cases",
      .mapping([
        (
          "A",
          .mapping([
            (
              "rules",
              .list([
                .mapping([("name", .leaf("r")), ("split", split), ("when", when)]),
                .mapping([("route", .leaf("\"m@v1\"")), ("config", config)]),
              ])
            ), ("config", config),
          ])
        ), ("B", .mapping([("rules", .list([.mapping([("route", .leaf("\"m@v2\""))])]))])),
      ])
    ),
  ])
  let first = check([("doc.yaml", document.yaml(&generator))])
  #expect(first.errors == "")
  let model = try #require(first.document)
  for _ in 0..<50 {
    let shuffled = check([("doc.json", document.yaml(&generator))])
    #expect(shuffled.document == model, "seed \(seed)")
  }
}

@Test func oneFileThatCannotBeReadHidesNoErrorsOfOthers() {
  let checked = check([
    ("broken.yaml", "turnout: 1\nclusters: {"),
    (
      "doc.yaml",
      """
      turnout: 1
      unit: user
      models: { m: { v1: { cluster: from-the-broken-file, colour: red } } }
      """
    ),
  ])
  #expect(checked.diagnostics.map(\.file) == ["broken.yaml", "doc.yaml"])
  #expect(checked.diagnostics.map(\.code) == [.syntax, .unknownKey])
}

@Test func noFileAtAllIsAnError() {
  let checked = CheckedDocuments([])
  #expect(checked.document == nil)
  #expect(checked.text() == "documents: error: there is no document")
}

@Test func aPrimaryUnitIsNeeded() {
  let checked = check([("a.yaml", "turnout: 1"), ("b.yaml", "turnout: 1")])
  #expect(checked.diagnostics.map(\.code) == [.missingKey])
  #expect(check([("a.yaml", "turnout: 1\nunit: user"), ("b.yaml", "turnout: 1")]).errors == "")
}
