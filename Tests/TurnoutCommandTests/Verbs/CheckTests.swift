import Foundation
import Testing

@Suite struct CheckTests {
  @Test func aGoodDocumentIsOk() throws {
    let place = try Workplace()
    try place.write(Workplace.document(), to: "routing.yaml")
    let checked = try place.turnout("check", "routing.yaml")
    #expect(checked.status == 0)
    #expect(checked.output == "ok  1 file: 4 use cases, 3 model versions, 3 clusters\n")
    #expect(checked.errors.isEmpty)
  }

  @Test func everyErrorIsSaidAtOnceWithItsPlace() throws {
    let place = try Workplace()
    let broken = Workplace.document()
      .replacing("cluster: [cw-b]", with: "cluster: [cw-x]")
      .replacing("enabled: false", with: "enabeld: false")
    try place.write(broken, to: "routing.yaml")
    let checked = try place.turnout("check", "routing.yaml")
    #expect(checked.status == 1)
    #expect(checked.output.isEmpty)
    #expect(checked.errors.contains("routing.yaml:21:21: error:"))
    #expect(checked.errors.contains("did you mean `enabled`?"))
    #expect(checked.errors.contains("error: 2 errors in 1 file."))
    #expect(!checked.errors.contains("\u{1b}"))
  }

  @Test func programsGetEveryFieldOfADiagnostic() throws {
    let place = try Workplace()
    try place.write(
      Workplace.document().replacing("enabled: false", with: "enabeld: false"), to: "routing.yaml")
    let checked = try place.turnout("check", "routing.yaml", "--json")
    #expect(checked.status == 1)
    #expect(checked.errors.isEmpty)
    let report = try checked.json()
    expectEqual(report["ok"], false)
    expectEqual(report["errors"], 1)
    expectEqual(report["warnings"], 0)
    let diagnostic = try #require((report["diagnostics"] as? [[String: Any]])?.first)
    #expect(
      Set(diagnostic.keys) == [
        "severity", "code", "file", "line", "column", "message", "suggestion",
        "page",
      ])
    #expect(diagnostic["page"] is NSNull)
    expectEqual(diagnostic["severity"], "error")
    expectEqual(diagnostic["code"], "unknown-key")
    expectEqual(diagnostic["file"], "routing.yaml")
    expectEqual(diagnostic["suggestion"], "did you mean `enabled`?")
  }

  @Test func aWarningNamesItsPageAndTheTimeThatItIsAskedOf() throws {
    let place = try Workplace()
    let test =
      "  e: { layer: l, ends: 2026-06-01T00:00:00Z, cells: { a: {}, b: { config: { k: 1 } } } }"
    let rule = "  Timed: { rules: [{ experiment: e }, { route: talker@v1 }] }"
    try place.write(
      Workplace.document() + "\n\(rule)\nlayers: { l: {} }\nexperiments:\n\(test)\n",
      to: "routing.yaml")
    let before = try place.turnout("check", "routing.yaml", "--now", "2026-05-31T23:59:59Z")
    #expect(before.status == 0 && before.errors.isEmpty)
    let after = try place.turnout(
      "check", "routing.yaml", "--now", "2026-06-01T02:00:00+02:00", "--json", "--strict")
    #expect(after.status == 1)
    let diagnostic = try #require((try after.json()["diagnostics"] as? [[String: Any]])?.first)
    expectEqual(diagnostic["code"], "experiment-over")
    expectEqual(diagnostic["page"], "Docs/warnings.md#experiment-over")
    #expect(try place.turnout("check", "routing.yaml", "--now", "soon").status == 2)
    // A publish says it, too, and the table is the same at any time.
    let published = try place.turnout("publish", "routing.yaml")
    #expect(published.status == 0 && published.errors.contains("[experiment-over]"))
  }

  @Test func aFolderIsReadWholeAndAMissingFileIsAnError() throws {
    let place = try Workplace()
    let parts = Workplace.document().split(separator: "use_cases:", maxSplits: 1)
    try place.write(String(parts[0]), to: "teams/clusters.yaml")
    try place.write("turnout: 1\nuse_cases:" + parts[1], to: "teams/home/rules.yml")
    #expect(try place.turnout("check", "teams").output.hasPrefix("ok  2 files: 4 use cases"))

    let missing = try place.turnout("check", "nowhere.yaml")
    #expect(missing.status == 3)
    #expect(missing.errors.contains("nowhere.yaml"))
  }

  @Test func withAStoreItCompilesAgainstItsHead() throws {
    let place = try Workplace()
    try place.publish()
    #expect(try place.turnout("check", "routing.yaml", "--store", "turnout-store").status == 0)
    let mistyped = try place.turnout("check", "routing.yaml", "--store", "nowhere")
    #expect(mistyped.status == 3)
    #expect(mistyped.output.isEmpty)
    #expect(mistyped.errors.contains("There is no store at nowhere."))
    #expect(!place.exists("nowhere"))
  }
}
