import Foundation
import Testing

/// `history`, `rollback` to one, `pin`, `unpin` and `retention`.
@Suite struct HistoryTests {
  private func history(_ place: Workplace, _ arguments: String...) throws -> [[String: Any]] {
    let text = try place.bash(
      "\"$turnout\" history --json \(arguments.joined(separator: " "))"
    ).output
    return try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]], "\(text)")
  }

  private func numbers(_ entries: [[String: Any]]) -> [Int] {
    entries.compactMap { $0["number"] as? Int }
  }

  @Test func whatMovedIsInTheHistoryWhenTheTablesHaveGone() throws {
    let place = try Workplace()
    try place.publish(canary: 1)
    _ = try place.turnout("retention", "--keep", "1")
    try place.write(
      Workplace.document(canary: 5).replacingOccurrences(of: "  Kids:", with: "  Children:"),
      to: "routing.yaml")
    _ = try place.turnout("publish", "routing.yaml")
    try place.publish(canary: 20)
    try place.publish(canary: 30)
    let entries = try history(place)
    #expect(entries.map { $0["kept"] as? Bool } == [true, true, false, false, false])
    expectEqual(
      entries[2]["moved"],
      [
        "allocations": 1,
        "most": [
          [
            "kind": "split", "owner": "ContinueWatchingRanking/canary", "share": 0.04,
            "minimum": 0.04, "released": 0,
          ]
        ],
        "use_cases_added": ["count": 1, "first": ["Children"]],
        "use_cases_removed": ["count": 1, "first": ["Kids"]],
        "use_cases_differing": ["count": 1, "first": ["ContinueWatchingRanking"]],
      ] as [String: Any])
    let first = try #require(entries[4]["moved"] as? [String: Any])
    expectEqual((first["use_cases_added"] as? [String: Any])?["count"], 4)
    let list = try place.turnout("history")
    #expect(list.output.contains("  4 %, +1 use case, -1 use case  "))
    let whole = try place.turnout("history", "3")
    #expect(whole.output.contains("  moved        split  ContinueWatchingRanking/canary  4 %"))
    #expect(whole.output.contains("  came         1 use case: Children"))
    #expect(whole.output.contains("its table is no longer kept"))
    #expect(try place.turnout("verify").status == 0)
  }

  @Test func stagesActivationsRollbacksAndAppliesSayWhatTheyMove() throws {
    let place = try Workplace()
    try place.publish(canary: 1)
    try place.write(Workplace.document(canary: 11), to: "routing.yaml")
    _ = try place.turnout("publish", "routing.yaml", "--stage")
    let moved = try place.turnout("activate", "2", "--json").json()["moved"] as? [[String: Any]]
    expectEqual(moved?.first?["share"], 0.1)
    let back = try place.turnout("rollback", "--message", "red graph")
    #expect(back.output.contains("split  ContinueWatchingRanking/canary   10 %"))
    _ = try place.turnout(
      "compile", "routing.yaml", "-o", "routing.table", "--against", "turnout-store")
    _ = try place.turnout("apply", "routing.table")
    let entries = try history(place)
    #expect(
      entries.map { $0["action"] as? String } == [
        "apply", "rollback", "activate", "stage", "publish",
      ])
    for entry in entries.dropLast() {
      let moved = try #require(entry["moved"] as? [String: Any])
      let most = try #require(moved["most"] as? [[String: Any]])
      expectEqual(most.first?["share"], 0.1)
    }
  }

  @Test func entriesAreSelected() throws {
    let place = try Workplace()
    try place.publish(canary: 1)
    _ = try place.turnout("set", "cluster", "chat/g0", "down", "--author", "grace")
    _ = try place.turnout("set", "use-case", "Chat", "off")
    try place.publish(canary: 5)
    #expect(numbers(try history(place, "--author", "grace")) == [2])
    #expect(numbers(try history(place, "--cluster", "chat")) == [2])
    #expect(numbers(try history(place, "--use-case", "Chat")) == [3, 1])
    #expect(numbers(try history(place, "--use-case", "ContinueWatchingRanking")) == [4, 1])
    #expect(numbers(try history(place, "--use-case", "Chat", "--limit", "1")) == [3])
    #expect(numbers(try history(place, "--since", "1h-ago")) == [4, 3, 2, 1])
    #expect(numbers(try history(place, "--since", "now")) == [])
    #expect(try place.turnout("history", "--author", "nobody").output.contains("nothing of that"))
    #expect(try place.turnout("history", "--since", "soon").status == 2)
    #expect(try place.turnout("history", "3", "--limit", "2").status == 2)
    let missing = try place.turnout("history", "9")
    #expect(missing.status == 1 && missing.errors.contains("from 1 to 4"))
    let one = try place.turnout("history", "2")
    #expect(
      one.output.contains("set          cluster chat/g0 down") && !one.output.contains("moved"))
    expectEqual(try place.turnout("history", "3", "--json").json()["number"], 3)
  }

  @Test func aRollbackToOneGoesOnlyWhereHeadHasBeen() throws {
    let place = try Workplace()
    for share in [1, 2, 3] { try place.publish(canary: share) }
    try place.write(Workplace.document(canary: 4), to: "routing.yaml")
    _ = try place.turnout("publish", "routing.yaml", "--stage")
    let refused = try place.turnout("rollback", "4")
    #expect(refused.status == 1 && refused.errors.contains("`turnout activate 4` makes it head"))
    let back = try place.turnout("rollback", "1", "--message", "to the first", "--json").json()
    expectEqual(back["revision"], 1)
    expectEqual(back["previous_head"], 3)
    expectEqual(try history(place).first?["message"], "to the first")
    expectEqual(try place.turnout("rollback", "--json").json()["revision"], 3)
    #expect(try place.turnout("rollback", "3").output.contains("unchanged"))
    #expect(try place.turnout("rollback", "9").status == 1)
  }

  @Test func aTableThatIsNoLongerKeptIsToldFromOneThatNeverWas() throws {
    let place = try Workplace()
    try place.publish(canary: 1)
    _ = try place.turnout("retention", "--keep", "2")
    for share in 2...6 { try place.publish(canary: share) }
    for line in [
      "resolve Chat --unit u_1 --at 1", "diff @1 @head", "activate 1", "rollback 1",
      "export --at 1", "pin 1", "unpin 1", "graph Chat --at 1",
    ] {
      let gone = try place.bash("\"$turnout\" \(line)")
      #expect(gone.status != 0)
      #expect(gone.errors.contains("was published, and its table is no longer kept"), "\(line)")
      #expect(!gone.errors.contains("`turnout history` lists them"))
      let other = line.replacingOccurrences(of: "1", with: "9")
        .replacingOccurrences(of: "u_9", with: "u_1")
      let never = try place.bash("\"$turnout\" \(other)")
      #expect(never.status != 0 && never.errors.contains("has no revision 9"), "\(line)")
    }
    let list = try place.turnout("history").lines
    #expect(list.last?.contains("  (1)  ") == true)
    #expect(list.dropFirst().first?.contains("  6  ") == true)
    _ = try place.turnout("pin", "6")
    #expect(try place.turnout("unpin", "5").output == "unchanged: revision 5 was not pinned\n")
    #expect(try place.turnout("pin", "6").output == "unchanged: revision 6 is pinned already\n")
  }

  @Test func aPinnedRevisionIsShownAndKept() throws {
    let place = try Workplace()
    try place.publish(canary: 1)
    let kept = try place.turnout("retention", "--keep", "1", "--message", "small disk", "--json")
    expectEqual(try kept.json()["keep"], 1)
    let pinned = try place.turnout("pin", "1", "--message", "before the holidays")
    #expect(pinned.output == "revision 1 is pinned\n")
    #expect(try place.turnout("pin", "1").output.hasPrefix("unchanged"))
    for share in [2, 3, 4] { try place.publish(canary: share) }
    let stat = try place.turnout("stat", "--json").json()
    let pin = try #require((stat["pins"] as? [[String: Any]])?.first)
    expectEqual(pin["revision"], 1)
    expectEqual(pin["message"], "before the holidays")
    expectEqual(stat["retention"], ["keep": 1, "for_seconds": NSNull()] as [String: Any])
    #expect((stat["revisions"] as? [Any])?.count == 3)
    #expect(try place.turnout("stat").output.contains("pinned     1\n"))
    let list = try place.turnout("history").output
    #expect(list.contains("publish, pinned") && list.contains("retention: keep 1"))
    let entries = try history(place)
    #expect(entries.filter { $0["pinned"] as? Bool == true }.count == 2)
    #expect(try place.turnout("resolve", "Chat", "--unit", "u_1", "--at", "1").status == 0)
    expectEqual(try place.turnout("unpin", "1", "--json").json()["pinned"], false)
    #expect(try place.turnout("resolve", "Chat", "--unit", "u_1", "--at", "1").status == 1)
    #expect(try place.turnout("unpin", "1").status == 1)
    #expect(try place.turnout("pin", "77").status == 1)
    #expect(try place.turnout("verify").status == 0)
  }

  @Test func retentionIsSaidAndChanged() throws {
    let place = try Workplace()
    try place.publish()
    let before = try place.turnout("retention").output
    #expect(before.hasPrefix("kept are the newest 16 revisions, pinned ones, head"))
    let changed = try place.turnout("retention", "--keep", "4", "--for", "30d").output
    #expect(changed.hasPrefix("kept are the newest 4 revisions, those of the last 30 d, pinned"))
    #expect(try place.turnout("retention", "--keep", "4").output.hasPrefix("unchanged"))
    expectEqual(try place.turnout("retention", "--for", "0s", "--json").json()["for_seconds"], nil)
    for wrong in [["--keep", "0"], ["--keep", "4097"], ["--for", "soon"]] {
      #expect(try place.bash("\"$turnout\" retention \(wrong.joined(separator: " "))").status == 2)
    }
    // A copy keeps what the store keeps.
    _ = try place.turnout("pin", "1")
    #expect(try place.turnout("backup", "saved").status == 0)
    let copy = try place.turnout("stat", "--json", "--store", "saved").json()
    expectEqual((copy["retention"] as? [String: Any])?["keep"], 4)
    #expect((copy["pins"] as? [Any])?.count == 1)
    #expect(try place.turnout("history", "--limit", "3").output.contains("keep 4 for 30 d"))
  }

  @Test func whoMayReadTheCatalogAsksWithoutWriting() throws {
    let place = try Workplace()
    for share in [1, 2, 3] { try place.publish(canary: share) }
    let probe = try place.bash("command -v setpriv >/dev/null && [ \"$(id -u)\" = 0 ]")
    guard probe.status == 0 else { return }
    // Of the store's group: it may read the catalog, and write nothing.
    let asMember = "setpriv --reuid=65534 --regid=65534 --clear-groups"
    let made = try place.bash(
      "chmod 755 . && chmod -R a+rX turnout-store && chgrp 65534 turnout-store/cat* && "
        + "chmod 640 turnout-store/catalog.mdb && rm turnout-store/catalog.mdb-lock")
    #expect(made.status == 0)
    guard try place.bash("\(asMember) test -x \"$turnout\"").status == 0 else { return }
    for line in [
      "history", "history 2", "retention", "stat", "verify", "export --at 1",
      "resolve Chat --unit u_1 --at 1", "resolve Chat --unit u_1 --at now", "overlay",
    ] {
      let asked = try place.bash("\(asMember) \"$turnout\" \(line)")
      #expect(asked.status == 0, "\(line): \(asked.errors)")
    }
    let stat = try place.bash("\(asMember) \"$turnout\" stat --json").json()
    expectEqual((stat["retention"] as? [String: Any])?["keep"], 16)
    for line in ["rollback", "pin 1", "retention --keep 3", "publish routing.yaml"] {
      #expect(try place.bash("\(asMember) \"$turnout\" \(line)").status == 3)
    }
    // Others are told who may; head and the heads before it are for them, too.
    #expect(try place.bash("chgrp 0 turnout-store/cat*").status == 0)
    let refused = try place.bash("\(asMember) \"$turnout\" history")
    #expect(refused.status == 3 && refused.errors.contains("Its owner and its group may"))
    #expect(try place.bash("\(asMember) \"$turnout\" resolve Chat --unit u_1 --at 1").status == 0)
    #expect(!place.exists("turnout-store/catalog.mdb-lock"))
  }
}
