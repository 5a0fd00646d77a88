import Testing
import Turnout
import TurnoutCompiler

/// A document with mistakes, and all that is to be said about them. Cases stand in
/// `BadDocuments/*.txt`: a line `=== claim`, the document, a line of hyphens, the errors.
struct BadDocument: CustomTestStringConvertible, Sendable {
  var subject: String
  var claim: String
  var document: String
  var errors: String

  var testDescription: String { "\(subject): \(claim)" }

  static let subjects = [
    "shape", "syntax", "names", "conditions", "rules", "clusters", "configs", "experiments",
    "placements", "shadows", "units", "expectations", "guards",
  ]

  static func file(_ name: String) -> String {
    let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    do {
      let bytes = try FileBytes.read("/\(folder)/BadDocuments/\(name)", atMost: 1 << 20)
      // A tab would not be seen in the file.
      return String(decoding: bytes, as: UTF8.self).replacing("⇥", with: "\t")
    } catch {
      Issue.record("\(error)")
      return ""
    }
  }

  static let all = subjects.flatMap(cases)
  /// Nothing is wrong with these, and what is doubtful is said.
  static let doubtful = cases("warnings")

  private static func cases(_ subject: String) -> [BadDocument] {
    file(subject + ".txt").split(separator: "=== ").map { text in
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      let border = lines.firstIndex { $0.hasPrefix("--------") } ?? lines.endIndex
      var errors = lines[min(border + 1, lines.endIndex)...]
      while errors.last?.isEmpty == true { errors.removeLast() }
      return BadDocument(
        subject: subject, claim: String(lines[0]),
        document: lines[1..<border].joined(separator: "\n"),
        errors: errors.joined(separator: "\n"))
    }
  }

  var checked: CheckedDocuments {
    CheckedDocuments(
      [
        Source(name: "doc.yaml", text: document),
        Source(name: "base.yaml", text: Self.file("base.yaml")),
      ], unitFiles: Self.unitFiles, now: Instant("2026-06-01T00:00:00Z")?.nanoseconds,
      proves: true)
  }

  /// What `units_file` finds.
  static let unitFiles = UnitFiles([
    UnitFile(path: "beta.txt", bytes: Array("u_17\r\nu_42".utf8)),
    UnitFile(path: "latin1.txt", bytes: Array("u_17\r\n\n\nu_".utf8) + [0xe9, 0x0a]),
    UnitFile(
      path: "long.txt",
      bytes: [0x75, 0x0a] + [UInt8](repeating: 0x75, count: Limits.unitBytesMax + 1)),
    UnitFile(path: "empty.txt", bytes: Array("\u{feff}\r\n\n".utf8)),
  ])
}

@Test(arguments: BadDocument.all)
func everyMistakeIsReportedWithItsPlaceAndAWayOut(_ bad: BadDocument) {
  let checked = bad.checked
  #expect(checked.document == nil)
  #expect(checked.text() == bad.errors)
}

@Test(arguments: BadDocument.doubtful)
func whatIsDoubtfulIsSaidUnlessItIsAllowedThere(_ doubtful: BadDocument) {
  let checked = doubtful.checked
  #expect(checked.document != nil)
  #expect(checked.diagnostics.allSatisfy { $0.severity == .warning })
  #expect(checked.text() == doubtful.errors)
}

@Test func everyWarningButThatOfTheEncoderHasADocument() {
  let codes = Set(BadDocument.doubtful.flatMap { $0.checked.diagnostics.map(\.code) })
  #expect(
    codes
      == Set(DiagnosticCode.warnings).subtracting([.renameWithoutSalt, .saltChanged, .unitChanged]))
}

@Test func thereAreManyBadDocuments() {
  #expect(BadDocument.all.count >= 100)
}

@Test func theBaseOfTheBadDocumentsIsGood() {
  let checked = CheckedDocuments([
    Source(name: "base.yaml", text: BadDocument.file("base.yaml"))
  ])
  #expect(checked.text() == "")
  #expect(checked.document != nil)
}
