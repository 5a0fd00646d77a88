import Testing
import Turnout

/// From model version to address, whatever is up.
struct PlacementTests {
  static let document = """
    turnout: 1
    unit: user
    units: { session: {} }
    attributes: { country: string, kids: boolean }
    segments: { north: { country: [DK, FI, IS, "NO", SE] } }
    clusters:
      a: { address: "a:1" }
      b: { address: "b:1" }
      c: { address: "c:1" }
      next: { unit: user, shards: { s0: { address: "n0:1" }, s1: { address: "n1:1" } } }
      siblings:
        unit: user
        when_down: siblings
        shards: { s0: { address: "s0:1" }, s1: { address: "s1:1" }, s2: { address: "s2:1" } }
    models:
      m:
        list: { cluster: [a, b, c], config: { v: list } }
        sharded: { cluster: [next, c] }
        sibling: { cluster: [siblings, c] }
        split: { cluster: { split: { a: 1, b: 1 }, then: c } }
        context:
          placement:
            - { when: { segment: north }, cluster: b }
            - { when: { kids: true }, cluster: { split: { a: 1, c: 1 }, then: [b] } }
            - { cluster: [c, a] }
        first: { cluster: a, otherwise: m@second, config: { v: first } }
        second: { cluster: b, otherwise: m@third, config: { v: second } }
        third: { cluster: c, config: { v: third } }
    use_cases:
      List: { rules: [ { route: m@list } ] }
      Refuse: { when_all_down: refuse, rules: [ { name: r, route: m@list } ] }
      Sharded: { rules: [ { route: m@sharded } ] }
      Sibling: { rules: [ { route: m@sibling } ] }
      Split: { rules: [ { route: m@split } ] }
      Context: { rules: [ { route: m@context } ] }
      Chain: { rules: [ { name: chain, route: m@first, config: { r: 1 } } ] }
      Own: { rules: [ { name: own, route: m@first, cluster: [b, c] } ] }
      OwnSplit: { rules: [ { name: own, route: m@first, cluster: { split: { a: 0, b: 1 }, then: c } } ] }
    """

  private func decide(
    _ useCase: String, _ overlay: [OverlayEntry] = [], unit: Request.Unit = "u",
    _ attributes: [String: Request.Value] = [:]
  ) throws -> Decision {
    try DocumentTable(Self.document).resolve(
      Request(useCase, unit: unit, attributes: attributes, wantsConfig: true), overlay)
  }

  @Test func theFirstClusterThatIsUpIsTaken() throws {
    let up = try decide("List")
    #expect(up.cluster == "a" && !up.isFallback && !up.isDegraded)
    let second = try decide("List", [.cluster("a", .draining)])
    #expect(second.cluster == "b" && second.isFallback && !second.isDegraded)
    let third = try decide("List", [.cluster("a", .down), .cluster("b", .draining)])
    #expect(third.cluster == "c" && third.isFallback)
    let other = try decide("List", [.cluster("b", .down)])
    #expect(other.cluster == "a" && !other.isFallback)
  }

  @Test func ifNoneIsUpTheFirstDrainingOneServesOrNobody() throws {
    let allDown: [OverlayEntry] = [
      .cluster("a", .down), .cluster("b", .down), .cluster("c", .down),
    ]
    let first = try decide("List", allDown)
    #expect(first.cluster == "a" && first.isDegraded && !first.isFallback && first.status == .ok)
    let draining = try decide(
      "List", [.cluster("a", .down), .cluster("b", .draining), .cluster("c", .draining)])
    #expect(draining.cluster == "b" && draining.isDegraded && !draining.isFallback)
    #expect(try decide("Refuse", allDown).status == .unavailable)
    #expect(try decide("Refuse", [.cluster("a", .down)]).cluster == "b")
  }

  @Test func aShardThatIsNotUpLeadsToTheNextCluster() throws {
    let up = try decide("Sharded")
    let shard = try #require(up.shard)
    let down = try decide("Sharded", [.cluster("next/" + shard, .down)])
    #expect(down.cluster == "c" && down.isFallback && down.shard == nil)
    let other = shard == "s0" ? "s1" : "s0"
    #expect(try decide("Sharded", [.cluster("next/" + other, .down)]).shard == shard)
    let worse = try decide(
      "Sharded", [.cluster("next/" + shard, .draining), .cluster("c", .down)])
    #expect(worse.shard == shard && worse.isDegraded)
    let worst = try decide(
      "Sharded",
      [
        .cluster("next", .draining), .cluster("next/" + shard, .down),
        .cluster("c", .draining),
      ])
    #expect(worst.cluster == "c" && worst.isDegraded, "the worse state of the two counts")
  }

  @Test func siblingsStandInForAShard() throws {
    var stoodIn = Set<String>()
    for i in 0..<60 {
      let unit = Request.Unit("u\(i)")
      let shard = try #require(try decide("Sibling", unit: unit).shard)
      let sibling = try decide("Sibling", [.cluster("siblings/" + shard, .down)], unit: unit)
      #expect(sibling.cluster == "siblings" && sibling.shard != shard && !sibling.isFallback)
      stoodIn.insert(shard + (sibling.shard ?? ""))
      let clusterDown = try decide("Sibling", [.cluster("siblings", .down)], unit: unit)
      #expect(clusterDown.cluster == "c" && clusterDown.isFallback)
    }
    #expect(stoodIn.count == 6)
    let states = ["s0", "s1", "s2"].map { OverlayEntry.cluster("siblings/" + $0, .down) }
    #expect(try decide("Sibling", states).cluster == "c")
    let nobody = try decide("Sibling", unit: "")
    let alone = try decide(
      "Sibling", [.cluster("siblings/" + (nobody.shard ?? ""), .down)], unit: "")
    #expect(alone.cluster == "c", "without anything to draw by it is the same shard each time")
  }

  @Test func aSplitOfClustersPutsTheUnitsArmFirst() throws {
    var clusters: [String: Int] = [:]
    for i in 0..<100 {
      let unit = Request.Unit("u\(i)")
      let decision = try decide("Split", unit: unit)
      clusters[decision.cluster, default: 0] += 1
      let without = try decide("Split", [.cluster(decision.cluster, .down)], unit: unit)
      #expect(without.cluster == "c" && without.isFallback, "the other arm does not come")
    }
    #expect(Set(clusters.keys) == ["a", "b"] && clusters.values.allSatisfy { $0 > 20 })
  }

  @Test func theFirstChoiceWhoseConditionHoldsPlaces() throws {
    #expect(try decide("Context", unit: "u", ["country": "SE", "kids": true]).cluster == "b")
    let kids = try decide("Context", unit: "u", ["kids": true])
    #expect(["a", "c"].contains(kids.cluster))
    let without = try decide("Context", [.cluster(kids.cluster, .down)], unit: "u", ["kids": true])
    #expect(without.cluster == "b" && without.isFallback)
    #expect(try decide("Context").cluster == "c")
    #expect(try decide("Context", [.cluster("c", .down)]).cluster == "a")
    let only = try decide("Context", [.cluster("b", .down)], unit: "u", ["country": "SE"])
    #expect(only.cluster == "b" && only.isDegraded)
  }

  @Test func otherwiseIsTheVersionOfTheDecision() throws {
    let first = try decide("Chain")
    #expect(first.version == "first" && first.config == #"{"r":1,"v":"first"}"#)
    let second = try decide("Chain", [.cluster("a", .down)])
    #expect(second.version == "second" && second.isFallback && second.rule == "chain")
    #expect(second.config == #"{"r":1,"v":"second"}"#)
    let third = try decide("Chain", [.cluster("a", .down), .cluster("b", .draining)])
    #expect(third.version == "third" && third.cluster == "c" && third.isFallback)
    let none = try decide(
      "Chain", [.cluster("a", .down), .cluster("b", .draining), .cluster("c", .down)])
    #expect(none.version == "first" && none.cluster == "a" && none.isDegraded && !none.isFallback)
    #expect(none.config == #"{"r":1,"v":"first"}"#)
  }

  @Test func aRulesOwnClusterHasNoOtherwise() throws {
    #expect(try decide("Own").cluster == "b")
    let second = try decide("Own", [.cluster("b", .down)])
    #expect(second.cluster == "c" && second.version == "first" && second.isFallback)
    let down = try decide("Own", [.cluster("b", .down), .cluster("c", .down)])
    #expect(down.cluster == "b" && down.isDegraded && down.version == "first")
    #expect(try decide("OwnSplit").cluster == "b")
    #expect(try decide("OwnSplit", [.cluster("b", .down)]).cluster == "c")
  }

  @Test func aUseCaseThatIsSwitchedOffIsDisabled() throws {
    #expect(try decide("List", [.off(.useCase, "List")]).status == .disabled)
    #expect(try decide("List", [.off(.useCase, "Split")]).status == .ok)
  }
}
