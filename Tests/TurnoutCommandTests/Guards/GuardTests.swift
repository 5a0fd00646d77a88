import Foundation
import Testing

@Suite struct GuardTests {
  private static func document(_ share: Int, guards: String = "", useCase: String = "") -> String {
    """
    turnout: 1
    unit: user
    attributes: { kids: boolean }
    clusters:
      one: { address: "10.0.0.1:80" }
      two: { address: "10.0.0.2:80" }
      new: { address: "10.0.0.3:80", allow: [unused-cluster] }
    models:
      m:
        a: { cluster: one }
        b: { cluster: two }
        c: { cluster: new, allow: [unused-version] }
    use_cases:
      Home:\(useCase)
        rules:
          - { name: kids, when: { kids: true }, route: m@a }
          - { name: s, split: { m@a: \(100 - share), m@b: \(share) } }
      Rows: { rules: [{ name: half, split: { m@a: 50, m@b: 50 } }] }
    \(guards)
    """
  }

  /// A store whose head gives `m@b` five of a hundred.
  private static func place() throws -> Workplace {
    let place = try Workplace()
    try place.write(document(5), to: "routing.yaml")
    let published = try place.turnout("publish", "routing.yaml")
    try #require(published.status == 0, "\(published.errors)")
    return place
  }

  private static func head(_ place: Workplace) throws -> Int? {
    try place.turnout("stat", "--json").json()["revision"] as? Int
  }

  @Test func whatMovesMoreThanItMayIsRefusedWithTheNumbers() throws {
    let place = try Self.place()
    try place.write(Self.document(50), to: "half.yaml")
    for more in [[], ["--dry-run"], ["--stage"], ["--expect-head", "1"]] {
      let refused = try place.turnout(["publish", "half.yaml", "--max-move", "5%"] + more)
      #expect(refused.status == 1)
      #expect(refused.output.isEmpty)
      #expect(
        refused.errors.contains(
          "error: max_move is 5 % (--max-move): 45 % of the units of `Home` would move (nothing else "
            + "given)\n    45 %  m@a on one → m@b on two\nerror: A guard refuses this: nothing was done. "
            + "With --override-guards and a reason it is done all the same, and the history says so.\n"
        ))
    }
    #expect(try Self.head(place) == 1)
    let json = try place.turnout("publish", "half.yaml", "--max-move", "5%", "--json")
    #expect(json.status == 1)
    expectEqual(
      try json.json(),
      [
        "refused": true, "overridden": nil as Any? as Any,
        "guards": [
          [
            "guard": "max_move", "limit": 0.05, "stated": "--max-move", "holds": false,
            "use_case": "Home", "circumstances": "nothing else given", "share": 0.45,
            "flows": [["from": "m@a on one", "to": "m@b on two", "share": 0.45]],
          ] as [String: Any]
        ],
      ] as [String: Any])
  }

  @Test func aGuardThatIsJustReachedHolds() throws {
    let place = try Self.place()
    // Five more of a hundred are a whole number of positions, and so a little more than 5 %.
    try place.write(Self.document(10), to: "ten.yaml")
    let just = try place.turnout("publish", "ten.yaml", "--max-move", "5%", "--dry-run")
    #expect(just.status == 0, "\(just.errors)")
    #expect(just.output.contains("guard max_move 5 %: 5 % of the units of `Home` move"))
    #expect(
      try place.turnout("publish", "ten.yaml", "--max-move", "4.998%", "--dry-run").status == 1)
    // The load of `two` goes from 0.55 to 0.6: by an eleventh, 9.0909… %.
    let load = "--max-cluster-load"
    #expect(
      try place.turnout("publish", "ten.yaml", load, "+9.091%", "--dry-run").status == 0)
    let refused = try place.turnout("publish", "ten.yaml", load, "+9.08%", "--dry-run")
    #expect(refused.status == 1)
    #expect(
      refused.errors.contains(
        "max_cluster_load is +9.08 % (--max-cluster-load): the load of `two` would go from 0.55 to "
          + "0.6, +9.1 %"))
    // Nobody may move at all; and nobody does where nothing changes.
    #expect(try place.turnout("publish", "ten.yaml", "--max-move", "0%").status == 1)
    let same = try place.turnout("publish", "routing.yaml", "--max-move", "0%", load, "+0%")
    #expect(same.status == 0)
    #expect(try place.turnout("publish", "ten.yaml", "--max-move", "5%").status == 0)
    #expect(try Self.head(place) == 2)
  }

  @Test func ofAllGuardsTheStrictestHolds() throws {
    let place = try Self.place()
    func refused(_ document: String, _ options: String...) throws -> String {
      try place.write(document, to: "next.yaml")
      let outcome = try place.turnout(["publish", "next.yaml", "--dry-run"] + options)
      #expect(outcome.status == 1)
      return outcome.errors
    }
    let stated = Self.document(20, guards: "guards: { max_move: 10% }")
    #expect(try refused(stated).contains("max_move is 10 % (next.yaml:19:21): 15 % of"))
    #expect(try refused(stated, "--max-move", "50%").contains("10 % (next.yaml:19:21)"))
    #expect(try refused(stated, "--max-move", "5%").contains("5 % (--max-move)"))
    let own = Self.document(20, useCase: "\n    guards: { max_move: 3% }")
    #expect(try refused(own).contains("3 % (next.yaml:15:25)"))
    #expect(try refused(own, "--max-move", "2%").contains("2 % (--max-move)"))
    // A guard of one use case says nothing of another.
    try place.write(
      Self.document(5, useCase: "\n    guards: { max_move: 3% }").replacing(
        "m@a: 50, m@b: 50", with: "m@a: 40, m@b: 60"), to: "next.yaml")
    #expect(try place.turnout("publish", "next.yaml", "--dry-run").status == 0)
    try place.write("turnout: 1\nguards: { max_move: 9%, max_cluster_load: +1% }\n", to: "ops.yaml")
    try place.write(stated, to: "next.yaml")
    let both = try place.turnout("publish", "next.yaml", "ops.yaml", "--dry-run")
    #expect(both.errors.contains("max_move is 9 % (ops.yaml:2:21)"))
    #expect(both.errors.contains("max_cluster_load is +1 % (ops.yaml:2:43)"))
    #expect(both.errors.contains("error: 2 guards refuse this"))
  }

  @Test func eachClassOfContextIsHeldAgainstTheGuard() throws {
    let place = try Self.place()
    try place.write(
      Self.document(5).replacing(
        "when: { kids: true }, route: m@a", with: "when: { kids: true }, route: m@c"),
      to: "kids.yaml")
    let refused = try place.turnout("publish", "kids.yaml", "--max-move", "5%")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("100 % of the units of `Home` would move (kids"))
    #expect(refused.errors.contains("    100 %  m@a on one → m@c on new"))
    // By a population in which few are such, few move; the load of a new cluster has nothing to grow by.
    try place.write(
      """
      {"use_case":"Home","weight":98}
      {"use_case":"Home","context":{"kids":true},"weight":2}

      """, to: "requests.jsonl")
    let weighed = try place.turnout(
      "publish", "kids.yaml", "--max-move", "5%", "--max-cluster-load", "+0%", "--population",
      "requests.jsonl")
    #expect(weighed.status == 0, "\(weighed.errors)")
    #expect(weighed.output.contains("guard max_move 5 %: 2 % of the units of `Home` move"))
  }

  @Test func aPopulationLoosensNoGuardOfADocument() throws {
    let place = try Self.place()
    let all = Self.document(98, guards: "guards: { max_move: 50%, max_cluster_load: +50% }")
    try place.write(all, to: "all.yaml")
    // All that come are kids, who stay.
    try place.write(
      #"{"use_case":"Home","context":{"kids":true}}"# + "\n", to: "kids.jsonl")
    let refused = try place.turnout(
      "publish", "all.yaml", "--population", "kids.jsonl", "--max-move", "1%")
    #expect(refused.status == 1)
    #expect(
      refused.errors.contains(
        "max_move is 50 % (all.yaml:19:21): 93 % of the units of `Home` would move (nothing else"),
      "\(refused.errors)")
    #expect(
      refused.errors.contains(
        "max_cluster_load is +50 % (all.yaml:19:44): the load of `two` would"),
      "\(refused.errors)")
    #expect(refused.errors.contains("error: 2 guards refuse this"))
    let own = Self.document(98, useCase: "\n    guards: { max_move: 3% }")
    try place.write(own, to: "own.yaml")
    let one = try place.turnout("publish", "own.yaml", "--population", "kids.jsonl")
    #expect(one.status == 1 && one.errors.contains("3 % (own.yaml:15:25)"), "\(one.errors)")
    // It may add: where it says that more move than any class, or less is allowed.
    try place.write(#"{"use_case":"Home"}"# + "\n", to: "plain.jsonl")
    try place.write(Self.document(20, guards: "guards: { max_move: 50% }"), to: "next.yaml")
    let stated = try place.turnout(
      "publish", "next.yaml", "--population", "plain.jsonl", "--max-move", "5%")
    #expect(stated.errors.contains("max_move is 5 % (--max-move): 15 % of"), "\(stated.errors)")
    try place.write(Self.document(98), to: "none.yaml")
    let weighed = try place.turnout(
      "publish", "none.yaml", "--population", "kids.jsonl", "--max-move", "1%",
      "--max-cluster-load", "+1%", "--dry-run")
    #expect(weighed.status == 0, "\(weighed.errors)")
    let forced = try place.turnout(
      "publish", "all.yaml", "--population", "kids.jsonl", "--override-guards", "kids only")
    #expect(forced.status == 0, "\(forced.errors)")
    #expect(try place.turnout("history").output.contains("[guards overridden: kids only]"))
  }

  @Test func aPopulationThatAsksNothingOfWhatChangesTurnsNoGuardOff() throws {
    let place = try Self.place()
    try place.write(
      Self.document(98, guards: "guards: { max_cluster_load: +5% }"), to: "all.yaml")
    try place.write(#"{"use_case":"Hme","weight":5}"# + "\n", to: "typo.jsonl")
    let typo = try place.turnout("publish", "all.yaml", "--population", "typo.jsonl")
    #expect(typo.status == 2)
    #expect(
      typo.errors.contains("typo.jsonl:1:13:")
        && typo.errors.contains("neither table has a use case `Hme`; did you mean `Home`?"),
      "\(typo.errors)")
    // Nor does one that asks another use case: of `Home` it says nothing, and its classes count.
    try place.write(#"{"use_case":"Rows"}"# + "\n", to: "rows.jsonl")
    try place.write(Self.document(98), to: "bare.yaml")
    for (file, more) in [("all.yaml", []), ("bare.yaml", ["--max-cluster-load", "+5%"])] {
      let refused = try place.turnout(
        ["publish", file, "--population", "rows.jsonl"] + more)
      #expect(refused.status == 1)
      #expect(
        refused.errors.contains("the load of `two` would go from 0.55 to 1.48"),
        "\(refused.errors)")
    }
    #expect(try Self.head(place) == 1)
  }

  @Test func guardsAreOverriddenWithAReasonThatTheHistoryKeeps() throws {
    let place = try Self.place()
    try place.write(Self.document(50, guards: "guards: { max_move: 5% }"), to: "half.yaml")
    let none = try place.turnout("publish", "half.yaml", "--override-guards", " ")
    #expect(none.status == 2)
    let made = try place.turnout(
      "publish", "half.yaml", "--override-guards", "the old model is gone", "--message", "half",
      "--json")
    #expect(made.status == 0, "\(made.errors)")
    let report = try made.json()
    expectEqual(report["overridden"], "the old model is gone")
    expectEqual((report["guards"] as? [[String: Any]])?.first?["holds"], false)
    #expect(
      try place.turnout("history").output.contains(
        "half [guards overridden: the old model is gone]"))
    // Where no guard refuses there is nothing to override.
    try place.write(Self.document(51, guards: "guards: { max_move: 5% }"), to: "half.yaml")
    let quiet = try place.turnout("publish", "half.yaml", "--override-guards", "in vain", "--json")
    expectEqual(try quiet.json()["overridden"], nil)
    #expect(!(try place.turnout("history").output.contains("in vain")))
  }

  @Test func aTableFileAndAStagedRevisionAreHeldTooAndAWayBackIsNot() throws {
    let place = try Self.place()
    try place.write(Self.document(50, guards: "guards: { max_move: 46% }"), to: "half.yaml")
    #expect(
      try place.turnout("compile", "half.yaml", "-o", "t", "--against", "turnout-store").status == 0
    )
    let refused = try place.turnout("apply", "t", "--max-move", "5%")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("45 % of the units of `Home` would move"))

    #expect(try place.turnout("publish", "half.yaml", "--stage").status == 0)
    try place.write(Self.document(1), to: "one.yaml")
    #expect(try place.turnout("publish", "one.yaml", "--max-move", "4%").status == 0)
    // From 1 % it is more than its documents allow, which they did not when it was staged.
    let activated = try place.turnout("activate", "2")
    #expect(activated.status == 1)
    #expect(activated.errors.contains("max_move is 46 % (half.yaml:19:21): 49 % of the units"))
    #expect(try Self.head(place) == 3)
    let forced = try place.turnout("activate", "2", "--override-guards", "reviewed", "--json")
    #expect(forced.status == 0, "\(forced.errors)")
    expectEqual(try forced.json()["overridden"], "reviewed")

    // Back and forth: both were head, and no document bars the way.
    #expect(try place.turnout("rollback").status == 0)
    #expect(try Self.head(place) == 3)
    #expect(try place.turnout("activate", "2").status == 0)
    #expect(try place.turnout("rollback").status == 0)
    let stated = try place.turnout("activate", "2", "--max-move", "5%")
    #expect(stated.status == 1)
    #expect(try Self.head(place) == 3)
  }

  @Test func oneThatComesLaterIsHeldAgainstTheHeadThatItFinds() throws {
    let place = try Self.place()
    try place.write(Self.document(9), to: "w1.yaml")
    try place.write(Self.document(13), to: "w2.yaml")
    try place.write(Self.document(17), to: "w3.yaml")
    // From 5 % each but the first is too far: what is made follows what was head then.
    let raced = try place.bash(
      """
      for w in w3 w2 w1; do "$turnout" publish $w.yaml --max-move 4.5% >$w.out 2>&1 & done; wait
      """)
    #expect(raced.status == 0)
    let entries = try #require(
      JSONSerialization.jsonObject(with: Data(try place.turnout("history", "--json").output.utf8))
        as? [[String: Any]])
    let made = entries.count - 1
    #expect((1...3).contains(made))
    let refused = try ["w1", "w2", "w3"].filter {
      try String(contentsOfFile: place.path("\($0).out"), encoding: .utf8).contains(
        "max_move is 4.5 %")
    }
    #expect(refused.count == 3 - made)
    #expect(!refused.contains("w1"))
  }
}
