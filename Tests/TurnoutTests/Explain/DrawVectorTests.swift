import Testing
import Turnout

/// The example of Docs/allocation.md, and the siblings of Tests/vectors/positions.json: numbers
/// that another program has computed.
struct DrawVectorTests {
  private static let document = """
    turnout: 1
    unit: user
    clusters:
      a: { address: "a:1" }
      chat: { when_down: siblings, shards: { g0: { address: "g:0" }, g1: { address: "g:1" } } }
    models: { ranker: { v1: { cluster: a }, v2: { cluster: a } }, chat: { v1: { cluster: chat } } }
    use_cases:
      Search: { rules: [ { name: canary, split: { ranker@v1: 99, ranker@v2: 1 } } ] }
      Chat: { rules: [ { route: chat@v1 } ] }
    """

  @Test(arguments: [
    ("u_1", 695_184_970, "ranker@v1"), ("u_18", 4_280_775_034, "ranker@v2"),
    ("u_19", 4_241_654_086, "ranker@v1"), ("u_21", 3_336_454_445, "ranker@v1"),
    ("u_32", 4_199_158_268, "ranker@v1"), ("u_17", 399_580_062, "ranker@v1"),
  ])
  func theExampleOfThePageIsExplainedAsItStandsThere(
    _ unit: String, _ position: UInt32, _ arm: String
  ) throws {
    let explanation = try DocumentTable(Self.document).explain(
      Request("Search", unit: .init(unit)))
    let draw = try #require(explanation.evaluation.rules.first?.draw)
    #expect(draw.position == position && draw.arm == arm)
    #expect(draw.salt == "split:Search/canary" && draw.owner == "Search/canary")
    let end = UInt64(4_252_017_623)
    let interval = arm == "ranker@v1" ? 0..<end : end..<4_294_967_296
    #expect(draw.interval == interval)
    #expect(
      explanation.text.contains(
        "position \(position) in [\(interval.lowerBound), \(interval.upperBound)) → \(arm)"))
    #expect(
      explanation.json.contains(
        "\"position\":\(position),\"interval\":[\(interval.lowerBound),\(interval.upperBound)]"))
  }

  @Test func siblingsHaveThePositionsOfTheVectors() throws {
    let all = ["g0", "g1"].map { OverlayEntry.cluster("chat/" + $0, .down) }
    let explanation = try DocumentTable(Self.document).explain(
      Request("Chat", unit: "u_17"), all)
    let cluster = try #require(explanation.evaluation.placement?.walks.first?.clusters.first)
    #expect(cluster.shard?.draw?.position == 317_437_887 && cluster.shard?.name == "g0")
    #expect(cluster.siblings.count == 16)
    #expect(cluster.siblings.first?.position == 4_116_301_779)
    #expect(cluster.siblings.last?.position == 2_153_106_710)
    #expect(cluster.siblings.last?.salt == "shards:chat#16")
  }
}
