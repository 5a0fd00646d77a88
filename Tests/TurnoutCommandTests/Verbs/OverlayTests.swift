import Foundation
import Testing

/// `set` and `overlay`, and what other verbs say of them.
@Suite struct OverlayTests {
  private func history(_ place: Workplace) throws -> [[String: Any]] {
    let text = try place.turnout("history", "--json").output
    return try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
  }

  private func entries(_ place: Workplace) throws -> [[String: Any]] {
    try #require(try place.turnout("overlay", "--json").json()["entries"] as? [[String: Any]])
  }

  @Test func whatIsSetHoldsIsListedAndIsInTheHistory() throws {
    let place = try Workplace()
    try place.publish()
    let set = try place.turnout(
      "set", "cluster", "cw-a", "draining", "--for", "1h30m", "--message", "kernel", "--author",
      "Grace", "--json"
    ).json()
    expectEqual(set["kind"], "cluster")
    expectEqual(set["name"], "cw-a")
    expectEqual(set["state"], "draining")
    expectEqual(set["before"], ["state": "up", "until": nil])
    expectEqual(set["generation"], 1)
    expectEqual(set["unchanged"], false)
    #expect(try place.turnout("set", "cluster", "chat/g0", "down").status == 0)
    #expect(try place.turnout("set", "use-case", "Kids", "off").status == 0)

    let listed = try place.turnout("overlay", "--json").json()
    expectEqual(listed["revision"], 1)
    expectEqual(listed["generation"], 3)
    let entries = try entries(place)
    #expect(entries.map { $0["name"] as? String } == ["chat/g0", "cw-a", "Kids"])
    #expect(entries.map { $0["kind"] as? String } == ["cluster", "cluster", "use_case"])
    expectEqual(entries[1]["until"], set["until"])
    expectEqual(entries[1]["author"], "Grace")
    expectEqual(entries[1]["message"], "kernel")
    expectEqual(entries[1]["in_table"], true)
    expectEqual(entries[2]["author"], "tester")
    expectEqual(entries[2]["until"], nil)
    #expect((entries[2]["since"] as? String)?.hasSuffix("Z") == true)

    let newest = try #require(try history(place).first)
    expectEqual(newest["action"], "set")
    expectEqual(newest["revision"], 1)
    expectEqual(newest["head"], 1)
    expectEqual(
      newest["changes"], [["kind": "use_case", "name": "Kids", "state": "off", "until": nil]])
    let human = try place.turnout("history")
    #expect(human.output.contains("set cluster cw-a draining for 1 h 30 min"))
    #expect(human.lines.last?.hasPrefix("→") == true)
    expectEqual(try place.turnout("stat", "--json").json()["overlay_entries"], 3)
    #expect(try place.turnout("stat").output.contains("overlay    3 entries"))
  }

  @Test func aChangeMakesNoRevisionAndOutlivesPublishes() throws {
    let place = try Workplace()
    try place.publish(canary: 1)
    _ = try place.turnout("set", "cluster", "cw-a", "down")
    try place.publish(canary: 5)
    #expect(try entries(place).count == 1)
    #expect(try place.turnout("rollback").status == 0)
    #expect(try entries(place).count == 1)
    expectEqual(try place.turnout("stat", "--json").json()["next_revision"], 3)
  }

  @Test func resolvesGoByTheOverlayOfNowWhicheverRevisionAnswers() throws {
    let place = try Workplace()
    try place.publish(canary: 1)
    try place.publish(canary: 5)
    expectEqual(try place.turnout("resolve", "Kids", "--json").json()["cluster"], "cw-a")
    _ = try place.turnout("set", "cluster", "cw-a", "down")
    for revision in [["--at", "1"], ["--at", "2"], []] {
      let line = "\"$turnout\" resolve Kids --json \(revision.joined(separator: " "))"
      let decision = try place.bash(line).json()
      expectEqual(decision["cluster"], "cw-b")
      expectEqual(decision["fallback"], true)
    }
    _ = try place.turnout("set", "use-case", "Kids", "off")
    let off = try place.turnout("resolve", "Kids")
    #expect(off.status == 1 && off.errors.contains("disabled"))
    let batch = try place.turnout(
      "resolve", "--batch", "-", input: "{\"use_case\":\"Kids\"}\n{\"use_case\":\"Chat\"}\n")
    #expect(try batch.jsonLines().map { $0["status"] as? String } == ["disabled", "ok"])
  }

  @Test func goingBackEndsIt() throws {
    let place = try Workplace()
    try place.publish()
    _ = try place.turnout("set", "cluster", "cw-a", "down")
    let back = try place.turnout("set", "cluster", "cw-a", "up")
    #expect(back.output == "cluster cw-a is up (before: down)\n")
    let again = try place.turnout("set", "cluster", "cw-a", "up")
    #expect(again.status == 0 && again.output == "unchanged: cluster cw-a is up already\n")
    #expect(try place.turnout("overlay").output.hasPrefix("nothing is set"))
    #expect(try history(place).map { $0["action"] as? String } == ["set", "set", "publish"])
  }

  @Test(arguments: [
    (["cluster", "cw-aa", "down"], "no cluster `cw-aa`; did you mean `cw-a`?"),
    (["cluster", "chat/g9", "down"], "no cluster `chat/g9`; did you mean `chat/g0`?"),
    (["cluster", "cw-a/g0", "down"], "no cluster `cw-a/g0`"),
    (["cluster", "elsewhere", "up"], "no cluster `elsewhere`"),
    (["use-case", "kids", "off"], "no use case `kids`; did you mean `Kids`?"),
    (["experiment", "depth", "off"], "no experiment `depth`"),
    (["shadow", "Kids/dark", "off"], "no shadow `Kids/dark`"),
  ])
  func aNameThatTheTableDoesNotKnowIsARefusal(_ arguments: [String], _ words: String) throws {
    let place = try Workplace()
    try place.publish()
    let refused = try place.bash("\"$turnout\" set \(arguments.joined(separator: " "))")
    #expect(refused.status == 1, "\(refused.errors)")
    #expect(refused.errors.contains(words), "\(refused.errors)")
    #expect(try history(place).count == 1)
  }

  @Test func anEntryWhoseNameIsGoneIsSaidToMeanNothingAndMayGo() throws {
    let place = try Workplace()
    try place.publish()
    _ = try place.turnout("set", "use-case", "Kids", "off")
    let without = Workplace.document().replacingOccurrences(of: "Kids:", with: "Children:")
    try place.write(without, to: "routing.yaml")
    #expect(try place.turnout("publish", "routing.yaml").status == 0)
    #expect(try place.turnout("overlay").output.contains("off (not in the table)"))
    expectEqual(try entries(place).first?["in_table"], false)
    #expect(try place.turnout("set", "use-case", "Kids", "on").status == 0)
    #expect(try place.turnout("set", "use-case", "Kids", "on").status == 1)
  }

  @Test func anEntryEndsByItself() throws {
    let place = try Workplace()
    try place.publish()
    _ = try place.turnout("set", "use-case", "Kids", "off", "--for", "1s")
    _ = try place.bash("sleep 1.1")
    #expect(try entries(place).isEmpty)
    expectEqual(try place.turnout("stat", "--json").json()["overlay_entries"], 0)
    let again = try place.turnout("set", "use-case", "Kids", "off", "--json").json()
    expectEqual(again["before"], ["state": "on", "until": nil])
  }

  @Test func beforeTheFirstPublishThereIsNothingToSet() throws {
    let place = try Workplace()
    try place.write(Workplace.document(), to: "routing.yaml")
    #expect(try place.turnout("publish", "routing.yaml", "--stage").status == 0)
    let early = try place.turnout("set", "cluster", "cw-a", "down")
    #expect(early.status == 3 && early.errors.contains("Publish a document first"))
    #expect(try place.turnout("overlay").output.hasPrefix("nothing is published yet"))
    let none = try place.turnout("set", "cluster", "cw-a", "down", "--store", "nowhere")
    #expect(none.status == 3 && none.errors.contains("There is no store at nowhere"))
    #expect(try place.turnout("overlay", "--store", "nowhere").status == 3)
  }

  @Test(arguments: [
    "set cluster cw-a", "set cluster cw-a off", "set use-case Kids down",
    "set cluster cw-a up --for 1h",
    "set cluster cw-a down --for 0s", "set cluster cw-a down --for 4000d",
    "set cluster cw-a down --for soon", "set shadow Kids off", "set use-case Kids/x off",
    "set cluster 'cw a' down", "set model m off", "overlay now",
  ])
  func wrongUsageIsTwo(_ line: String) throws {
    let place = try Workplace()
    try place.publish()
    let wrong = try place.bash("\"$turnout\" \(line)")
    #expect(wrong.status == 2, "\(wrong.errors)")
    #expect(wrong.output.isEmpty)
  }

  @Test(arguments: ["cluster", "use-case", "experiment", "shadow"])
  func everyKindTeachesByExample(_ kind: String) throws {
    let help = try Workplace().turnout("set", kind, "--help")
    #expect(help.status == 0 && help.output.contains("  turnout set \(kind)"))
  }

  @Test func withoutWritePermissionTheOverlayIsReadButNotSet() throws {
    let place = try Workplace()
    try place.publish()
    _ = try place.turnout("set", "cluster", "cw-a", "down")
    // Root may write anywhere; an unprivileged user shows it.
    guard try place.bash("command -v setpriv >/dev/null && [ \"$(id -u)\" = 0 ]").status == 0
    else { return }
    let asNobody = "setpriv --reuid=65534 --regid=65534 --clear-groups"
    #expect(
      try place.bash("chmod 755 . && chmod -R a+rX turnout-store && chmod o-r turnout-store/cat*")
        .status == 0)
    guard try place.bash("\(asNobody) test -x \"$turnout\"").status == 0 else { return }
    let reader = try place.bash("\(asNobody) \"$turnout\" overlay --json")
    #expect(reader.status == 0, "\(reader.errors)")
    let listed = try #require(try reader.json()["entries"] as? [[String: Any]])
    expectEqual(listed.first?["name"], "cw-a")
    expectEqual(listed.first?["since"], nil)
    expectEqual(listed.first?["in_table"], true)
    let writer = try place.bash("\(asNobody) \"$turnout\" set cluster cw-a up")
    #expect(writer.status == 3 && writer.errors.contains("Permission denied"))
    #expect(try entries(place).count == 1)
  }
}
