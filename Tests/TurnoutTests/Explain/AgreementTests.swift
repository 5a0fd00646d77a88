import Foundation
import Testing

@testable import Turnout

/// An explanation and a resolve are one evaluation, and what an explanation tells is so.
struct AgreementTests {
  @Test func anExplanationDecidesAsAResolveDoes() throws {
    let table = try ExplainDocument.table()
    var dice = Dice(7)
    var outcomes: Set<String> = []
    for round in 0..<60 {
      let overlay = round % 3 == 0 ? [] : ExplainDocument.overlay(&dice)
      try table.asked(overlay) { resolver in
        for _ in 0..<100 {
          let request = ExplainDocument.request(&dice)
          let explanation = resolver.explain(request)
          #expect(explanation.decision == resolver.resolve(request), "\(request), \(overlay)")
          try check(explanation.evaluation, explanation.text)
          outcomes.formUnion(explanation.evaluation.rules.map(\.outcome.rawValue))
          outcomes.insert("\(explanation.decision.status.name)")
          if explanation.decision.isDegraded { outcomes.insert("degraded") }
          if explanation.decision.isFallback { outcomes.insert("fallback") }
          if explanation.decision.reason == .override { outcomes.insert("override") }
        }
      }
    }
    let all: Set = [
      "skipped", "decided", "contributed", "passed", "ok", "unknown_use_case", "disabled",
      "missing_required", "unavailable", "invalid_argument", "degraded", "fallback", "override",
    ]
    #expect(outcomes == all)
  }

  /// What is told agrees with the decision and with itself.
  private func check(_ told: Evaluation, _ text: String) throws {
    let decision = told.decision
    #expect((told.refusal == nil) == (decision.status == .ok))
    #expect(told.rules.map(\.number) == Array(told.rules.indices.map { $0 + 1 }))
    #expect(told.rules.dropLast().allSatisfy { $0.outcome != .decided })
    for rule in told.rules {
      #expect(rule.held == (rule.outcome != .skipped))
      #expect((rule.tests.last?.leads ?? .holds) == (rule.held ? .holds : .fails))
      #expect(rule.tests.dropLast().allSatisfy { $0.leads == .next })
      guard let experiment = rule.experiment, rule.held else { continue }
      #expect(experiment.gates.dropLast().allSatisfy { $0.way == .on || $0.kind.isHoldout })
      #expect((experiment.gates.last?.way == .into) == (experiment.cell != nil))
    }
    guard decision.status == .ok else { return }
    let rules = told.useCase == Evaluation.Value("Home") ? 9 : 1
    #expect(told.rules.count + told.rulesLeft == rules)
    let cells = told.rules.compactMap { rule in
      rule.experiment.flatMap { e in e.cell.map { (e.name, $0) } }
    }
    #expect(
      cells.map { Decision.Cell(experiment: $0, cell: $1.name, by: $1.by) } == decision.cells)
    #expect(told.shadows.filter(\.isAdded).map(\.name) == decision.shadows.map(\.name))
    if case .version = told.override {
      #expect(decision.reason == .override && told.rules.isEmpty)
    } else {
      let last = try #require(told.rules.last)
      #expect(last.outcome == .decided && last.name == decision.rule)
      let version = try #require(last.version)
      #expect(told.placement?.walks.first?.version == version)
    }
    let target = decision.model + "@" + decision.version
    switch told.placement?.end {
    case .up(let version, let key, let isFallback):
      #expect(version == target && key == decision.routingKey && isFallback == decision.isFallback)
      #expect(!decision.isDegraded && told.placement?.walks.last?.clusters.last?.isUp == true)
    case .degraded(let version, let key):
      #expect(version == target && key == decision.routingKey && decision.isDegraded)
    case .unavailable, nil: Issue.record("a decision without a place")
    }
    for draw in told.draws { check(draw) }
    #expect(text.split(separator: "\n").allSatisfy { $0.last != " " && $0.count < 400 })
  }

  /// Everybody can follow a draw by hand: value, salt, position, interval.
  private func check(_ draw: Evaluation.Draw) {
    guard case .text(let bytes, let count) = draw.value, let position = draw.position,
      let interval = draw.interval
    else {
      #expect(draw.value == nil && draw.position == nil && draw.interval == nil && draw.arm != nil)
      return
    }
    #expect(bytes.count == count && interval.contains(UInt64(position)))
    #expect(Ring.position(unit: bytes, seed: Ring.seed(salt: draw.salt)) == position)
  }

  @Test func theJSONHasTheSameDecisionAndOnlyKeysOfThePage() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let page = try String(
      contentsOf: root.appending(path: "Docs/explain.md"), encoding: .utf8)
    let described = Set(page.matches(of: /`([a-z_0-9]+)`/).map { String($0.output.1) })
    let table = try ExplainDocument.table()
    var dice = Dice(11)
    var keys: Set<String> = []
    for _ in 0..<40 {
      try table.asked(ExplainDocument.overlay(&dice)) { resolver in
        for _ in 0..<20 {
          let explanation = resolver.explain(ExplainDocument.request(&dice))
          var json = try #require(
            JSONSerialization.jsonObject(with: Data(explanation.json.utf8)) as? [String: Any])
          let decision = try #require(json["decision"] as? [String: Any])
          #expect(decision["status"] as? String == "\(explanation.decision.status.name)")
          #expect(decision["address"] as? String ?? "" == explanation.decision.address)
          #expect(!explanation.json.contains("\n"))
          // It is that of `resolve --json`, which command.md describes.
          json["decision"] = NSNull()
          collect(json, &keys)
        }
      }
    }
    #expect(keys.count > 50 && keys.isSubset(of: described), "\(keys.subtracting(described))")
  }

  private func collect(_ value: Any, _ keys: inout Set<String>) {
    if let object = value as? [String: Any] {
      for (key, value) in object {
        keys.insert(key)
        collect(value, &keys)
      }
    } else if let list = value as? [Any] {
      for value in list { collect(value, &keys) }
    }
  }
}

extension Evaluation.Gate.Kind {
  var isHoldout: Bool { if case .holdout = self { true } else { false } }
}

extension Evaluation {
  /// Every draw that it tells of.
  var draws: [Draw] {
    var draws: [Draw?] = []
    for rule in rules {
      draws += [rule.draw, rule.experiment?.cell?.draw]
      for gate in rule.experiment?.gates ?? [] {
        switch gate.kind {
        case .holdout(_, _, let draw), .layer(_, let draw): draws.append(draw)
        default: break
        }
      }
    }
    for walk in (placement?.walks ?? []) + shadows.compactMap(\.walk) {
      draws.append(walk.draw)
      for cluster in walk.clusters { draws += [cluster.shard?.draw] + cluster.siblings }
    }
    for shadow in shadows {
      for gate in shadow.gates {
        if case .sample(_, let draw) = gate.kind { draws.append(draw) }
      }
    }
    return draws.compactMap { $0 }
  }
}
