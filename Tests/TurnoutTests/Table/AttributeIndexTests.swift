import Testing
import Turnout

/// The index by which a resolve finds what a document declares of an attribute.
@Suite struct AttributeIndexTests {
  /// So many that the searches for some go over the slots of others; names that are one word, two, and
  /// more than those say.
  private static let names = (0..<20).flatMap { number in
    ["n\(number)", "number-\(number)", "the-number-with-\(number)-as-its-number"]
  }

  private static func table() throws -> DocumentTable {
    try DocumentTable(
      attributes: Dictionary(uniqueKeysWithValues: names.map { ($0, "number") }),
      rules: names.map { "{ name: \($0), when: { \($0): 1 }, route: m@v }" })
  }

  @Test func everyAttributeIsFoundAndNoOther() throws {
    let table = try Self.table()
    func rule(_ attributes: [String: Request.Value]) throws -> String? {
      let decision = try table.resolve(Request("A", unit: "u", attributes: attributes))
      #expect(decision.status == .ok)
      return decision.rule
    }
    for name in Self.names {
      #expect(try rule([name: 1]) == name)
      #expect(try rule([name: 0]) == nil)
      // Names that nobody declares, of the same words.
      for other in [name + "x", "x" + name, String(name.dropLast()) + "\u{7F}"] {
        #expect(try rule([other: 1]) == nil)
      }
    }
    #expect(try rule(["the-number-with-x-as-its-number": 1]) == nil)
  }
}
