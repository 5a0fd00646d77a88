import Foundation
import Testing

/// `verify`, `backup` and `restore`, and a `publish` onto a damaged head.
@Suite struct VerifyTests {
  private func damage(_ place: Workplace, _ name: String) throws {
    let path = place.path("turnout-store/" + name)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[bytes.count / 2] ^= 1
    try FileManager.default.removeItem(atPath: path)
    try bytes.write(to: URL(fileURLWithPath: path))
  }

  @Test func aWholeStoreIsSaidToBeWhole() throws {
    let place = try Workplace()
    try place.publish()
    let verified = try place.turnout("verify")
    #expect(verified.status == 0)
    #expect(verified.output.hasPrefix("whole  1 table of "))
    let json = try place.turnout("verify", "--json").json()
    expectEqual(json["whole"], true)
    expectEqual(json["history_entries"], 1)
    #expect(try place.turnout("verify", "--store", "none").status == 3)
  }

  @Test func damageIsSaidWithItsPlaceAndTheWayOut() throws {
    let place = try Workplace()
    try place.publish(canary: 1)
    try place.publish(canary: 5)
    try damage(place, "tables/00000001.mdb")
    try damage(place, "head")
    let verified = try place.turnout("verify")
    #expect(verified.status == 1)
    #expect(verified.output.contains("head: "))
    #expect(verified.output.contains("tables/00000001.mdb: "))
    #expect(verified.output.contains("It is not head"))
    let json = try place.turnout("verify", "--json")
    #expect(json.status == 1)
    let findings = try #require(try json.json()["findings"] as? [[String: Any]])
    #expect(findings.map { $0["place"] as? String } == ["head", "tables/00000001.mdb"])
  }

  @Test func publishMendsAStoreWhoseHeadIsDamaged() throws {
    let place = try Workplace()
    try place.publish(canary: 1)
    try place.publish(canary: 5)
    try damage(place, "tables/00000002.mdb")
    let mended = try place.turnout("publish", "routing.yaml")
    #expect(mended.status == 0)
    #expect(mended.errors.contains("Compiled against revision 1"))
    #expect(mended.output.contains("revision 3 is head"))
    #expect(try place.turnout("resolve", "Chat", "--unit", "u").status == 0)
    #expect(try place.turnout("verify", "--json").json()["findings"] as? [[String: Any]] != nil)
  }

  @Test func publishMendsAStoreThatHasNothingWhole() throws {
    let place = try Workplace()
    try place.publish()
    try damage(place, "tables/00000001.mdb")
    let mended = try place.turnout("publish", "routing.yaml")
    #expect(mended.status == 0 && mended.errors.contains("placed as the first one"))
    #expect(try place.turnout("resolve", "Chat", "--unit", "u").status == 0)
  }

  @Test func aBackupIsAStoreAndBecomesOneAgain() throws {
    let place = try Workplace()
    try place.publish(canary: 1)
    try place.publish(canary: 5)
    let copied = try place.turnout("backup", "copy", "--json")
    expectEqual(try copied.json()["revision"], 2)
    expectEqual(try copied.json()["tables"], 2)
    #expect(try place.turnout("verify", "--store", "copy").status == 0)
    #expect(try place.turnout("backup", "copy").status == 1)
    #expect(try place.turnout("restore", "copy", "--store", "again").status == 0)
    #expect(
      try place.turnout("history", "--store", "again").output == place.turnout("history").output)
    #expect(try place.turnout("rollback", "--store", "again").status == 0)
    #expect(try place.turnout("restore", "copy", "--store", "again").status == 1)
    #expect(try place.turnout("restore", "nothing", "--store", "new").status == 3)
  }

  @Test func aBackupOfADamagedStoreSaysSo() throws {
    let place = try Workplace()
    try place.publish(canary: 1)
    try place.publish(canary: 5)
    try damage(place, "tables/00000001.mdb")
    let copied = try place.turnout("backup", "copy")
    #expect(copied.status == 1 && copied.errors.contains("tables/00000001.mdb"))
    #expect(
      try place.turnout("resolve", "Chat", "--unit", "u", "--store", "copy")
        .status == 0)
  }
}
