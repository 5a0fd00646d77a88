import Foundation
import Testing

@testable import Turnout

/// Records made by hand, as text and as JSON.
struct RenderingTests {
  private var decision: Decision {
    var decision = Decision(status: .ok)
    decision.revision = 3
    decision.model = "m"
    decision.version = "v1"
    decision.cluster = "a"
    decision.address = "a:1"
    decision.routingKey = "a"
    decision.traffic = "production"
    decision.reason = .route
    return decision
  }

  private func evaluation(_ change: (inout Evaluation) -> Void) -> Evaluation {
    var evaluation = Evaluation(decision: decision, useCase: Evaluation.Value("Home"))
    evaluation.unit = Evaluation.Unit(name: "user", value: Evaluation.Value("u_1"))
    change(&evaluation)
    return evaluation
  }

  private func test(_ value: Evaluation.Value?, _ operands: [Evaluation.Value]) -> Evaluation.Test {
    Evaluation.Test(
      attribute: "country", op: operands.count == 1 ? "==" : "in", operands: operands,
      operandCount: operands.count, value: value, held: false, leads: .fails)
  }

  private func json(_ evaluation: Evaluation) throws -> [String: Any] {
    try #require(
      JSONSerialization.jsonObject(with: Data(Explanation(evaluation).json.utf8))
        as? [String: Any])
  }

  @Test func theTextIsAlignedAndSaysEachThingOnce() {
    var rule = Evaluation.Rule(number: 1, name: "kids", kind: .route)
    rule.tests = [
      test(Evaluation.Value("NO"), [Evaluation.Value("US")]),
      test(nil, [Evaluation.Value("A B"), Evaluation.Value("")]),
    ]
    var last = Evaluation.Rule(number: 2, kind: .route)
    last.held = true
    last.outcome = .decided
    last.version = "m@v1"
    let told = evaluation {
      $0.rules = [rule, last]
      $0.rulesLeft = 1
      var placement = Evaluation.Placement()
      var walk = Evaluation.Walk(version: "m@v1", reason: .decided)
      walk.clusters = [
        Evaluation.Cluster(name: "first", state: .down, isUp: false),
        Evaluation.Cluster(name: "a", state: .up, isUp: true),
      ]
      placement.walks = [walk]
      placement.end = .up(version: "m@v1", routingKey: "a", isFallback: true)
      $0.placement = placement
    }
    #expect(
      Explanation(told).text
        == """
        Home → m@v1
          address      a:1
          routing key  a
          traffic      production
          unit         user u_1
          revision     3, digest 00000000000000000000000000000000

        rule 1, kids: route
          ✗ country == US          the request has NO    so it fails
          ✗ country in ["A B", ""]  the request has none  so it fails
          → skipped

        rule 2: route
          ✓ always
          → decides for m@v1

        1 rule is left, and not tried

        placement of m@v1
          ✗ cluster first  down
          ✓ cluster a      up
          → a, a fallback

        """.replacing("== US          ", with: "== US           "))
  }

  @Test func coloursStandOnlyWhereTheyAreAskedFor() {
    let explanation = Explanation(
      evaluation { $0.rules = [Evaluation.Rule(number: 1, kind: .route)] })
    #expect(!explanation.text.contains("\u{1b}"))
    let colored = explanation.text(isColored: true)
    #expect(colored.contains("\u{1b}[1mHome\u{1b}[0m"))
    #expect(colored.replacing(/\x{1b}\[[0-9]+m/, with: "") == explanation.text)
  }

  @Test func unitsThatAreNotUTF8AreInBase64() throws {
    let bytes: [UInt8] = [0xFF, 0x00, 0x80, 0x41]
    let told = evaluation { $0.unit?.value = .text(bytes, count: 4) }
    #expect(Explanation(told).text.contains("unit         user base64:/wCAQQ==\n"))
    let unit = try #require(try json(told)["unit"] as? [String: Any])
    let value = try #require(unit["value"] as? [String: Any])
    #expect(value["base64"] as? String == "/wCAQQ==" && value.count == 1)
  }

  @Test func whatSteersATerminalIsWrittenOut() {
    for steering in ["\u{1b}[2J", "\u{7f}", "\u{85}", "\u{202e}x", "a\nb", "\u{2066}", "\u{2028}"] {
      let told = evaluation { $0.unit?.value = Evaluation.Value(steering) }
      let text = Explanation(told).text
      #expect(text.contains("unit         user \""))
      #expect(!text.contains(steering), "\(steering.unicodeScalars.map(\.value))")
    }
  }

  @Test func hugeValuesAreCutInTheTextAndSaidToBeCutInTheJSON() throws {
    let table = try ExplainDocument.table()
    // 1,023 bytes of one each, then characters of two bytes: the cut falls into one.
    let unit = String(repeating: "x", count: 1_023) + String(repeating: "é", count: 2_000)
    let explanation = table.explaining(Request("Home", unit: .init(unit)))
    #expect(
      explanation.text.contains(
        "unit         user \"" + String(repeating: "x", count: 64) + "\"…\n"))
    let told = try #require(try json(explanation.evaluation)["unit"] as? [String: Any])
    let value = try #require(told["value"] as? [String: Any])
    #expect(value["text"] as? String == String(repeating: "x", count: 1_023))
    #expect(value["cut_from_bytes"] as? Int == 5_023)

    let bytes = [UInt8](repeating: 0xFF, count: 5_000)
    let raw = table.explaining(Request("Home", unit: .init(bytes: bytes)))
    let base64 = try #require(
      (try json(raw.evaluation)["unit"] as? [String: Any])?["value"] as? [String: Any])
    #expect(Data(base64Encoded: base64["base64"] as? String ?? "")?.count == 1_024)
    #expect(base64["cut_from_bytes"] as? Int == 5_000)
    #expect(raw.text.contains("base64:" + String(repeating: "/", count: 64) + "…"))
    #expect(raw.text.split(separator: "\n").allSatisfy { $0.count < 400 })
  }

  @Test func numbersAreWrittenAsPeopleWriteThem() throws {
    let numbers: [(Double, String)] = [
      (12, "12"), (-0.5, "-0.5"), (1e300, "1e+300"), (0, "0"),
      (9_007_199_254_740_991, "9007199254740991"),
    ]
    for (number, text) in numbers {
      var rule = Evaluation.Rule(number: 1, kind: .route)
      rule.tests = [test(.number(number), [.number(number)])]
      let told = evaluation { $0.rules = [rule] }
      #expect(Explanation(told).json.contains("{\"number\":\(text)}"))
      #expect(Explanation(told).text.contains("== \(text)  the request has \(text)"))
      _ = try json(told)
    }
  }

  @Test func whatIsLeftOutIsCounted() throws {
    // 64 rules of 100 tests each: more than are written down.
    let attributes = (0..<100).map { "a\($0): number" }.joined(separator: ", ")
    let tests = (0..<100).map { "a\($0): { \">\": 1 }" }.joined(separator: ", ")
    let rules = (0..<63).map {
      "- { name: r\($0), when: { \(tests), a99: { \"<\": 0 } }, route: m@v }"
    }
    .map { $0.replacing("a99: { \">\": 1 }, ", with: "") }.joined(separator: "\n      ")
    let table = try DocumentTable(
      """
      turnout: 1
      unit: user
      attributes: { \(attributes) }
      clusters: { c: { address: "c:1" } }
      models: { m: { v: { cluster: c } } }
      use_cases:
        A:
          rules:
            \(rules)
            - { route: m@v }
      """)
    var request = Request("A")
    for i in 0..<100 { request.attributes["a\(i)"] = 2 }
    let explanation = try table.explain(request)
    let told = explanation.evaluation
    #expect(told.rules.count == 64 && told.rules.last?.outcome == .decided)
    let recorded = told.rules.reduce(0) { $0 + $1.tests.count }
    #expect(recorded == 4_096 && told.leftOut.tests == 6_300 - 4_096)
    #expect(explanation.text.contains("left out here: 2204 tests, 0 draws, 0 choices"))
    let left = try #require(try json(told)["left_out"] as? [String: Any])
    #expect(left["tests"] as? Int == 2_204)
  }

  /// 64 clusters whose only shard is down, drawn 17 times each, and a version after the other.
  @Test func drawsAndChoicesBeyondTheBoundsAreCounted() throws {
    let names = (0..<64).map { "c\($0)" }
    let clusters = names.map {
      "  \($0): { when_down: siblings, shards: { s: { address: \"\($0):1\" } } }"
    }.joined(separator: "\n")
    let list = names.joined(separator: ", ")
    let choices = (0..<63).map { "{ when: { n: \($0) }, cluster: c0 }" }.joined(separator: ", ")
    func versions(_ count: Int, _ name: String, _ place: String) -> String {
      (0..<count).map {
        "    \(name)\($0): { \(place)"
          + ($0 < count - 1 ? ", otherwise: m@\(name)\($0 + 1) }" : " }")
      }.joined(separator: "\n")
    }
    let table = try DocumentTable(
      """
      turnout: 1
      unit: user
      attributes: { n: number }
      clusters:
      \(clusters)
      models:
        m:
      \(versions(4, "v", "cluster: [\(list)]"))
      \(versions(17, "w", "placement: [ \(choices), { cluster: c0 } ]"))
      use_cases:
        Draws: { rules: [ { route: m@v0 } ] }
        Choices: { rules: [ { route: m@w0 } ] }
      """)
    let down = names.map { OverlayEntry.cluster($0 + "/s", .down) }
    let draws = try table.explain(Request("Draws", unit: "u"), down)
    #expect(draws.decision.isDegraded)
    #expect(draws.evaluation.draws.count == 4_096)
    #expect(draws.evaluation.leftOut.draws == 4 * 64 * 17 - 4_096)
    let walks = try table.explain(Request("Choices", unit: "u"), down).evaluation
    #expect(walks.leftOut.choices == 63)
    #expect(walks.placement?.walks.map(\.choices.count) == Array(repeating: 64, count: 16) + [1])
    #expect(walks.placement?.walks.last?.choices.last?.held == true)
  }
}

extension DocumentTable {
  /// As ``explain(_:_:)``, where it cannot fail.
  fileprivate func explaining(_ request: Request) -> Explanation {
    (try? explain(request)) ?? Explanation(Evaluation(decision: Decision(status: .corrupt)))
  }
}
