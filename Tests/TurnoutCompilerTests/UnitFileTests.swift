import Synchronization
import Testing
import Turnout
import TurnoutCompiler

private func check(_ segments: String, in name: String = "doc.yaml", _ files: UnitFiles)
  -> CheckedDocuments
{
  CheckedDocuments(
    [Source(name: name, text: "turnout: 1\nunit: user\nsegments: { \(segments) }")],
    unitFiles: files)
}

private func units(_ bytes: [UInt8]) -> [String]? {
  let checked = check(
    "s: { units_file: f }", UnitFiles([UnitFile(path: "f", bytes: bytes)]))
  guard case .units(let set) = checked.document?.segments.first?.condition else { return nil }
  return set.map { String(decoding: $0, as: UTF8.self) }
}

@Test func aLineIsAUnit() {
  let cases: [(String, [String])] = [
    ("b\na\n", ["a", "b"]), ("a", ["a"]), ("\n\n\na\n\n", ["a"]), ("b\r\na\r\n\r\n", ["a", "b"]),
    ("a\rb\n", ["a\rb"]), ("a\r", ["a\r"]), (" a \n", [" a "]), ("a\na\r\na", ["a"]),
    ("\u{feff}a\n\u{feff}b", ["a", "\u{feff}b"]), ("é\ne\u{301}\n", ["e\u{301}", "é"]),
    ("a\u{0}\na\na\u{0}\u{0}\n", ["a", "a\u{0}", "a\u{0}\u{0}"]),
  ]
  for (text, expected) in cases {
    let found = units(Array(text.utf8))
    #expect(found?.map { Array($0.utf8) } == expected.map { Array($0.utf8) }, "\(text)")
  }
}

@Test func unitsStandInByteOrderOnce() {
  var generator = SeededGenerator(state: 7)
  let beginnings = ["", "user-", "a-long-beginning-that-all-have-", "\u{0}\u{0}\u{0}\u{0}"]
  for _ in 0..<300 {
    let written = (0..<Int.random(in: 1...40, using: &generator)).map { _ in
      let beginning = beginnings.randomElement(using: &generator) ?? ""
      let count = Int.random(in: 0...18, using: &generator)
      return Array(beginning.utf8)
        + (0..<count).map { _ in [0x00, 0x61, 0x62].randomElement(using: &generator) ?? 0 }
    }
    let sorted = Set(written).sorted { $0.lexicographicallyPrecedes($1) }
    let set = UnitSet(written)
    #expect(set.map(Array.init) == sorted)
    #expect(set == UnitSet(written.reversed()))
  }
}

@Test func aPathIsRelativeToTheFolderOfItsDocument() {
  #expect(UnitFiles.path("beta.txt", in: "routing/home.yaml") == "routing/beta.txt")
  #expect(UnitFiles.path("../beta.txt", in: "/etc/t/home.yaml") == "/etc/t/../beta.txt")
  #expect(UnitFiles.path("lists/beta.txt", in: "home.yaml") == "lists/beta.txt")
  #expect(UnitFiles.path("/data/beta.txt", in: "routing/home.yaml") == "/data/beta.txt")
}

@Test func eachFileIsReadOnceAndGivenBack() {
  let read = Mutex<[String]>([])
  let files = UnitFiles { path in
    read.withLock { $0.append(path) }
    return path == "d/none"
      ? .failure(TurnoutError(.ioError, "cannot read d/none")) : .success(Array("u\n".utf8))
  }
  let segments = "a: { units_file: z }, b: { not: { units_file: z } }, c: { units_file: ./y }"
  let checked = check(segments, in: "d/doc.yaml", files)
  #expect(checked.errors == "")
  #expect(read.withLock { $0 } == ["d/z", "d/./y"])
  #expect(checked.unitFiles.map(\.path) == ["d/./y", "d/z"])
  #expect(checked.unitFiles.map(\.bytes) == [[0x75, 0x0a], [0x75, 0x0a]])

  // From what was read before, without a disk.
  let again = check(segments, in: "d/doc.yaml", UnitFiles(checked.unitFiles))
  #expect(again.document == checked.document && again.unitFiles == checked.unitFiles)

  let failed = check("a: { units_file: none }, b: { units_file: none }", in: "d/doc.yaml", files)
  #expect(failed.document == nil && failed.unitFiles.isEmpty)
  #expect(failed.diagnostics.map(\.code) == [.unreadableFile])
  #expect(failed.diagnostics.map(\.message) == ["cannot read d/none"])
}

@Test func filesOfUnitsAreBounded() {
  func codes(_ bytes: [UInt8]) -> [DiagnosticCode] {
    check("s: { units_file: f }", UnitFiles([UnitFile(path: "f", bytes: bytes)]))
      .diagnostics.map(\.code)
  }
  let longest = [UInt8](repeating: 0x75, count: Limits.unitBytesMax)
  #expect(codes(longest + [0x0d, 0x0a]) == [])
  #expect(codes(longest + [0x75, 0x0a]) == [.limit])
  #expect(codes([UInt8](repeating: 0x0a, count: Limits.unitFileBytesMax + 1)) == [.limit])
  #expect(codes([0xff]) == [.invalidEncoding])
  #expect(codes([]) == [.empty])
}

@Test func documentsOnDiskNameFilesOnDisk() throws {
  let folder = "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/") + "/Folder"
  let source = Source(
    name: "\(folder)/b.yaml",
    text: "turnout: 1\nunit: user\nsegments: { s: { units_file: notes.txt } }")
  let checked = CheckedDocuments([source], unitFiles: Documents.unitFiles)
  #expect(checked.errors == "")
  #expect(checked.unitFiles.map(\.path) == ["\(folder)/notes.txt"])
}
