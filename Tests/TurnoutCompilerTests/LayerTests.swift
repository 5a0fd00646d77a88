import Foundation
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
    #expect(after.changes.isEmpty && after.redraws.isEmpty, "\(after.words)")
    let old = try arms(.layer, of: before)
    let new = try arms(.layer, of: after)
    #expect(new["z"] == old["a"] && new["b"] == old["b"])
  }

  @Test func anExperimentThatGoesLeavesAHoleThatTheNextOneFillsAsThePageSays() throws {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    let page = try String(contentsOf: root.appending(path: "Docs/allocation.md"), encoding: .utf8)
    var held: CompiledTable?
    for names in [["a", "b", "c"], ["a", "c"], ["a", "c", "d"]] {
      let experiments = names.map { experiment($0, $0 == "d" ? "15%" : "10%") }
      let next = try table(experiments.joined(separator: ", "), against: held?.image)
      let intervals = try arms(.layer, of: next)
        .flatMap { name, list in list.map { (name, $0) } }
        .sorted { $0.1.lowerBound < $1.1.lowerBound }
        .map { "\($0) \($1.lowerBound)–\($1.upperBound)" }.joined(separator: ", ")
      let moved = next.changes.first { $0.kind == .layer }?.movement
      let figures = moved.map { "\($0.positions) | \($0.released) |" } ?? "| |"
      let row =
        "| \(names.joined(separator: ", ")) | \(intervals) | \(figures)"
      #expect(page.contains(row), "\(row)")
      held = next
    }
  }

  @Test func aLayerRenamedWithItsSaltKeepsAllPositions() throws {
    let before = try table(experiment("a", "10%"))
    let after = try table(
      experiment("a", "10%").replacingOccurrences(of: "layer: ranking", with: "layer: order"),
      layer: "order: { salt: \"layer:ranking\" }", against: before.image)
    #expect(after.changes.isEmpty && after.redraws.isEmpty, "\(after.words)")
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
