import Foundation
import Testing

@Suite struct ExpectationTests {
  /// A document whose arms lie elsewhere when it is carried than when it is fresh.
  private static func document(share: Int, expect: String = "") -> String {
    #"""
    turnout: 1
    unit: user
    units: { account: { missing: user, allow: [unused-unit] } }
    attributes: { kids: boolean, amount: number }
    clusters:
      one: { address: "10.0.0.1:80" }
      two: { shards: { s0: { address: "10.0.0.2:80" }, s1: { address: "10.0.0.3:80" } } }
    models: { m: { a: { cluster: one, config: { k: 1, "a:\"b": 'x,"}{\', deep: { x: [1, { y: "," }] }, n: ~ } }, b: { cluster: two } } }
    layers: { page: {}, other: {} }
    holdouts: { all: { share: 1%, layers: all } }
    experiments:
      rows: { layer: page, share: 20%, cells: { narrow: { model: m@a }, wide: { model: m@b } } }
      tone: { layer: other, cells: { loud: { config: { tone: 1 } }, soft: {} } }
    use_cases:
      Home: { rules: [{ name: s, split: { m@a: \#(share), m@b: \#(100 - share) } }] }
      Rows: { rules: [{ experiment: tone }, { experiment: rows }, { route: m@a }] }
      Pay:
        requires: [amount]
        rules: [{ name: kids, when: { kids: true }, route: m@a }, { route: m@b }]
        shadows: [{ name: dark, model: m@b, sample: 10% }, { name: once, model: m@a, by: request, sample: 30% }]
      Off: { enabled: false, rules: [{ route: m@a }] }
    \#(expect.isEmpty ? "" : "expect:\n" + expect)
    """#
  }

  @Test func whatComesAsExpectedIsCounted() throws {
    let place = try Workplace()
    let cases = #"""
        - { use_case: Home, share: 33%, model: m@a }
        - { use_case: Rows, share: 9.9%, model: m@b, cells: { rows: wide } }
        - { use_case: Rows, share: 4.95%, model: m@b, cells: { rows: wide, tone: loud } }
        - { use_case: Rows, share: 80.2%, cells: { rows: ~ } }
        - { use_case: Rows, share: 1%, cells: { rows: ~, tone: ~ }, cluster: one }
        - { use_case: Rows, share: 100%, model: m, cluster: [one, two] }
        - { use_case: Rows, share: 100%, assignments: { rows: wide }, cells: { rows: wide }, model: m@b }
        - { use_case: Rows, share: 100%, assignments: { rows: ~ }, model: m@a }
        - { use_case: Pay, share: 100%, status: missing_required }
        - { use_case: Pay, share: 50%, context: { amount: 1 }, shard: s0, routing_key: two/s0 }
        - { use_case: Pay, share: 3%, context: { amount: 1 }, shadows: { dark: m@b, once: m } }
        - { use_case: Pay, share: 100%, context: { amount: 1, traffic: replay }, shadows: { dark: ~ } }
        - { use_case: Pay, share: 100%, context: { amount: 1, kids: true }, model: [m@a] }
        - { use_case: Pay, unit: u, units: { account: x }, context: { amount: 1 }, model: m@b }
        - { use_case: Off, unit: u, status: disabled }
        - { use_case: Rows, unit: u, assignments: { tone: loud }, config: { k: 1, tone: 1 } }
        - { use_case: Rows, request_id: r, cells: { rows: ~, tone: ~ } }
        - use_case: Rows
          unit: u
          assignments: { rows: narrow }
          config: { n: ~, deep: { x: [1, { y: "," }] }, "a:\"b": 'x,"}{\' }
      """#
    try place.write(Self.document(share: 33, expect: cases), to: "routing.yaml")
    let checked = try place.turnout("check", "routing.yaml")
    #expect(checked.status == 0, "\(checked.errors)")
    #expect(checked.output.hasSuffix("; 18 cases as expected\n"))
  }

  @Test func ofManyExperimentsTheOnesThatAreAskedAreCounted() throws {
    let place = try Workplace()
    let names = (0..<16).map { "e\($0)" }
    func document(_ expect: String) -> String {
      let layers = names.map { "  l\($0): {}" }.joined(separator: "\n")
      let experiments = names.map {
        "  \($0): { layer: l\($0), share: 50%, cells: { a: {}, b: {} } }"
      }
      let rules = names.map { "{ experiment: \($0) }, " }.joined()
      return """
        turnout: 1
        unit: user
        clusters: { one: { address: "10.0.0.1:80" } }
        models: { m: { a: { cluster: one } } }
        layers:
        \(layers)
        experiments:
        \(experiments.joined(separator: "\n"))
        use_cases: { Home: { rules: [\(rules){ route: m@a }] } }
        expect: [{ use_case: Home, \(expect) }]
        """
    }
    try place.write(document("share: 6.25%, cells: { e0: a, e9: b }"), to: "two.yaml")
    #expect(try place.turnout("check", "two.yaml").status == 0)
    let all = names.map { "\($0): a" }.joined(separator: ", ")
    try place.write(document("share: 1%, cells: { \(all) }"), to: "all.yaml")
    let refused = try place.turnout("check", "all.yaml")
    #expect(refused.status == 1)
    #expect(
      refused.errors.contains(
        "The shares of Home cannot be worked out: what is asked combines in too many ways."))
  }

  @Test func whatComesOtherwiseStopsAPublishAndIsExplained() throws {
    let place = try Workplace()
    let cases = """
        - description: grown-ups leave
          use_case: Pay
          unit: u_1
          context: { amount: 3 }
          model: m@a
          config: { k: 2 }
        - { use_case: Home, share: 30%, within: 2.9%, model: m@a }
      """
    try place.write(Self.document(share: 33, expect: cases), to: "routing.yaml")
    for arguments in [
      ["publish", "routing.yaml"], ["publish", "routing.yaml", "--dry-run"],
      ["publish", "routing.yaml", "--stage"], ["compile", "routing.yaml", "-o", "table"],
      ["check", "routing.yaml"],
    ] {
      let refused = try place.turnout(arguments)
      #expect(refused.status == 1)
      #expect(refused.output.isEmpty)
      let lines = refused.errors
      #expect(
        lines.contains(
          "routing.yaml:27:12: error: grown-ups leave: expected model `m@a`, came `m@b`; "
            + "expected config `k` `2`, came none\n"))
      #expect(lines.contains("    Pay → m@b\n"))
      #expect(lines.contains("    rule 1, kids: route\n      ✗ kids == true"))
      #expect(lines.contains("\n    → two/s") || lines.contains("      → two/s"))
      #expect(
        lines.contains(
          "routing.yaml:29:30: error: expected 30 % (within 2.9 %) of units to get model `m@a`, "
            + "came 33 %\n"))
      #expect(lines.contains("\n    33 %  m@a  as expected\n    67 %  m@b\n"))
      #expect(lines.contains("error: 2 of 2 cases of `expect` came out otherwise"))
    }
    #expect(!place.exists("turnout-store"))
    #expect(!place.exists("table"))
  }

  @Test func programsLearnWhatWasExpectedAndWhatCame() throws {
    let place = try Workplace()
    let cases = """
        - { use_case: Pay, unit: u_1, context: { amount: 3 }, model: [m@a], shadows: { dark: m } }
        - { use_case: Home, share: 0%, model: m@a }
      """
    try place.write(Self.document(share: 33, expect: cases), to: "routing.yaml")
    let report = try place.turnout("check", "routing.yaml", "--json").json()
    expectEqual(report["ok"], false)
    expectEqual(report["errors"], 2)
    let diagnostics = try #require(report["diagnostics"] as? [[String: Any]])
    #expect(
      diagnostics.map { $0["code"] as? String } == ["expectation-failed", "expectation-failed"])
    let expectations = try #require(report["expectations"] as? [String: Any])
    expectEqual(expectations["asked"], 2)
    let failed = try #require(expectations["failed"] as? [[String: Any]])
    expectEqual(failed[0]["line"], 23)
    expectEqual(
      (failed[0]["differs"] as? [Any])?.first,
      ["what": "model", "expected": ["m@a"], "came": "m@b"] as [String: Any])
    let explain = try #require(failed[0]["explain"] as? [String: Any])
    expectEqual((explain["decision"] as? [String: Any])?["model"], "m")
    expectEqual(failed[1]["explain"], nil)
    expectEqual(
      failed[1]["answers"],
      [
        ["answer": "m@a", "share": 0.33, "as_expected": true] as [String: Any],
        ["answer": "m@b", "share": 0.67, "as_expected": false],
      ])
  }

  @Test func casesAndGuardsChangeNoDigestAndComeBackWithTheDocuments() throws {
    let place = try Workplace()
    try place.write(Self.document(share: 33), to: "plain.yaml")
    let digest = try place.turnout("publish", "plain.yaml", "--json").json()["digest"]
    let cases = "  - { use_case: Home, share: 33%, model: m@a } # why\n"
    let text =
      Self.document(share: 33, expect: cases).replacing(
        "Off: {", with: "Off: { guards: { max_move: 2.50% },") + "\nguards: { max_move: 5% }\n"
    try place.write(text, to: "docs/routing.yaml")
    try place.write(
      """
      turnout: 1
      guards: { max_move: 3%, max_cluster_load: +20% }
      expect: [{ use_case: Off, status: disabled }]
      """, to: "docs/team.yaml")
    let same = try place.turnout("publish", "docs", "--json").json()
    expectEqual(same["unchanged"], true)

    let published = try place.turnout("publish", "docs", "--store", "other", "--json").json()
    expectEqual(published["digest"], digest)
    let exported = try place.bash(
      "$turnout export --store other -o out && diff -r out/docs docs && echo same")
    #expect(exported.output.hasSuffix("same\n"), "\(exported.output) \(exported.errors)")

    let pinned = try place.turnout("export", "--store", "other", "--ranges")
    #expect(pinned.output.contains("guards:\n  max_move: 3%\n  max_cluster_load: +20%\n"))
    #expect(pinned.output.contains("  - use_case: Off\n    status: disabled\n"))
    #expect(pinned.output.contains("max_move: 2.50%"))
    try place.write(pinned.output, to: "pinned.yaml")
    expectEqual(
      try place.turnout("publish", "pinned.yaml", "--store", "third", "--json").json()["digest"],
      digest)
    #expect(try place.turnout("check", "pinned.yaml").output.contains("2 cases as expected"))
  }

  @Test func aUnitIsAskedOfTheTableThatWouldBePublished() throws {
    let place = try Workplace()
    // A unit that a fresh split of halves gives `a`, and one carried from 5 % gives `b`.
    try place.write(Self.document(share: 5), to: "five.yaml")
    try place.write(Self.document(share: 50), to: "half.yaml")
    #expect(try place.turnout("publish", "half.yaml", "--store", "fresh").status == 0)
    #expect(try place.turnout("publish", "five.yaml", "--store", "carried").status == 0)
    #expect(try place.turnout("publish", "half.yaml", "--store", "carried").status == 0)
    let unit = try #require(
      try (0..<200).map { "u_\($0)" }.first { unit in
        let versions = try ["fresh", "carried"].map { store in
          try place.turnout("resolve", "Home", "--unit", unit, "--store", store, "--json").json()[
            "version"] as? String
        }
        return versions == ["a", "b"]
      })
    let expecting = Self.document(
      share: 50, expect: "  - { use_case: Home, unit: \(unit), model: m@a }")
    try place.write(expecting, to: "half.yaml")
    #expect(try place.turnout("check", "half.yaml").status == 0)
    #expect(try place.turnout("publish", "five.yaml").status == 0)
    let refused = try place.turnout("check", "half.yaml", "--store", "turnout-store")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("split Home/s: position"))
    #expect(!refused.errors.contains("Without --store"))
    #expect(try place.turnout("publish", "half.yaml").status == 1)

    // Fresh it would be otherwise: what check cannot know without the store, it says.
    try place.write(expecting.replacing("model: m@a }", with: "model: m@b }"), to: "other.yaml")
    let fresh = try place.turnout("check", "other.yaml")
    #expect(fresh.status == 1)
    #expect(fresh.errors.contains("Without --store arms lie as in a first publish"))
    #expect(try place.turnout("publish", "other.yaml").status == 0)

    // Of two that race, what is expected holds of the table that was published, or nothing was.
    for round in 0..<8 {
      let raced = try place.bash(
        """
        export TURNOUT_STORE=race\(round)
        "$turnout" publish five.yaml >/dev/null 2>&1 & other=$!
        "$turnout" publish half.yaml --json 2>/dev/null; status=$?
        wait $other || exit 9
        exit $status
        """)
      if raced.status == 1 {
        #expect(raced.output.isEmpty)
        continue
      }
      #expect(raced.status == 0)
      let revision = try #require(try raced.json()["revision"] as? Int)
      let answer = try place.turnout(
        "resolve", "Home", "--unit", unit, "--store", "race\(round)", "--at", "\(revision)",
        "--json")
      expectEqual(try answer.json()["version"], "a")
    }
  }
}
