import Foundation
import Testing

/// `turnout resolve --explain`.
@Suite struct ExplainTests {
  private let asked = [
    "resolve", "ContinueWatchingRanking", "--unit", "u_17", "--set", "country=US", "--set",
    "device=tv",
  ]

  private func run(_ place: Workplace, _ more: String...) throws -> Outcome {
    let words = (asked + more).map { "'\($0)'" }.joined(separator: " ")
    return try place.bash("\"$turnout\" \(words)")
  }

  @Test func theExplanationHasTheDecisionThatResolvePrints() throws {
    let place = try Workplace()
    try place.publish(canary: 100)
    let explained = try run(place, "--explain", "--json")
    #expect(explained.status == 0 && explained.lines.count == 1, "\(explained.errors)")
    let json = try explained.json()
    expectEqual(json["decision"], try run(place, "--json").json())
    let rules = try #require(json["rules"] as? [[String: Any]])
    #expect(rules.map { $0["outcome"] as? String } == ["skipped", "passed", "decided"])
    expectEqual(rules.last?["name"], "canary")
    expectEqual(json["rules_left"], 1)
  }

  @Test func peopleReadItInLinesWithoutColours() throws {
    let place = try Workplace()
    try place.publish(canary: 100)
    let explained = try run(place, "--explain")
    #expect(explained.lines.first == "ContinueWatchingRanking → cw-ranker@v2")
    #expect(explained.output.contains("✗ tenure_days < 14  the request has none  so it fails\n"))
    #expect(explained.output.contains("  → decides for cw-ranker@v2\n"))
    #expect(explained.output.contains("\n1 rule is left, and not tried\n"))
    #expect(!explained.output.contains("\u{1b}"))
  }

  @Test func anEarlierRevisionIsExplained() throws {
    let place = try Workplace()
    try place.publish(canary: 0)
    try place.publish(canary: 100)
    let earlier = try run(place, "--explain", "--json", "--at", "1").json()
    expectEqual(earlier["revision"], 1)
    expectEqual((earlier["decision"] as? [String: Any])?["version"], "v1")
    #expect(try run(place, "--explain", "--at", "1").output.contains("revision     1, digest "))
  }

  @Test func theOverlayIsExplained() throws {
    let place = try Workplace()
    try place.publish(canary: 0)
    #expect(try place.turnout("set", "cluster", "cw-a", "draining").status == 0)
    let explained = try run(place, "--explain")
    #expect(explained.output.contains("  ✗ cluster cw-a  draining\n  ✓ cluster cw-b  up\n"))
    #expect(explained.output.contains("  → cw-b, a fallback\n"))
  }

  @Test func aRefusalIsExplainedAndStillFails() throws {
    let place = try Workplace()
    try place.publish()
    for (useCase, status, words) in [
      ("Nobody", "unknown_use_case", "no use case of this name"),
      ("Sleeping", "disabled", "`enabled: false`"),
      ("ContinueWatchingRanking", "missing_required", "the attribute `country`"),
    ] {
      let text = try place.turnout("resolve", useCase, "--unit", "u", "--explain")
      #expect(text.status == 1 && text.output.contains(status) && text.output.contains(words))
      #expect(text.errors.hasPrefix("error: "))
      let json = try place.turnout("resolve", useCase, "--unit", "u", "--explain", "--json")
      #expect(json.status == 1)
      expectEqual((try json.json()["decision"] as? [String: Any])?["status"], status)
      expectEqual(try json.json()["revision"], 1)
    }
  }

  @Test func aStoreWithoutATableIsExplained() throws {
    let place = try Workplace()
    try place.write(Workplace.document(), to: "routing.yaml")
    #expect(try place.turnout("publish", "routing.yaml", "--stage").status == 0)
    let explained = try place.turnout("resolve", "Chat", "--explain")
    #expect(explained.status == 3 && explained.output.contains("Chat: no_table\n"))
  }

  @Test func itIsForOneRequest() throws {
    let place = try Workplace()
    try place.publish()
    let batch = try place.turnout("resolve", "--batch", "-", "--explain")
    #expect(batch.status == 2 && batch.errors.contains("--explain takes one request"))
    let timed = try place.turnout("resolve", "Chat", "--repeat", "5", "--explain")
    #expect(timed.status == 2 && timed.errors.contains("exclude each other"))
  }
}
