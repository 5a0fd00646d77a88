import Testing
import Turnout
import TurnoutCompiler

/// Equality of strings, which short ones have as one word: every length around its end.
struct KeyedTestTests {
  static let lengths = 1...17

  /// A text of this many bytes, none of them equal to its neighbour.
  static func text(_ length: Int) -> String {
    String(decoding: (0..<length).map { UInt8(ascii: "a") + UInt8($0 % 26) }, as: UTF8.self)
  }

  static func table(attributes: [String]) throws -> [UInt8] {
    var lines = ["turnout: 1", "unit: user", "attributes:"]
    for name in attributes { lines.append("  \(name): string") }
    lines += [
      "clusters: { a: { address: \"10.0.0.1:80\" } }",
      "models: { m: { yes: { cluster: a }, no: { cluster: a } } }", "use_cases:",
    ]
    for name in attributes {
      for length in lengths {
        lines += [
          "  \(name).\(length):", "    rules:",
          "      - { when: { \(name): \(text(length)) }, route: m@yes }",
          "      - { route: m@no }",
        ]
      }
    }
    return try CompiledTableTests.table(lines.joined(separator: "\n") + "\n")
  }

  static func says(
    _ value: Request.Value?, _ name: String, _ length: Int, in bytes: [UInt8]
  ) throws -> Bool {
    var request = Request("\(name).\(length)")
    if let value { request.attributes[name] = value }
    let decision = try CompiledTableTests.resolve(request, bytes)
    #expect(decision.status == .ok)
    return decision.version == "yes"
  }

  @Test func onlyTheTextItselfIsEqual() throws {
    let bytes = try Self.table(attributes: ["x"])
    for length in Self.lengths {
      let text = Self.text(length)
      #expect(try Self.says(.string(text), "x", length, in: bytes))
      #expect(try !Self.says(.string(""), "x", length, in: bytes))
      #expect(try !Self.says(.string(String(text.dropLast())), "x", length, in: bytes))
      #expect(try !Self.says(.string(text + "\0"), "x", length, in: bytes))
      #expect(try !Self.says(.string(text + text), "x", length, in: bytes))
      #expect(try !Self.says(.string(String(text.dropLast()) + "é"), "x", length, in: bytes))
      for at in 0..<length {
        var other = Array(text.utf8)
        other[at] = UInt8(ascii: "-")
        let changed = String(decoding: other, as: UTF8.self)
        #expect(try !Self.says(.string(changed), "x", length, in: bytes))
      }
    }
  }

  @Test func noTextIsEqualWhereNoneIsGiven() throws {
    let bytes = try Self.table(attributes: ["x"])
    for length in Self.lengths {
      #expect(try !Self.says(nil, "x", length, in: bytes))
      #expect(try !Self.says(.null, "x", length, in: bytes))
      #expect(try !Self.says(.number(1), "x", length, in: bytes))
      #expect(try !Self.says(.boolean(true), "x", length, in: bytes))
    }
  }

  @Test func attributesBeyondThoseWithKeysCompareLikewise() throws {
    let names = (0..<140).map { "attribute\($0)" }
    let bytes = try Self.table(attributes: names)
    for name in ["attribute0", "attribute99", "attribute138", "attribute139"] {
      for length in [1, 7, 8, 17] {
        #expect(try Self.says(.string(Self.text(length)), name, length, in: bytes))
        #expect(try !Self.says(.string(Self.text(length + 1)), name, length, in: bytes))
        #expect(try !Self.says(nil, name, length, in: bytes))
      }
    }
  }
}
