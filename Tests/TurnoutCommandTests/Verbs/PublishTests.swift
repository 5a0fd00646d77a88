import Foundation
import Testing

@Suite struct PublishTests {
  @Test func theFirstPublishMakesTheStoreAndSaysSo() throws {
    let place = try Workplace()
    try place.write(Workplace.document(), to: "routing.yaml")
    let published = try place.turnout("publish", "routing.yaml")
    #expect(published.status == 0, "\(published.errors)")
    #expect(published.lines.first == "made the store ./turnout-store")
    #expect(published.output.contains("revision 1 is head"))
    #expect(place.exists("turnout-store/head"))
  }

  @Test func theSameDocumentMakesNoRevision() throws {
    let place = try Workplace()
    try place.publish()
    let again = try place.turnout("publish", "routing.yaml", "--json").json()
    expectEqual(again["unchanged"], true)
    expectEqual(again["revision"], 1)
    expectEqual(again["moved"], [Any]())
    let human = try place.turnout("publish", "routing.yaml")
    #expect(human.output == "unchanged: revision 1 already is this table\n")
  }

  @Test func whatMovesIsSaidWithItsMinimum() throws {
    let place = try Workplace()
    try place.publish(canary: 1)
    try place.write(Workplace.document(canary: 5), to: "routing.yaml")
    let published = try place.turnout("publish", "routing.yaml", "--json")
    let report = try published.json()
    #expect(
      Set(report.keys) == [
        "revision", "digest", "bytes", "unchanged", "moved", "use_cases_differing", "head",
        "dry_run", "guards", "overridden",
      ])
    expectEqual(report["revision"], 2)
    expectEqual(report["unchanged"], false)
    expectEqual(
      report["moved"],
      [
        [
          "kind": "split", "owner": "ContinueWatchingRanking/canary", "share": 0.04,
          "minimum": 0.04, "released": 0, "gone": false,
        ] as [String: Any]
      ])
    #expect((report["digest"] as? String)?.utf8.count == 32)
    // Numbers stand as a person would write them.
    #expect(published.output.contains(#""share":0.04,"minimum":0.04"#))

    try place.write(Workplace.document(canary: 50), to: "routing.yaml")
    let human = try place.turnout("publish", "routing.yaml").output
    #expect(human.contains("ContinueWatchingRanking/canary   45 %      45 %"), "\(human)")
  }

  @Test func aDryRunWritesNothing() throws {
    let place = try Workplace()
    try place.write(Workplace.document(), to: "routing.yaml")
    let first = try place.turnout("publish", "routing.yaml", "--dry-run", "--json")
    #expect(first.status == 0)
    expectEqual(try first.json()["revision"], nil)
    expectEqual(try first.json()["dry_run"], true)
    #expect(!place.exists("turnout-store"))

    try place.publish(canary: 1)
    try place.write(Workplace.document(canary: 5), to: "next.yaml")
    let second = try place.turnout("publish", "next.yaml", "--dry-run")
    #expect(second.output.contains("nothing was written"))
    #expect(second.output.contains("4 %"))
    #expect(
      try place.turnout("history", "--json").output.components(separatedBy: "number").count == 2)
    let same = try place.turnout("publish", "routing.yaml", "--dry-run", "--json").json()
    expectEqual(same["unchanged"], true)
  }

  @Test func aStagedRevisionIsNotHeadUntilActivated() throws {
    let place = try Workplace()
    try place.publish(canary: 1)
    try place.write(Workplace.document(canary: 5), to: "routing.yaml")
    let staged = try place.turnout("publish", "routing.yaml", "--stage")
    #expect(staged.output.contains("revision 2 is staged; head stays at revision 1"))
    expectEqual(try place.turnout("stat", "--json").json()["revision"], 1)
    #expect(
      try place.turnout("activate", "2").output.contains("revision 2 is head (before: revision 1)"))
    expectEqual(try place.turnout("stat", "--json").json()["revision"], 2)
  }

  @Test func anotherHeadThanExpectedRefuses() throws {
    let place = try Workplace()
    try place.write(Workplace.document(), to: "routing.yaml")
    let early = try place.turnout("publish", "routing.yaml", "--expect-head", "3")
    #expect(early.status == 1)
    #expect(!place.exists("turnout-store"))
    #expect(try place.turnout("publish", "routing.yaml", "--expect-head", "0").status == 0)
    try place.write(Workplace.document(canary: 9), to: "routing.yaml")
    for verb in [["publish", "routing.yaml"], ["publish", "routing.yaml", "--dry-run"]] {
      let refused = try place.turnout(verb[0], verb[1], verb.last ?? "", "--expect-head", "7")
      #expect(refused.status == 1)
      #expect(refused.output.isEmpty)
      #expect(refused.errors.contains("is revision 1, not 7"))
    }
    #expect(try place.turnout("publish", "routing.yaml", "--expect-head", "1").status == 0)
  }

  @Test func aBadDocumentChangesNothing() throws {
    let place = try Workplace()
    try place.write("turnout: 1\nnonsense: 2\n", to: "routing.yaml")
    let refused = try place.turnout("publish", "routing.yaml")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("routing.yaml:2:1: error:"))
    #expect(refused.errors.contains("nothing was done"))
    #expect(!place.exists("turnout-store"))
  }

  @Test func twoWritersTakeTurnsAndBothAreHeard() async throws {
    let place = try Workplace()
    try place.publish(canary: 1)
    for share in 2...5 {
      try place.write(Workplace.document(canary: share), to: "w\(share).yaml")
    }
    let raced = try place.bash(
      """
      for share in 2 3 4 5; do "$turnout" publish w$share.yaml & pids="$pids $!"; done
      for pid in $pids; do wait $pid || exit 1; done
      """)
    #expect(raced.status == 0, "\(raced.errors)")
    let entries = try #require(
      JSONSerialization.jsonObject(with: Data(try place.turnout("history", "--json").output.utf8))
        as? [[String: Any]])
    #expect(entries.compactMap { $0["revision"] as? Int } == [5, 4, 3, 2, 1])
    // Each was compiled against the head that it found.
    #expect(entries.compactMap { $0["previous_head"] as? Int } == [4, 3, 2, 1])
  }

  @Test func authorAndMessageGoIntoTheHistory() throws {
    let place = try Workplace()
    try place.write(Workplace.document(), to: "routing.yaml")
    _ = try place.turnout(
      "publish", "routing.yaml", "--message", "first\u{1b}[31m", "--author", "Ada")
    let history = try place.turnout("history").output
    #expect(history.contains("Ada"))
    // What others wrote cannot steer the terminal.
    #expect(history.contains(#"first\u{1b}[31m"#))
    let tooLong = try place.turnout(
      "activate", "1", "--message", String(repeating: "x", count: 5_000))
    #expect(tooLong.status == 2)
  }

  @Test func aFolderThatIsNoStoreIsLeftAlone() throws {
    let place = try Workplace()
    try place.write(Workplace.document(), to: "routing.yaml")
    try place.write("mine", to: "home/notes.txt")
    let refused = try place.turnout("publish", "routing.yaml", "--store", "home")
    #expect(refused.status == 3)
    #expect(refused.errors.contains("notes.txt"))
  }

  @Test func theDocumentsAreKeptWithTheTable() throws {
    let place = try Workplace()
    try place.publish()
    let file = try Data(
      contentsOf: place.folder.appendingPathComponent("turnout-store/tables/00000001.mdb"))
    let sources = #"[{"name":"routing.yaml","text":"turnout: 1\nunit: user\n"#
    #expect(file.range(of: Data(sources.utf8)) != nil)
  }

  @Test func peopleSeeWhatMovesMostAndProgramsSeeAll() throws {
    let place = try Workplace()
    func document(_ share: (Int) -> Int) -> String {
      let useCases = (10..<40).map { number in
        let weight = share(number)
        return
          "  U\(number): { rules: [{ name: s, split: { m@a: \(100 - weight), m@b: \(weight) } }] }"
      }
      return """
        turnout: 1
        unit: user
        clusters: { c: { address: "10.0.0.1:80" } }
        models: { m: { a: { cluster: c }, b: { cluster: c } } }
        use_cases:
        \(useCases.joined(separator: "\n"))
        """
    }
    try place.write(document { _ in 1 }, to: "routing.yaml")
    #expect(try place.turnout("publish", "routing.yaml").status == 0)
    try place.write(document { $0 }, to: "routing.yaml")
    let human = try place.turnout("publish", "routing.yaml", "--dry-run").lines
    #expect(human.dropFirst(3).first?.hasPrefix("  split  U39/s   38 %") == true)
    #expect(human.last == "  and 10 more allocations; --json lists all")
    let all = try place.turnout("publish", "routing.yaml", "--dry-run", "--json").json()["moved"]
    #expect((all as? [Any])?.count == 30)
  }
}
