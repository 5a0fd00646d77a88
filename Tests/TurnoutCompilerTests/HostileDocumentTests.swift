import Testing
import TurnoutCompiler

private func errors(_ text: String) -> CheckedDocuments {
  CheckedDocuments([Source(name: "doc.yaml", text: "turnout: 1\nunit: user\n" + text)])
}

private func errors(bytes: [UInt8]) -> CheckedDocuments {
  CheckedDocuments([Source(name: "doc.yaml", bytes: bytes)])
}

@Test(arguments: ["[", "{", "{a: ", "[{a: ", "- ", "? ", "a:\n ", "!x [", "&a [", "- - ? "])
func nestingWithoutEndIsAnErrorNotACrash(_ level: String) {
  for count in [10, 70, 1_100, 100_000] {
    var text = ""
    for index in 0..<count {
      text += level
      if level.hasSuffix("\n ") { text += String(repeating: " ", count: min(index, 2_000)) }
    }
    let checked = errors(bytes: Array(text.utf8))
    #expect(checked.document == nil)
    #expect(!checked.diagnostics.isEmpty)
  }
}

@Test func depthIsBounded() {
  func nested(_ levels: Int) -> CheckedDocuments {
    errors(
      "clusters: { c: { address: x:1 } }\nmodels: { m: { v: { cluster: c, config: { k: "
        + String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
        + " } } } }")
  }
  let levelsMax = Limits.depthMax - 5
  #expect(nested(levelsMax).text() == "")
  #expect(nested(levelsMax + 1).diagnostics.map(\.code) == [.limit])
}

/// Nine doublings of ten: a billion laughs.
@Test func aliasesCountForWhatTheyStandFor() {
  var text = "segments:\n  a: &a { country: [x, x, x, x, x, x, x, x, x, x] }\n"
  var last = "a"
  for name in ["b", "c", "d", "e", "f", "g", "h", "i", "j"] {
    let list = [String](repeating: "*\(last)", count: 10).joined(separator: ", ")
    text += "  \(name): &\(name) { all: [\(list)] }\n"
    last = name
  }
  let checked = errors(text)
  #expect(checked.diagnostics.contains { $0.code == .limit })
  #expect(checked.document == nil)
}

@Test func aliasesOfLongTextsCountTheirBytes() {
  let long = String(repeating: "x", count: 1 << 16)
  let list = [String](repeating: "*a", count: 5_000).joined(separator: ", ")
  let checked = errors("description: &a \(long)\nlabels: { b: [\(list)] }")
  #expect(checked.diagnostics.contains { $0.code == .limit })
}

@Test func aliasesDoNotGoDeeperThanTheRest() {
  var text = "labels:\n  a0: &a0 [x]\n"
  for index in 1..<200 { text += "  a\(index): &a\(index) [*a\(index - 1)]\n" }
  #expect(errors(text).diagnostics.contains { $0.code == .limit })
}

@Test func anAliasWithinItsOwnAnchorStandsForNothing() {
  let checked = errors("clusters: &a { c: *a }")
  #expect(checked.diagnostics.contains { $0.code == .syntax })
}

@Test func anAliasMayRepeatAMapping() throws {
  let checked = errors(
    "clusters: { c: &c { address: x:1 } }\nmodels: { m: { v1: &v { cluster: c, config: &k { n: 1 } }, v2: *v } }"
  )
  #expect(checked.text() == "")
  #expect(
    checked.document?.models.first?.versions.map(\.config.json) == [#"{"n":1}"#, #"{"n":1}"#])
}

@Test func directivesAreBounded() {
  let text = String(repeating: "%TAG !a! x\n", count: 1_000_000)
  let checked = errors(bytes: Array(text.utf8))
  #expect(checked.diagnostics.map(\.line) == [Limits.directivesMax + 1])
}

@Test func manyErrorsAreCounted() {
  let text = "clusters:\n" + (0..<1_000).map { "  c\($0): {}\n" }.joined()
  let checked = errors(text)
  #expect(checked.diagnostics.count == Limits.diagnosticsShownMax)
  #expect(checked.omittedCount == 800)
  #expect(checked.text().hasSuffix("and 800 more errors"))
}

@Test func longChainsOfSegmentsAreRefused() {
  var text = "segments:\n  s0: { unit: x }\n"
  for index in 1..<20_000 { text += "  s\(index): { segment: s\(index - 1) }\n" }
  let checked = errors(text)
  #expect(checked.diagnostics.contains { $0.code == .limit })
  #expect(checked.diagnostics.filter { $0.message.contains("segments that name") }.count == 1)
}

@Test func segmentsThatMultiplyAreRefused() {
  var text = "segments:\n  s0: { all: [{ unit: x }, { unit: y }] }\n"
  for index in 1..<40 {
    text +=
      "  s\(index): { all: [{ segment: s\(index - 1) }, { not: { segment: s\(index - 1) } }] }\n"
  }
  #expect(errors(text).diagnostics.contains { $0.code == .limit })
}

@Test func bytesThatAreNoTextAreReportedWhereTheyStand() {
  func place(_ bytes: [UInt8]) -> String {
    let checked = errors(bytes: bytes)
    return checked.diagnostics.first.map { "\($0.line):\($0.column) \($0.message)" } ?? "fine"
  }
  #expect(place(Array("a: é\nb: ".utf8) + [0xff]) == "2:4 byte 0xff is not UTF-8")
  #expect(place(Array("a: é".utf8) + [0xed, 0xa0, 0x80]) == "1:5 byte 0xed is not UTF-8")
  #expect(place(Array("a: ".utf8) + [0xc3]) == "1:4 byte 0xc3 is not UTF-8")
  #expect(place(Array("a: b\u{0}".utf8)) == "1:5 control character 0x00")
  #expect(place([0xff, 0xfe, 0x61, 0x00]) == "1:1 the file is UTF-16")
  #expect(place(Array("\r\n\u{1b}[31m".utf8)) == "2:1 control character 0x1b")
}

@Test func byteOrderMarksAndLineEndingsDoNotMatter() {
  let lines = ["turnout: 1", "unit: user", "clusters: { c: {} }"]
  for (bom, ending) in [("", "\n"), ("\u{feff}", "\r\n"), ("", "\r"), ("\u{feff}", "\n")] {
    let text = bom + lines.joined(separator: ending) + ending
    let checked = errors(bytes: Array(text.utf8))
    #expect(
      checked.text() == """
        doc.yaml:3:13: error: the cluster `c` has no address; add `address: host:port`, or `shards`
            clusters: { c: {} }
                        ^
        """)
  }
}

@Test func whatATerminalWouldObeyIsNotPrinted() {
  let checked = errors("clusters: { \"\\e[31m\": { address: x:1 } }")
  #expect(!checked.text().unicodeScalars.contains("\u{1b}"))
  #expect(checked.text(colored: true).unicodeScalars.contains("\u{1b}"))
}
