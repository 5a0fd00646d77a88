import Testing
import Turnout
import TurnoutCompiler

/// Documents compiled, validated and resolved against, without a store.
struct CompiledTableTests {
  static let document = """
    turnout: 1
    unit: user
    units: { session: { missing: user } }
    attributes: { country: string, kids: boolean, tenure_days: number, app_version: version }
    segments:
      north: { country: [US, CA] }
      beta: { units: [u_17, u_42] }
    clusters:
      a: { address: "10.0.0.1:80" }
      b: { address: "10.0.0.2:80", routing_key: key-b }
      s: { unit: session, shards: { s0: { address: "10.0.1.1:80", weight: 2 }, s1: { address: "10.0.1.2:80" } } }
    models:
      m:
        v1: { cluster: a, config: { k: 1, z: [1.50, "x"] } }
        v2: { cluster: [b, a], config: { k: 2 } }
        v3: { cluster: s }
    use_cases:
      Rank:
        config: { k: 3, surface: home }
        rules:
          - { name: beta, when: { segment: beta }, route: m@v3 }
          - { name: kids, when: { kids: true, not: { segment: north } }, route: m@v2, config: { q: null } }
          - { name: new, when: { any: [ { app_version: { ">=": 8.10 } }, { tenure_days: { "<": 3 } } ] }, route: m@v2, cluster: s }
          - { name: partners, lookup: country, routes: { DE: m@v2, FR: m@v3 } }
          - { name: canary, split: { m@v1: 75, m@v2: 25 } }
      Off: { enabled: false, rules: [ { route: m@v1 } ] }
      Needs: { requires: [country, session], rules: [ { route: m@v1 } ] }
    """

  static func table(_ text: String) throws -> [UInt8] {
    let compiled = CompiledTable([Source(name: "a.yaml", text: text)], against: nil)
    let words = compiled.diagnostics.map { $0.text(colored: false) }.joined(separator: "\n")
    return try #require(compiled.image, "\(words)")
  }

  static func resolve(_ request: Request, _ bytes: [UInt8]) throws -> Decision {
    try bytes.withBytes { bytes in
      TableResolver(image: try Image.validate(bytes), revision: 7).resolve(request)
    }
  }

  @Test func everyKindOfRuleDecides() throws {
    let table = try Self.table(Self.document)
    func decide(_ unit: Request.Unit, _ attributes: [String: Request.Value]) throws -> Decision {
      try Self.resolve(
        Request("Rank", unit: unit, attributes: attributes, wantsConfig: true), table)
    }
    let beta = try decide("u_17", [:])
    #expect(beta.rule == "beta" && beta.version == "v3" && beta.shard != nil)
    #expect(beta.routingKey == "s/" + (beta.shard ?? "") && beta.reason == .route)
    let kids = try decide("u", ["kids": true, "country": "DE"])
    #expect(kids.rule == "kids" && kids.cluster == "b" && kids.routingKey == "key-b")
    #expect(kids.config == #"{"k":3,"q":null,"surface":"home"}"#)
    let kidsUS = try decide("u", ["kids": true, "country": "US"])
    #expect(kidsUS.rule == "canary" && kidsUS.reason == .split)
    let new = try decide("u", ["app_version": "8.10.0"])
    #expect(new.rule == "new" && new.cluster == "s" && new.model == "m" && new.version == "v2")
    #expect(try decide("u", ["app_version": "8.9"]).rule == "canary")
    #expect(try decide("u", ["tenure_days": 2.5]).rule == "new")
    let partner = try decide("u", ["country": "FR"])
    #expect(partner.rule == "partners" && partner.reason == .lookup && partner.version == "v3")
    let canary = try decide("u", ["country": "US"])
    #expect(canary.status == .ok && canary.revision == 7 && canary.traffic == "production")
    #expect(
      canary.version == "v1"
        ? canary.config == #"{"k":3,"surface":"home","z":[1.50,"x"]}"#
        : canary.config == #"{"k":3,"surface":"home"}"#)
  }

  @Test func lookupsFindEveryTypeOfValueInAnySpelling() throws {
    let table = try Self.table(
      """
      turnout: 1
      unit: user
      attributes: { n: number, b: boolean, v: version }
      clusters: { a: { address: "a:1" } }
      models: { m: { no: { cluster: a }, x: { cluster: a }, y: { cluster: a } } }
      use_cases:
        N: { rules: [ { lookup: n, routes: { 0: m@x, 1.50: m@y } }, { route: m@no } ] }
        B: { rules: [ { lookup: b, routes: { true: m@x, false: m@y } }, { route: m@no } ] }
        V: { rules: [ { lookup: v, routes: { 8.2: m@x, 1.0.0-rc.01: m@y, 0: m@y } }, { route: m@no } ] }
      """)
    let cases: [(String, String, Request.Value, String)] = [
      ("N", "n", 0, "x"), ("N", "n", -0.0, "x"), ("N", "n", 1.5, "y"), ("N", "n", 2, "no"),
      ("N", "n", "0", "no"), ("B", "b", true, "x"), ("B", "b", false, "y"), ("B", "b", 1, "no"),
      ("V", "v", "8.2", "x"), ("V", "v", "08.2.0.0+build.7", "x"), ("V", "v", "8.2-a", "no"),
      ("V", "v", "1-rc.1", "y"), ("V", "v", "1.0-rc.1.0", "no"), ("V", "v", "0.0", "y"),
      ("V", "v", "00", "y"), ("V", "v", "0.0.1", "no"), ("V", "v", "v8", "no"),
      ("V", "v", .string(String(repeating: "9", count: 300)), "no"),
      ("V", "v", .string("8.2" + String(repeating: ".0", count: 300)), "x"),
      ("V", "v", .string("8.2" + String(repeating: ".0", count: 300) + ".1"), "no"),
      ("V", "v", .string("0" + String(repeating: ".0", count: 300)), "y"),
      ("V", "v", "1.0-rc.1+b", "y"), ("V", "v", "8.0.2", "no"),
    ]
    for (useCase, attribute, value, version) in cases {
      let decision = try Self.resolve(Request(useCase, attributes: [attribute: value]), table)
      #expect(decision.version == version, "\(useCase) \(value)")
    }
  }

  @Test func refusalsComeInTheirOrder() throws {
    let table = try Self.table(Self.document)
    func status(_ request: Request) throws -> Status { try Self.resolve(request, table).status }
    #expect(try status(Request("Nobody")) == .unknownUseCase)
    #expect(
      try status(Request("Nobody", attributes: ["tenure_days": .number(.nan)])) == .invalidArgument)
    #expect(try status(Request("Off")) == .disabled)
    #expect(try status(Request("Off", attributes: ["traffic": 3])) == .invalidArgument)
    #expect(try status(Request("Needs", attributes: ["country": "US"])) == .missingRequired)
    #expect(try status(Request("Needs", unit: "u", units: ["session": "s"])) == .missingRequired)
    #expect(
      try status(Request("Needs", units: ["session": "s"], attributes: ["country": "US"])) == .ok)
  }

  @Test func aSplitKeepsItsShares() throws {
    let table = try Self.table(Self.document)
    var count = 0
    for i in 0..<10_000 {
      let unit = Request.Unit("user-\(i)")
      if try Self.resolve(Request("Rank", unit: unit), table).version == "v2" { count += 1 }
    }
    // 10,000 draws of 25 %: seven standard deviations either way.
    #expect((2_200...2_800).contains(count))
  }
}
