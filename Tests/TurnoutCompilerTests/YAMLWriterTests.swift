import Testing

@testable import TurnoutCompiler

/// What is written is read back as the same tree.
@Suite struct YAMLWriterTests {
  private static let oddTexts = [
    "", " ", "a", "~", "null", "Null", "true", "NO", "12", "-0.50", "1e3", "0x1F", "+1", ".5",
    ".inf",
    " leading", "trailing ", "a: b", "a:", ":a", "a #b", "#a", "a#b", "-", "- a", "-a", "?", "? a",
    "?a", ":", ": a", "[", "]", "{", "}", "[a]", "{a: b}", "a, b", ",", "&a", "*a", "!a", "!!str a",
    "|", ">", "%a", "@a", "`a", "'", "\"", "it's", "say \"hi\"", "\\", "a\\nb", "a\nb", "a\n",
    "\na", "a\n\n", "a\n\nb", "a\n  b\n", "  a\nb", "a\n \nb", "a \nb", "a\nb ", "a\tb", "\ta",
    "a\n\tb", "a\r\nb", "a\rb", "\u{0}", "\u{7}", "\u{1b}[31m", "\u{7f}", "\u{85}", "\u{9f}",
    "\u{a0}", "\u{ad}", "é", "e\u{301}", "日本語", "👩‍👩‍👧", "\u{2028}", "\u{2029}", "\u{202e}abc",
    "\u{2066}", "\u{feff}", "\u{fffd}", "\u{fffe}", "\u{ffff}", "\u{10000}", "\u{1fffe}",
    "\u{10ffff}", "---", "--- a", "...", "... a", "<<", "=", "a\n---\nb", "a\n...\n", "a\n# b\n",
    "10.0.1.1:8080", "model@v1", "2026-11-20T00:00:00Z", "a,b", "a]b", "%", "50%", "12 %",
    String(repeating: "x", count: 90), String(repeating: "lang ", count: 300) + "!",
    String(repeating: "é", count: 600), String(repeating: "\"", count: 400),
  ]

  private func read(_ bytes: [UInt8]) throws -> Node {
    let report = Report(sources: [Source(name: "tree.yaml", bytes: bytes)])
    var size = Composer.Size()
    let root = Composer.compose(source: 0, size: &size, report: report)
    try #require(
      report.errorCount == 0,
      "\(report.finish().diagnostics.map { $0.text() })\n\(String(decoding: bytes, as: UTF8.self))")
    return try #require(root)
  }

  /// A plain scalar may come back in quotes where it is a text anyway: no one can tell.
  private func isSame(_ left: Node, _ right: Node) -> Bool {
    switch (left.content, right.content) {
    case (.scalar(let one, let onePlain), .scalar(let other, let otherPlain)):
      guard Text(one) == Text(other) else { return false }
      if case .text = CoreSchema.value(one) { return true }
      return onePlain == otherPlain
    case (.list(let one), .list(let other)):
      return one.count == other.count && zip(one, other).allSatisfy(isSame)
    case (.mapping(let one), .mapping(let other)):
      return one.count == other.count
        && zip(one, other).allSatisfy { Text($0.key) == Text($1.key) && isSame($0.value, $1.value) }
    default: return false
    }
  }

  private func expectReadBack(_ tree: Node, _ seed: UInt64 = 0) throws {
    let bytes = YAMLWriter.document(tree, comment: ["seed\n\(seed)"])
    let back = try read(bytes)
    let isEqual = isSame(tree, back)
    #expect(isEqual, "seed \(seed)\n\(String(decoding: bytes, as: UTF8.self))")
    let isWrittenAlike = YAMLWriter.document(back) == YAMLWriter.document(tree)
    #expect(isWrittenAlike)
  }

  /// Whether a plain scalar of this text can be: what was never read need not be written.
  private func canBePlain(_ text: String) -> Bool {
    guard case .text = CoreSchema.value(text) else { return true }
    return false
  }

  @Test func everyOddTextComesBackInEveryPlace() throws {
    for text in Self.oddTexts {
      let scalars = [false, true].filter { !$0 || canBePlain(text) }.map {
        Node.scalar(text, isPlain: $0)
      }
      for scalar in scalars {
        let entry = Node.Entry(key: text, keyMark: scalar.mark, value: scalar)
        let mapping = Node.mapping([entry])
        for tree in [
          mapping, .list([scalar]), .list([.list([scalar, scalar])]), .list([mapping, scalar]),
          .mapping([
            .init(key: text, keyMark: scalar.mark, value: .list([scalar, mapping])),
            .init(key: "more", keyMark: scalar.mark, value: mapping),
          ]),
        ] {
          try expectReadBack(tree)
        }
      }
    }
  }

  @Test func everyTreeComesBack() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var generator = SeededGenerator(state: seed)
    for _ in 0..<1_500 { try expectReadBack(tree(depth: 0, &generator), seed) }
  }

  private func tree(depth: Int, _ generator: inout SeededGenerator) -> Node {
    let kind = depth == 0 ? 2 : Int.random(in: 0..<(depth > 5 ? 1 : 4), using: &generator)
    let count = Int.random(in: 0...4, using: &generator)
    switch kind {
    case 1: return .list((0..<count).map { _ in tree(depth: depth + 1, &generator) })
    case 2:
      var entries: [Node.Entry] = []
      for _ in 0..<count {
        let key = text(&generator)
        guard !entries.contains(where: { Text($0.key) == Text(key) }) else { continue }
        let value = tree(depth: depth + 1, &generator)
        entries.append(Node.Entry(key: key, keyMark: value.mark, value: value))
      }
      return .mapping(entries)
    default:
      let text = text(&generator)
      let isPlain = Bool.random(using: &generator) && canBePlain(text)
      return .scalar(text, isPlain: isPlain)
    }
  }

  /// An odd text, or several in one.
  private func text(_ generator: inout SeededGenerator) -> String {
    (0..<Int.random(in: 1...3, using: &generator)).map { _ in
      Self.oddTexts.randomElement(using: &generator) ?? ""
    }.joined(separator: Bool.random(using: &generator) ? " " : "\n")
  }

  @Test func peopleCanReadIt() throws {
    let document = """
      turnout: 1
      unit: user   # the one who watches
      segments: { nordics: { country: [DK, FI, NO] }, none: {} }
      use_cases:
        Home:
          description: "first line\\nsecond line\\n"
          rules: [ { name: canary, split: { "a@v1": 95, a@v2: 5 }, config: { x: 0.50, y: "0.50" } } ]
      """
    let merged = try #require(MergedDocument([Source(name: "a.yaml", text: document)]))
    #expect(
      String(decoding: merged.yaml(comment: ["Revision 3."]), as: UTF8.self) == """
        # Revision 3.
        turnout: 1
        unit: user
        segments:
          nordics:
            country: [DK, FI, NO]
          none: {}
        use_cases:
          Home:
            description: |
              first line
              second line
            rules:
              - name: canary
                split:
                  a@v1: 95
                  a@v2: 5
                config:
                  x: 0.50
                  y: "0.50"

        """)
  }

  @Test func filesAreMergedAsTheCheckerMergesThem() throws {
    let sources = [
      Source(
        name: "b.yaml", text: "turnout: 1\nuse_cases: { B: { rules: &r [{ route: m@v1 }] } }\n"),
      Source(
        name: "a.json",
        text: #"{"turnout":1,"unit":"user","use_cases":{"A":{"rules":[{"route":"m@v1"}]}}}"#),
      Source(
        name: "c.yaml",
        text: "turnout: 1\nclusters: { c: { address: x } }\nmodels: { m: { v1: { cluster: c } } }\n"
      ),
    ]
    let merged = try #require(MergedDocument(sources))
    let text = String(decoding: merged.yaml(), as: UTF8.self)
    let before = try #require(CheckedDocuments(sources).document)
    let after = try #require(CheckedDocuments([Source(name: "m.yaml", text: text)]).document)
    #expect(before == after)
    #expect(text.hasPrefix("turnout: 1\nunit: \"user\"\nclusters:\n"))
  }
}
