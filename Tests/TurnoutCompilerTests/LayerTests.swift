import Testing
import Turnout

@testable import TurnoutCompiler

/// How layers and holdouts keep their units while experiments come, go and change.
struct LayerTests {
  private func table(
    _ experiments: String, layer: String = "ranking: {}", holdout: String = "1%",
    against earlier: [UInt8]? = nil
  ) throws -> CompiledTable {
    let text = """
      turnout: 1
      unit: user
      clusters: { a: { address: "a:1" } }
      models: { m: { v1: { cluster: a } } }
      layers: { \(layer) }
      holdouts: { h: { share: \(holdout), layers: all } }
      experiments: { \(experiments) }
      use_cases: { U: { rules: [ { route: m@v1 } ] } }
      """
    let sources = [Source(name: "a.yaml", text: text)]
    let table =
      try earlier.map { earlier in
        try earlier.withBytes { CompiledTable(sources, against: try Image.validate($0)) }
      } ?? CompiledTable(sources, against: nil)
    #expect(table.image != nil, "\(table.words)")
    return table
  }

  private func experiment(_ name: String, _ share: String, _ more: String = "") -> String {
    "\(name): { layer: ranking, share: \(share)\(more), cells: { x: {}, y: {} } }"
  }

  private func arms(
    _ kind: AllocationKind, of table: CompiledTable
  ) throws -> [String: [Range<UInt64>]] {
    let image: [UInt8] = try #require(table.image)
    let found = try allocations(of: image).all.filter { $0.kind == kind }
    #expect(found.count == 1)
    return Dictionary(
      (found.first?.arms ?? []).map { ($0.name, $0.intervals) }, uniquingKeysWith: { $1 })
  }

  private let tenth: UInt64 = 429_496_729

  @Test func experimentsLieInTheOrderOfTheirCellsSalts() throws {
    let table = try table(
      experiment("a", "10%", ", salt: zz") + ", " + experiment("b", "10%")
        + ", " + experiment("B", "10%"))
    let arms = try arms(.layer, of: table)
    #expect(arms == ["B": [0..<tenth], "b": [tenth..<2 * tenth], "a": [2 * tenth..<3 * tenth]])
  }

  @Test func anExperimentRenamedWithItsSaltKeepsItsPositionsAndItsCells() throws {
    let both = [experiment("a", "10%"), experiment("b", "20%")]
    let before = try table(both.joined(separator: ", "))
    let renamed = experiment("z", "10%", ", salt: \"cells:a\"")
    let after = try table(renamed + ", " + both[1], against: before.image)
    #expect(after.changes.isEmpty && after.diagnostics.isEmpty, "\(after.words)")
    let old = try arms(.layer, of: before)
    let new = try arms(.layer, of: after)
    #expect(new["z"] == old["a"] && new["b"] == old["b"])
  }

  @Test func anExperimentThatGoesLeavesAHoleThatTheNextOneFills() throws {
    let before = try table(
      ["a", "b", "c"].map { experiment($0, "10%") }.joined(separator: ", "))
    let without = try table(
      ["a", "c"].map { experiment($0, "10%") }.joined(separator: ", "), against: before.image)
    #expect(
      try arms(.layer, of: without) == ["a": [0..<tenth], "c": [2 * tenth..<3 * tenth]])
    let layer = without.changes.first { $0.kind == .layer }
    #expect(layer?.movement.released == tenth && layer?.movement.positions == 0)
    let next = try table(
      ["a", "c", "d"].map { experiment($0, $0 == "d" ? "15%" : "10%") }.joined(separator: ", "),
      against: without.image)
    let arms = try arms(.layer, of: next)
    #expect(arms["a"] == [0..<tenth] && arms["c"] == [2 * tenth..<3 * tenth])
    // 15 % of 2^32, rounded down, is one position more than one and a half times 10 %.
    #expect(arms["d"] == [tenth..<2 * tenth, 3 * tenth..<3 * tenth + 214_748_365])
  }

  @Test func aLayerRenamedWithItsSaltKeepsAllPositions() throws {
    let before = try table(experiment("a", "10%"))
    let after = try table(
      experiment("a", "10%").replacing("layer: ranking", with: "layer: order"),
      layer: "order: { salt: \"layer:ranking\" }", against: before.image)
    #expect(after.changes.isEmpty && after.diagnostics.isEmpty, "\(after.words)")
    #expect(try arms(.layer, of: after) == (try arms(.layer, of: before)))
  }

  @Test func anExperimentOutsideAndADisabledOneAreInTheLayer() throws {
    let table = try table(
      experiment("a", "10%", ", enabled: false") + ", "
        + "b: { layer: ranking, assigned: outside, cells: { x: {} } }")
    #expect(try arms(.layer, of: table) == ["a": [0..<tenth], "b": []])
  }

  @Test func aHoldoutGrowsAndShrinksAtItsTop() throws {
    let one = try table(experiment("a", "10%"), holdout: "10%")
    let five = try table(experiment("a", "10%"), holdout: "50%", against: one.image)
    #expect(try arms(.holdout, of: five) == ["in": [0..<1 << 31]])
    let less = try table(experiment("a", "10%"), holdout: "10%", against: five.image)
    #expect(less.image == one.image)
    #expect(less.changes.map(\.movement.positions) == [0])
    #expect(less.changes.map(\.movement.released) == [(1 << 31) - tenth])
    let none = try table(experiment("a", "10%"), holdout: "0%", against: less.image)
    #expect(try arms(.holdout, of: none) == ["in": []])
    let whole = try table(experiment("a", "10%"), holdout: "100%", against: none.image)
    #expect(try arms(.holdout, of: whole) == ["in": [0..<Ring.positions]])
  }
}

extension String {
  fileprivate func replacing(_ part: String, with other: String) -> String {
    guard let range = firstRange(of: part) else { return self }
    return self[..<range.lowerBound] + other + self[range.upperBound...]
  }
}
