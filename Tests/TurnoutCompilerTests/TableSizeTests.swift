import Testing
import Turnout

@testable import TurnoutCompiler

/// Conditions have their segments written out, so that a table can be hundreds of times as large as its
/// document.
struct TableSizeTests {
  private static let document: String = {
    let tests = (0..<500).map { "{ unit: u\($0) }" }.joined(separator: ", ")
    let rules = String(repeating: "{ when: { segment: s }, route: m@v }, ", count: 20)
    let useCases = (10..<50).map { "  U\($0): { rules: [ \(rules){ route: m@v } ] }\n" }.joined()
    return """
      turnout: 1
      unit: user
      clusters: { c: { address: "h:1" } }
      models: { m: { v: { cluster: c } } }
      segments: { s: { any: [ \(tests) ] } }
      use_cases:

      """ + useCases
  }()

  @Test func encodingStopsWhereATableGrowsTooLarge() throws {
    let checked = CheckedDocuments([Source(name: "a.yaml", text: Self.document)])
    let document = try #require(checked.document, "\(checked.text())")
    func encoded(bytesMax: Int) -> ImageEncoder.Result {
      ImageEncoder.encode(document, against: nil, bytesMax: bytesMax)
    }
    let whole = try #require(encoded(bytesMax: Format.imageBytesMax).image)
    #expect(whole.count > 40 * Self.document.utf8.count)

    let stopped = encoded(bytesMax: whole.count / 4)
    #expect(stopped.image == nil && stopped.warnings.isEmpty)
    #expect(stopped.faults.map(\.code) == [.limit])
    let line = try #require(stopped.faults.first?.mark.line)
    // A quarter of the use cases, which stand a line each.
    #expect((14...18).contains(line), "line \(line)")
  }
}
