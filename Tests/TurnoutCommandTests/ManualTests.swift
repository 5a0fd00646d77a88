import Foundation
import Testing

/// `Docs/command.md`, `Docs/explain.md` and `Docs/diff.md` are run: each console block, line by line, in one folder.
@Suite struct ManualTests {
  /// `$ line` and what it printed.
  private struct Example {
    var line: String
    var output: String
  }

  @Test(arguments: [("command.md", 20), ("explain.md", 2), ("diff.md", 1)])
  func everyExampleOfTheManualIsTrue(_ page: String, _ atLeast: Int) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let manual = try String(
      contentsOf: folder.appendingPathComponent("Docs/\(page)"), encoding: .utf8)
    let place = try Workplace()
    try place.write(try #require(blocks("yaml", in: manual).first), to: "routing.yaml")
    let examples = blocks("console", in: manual).flatMap(examples)
    #expect(examples.count > atLeast)
    for example in examples {
      let ran = try place.bash(
        "turnout() { command \"$turnout\" \"$@\"; }; exec 2>&1; \(example.line)",
        environment: ["USER": "ada"])
      #expect(lasting(ran.output) == lasting(example.output), "\(example.line)")
    }
  }

  private func blocks(_ language: String, in text: String) -> [String] {
    text.components(separatedBy: "```\(language)\n").dropFirst().compactMap {
      $0.components(separatedBy: "```").first
    }
  }

  private func examples(_ block: String) -> [Example] {
    var examples: [Example] = []
    for line in block.split(separator: "\n") {
      if line.hasPrefix("$ ") {
        examples.append(Example(line: String(line.dropFirst(2)), output: ""))
      } else if line.hasPrefix("> "), let last = examples.indices.last,
        examples[last].output.isEmpty
      {
        examples[last].line += "\n" + line.dropFirst(2)
      } else if let last = examples.indices.last {
        examples[last].output += line + "\n"
      }
    }
    return examples
  }

  /// Without what differs from run to run and from build to build.
  private func lasting(_ text: String) -> String {
    text.split(separator: "\n").filter { !$0.contains(/^[\w ,]+ … \d+ s$/) }.joined(separator: "\n")
      .replacing(/\b[0-9a-f]{12}([0-9a-f]{20})?\b/, with: "DIGEST")
      .replacing(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/, with: "TIME")
      .replacing(/\(.* ago\)/, with: "(AGE ago)")
      .replacing(/[\d,]+ bytes/, with: "N bytes")
      .replacing(/"bytes":\d+/, with: "\"bytes\":N")
      .replacing(/[\d,.]+ ns/, with: "N ns")
  }
}
