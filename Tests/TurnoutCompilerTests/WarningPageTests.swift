import Testing
import Turnout
import TurnoutCompiler

/// `Docs/warnings.md`: each section's example gives its warning and no other, and its `allow` silences it.
struct WarningPageTests {
  private struct Block {
    /// What stands behind the three backticks and `yaml`.
    var words: [String]
    var text: String
  }

  private let page: String

  init() throws {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    page = String(
      decoding: try FileBytes.read("/\(root)/Docs/warnings.md", atMost: 1 << 20), as: UTF8.self)
  }

  private var blocks: [Block] {
    page.split(separator: "```").enumerated().filter { $0.offset % 2 == 1 }.map { _, block in
      let lines = block.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      return Block(
        words: lines[0].split(separator: " ").dropFirst().map(String.init),
        text: lines.count > 1 ? String(lines[1]) : "")
    }
  }

  @Test func everyCodeHasASectionInTheOrderOfTheCodes() {
    let sections = page.split(separator: "\n").filter { $0.hasPrefix("## ") }
      .map { String($0.dropFirst(3)) }
    #expect(sections == ["What is proved"] + DiagnosticCode.warnings.map(\.rawValue))
    for code in DiagnosticCode.warnings {
      #expect(page.contains("[\(code.rawValue)](#\(code.rawValue))"))
      #expect(code.page == "Docs/warnings.md#\(code.rawValue)")
    }
    #expect(DiagnosticCode.syntax.page == nil)
  }

  /// At a time when the experiment of the page is over.
  private func codes(_ base: String, _ text: String, before: String?) throws -> [DiagnosticCode] {
    func compiled(_ text: String, against image: [UInt8]?) throws -> CompiledTable {
      let sources = [
        Source(name: "base.yaml", text: base),
        Source(name: "example.yaml", text: "turnout: 1\n" + text),
      ]
      let now = Instant("2026-06-01T00:00:00Z")?.nanoseconds
      let table =
        try image.map { image in
          try image.withBytes {
            CompiledTable(sources, against: try Image.validate($0), now: now, proves: true)
          }
        } ?? CompiledTable(sources, against: nil, now: now, proves: true)
      #expect(table.image != nil, "\(table.words)")
      return table
    }
    let earlier = try before.map { try compiled($0, against: nil).image } ?? nil
    return try compiled(text, against: earlier).diagnostics.map(\.code)
  }

  @Test func everyExampleGivesItsWarningAlone() throws {
    let blocks = blocks
    let base = try #require(blocks.first { $0.words.isEmpty }).text
    #expect(try codes(base, "", before: nil) == [])
    var shown: Set<String> = []
    for block in blocks where block.words.count == 1 {
      let code = block.words[0]
      let before = blocks.first { $0.words == [code, "before"] }?.text
      let found = try codes(base, block.text, before: before)
      #expect(found.map(\.rawValue) == [code], "\(code)")
      shown.insert(code)
    }
    #expect(shown == Set(DiagnosticCode.warnings.map(\.rawValue)))
  }
}
