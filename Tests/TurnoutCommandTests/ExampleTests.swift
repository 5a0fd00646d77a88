import Foundation
import Testing

/// The documents that newcomers begin with.
@Suite struct ExampleTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Examples")

  @Test(arguments: ["home.yaml", "home-page.yaml", "fraud-regions.yaml", "chat.yaml"])
  func anExampleIsCleanAndSurvivesAnExport(_ name: String) throws {
    let place = try Workplace()
    let path = Self.folder.appendingPathComponent(name).path
    let checked = try place.turnout("check", path, "--strict")
    #expect(checked.status == 0, "\(checked.errors)")
    #expect(checked.errors.isEmpty)
    let published = try place.turnout("publish", path, "--json")
    #expect(published.status == 0, "\(published.errors)")
    let copy = try place.bash(
      "\"$turnout\" export --ranges | \"$turnout\" publish /dev/stdin --store copy --json")
    #expect(copy.status == 0, "\(copy.errors)")
    expectEqual(try copy.json()["digest"], try published.json()["digest"])
  }

  @Test func everyRequestOfTheExamplesIsAnswered() throws {
    let place = try Workplace()
    for (document, requests) in [
      ("home.yaml", "requests.jsonl"), ("home-page.yaml", "home-page.jsonl"),
    ] {
      let store = "store-\(document)"
      let path = Self.folder.appendingPathComponent(document).path
      #expect(try place.turnout("publish", path, "--store", store).status == 0)
      let file = Self.folder.appendingPathComponent(requests).path
      let batch = try place.turnout("resolve", "--batch", file, "--store", store)
      #expect(batch.status == 0, "\(batch.errors)")
      for decision in try batch.jsonLines() { expectEqual(decision["status"], "ok") }
    }
  }
}
