import Testing
import Turnout
import TurnoutCompiler

/// Sets of texts: lists too long to be compared one by one.
struct SetTests {
  /// Texts of every size, and such as differ only at their ends.
  private static func texts(_ count: Int) -> [String] {
    (0..<count).map { i in
      i % 3 == 0
        ? String(repeating: "x", count: i % 300) + "\(i)"
        : i % 3 == 1 ? "\(i)" + String(repeating: "y", count: i % 20) : "é-\(i)"
    }
  }

  @Test(arguments: [1, 8, 9, 10, 16, 17, 100, 1_000, 3_000])
  func aSetHasItsTextsAndNoOthers(count: Int) throws {
    let texts = Self.texts(count)
    let list = texts.map { "\"\($0)\"" }.joined(separator: ", ")
    let table = try CompiledTableTests.table(
      """
      turnout: 1
      unit: user
      attributes: { tag: string }
      clusters: { a: { address: "a:1" } }
      models: { m: { in: { cluster: a }, out: { cluster: a } } }
      use_cases:
        Units: { rules: [ { when: { units: [\(list)] }, route: m@in }, { route: m@out } ] }
        Tags: { rules: [ { when: { tag: [\(list)] }, route: m@in }, { route: m@out } ] }
        Others: { rules: [ { when: { tag: { not_in: [\(list)] } }, route: m@in }, { route: m@out } ] }
      """)
    func asked(_ text: String) throws -> [String?] {
      try table.withBytes { (bytes) throws in
        let resolver = TableResolver(image: try Image.validate(bytes), revision: 1)
        return [
          resolver.resolve(Request("Units", unit: Request.Unit(text))).version,
          resolver.resolve(Request("Tags", attributes: ["tag": .string(text)])).version,
          resolver.resolve(Request("Others", attributes: ["tag": .string(text)])).version,
        ]
      }
    }
    let step = max(1, count / 50)
    for text in stride(from: 0, to: count, by: step).map({ texts[$0] }) {
      #expect(try asked(text) == ["in", "in", "out"], "\(text)")
      #expect(try asked(text + "#") == ["out", "out", "in"], "\(text)#")
      #expect(try asked("#" + text.dropFirst()) == ["out", "out", "in"], "#\(text)")
    }
    #expect(try asked("") == ["out", "out", "in"])
  }
}
