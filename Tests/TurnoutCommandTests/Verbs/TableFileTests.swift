import Foundation
import Testing

/// `compile` and `apply`: tables as files.
@Suite struct TableFileTests {
  @Test func equalInputsGiveEqualBytes() throws {
    let place = try Workplace()
    try place.write(Workplace.document(), to: "routing.yaml")
    #expect(try place.turnout("compile", "routing.yaml", "-o", "a.table").status == 0)
    #expect(try place.turnout("compile", "routing.yaml", "--output", "b.table").status == 0)
    #expect(
      try Data(contentsOf: place.folder.appendingPathComponent("a.table"))
        == Data(contentsOf: place.folder.appendingPathComponent("b.table")))
    #expect(!place.exists("a.table.new"))
  }

  @Test func aTableMovesBetweenStoresAndKeepsItsDigest() throws {
    let place = try Workplace()
    try place.publish(canary: 1)
    try place.write(Workplace.document(canary: 5), to: "next.yaml")
    let compiled = try place.turnout(
      "compile", "next.yaml", "-o", "next.table", "--against", "turnout-store", "--json")
    let table = try compiled.json()
    #expect(Set(table.keys) == ["digest", "bytes", "moved"])
    #expect(compiled.output.contains(#""share":0.04"#))

    let published = try place.turnout("publish", "next.yaml", "--json").json()
    let applied = try place.turnout("apply", "next.table", "--store", "other", "--json").json()
    expectEqual(published["digest"], table["digest"])
    expectEqual(applied["digest"], table["digest"])
    expectEqual(applied["revision"], 1)
    let again = try place.turnout("apply", "next.table", "--store", "other")
    #expect(again.output == "unchanged: revision 1 already is this table\n")

    #expect(
      try place.turnout("compile", "routing.yaml", "-o", "back.table", "--against", "next.table")
        .status == 0)
    let moving = try place.turnout("apply", "back.table", "--store", "other")
    #expect(moving.output.contains("ContinueWatchingRanking/canary    4 %       4 %"))
    let back = try place.turnout("apply", "next.table", "--store", "other", "--json")
    #expect(back.output.contains(#""share":0.04,"minimum":0.04"#))

    for store in ["turnout-store", "other"] {
      let decision = try place.turnout(
        "resolve", "ContinueWatchingRanking", "--unit", "u_7", "--set", "country=US", "--set",
        "device=tv", "--store", store, "--json"
      ).json()
      expectEqual(decision["digest"], table["digest"])
    }
    let history = try place.turnout("history", "--store", "other").output
    #expect(history.contains("apply"))
  }

  @Test func aTableIsTriedWithoutAStoreAndWithOne() throws {
    let place = try Workplace()
    try place.publish(canary: 1)
    try place.write(Workplace.document(canary: 5), to: "next.yaml")
    let compiled = try place.turnout(
      "compile", "next.yaml", "-o", "next.table", "--against", "turnout-store")
    #expect(compiled.status == 0)
    let first = try place.turnout("apply", "next.table", "--dry-run", "--store", "other")
    #expect(first.output.hasPrefix("dry run: nothing was written; checked as the first revision\n"))
    #expect(!place.exists("other"))

    let tried = try place.turnout("apply", "next.table", "--dry-run")
    #expect(
      tried.output.hasPrefix("dry run: nothing was written; checked against revision 1\n"))
    #expect(tried.output.contains("ContinueWatchingRanking/canary    4 %       4 %"))
    let said = try place.turnout("apply", "next.table", "--dry-run", "--json").json()
    expectEqual(said["dry_run"], true)
    expectEqual(said["revision"], NSNull())
    expectEqual(said["head"], 1)
    let refused = try place.turnout("apply", "next.table", "--dry-run", "--max-move", "3%")
    #expect(refused.status == 1)
    #expect(try place.turnout("apply", "next.table", "--dry-run", "--expect-head", "7").status == 1)
    expectEqual(try place.turnout("stat", "--json").json()["next_revision"], 2)

    let done = try place.turnout("apply", "next.table", "--json").json()
    for key in ["digest", "bytes", "moved", "use_cases_differing", "guards"] {
      expectEqual(done[key], said[key])
    }
    let again = try place.turnout("apply", "next.table", "--dry-run")
    #expect(again.output == "unchanged: revision 2 already is this table\n")
    #expect(try place.bash("rm turnout-store/tables/00000002.mdb").status == 0)
    let mending = try place.turnout("apply", "next.table", "--dry-run", "--json").json()
    expectEqual(mending["head"], 2)
    expectEqual(mending["moved"], NSNull())
  }

  @Test func againstATableFileIsAsAgainstItsStore() throws {
    let place = try Workplace()
    try place.publish(canary: 1)
    #expect(try place.turnout("compile", "routing.yaml", "-o", "first.table").status == 0)
    try place.write(Workplace.document(canary: 50), to: "next.yaml")
    let file = try place.turnout(
      "compile", "next.yaml", "-o", "a.table", "--against", "first.table", "--json"
    ).json()
    let store = try place.turnout(
      "compile", "next.yaml", "-o", "b.table", "--against", "turnout-store", "--json"
    ).json()
    expectEqual(file["digest"], store["digest"])
    expectEqual(file["moved"], store["moved"])
    let fresh = try place.turnout("compile", "next.yaml", "-o", "c.table", "--json").json()
    expectEqual(fresh["moved"], [Any]())
  }

  @Test func aDamagedTableIsRefused() throws {
    let place = try Workplace()
    try place.publish()
    #expect(try place.turnout("compile", "routing.yaml", "-o", "good.table").status == 0)
    var bytes = try Data(contentsOf: place.folder.appendingPathComponent("good.table"))
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: place.folder.appendingPathComponent("bad.table"))
    for name in ["bad.table", "routing.yaml"] {
      let refused = try place.turnout("apply", name, "--store", "other")
      #expect(refused.status == 1)
      #expect(refused.errors.hasPrefix("error: \(name): "))
    }
    #expect(!place.exists("other"))
    #expect(try place.turnout("apply", "nowhere.table").status == 3)
    let against = try place.turnout(
      "compile", "routing.yaml", "-o", "x.table", "--against", "bad.table")
    #expect(against.status == 3)
    #expect(!place.exists("x.table"))
  }

  @Test func aBadDocumentWritesNoTable() throws {
    let place = try Workplace()
    try place.write("turnout: 1\nnonsense: 2\n", to: "routing.yaml")
    #expect(try place.turnout("compile", "routing.yaml", "-o", "a.table").status == 1)
    #expect(!place.exists("a.table"))
    #expect(try place.turnout("compile", "routing.yaml").status == 2)
  }
}
