import Testing
import Turnout

@testable import TurnoutCompiler

/// `Formatting/cases.txt`: a line `=== claim`, a document, a line of hyphens, its canonical form.
struct FormattingCase: CustomTestStringConvertible, Sendable {
  var claim: String
  var before: String
  var after: String

  var testDescription: String { claim }

  static let all: [FormattingCase] = {
    let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    guard let bytes = try? FileBytes.read("/\(folder)/Formatting/cases.txt", atMost: 1 << 20) else {
      return []
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "=== ").map { text in
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      let border = lines.firstIndex { $0.hasPrefix("---------") } ?? lines.endIndex
      var after = lines[min(border + 1, lines.endIndex)...]
      while after.last?.isEmpty == true { after.removeLast() }
      return FormattingCase(
        claim: String(lines[0]), before: lines[1..<border].joined(separator: "\n") + "\n",
        after: after.joined(separator: "\n") + "\n")
    }
  }()
}

@Suite struct CanonicalFormTests {
  private func form(_ text: String, name: String = "doc.yaml") -> String {
    switch CanonicalForm.of(Source(name: name, text: text)) {
    case .written(let bytes): String(decoding: bytes, as: UTF8.self)
    case .refused(let diagnostics):
      diagnostics.map { "\($0.line):\($0.column): \($0.message)" }.joined(separator: "\n")
    }
  }

  @Test func theCasesAreRead() { #expect(FormattingCase.all.count >= 11) }

  @Test(arguments: FormattingCase.all)
  func aDocumentHasOneForm(_ example: FormattingCase) {
    #expect(form(example.before) == example.after)
    #expect(form(example.after) == example.after)
    #expect(form(example.before.replacing("\n", with: "\r\n")) == example.after)
  }

  @Test(arguments: [
    ("turnout: 1\nunit: !x user\n", "2:7: the tag `!x` has no meaning here"),
    ("turnout: 1\na: { <<: b }\n", "2:6: merge keys (`<<`) are not read"),
    ("turnout: 1\n---\nturnout: 1\n", "2:1: a second document in one file"),
    ("%YAML 1.2\n---\nturnout: 1\n", "1:1: the file has a directive, a line that begins with `%`"),
    ("turnout: 1\n&k a: b\n", "2:1: a key has an anchor, or is an alias"),
    (
      "turnout: 1\nuse_cases: { a: &x {} }\nclusters: { a: *x }\n",
      "3:16: in the order of the canonical form, the alias `*x` would come before its anchor"
    ),
    ("turnout: 1\na: &x 1\nb: &x 2\n", "3:4: the anchor `&x` stands in this file twice"),
    ("unit: user\n", "1:1: the file does not say which language it is written in"),
    ("", "0:0: the file is empty"),
  ])
  func whatHasNoFormIsRefusedWithItsPlace(_ text: String, _ reason: String) {
    #expect(form(text) == reason)
  }

  @Test func jsonIsWrittenForPeople() {
    let text =
      #"{"use_cases":{"A":{"rules":[{"route":"m@v1"}],"config":{"k":1.50,"e":"\u00e9\n"}}},"turnout":1}"#
    let pretty = """
      {
        "turnout": 1,
        "use_cases": {
          "A": { "config": { "k": 1.50, "e": "é\\n" }, "rules": [{ "route": "m@v1" }] }
        }
      }

      """
    #expect(form(text, name: "a.json") == pretty)
    #expect(form(pretty, name: "a.json") == pretty)
    // A config holds numbers as they are written, whatever a double can be.
    let large = """
      {
        "turnout": 1,
        "labels": {
          "large": [1e400, -1E-400, 0.5e+3, -0]
        }
      }

      """
    #expect(form(large, name: "a.json") == large)
    #expect(form("{ \"turnout\": 01 }", name: "a.json") == "1:14: `01` is not JSON")
    #expect(form("{ \"turnout\": 1 } # x", name: "a.json") == "1:18: this is YAML, not JSON")
    #expect(form("{ \"turnout\": yes }", name: "a.json") == "1:14: `yes` is not JSON")
  }

  /// Documents with mistakes, too: where they can be read, they say the same afterwards.
  @Test(arguments: BadDocument.all + BadDocument.doubtful)
  func aMistakeStaysTheSame(_ bad: BadDocument) {
    guard case .written(let bytes) = CanonicalForm.of(Source(name: "d.yaml", text: bad.document))
    else { return }
    let written = Source(name: "d.yaml", bytes: bytes)
    guard case .written(let again) = CanonicalForm.of(written) else {
      Issue.record("refused the second time")
      return
    }
    #expect(String(decoding: again, as: UTF8.self) == String(decoding: bytes, as: UTF8.self))
  }
}
