import Foundation
import Testing

/// `activate`, `rollback`, `history` and `stat`.
@Suite struct HeadTests {
  @Test func aRollbackGoesWhereHeadWasAndASecondOneBack() throws {
    let place = try Workplace()
    try place.publish(canary: 1)
    let alone = try place.turnout("rollback")
    #expect(alone.status == 1)
    try place.publish(canary: 5)
    let back = try place.turnout("rollback", "--json", "--message", "red graph").json()
    expectEqual(back["revision"], 1)
    expectEqual(back["previous_head"], 2)
    expectEqual(back["unchanged"], false)
    expectEqual(try place.turnout("rollback", "--json").json()["revision"], 2)
    #expect(try place.turnout("activate", "2").output == "unchanged: revision 2 is head already\n")
    #expect(try place.turnout("rollback", "--expect-head", "1").status == 1)
  }

  @Test(arguments: [["rollback"], ["rollback", "1"], ["activate", "1"]])
  func aDryRunSaysWhatWouldMoveAndMovesNothing(_ verb: [String]) throws {
    let place = try Workplace()
    try place.publish(canary: 1)
    try place.publish(canary: 5)
    let before = try place.turnout("history").output
    let tried = try place.turnout(verb + ["--dry-run"])
    #expect(tried.status == 0)
    #expect(tried.output.hasPrefix("dry run: revision 1 would be head (before: revision 2)\n"))
    #expect(tried.output.contains("ContinueWatchingRanking/canary    4 %       4 %"))
    let said = try place.turnout(verb + ["--dry-run", "--json"]).json()
    expectEqual(said["revision"], 1)
    expectEqual(said["dry_run"], true)
    expectEqual(try place.turnout("stat", "--json").json()["revision"], 2)
    #expect(try place.turnout("history").output == before)
    // The same is said when it is done.
    var done = try place.turnout(verb + ["--json"]).json()
    expectEqual(done["dry_run"], false)
    done["dry_run"] = true
    expectEqual(done, said)
  }

  @Test func aDryRunIsRefusedAsTheChangeWouldBe() throws {
    let place = try Workplace()
    try place.publish(canary: 1)
    #expect(try place.turnout("rollback", "--dry-run").status == 1)
    try place.publish(canary: 5)
    #expect(try place.turnout("activate", "9", "--dry-run").status == 1)
    #expect(try place.turnout("rollback", "--dry-run", "--expect-head", "1").status == 1)
    let guarded = try place.turnout("activate", "1", "--dry-run", "--max-move", "3%")
    #expect(guarded.status == 1)
    #expect(guarded.errors.contains("max_move is 3 %"))
  }

  @Test func aRevisionThatIsNotThereIsARefusal() throws {
    let place = try Workplace()
    try place.publish()
    let refused = try place.turnout("activate", "9")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("no revision 9"))
    #expect(try place.turnout("activate", "nine").status == 2)
  }

  @Test func theHistoryIsNewestFirstWithAllItsFields() throws {
    let place = try Workplace()
    try place.publish(canary: 1)
    try place.publish(canary: 5)
    _ = try place.turnout("rollback", "--author", "Grace", "--message", "red graph")
    let text = try place.turnout("history", "--json").output
    let entries = try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
    #expect(entries.map { $0["action"] as? String } == ["rollback", "publish", "publish"])
    let newest = try #require(entries.first)
    #expect(
      Set(newest.keys) == [
        "number", "action", "revision", "previous_head", "head", "time", "digest", "bytes",
        "author", "message", "kept", "changes", "moved", "retention", "pinned",
      ])
    expectEqual(newest["revision"], 1)
    expectEqual(newest["previous_head"], 2)
    expectEqual(newest["author"], "Grace")
    expectEqual(newest["message"], "red graph")
    expectEqual(newest["kept"], true)
    expectEqual(entries[1]["author"], "tester")
    expectEqual(entries[2]["previous_head"], nil)
    #expect((newest["time"] as? String)?.hasSuffix("Z") == true)

    let human = try place.turnout("history", "--limit", "1")
    #expect(human.lines.count == 2)
    #expect(human.lines.last?.hasPrefix("→  ") == true)
  }

  @Test func statIsAMonitoringCheck() throws {
    let place = try Workplace()
    try place.publish()
    let stat = try place.turnout("stat", "--json").json()
    let digest = try #require(stat["digest"] as? String)
    expectEqual(stat["revision"], 1)
    expectEqual(stat["next_revision"], 2)
    expectEqual(stat["problems"], [Any]())
    #expect((stat["revisions"] as? [Any])?.count == 1)
    #expect(
      try place.turnout("stat", "--expect-digest", digest, "--max-age", "1h30m").status == 0)

    let other = String(repeating: "0", count: 32)
    let wrong = try place.turnout("stat", "--expect-digest", other)
    #expect(wrong.status == 1)
    #expect(wrong.errors.contains("not \(other)"))
    #expect(wrong.output.contains("revision 1"))
    // Any age is more than less than nothing.
    _ = try place.bash("sleep 1.1")
    let old = try place.turnout("stat", "--max-age", "0s", "--json")
    #expect(old.status == 1)
    #expect((try old.json()["problems"] as? [String])?.first?.contains("has been head for") == true)

    #expect(try place.turnout("stat", "--max-age", "soon").status == 2)
    #expect(try place.turnout("stat", "--expect-digest", "abc").status == 2)
  }

  @Test func aDamagedHeadIsSeenByStatAndMendedByApply() throws {
    let place = try Workplace()
    try place.publish()
    let digest = try #require(try place.turnout("stat", "--json").json()["digest"] as? String)
    #expect(try place.turnout("compile", "routing.yaml", "-o", "routing.table").status == 0)
    #expect(try place.bash("rm turnout-store/tables/00000001.mdb").status == 0)
    let damaged = try place.turnout("stat", "--expect-digest", digest, "--json")
    #expect(damaged.status == 1)
    #expect(
      (try damaged.json()["problems"] as? [String])?.first?.contains("cannot be served") == true)
    let mended = try place.turnout("apply", "routing.table", "--json").json()
    expectEqual(mended["revision"], 2)
    expectEqual(mended["moved"], NSNull())
    #expect(try place.turnout("stat", "--expect-digest", digest).status == 0)
  }

  @Test func readingNeedsNoWritePermission() throws {
    let place = try Workplace()
    try place.publish()
    // Root may write anywhere; an unprivileged user shows it.
    let probe = try place.bash("command -v setpriv >/dev/null && [ \"$(id -u)\" = 0 ]")
    guard probe.status == 0 else { return }
    let asNobody = "setpriv --reuid=65534 --regid=65534 --clear-groups"
    #expect(
      try place.bash("chmod 755 . && chmod -R a+rX turnout-store && chmod o-r turnout-store/cat*")
        .status == 0)
    guard try place.bash("\(asNobody) test -x \"$turnout\"").status == 0 else { return }
    let resolved = try place.bash("\(asNobody) \"$turnout\" resolve Chat --unit u_1 --json")
    #expect(resolved.status == 0, "\(resolved.errors)")
    let stat = try place.bash("\(asNobody) \"$turnout\" stat")
    #expect(stat.status == 0, "\(stat.errors)")
    #expect(stat.output.contains("cannot be opened here"))
    let dryRun = try place.bash(
      "chmod a+r routing.yaml; \(asNobody) \"$turnout\" publish routing.yaml --dry-run")
    #expect(dryRun.status == 0, "\(dryRun.errors)")
    let published = try place.bash("\(asNobody) \"$turnout\" publish routing.yaml")
    #expect(published.status == 3)
    #expect(published.errors.contains("Permission denied"))
  }
}
