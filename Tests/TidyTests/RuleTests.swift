import Testing

/// That each rule can fail, and where it does not.
@Suite struct RuleTests {
  @Test(arguments: [
    ("Sources/Turnout/Table/Image.swift", "internal import Foundation"),
    ("Sources/Turnout/Table/Image.swift", "internal import CLMDB"),
    ("Sources/Turnout/Table/Image.swift", "@testable import TurnoutCompiler"),
    ("Sources/Turnout/Resolve/Resolver.swift", "import struct Yams.Mark"),
    ("Sources/TurnoutC/Resolve.swift", "import TurnoutCompiler"),
    ("Sources/TurnoutC/Resolve.swift", "public import Foundation"),
    ("Sources/TurnoutCompiler/Ring/Ring.swift", "internal import CXXHash"),
    ("Sources/TurnoutCommand/Publish.swift", "import CLMDB"),
    ("Sources/NewTarget/A.swift", ""),
  ])
  func importsBeyondTheFloorAreFound(path: String, line: String) {
    #expect(ImportRules.check(SourceFile(path: path, text: "// a\n" + line + "\n")).count == 1)
  }

  @Test(arguments: [
    ("Sources/Turnout/Store/LMDB.swift", "internal import CLMDB"),
    ("Sources/Turnout/Table/Image.swift", "private import Glibc"),
    ("Sources/Turnout/Table/Image.swift", "// import Foundation"),
    ("Sources/TurnoutCompiler/Document/Documents.swift", "internal import Yams"),
    ("Tests/TidyTests/Tree.swift", "import Foundation"),
  ])
  func importsOfTheFloorAreNot(path: String, line: String) {
    #expect(ImportRules.check(SourceFile(path: path, text: line + "\n")) == [])
  }

  @Test(arguments: [
    "let a = unsafe pointer.pointee", "  return (unsafe base)", "nonisolated(unsafe) var a = 1",
    "let s = #\"a\"b\"#; unsafe f()",
  ])
  func unsafeOutsideTheFenceIsFound(line: String) {
    let text = "// SAFETY: nobody\n" + line + "\n"
    #expect(
      UnsafeRules.check(SourceFile(path: "Sources/Turnout/Table/A.swift", text: text)).count == 1)
    #expect(UnsafeRules.check(SourceFile(path: "Sources/Turnout/Memory/A.swift", text: text)) == [])
  }

  @Test func proseAndNamesAreNotUnsafe() {
    for line in [
      "// unsafe", "/* unsafe /* a */ unsafe */", "@unsafe", "let unsafePointer = 1",
      "f(\"unsafe \\(a) unsafe\")", "\"\"\"\n unsafe\n\"\"\"", "linker.unsafeFlags()",
    ] {
      let file = SourceFile(path: "Sources/Turnout/Table/A.swift", text: line + "\n")
      #expect(UnsafeRules.check(file) == [], "\(line)")
    }
  }

  @Test func anUnsafeThatNobodyGuaranteesIsFound() {
    let path = "Sources/Turnout/Memory/A.swift"
    func findings(_ text: String) -> Int {
      UnsafeRules.check(SourceFile(path: path, text: text)).count
    }
    #expect(findings("let a = unsafe b\n") == 1)
    #expect(findings("// Reads b.\nlet a = unsafe b\n") == 1)
    // A comment covers its own scope and what is inside of it, not the next declaration.
    let body = "func f() {\n  // SAFETY: c\n  unsafe a()\n  if b {\n    unsafe d()\n  }\n}\n"
    #expect(findings(body) == 0)
    #expect(findings(body + "func g() {\n  unsafe a()\n}\n") == 1)
    #expect(
      findings("  var a: Int {\n    // SAFETY: c\n    unsafe b\n  }\n  var d: Int { unsafe e }\n")
        == 1)
    #expect(findings("// SAFETY, for the whole file: c\n" + "func g() {\n  unsafe a()\n}\n") == 0)
    #expect(findings("// SAFETY: c\n// Reads b.\nlet a = unsafe b\n") == 0)
    #expect(
      findings("// SAFETY: the caller,\n// who says so.\nlet a = unsafe b\nunsafe d()\n") == 0)
  }

  @Test(arguments: [
    "let a = try! f()", "let a = b as! C", "let a = b!", "let a = b()!.c", "let a = b[0]!",
    "var a: Int!", "fatalError(\"a\")", "precondition(a > 0)", "  preconditionFailure()",
  ])
  func trapsAreFound(line: String) {
    #expect(TrapRules.check(SourceFile(path: "Sources/Turnout/A.swift", text: line)).count == 1)
  }

  @Test(arguments: [
    "if a != b {", "if !a, !(b) {", "\"no!\"", "f(a, !b)", "// fatalError()", "assert(a)",
  ])
  func whatDoesNotTrapIsNot(line: String) {
    #expect(TrapRules.check(SourceFile(path: "Sources/Turnout/A.swift", text: line)) == [])
  }

  @Test(arguments: [
    ("Sources/Turnout/A.swift", "\tlet a = 1\n"), ("Docs/a.md", "a \n"), ("Docs/a.md", "a"),
    ("Docs/a.md", "a\n\n"), ("Sources/Turnout/A.swift", "// TO" + "DO: later\n"),
    ("Sources/Turnout/StringUtils.swift", "\n".replacing("\n", with: "let a = 1\n")),
    ("Sources/Common/A.swift", "let a = 1\n"),
    ("Sources/Turnout/A.swift", "struct RingHelper {}\n"),
    ("Scripts/run", "#!/bin/sh\n" + String(repeating: "a\n", count: 500)),
    ("Sources/Turnout/A.swift", String(repeating: "a\n", count: 501)),
  ])
  func untidyTextIsFound(path: String, text: String) {
    #expect(TextRules.check(SourceFile(path: path, text: text)).count == 1)
  }

  @Test func tidyTextIsNot() {
    for (path, text) in [
      ("Makefile", "a:\n\tb\n"), ("Sources/Turnout/A.swift", String(repeating: "a\n", count: 500)),
      ("Docs/a.md", String(repeating: "a\n", count: 900)),
      ("Sources/Turnout/Utilization.swift", "a\n"),
    ] {
      #expect(TextRules.check(SourceFile(path: path, text: text)) == [], "\(path)")
    }
  }

  @Test func aFunctionThatHeaderMapOrSwiftLacksIsFound() {
    let header = """
      /* turnout_prose() is no function. */
      #define TURNOUT_A turnout_macro(1)
      typedef void (*turnout_callback)(int);
      struct turnout_s { int (*turnout_member)(void); };
      #ifdef __cplusplus
      extern "C" {
      #endif
      turnout_status turnout_a(const turnout_engine *TURNOUT_NULLABLE engine,
                               int b);
      uint32_t turnout_b(void);
      """
    #expect(CFaceRules.declared(in: header) == ["turnout_a", "turnout_b"])
    #expect(CFaceRules.exported(by: "{ global: turnout_a; turnout_b; local: *; };").count == 2)
    let swift = """
      // @c public func turnout_prose() {}
      @c @implementation
      public func turnout_a(_ engine: OpaquePointer?) -> Int32 { 0 }
      @c @implementation public func turnout_b() -> UInt32 { 1 }
      """
    func count(_ map: String, _ swift: String) -> Int {
      CFaceRules.check(header: header, map: map, implementations: [swift]).count
    }
    let map = "{ global: turnout_a; turnout_b; local: *; };"
    #expect(count(map, swift) == 0)
    #expect(count("{ global: turnout_*; local: *; };", swift) == 3)
    #expect(count("{ global: turnout_a; local: *; };", swift) == 1)
    #expect(count("{ global: turnout_a; turnout_b; turnout_c; local: *; };", swift) == 1)
    #expect(count(map, swift.replacing("turnout_b", with: "turnout_c")) == 2)
  }
}
