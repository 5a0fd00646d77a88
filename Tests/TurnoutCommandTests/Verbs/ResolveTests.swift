import Foundation
import Testing

@Suite struct ResolveTests {
  static let fields: Set<String> = [
    "status", "use_case", "revision", "digest", "model", "version", "cluster", "shard", "address",
    "routing_key", "config", "cells", "holdouts", "shadows", "reason", "traffic", "fallback",
    "degraded",
  ]

  @Test func aDecisionHasEveryField() throws {
    let place = try Workplace()
    try place.publish(canary: 100)
    let resolved = try place.turnout(
      "resolve", "ContinueWatchingRanking", "--unit", "u_17", "--set", "country=US", "--set",
      "device=tv", "--json")
    #expect(resolved.status == 0, "\(resolved.errors)")
    #expect(resolved.lines.count == 1)
    let decision = try resolved.json()
    #expect(Set(decision.keys) == Self.fields)
    let expected: [String: Any] = [
      "status": "ok", "use_case": "ContinueWatchingRanking", "revision": 1, "model": "cw-ranker",
      "version": "v2", "cluster": "cw-b", "shard": NSNull(), "address": "10.0.1.2:8080",
      "routing_key": "cw-b",
      "config": ["input": "wide", "surface": "home", "top_k": 60] as [String: Any],
      "cells": [Any](), "holdouts": [Any](), "shadows": [Any](),
      "reason": ["kind": "split", "rule": "canary"], "traffic": "production", "fallback": false,
      "degraded": false,
    ]
    for (name, value) in expected { expectEqual(decision[name], value) }
    expectEqual(decision["digest"], try place.turnout("stat", "--json").json()["digest"])
    // The order of the page, the config as it was written.
    #expect(resolved.output.hasPrefix(#"{"status":"ok","use_case":"ContinueWatchingRanking","#))
    #expect(resolved.output.contains(#""config":{"input":"wide","surface":"home","top_k":60},"#))
  }

  @Test func attributesTakeTheTypeThatTheTableDeclares() throws {
    let place = try Workplace()
    try place.publish()
    func rule(_ sets: String...) throws -> Any? {
      let given = sets.map { "--set \($0)" }.joined(separator: " ")
      let decision = try place.bash(
        "\"$turnout\" resolve ContinueWatchingRanking --unit u --json \(given)"
      ).json()
      return (decision["reason"] as? [String: Any])?["rule"]
    }
    expectEqual(try rule("country=US", "tenure_days=12"), "newcomers")
    expectEqual(try rule("country=US", "tenure_days=1e1"), "newcomers")
    expectEqual(try rule("country=US", "tenure_days=-3"), "newcomers")
    expectEqual(try rule("country=DE"), "by-country")
    expectEqual(try rule("country=US", "tenure_days=14"), nil)
    let kids = try place.turnout("resolve", "Kids", "--set", "kids=true", "--json").json()
    expectEqual(kids["version"], "v2")

    for wrong in [
      "tenure_days=often", "tenure_days=nan", "tenure_days=0x1F", "tenure_days=.5",
      "tenure_days=1 ", "app_version=8.x", "kids=yes",
    ] {
      let refused = try place.turnout("resolve", "Kids", "--set", wrong)
      #expect(refused.status == 2)
      #expect(refused.errors.contains("the documents declare"))
    }
    let unknown = try place.turnout("resolve", "Kids", "--set", "kidz=true", "--units", "sesion=1")
    #expect(unknown.status == 0)
    #expect(unknown.errors.contains("attribute `kidz`; did you mean `kids`?"))
    #expect(unknown.errors.contains("unit `sesion`; did you mean `session`?"))
  }

  @Test func aShardIsDrawnByItsOwnUnit() throws {
    let place = try Workplace()
    try place.publish()
    func shard(_ arguments: String) throws -> [String: Any] {
      try place.bash("\"$turnout\" resolve Chat --json \(arguments)").json()
    }
    let byUser = try shard("--unit s_1")
    let bySession = try shard("--unit u_1 --units session=s_1")
    expectEqual(bySession["shard"], byUser["shard"])
    let name = try #require(byUser["shard"] as? String)
    expectEqual(byUser["routing_key"], "chat/\(name)")
    let byRequest = try shard("--request-id s_1")
    expectEqual(byRequest["shard"], name)
  }

  @Test(arguments: [
    ("Nobody", "unknown_use_case", "there is no use case `Nobody`"),
    ("Chatt", "unknown_use_case", "did you mean `Chat`?"),
    ("Sleeping", "disabled", "disabled"),
    ("ContinueWatchingRanking", "missing_required", "--set country=…"),
  ])
  func aRefusalSaysWhyAndHasNoAnswer(_ useCase: String, _ status: String, _ words: String) throws {
    let place = try Workplace()
    try place.publish()
    let refused = try place.turnout("resolve", useCase, "--unit", "u", "--json")
    #expect(refused.status == 1)
    #expect(refused.errors.contains(words))
    let decision = try refused.json()
    #expect(Set(decision.keys) == Self.fields)
    expectEqual(decision["status"], status)
    for name in Self.fields.subtracting(["status"]) {
      switch name {
      case "cells", "holdouts", "shadows": expectEqual(decision[name], [Any]())
      case "fallback", "degraded": expectEqual(decision[name], false)
      default: expectEqual(decision[name], nil)
      }
    }
    #expect(try place.turnout("resolve", useCase, "--unit", "u").output.isEmpty)
  }

  @Test func anEarlierRevisionStillAnswers() throws {
    let place = try Workplace()
    try place.publish(canary: 0)
    try place.publish(canary: 100)
    func version(_ arguments: String) throws -> Any? {
      try place.bash(
        """
        "$turnout" resolve ContinueWatchingRanking --unit u --set country=US --set device=tv \
        --json \(arguments)
        """
      ).json()["version"]
    }
    expectEqual(try version(""), "v2")
    expectEqual(try version("--at 1"), "v1")
    expectEqual(try version("--at 2"), "v2")
    #expect(try place.turnout("resolve", "Chat", "--at", "9").status == 1)
    let line = #"{"use_case":"Chat","unit":"u"}"#
    let batch = try place.turnout("resolve", "--batch", "-", "--at", "1", input: line)
    expectEqual(try batch.json()["revision"], 1)
  }

  @Test func theTimeOfOneResolveIsMeasured() throws {
    let place = try Workplace()
    try place.publish()
    let human = try place.turnout("resolve", "Chat", "--unit", "u", "--repeat", "2000")
    #expect(human.output.contains("2,000 resolves: min "))
    let decision = try place.turnout(
      "resolve", "Chat", "--unit", "u", "--repeat", "2000", "--json"
    ).json()
    let timing = try #require(decision["timing"] as? [String: Any])
    expectEqual(timing["resolves"], 2_000)
    #expect(((timing["ns_min"] as? Double) ?? 0) > 0)
    #expect(((timing["ns_median"] as? Double) ?? 0) >= ((timing["ns_min"] as? Double) ?? .infinity))
  }

  @Test func peopleReadTheDecisionInLines() throws {
    let place = try Workplace()
    try place.publish()
    let resolved = try place.turnout(
      "resolve", "ContinueWatchingRanking", "--unit", "u", "--set", "country=DE")
    #expect(resolved.lines.first == "ContinueWatchingRanking → cw-ranker@v2")
    #expect(resolved.output.contains("  address      10.0.1.2:8080\n"))
    #expect(resolved.output.contains("  reason       lookup by-country\n"))
  }

  @Test func aStoreWithoutATableSaysSo() throws {
    let place = try Workplace()
    try place.write(Workplace.document(), to: "routing.yaml")
    #expect(try place.turnout("publish", "routing.yaml", "--stage").status == 0)
    let resolved = try place.turnout("resolve", "Chat", "--json")
    #expect(resolved.status == 3)
    expectEqual(try resolved.json()["status"], "no_table")
    #expect(try place.turnout("stat").output.contains("nothing is published yet"))
    #expect(try place.turnout("stat", "--max-age", "1d").status == 1)
  }
}
