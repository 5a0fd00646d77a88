import Testing
import Turnout

/// Copies of requests that change nothing.
struct ShadowTests {
  static let document = """
    turnout: 1
    unit: user
    units: { session: {} }
    attributes: { country: string }
    clusters:
      a: { address: "a:1" }
      b: { address: "b:1", routing_key: to-b }
      s: { when_down: siblings, shards: { s0: { address: "s0:1" }, s1: { address: "s1:1" } } }
    models:
      m:
        v1: { cluster: a, config: { v: 1 } }
        v2: { cluster: [b, a], config: { v: 2 }, otherwise: m@v1 }
        v3: { cluster: s }
    use_cases:
      A:
        config: { use: case }
        when_all_down: refuse
        overrides: { pinned: m@v2 }
        shadows:
          - { name: whole, model: m@v2 }
          - { name: north, model: m@v3, when: { country: [SE, "NO"] }, traffic: [production, load] }
          - { name: third, model: m@v3, sample: 33.3%, salt: cohort, shared_salt: true }
          - { name: tenth, model: m@v3, sample: 10%, salt: cohort, shared_salt: true }
          - { name: by-session, model: m@v2, sample: 50%, unit: session }
          - { name: by-request, model: m@v2, sample: 50%, by: request }
        rules:
          - { route: m@v1 }
      First:
        shadows: [ { name: whole, model: m@v2 } ]
        rules:
          - { route: m@v1 }
    """

  private let table: DocumentTable
  init() throws { table = try DocumentTable(Self.document) }

  @Test func aShadowHasItsOwnVersionClusterAndConfig() throws {
    let decision = try table.resolve(Request("A", unit: "u", wantsConfig: true))
    let shadow = try #require(decision.shadows.first)
    #expect(shadow.name == "whole" && shadow.model == "m" && shadow.version == "v2")
    #expect(shadow.cluster == "b" && shadow.address == "b:1" && shadow.routingKey == "to-b")
    #expect(shadow.shard == nil && shadow.config == #"{"v":2}"#)
    #expect(decision.target == "m@v1" && decision.config == #"{"use":"case","v":1}"#)
    let north = try table.resolve(
      Request("A", unit: "u", attributes: ["country": "NO"], wantsConfig: true))
    let sharded = try #require(north.shadows.first { $0.name == "north" })
    #expect(sharded.config == "{}" && sharded.routingKey == "s/" + (sharded.shard ?? ""))
    #expect(try table.resolve(Request("A", unit: "u")).shadows.allSatisfy { $0.config == nil })
  }

  @Test func samplesOfOneSaltAreNestedAndEachLooksAtItsOwnUnit() throws {
    var seen: [String: Int] = [:]
    for i in 0..<500 {
      let names = try table.resolve(
        Request(
          "A", unit: Request.Unit("u\(i)"), units: ["session": Request.Unit("s\(i)")],
          requestID: Request.Unit("r\(i)"))
      ).shadowNames
      for name in names { seen[name, default: 0] += 1 }
      if names.contains("tenth") { #expect(names.contains("third")) }
      #expect(names == names.sorted { Self.order($0) < Self.order($1) })
    }
    #expect(seen["whole"] == 500 && seen["north"] == nil)
    #expect((120...215).contains(seen["third"] ?? 0) && (25...85).contains(seen["tenth"] ?? 0))
    #expect((190...310).contains(seen["by-session"] ?? 0))
    #expect((190...310).contains(seen["by-request"] ?? 0))
  }

  private static func order(_ name: String) -> Int {
    ["whole", "north", "third", "tenth", "by-session", "by-request"].firstIndex(of: name) ?? -1
  }

  @Test func withoutAUnitNothingIsSampledNotEvenAllOfIt() throws {
    let nobody = try table.resolve(Request("A", attributes: ["country": "SE"], requestID: "r"))
    #expect(nobody.status == .ok && nobody.shadowNames.allSatisfy { $0 == "by-request" })
    var seen = 0
    for i in 0..<50 {
      seen += try table.resolve(Request("A", requestID: Request.Unit("r\(i)"))).shadows.count
    }
    #expect(seen > 0 && seen < 50)
    #expect(try table.resolve(Request("A")).shadows == [])
  }

  @Test func trafficAndConditionMustFit() throws {
    func names(_ traffic: String, _ country: String) throws -> [String] {
      try table.resolve(
        Request(
          "A", unit: "u", attributes: ["traffic": .string(traffic), "country": .string(country)])
      )
      .shadowNames.filter { $0 == "whole" || $0 == "north" }
    }
    #expect(try names("production", "SE") == ["whole", "north"])
    #expect(try names("production", "DE") == ["whole"])
    #expect(try names("load", "NO") == ["north"])
    #expect(try names("staging", "NO") == [])
  }

  @Test func aShadowTakesNoFallbackAndNoOtherwise() throws {
    let request = Request("A", unit: "u", attributes: ["country": "SE"])
    func names(_ overlay: [OverlayEntry]) throws -> [String] {
      try table.resolve(request, overlay).shadowNames.filter { $0 == "whole" || $0 == "north" }
    }
    #expect(try names([.cluster("b", .draining)]) == ["north"])
    #expect(try names([.off(.shadow, "A/whole")]) == ["north"])
    #expect(try names([.off(.shadow, "First/whole")]) == ["whole", "north"])
    let shard = try #require(
      try table.resolve(request).shadows.first { $0.name == "north" }?.shard)
    let sibling = try table.resolve(request, [.cluster("s/" + shard, .down)]).shadows
    #expect(sibling.first { $0.name == "north" }.map { $0.shard != shard } == true)
    #expect(try names([.cluster("s/s0", .down), .cluster("s/s1", .down)]) == ["whole"])
  }

  @Test func overriddenAndDegradedDecisionsHaveTheirShadows() throws {
    let pinned = try table.resolve(Request("A", unit: "pinned"))
    #expect(pinned.reason == .override && pinned.shadowNames.contains("whole"))
    let degraded = try table.resolve(Request("First", unit: "u"), [.cluster("a", .down)])
    #expect(degraded.isDegraded && degraded.shadowNames == ["whole"])
    let refused = try table.resolve(Request("A", unit: "u"), [.cluster("a", .down)])
    #expect(refused.status == .unavailable && refused.shadows == [])
  }
}
