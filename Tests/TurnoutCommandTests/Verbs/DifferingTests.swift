import Foundation
import Testing

/// What a change says where no allocation moves, and still somebody is answered differently.
@Suite struct DifferingTests {
  private static func document(
    home: String = "v1", cluster: String = "a", cell: String = "v1", share: Int = 10
  ) -> String {
    """
    turnout: 1
    unit: user
    clusters: { a: { address: "10.0.0.1:80" }, b: { address: "10.0.0.2:80" } }
    models:
      ranker: { v1: { cluster: a }, v2: { cluster: a }, v3: { cluster: \(cluster) } }
    use_cases:
      Home: { rules: [{ route: ranker@\(home) }] }
      Kids: { rules: [{ route: ranker@v3 }] }
      Rows: { rules: [{ experiment: rows }, { route: ranker@v1 }] }
      Split: { rules: [{ name: s, split: { ranker@v1: \(100 - share), ranker@v2: \(share) } }] }
    layers: { page: {} }
    experiments:
      rows:
        layer: page
        share: 100%
        cells:
          control: { weight: 50, model: ranker@v1 }
          other: { weight: 50, model: ranker@\(cell) }
    """
  }

  private func place() throws -> Workplace {
    let place = try Workplace()
    try place.write(Self.document(), to: "routing.yaml")
    let first = try place.turnout("publish", "routing.yaml")
    #expect(first.status == 0 && !first.output.contains("differently"), "\(first.errors)")
    return place
  }

  private func moved(_ place: Workplace) throws -> [String: Any] {
    let text = try place.turnout("history", "--json", "--limit", "1").output
    let entries = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
    return try #require(entries?.first?["moved"] as? [String: Any])
  }

  @Test(arguments: [
    ("Home", document(home: "v2")), ("Kids", document(cluster: "b")),
    ("Rows", document(cell: "v2")),
  ])
  func everyoneWhoMovesIsSaid(_ name: String, _ document: String) throws {
    let place = try place()
    try place.write(document, to: "routing.yaml")
    let words = "  1 use case may answer differently: \(name); `turnout diff "
    let dry = try place.turnout("publish", "routing.yaml", "--dry-run")
    #expect(dry.output.contains(words + "@1 routing.yaml` says who moves\n"), "\(dry.output)")
    let json = try place.turnout("publish", "routing.yaml", "--dry-run", "--json").json()
    expectEqual(json["use_cases_differing"], ["count": 1, "first": [name]] as [String: Any])
    let staged = try place.turnout("publish", "routing.yaml", "--stage")
    #expect(staged.output.contains(words + "@1 @2` says who moves\n"), "\(staged.output)")
    #expect(!staged.output.contains("moves no units"))
    let activated = try place.turnout("activate", "2")
    #expect(activated.output.contains(words + "@1 @2` says who moves\n"), "\(activated.output)")
    let back = try place.turnout("rollback")
    #expect(back.output.contains(words + "@2 @1` says who moves\n"), "\(back.output)")
    _ = try place.turnout("compile", "routing.yaml", "-o", "t.table", "--against", "turnout-store")
    let applied = try place.turnout("apply", "t.table")
    #expect(applied.output.contains(words + "@1 @3` says who moves\n"), "\(applied.output)")

    expectEqual(
      try moved(place)["use_cases_differing"], ["count": 1, "first": [name]] as [String: Any])
    let list = try place.turnout("history", "--use-case", name)
    // The table's head with its 4 changes and the first publication.
    #expect(list.lines.count == 6 && list.output.contains("  1 use case differs  "))
    let other = name == "Home" ? "Kids" : "Home"
    #expect(try place.turnout("history", "--use-case", other).lines.count == 2)
    let whole = try place.turnout("history", "5")
    #expect(whole.output.contains("  differ       1 use case: \(name)"), "\(whole.output)")
    #expect(try place.turnout("verify").status == 0)
  }

  @Test func whatAllocationsTellOfIsNotToldAgain() throws {
    let place = try place()
    try place.write(Self.document(share: 30), to: "routing.yaml")
    let alone = try place.turnout("publish", "routing.yaml")
    #expect(alone.output.contains("Split/s") && !alone.output.contains("differently"))
    try place.write(Self.document(home: "v2", share: 40), to: "routing.yaml")
    let both = try place.turnout("publish", "routing.yaml")
    #expect(both.output.contains("Split/s"))
    #expect(both.output.contains("  1 use case may answer differently: Home; `turnout diff"))
    #expect(try place.turnout("history").output.contains("  10 %, 1 use case differs  "))
    #expect(try place.turnout("history", "3").output.contains("  2 use cases: Home, Split\n"))
  }

  @Test func whatChangesNoDestinationMovesNobody() throws {
    let place = try place()
    try place.write(
      Self.document().replacingOccurrences(of: "10.0.0.1:80", with: "10.0.0.9:80"),
      to: "routing.yaml")
    let published = try place.turnout("publish", "routing.yaml")
    #expect(published.output.contains("  moves no units between arms"), "\(published.output)")
    expectEqual(
      try moved(place)["use_cases_differing"], ["count": 0, "first": [String]()] as [String: Any])
  }
}
