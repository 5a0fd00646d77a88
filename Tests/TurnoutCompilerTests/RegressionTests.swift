import FuzzTrials
import Testing
import Turnout
import TurnoutCompiler

/// What the fuzzers once found, and what they found worth keeping: see Tests/Fuzz/regressions. Each goes
/// the fuzzer's way; that it ends is the claim, beside what is said of it.
struct RegressionTests {
  private static let folder =
    "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/") + "/Fuzz/regressions"

  private static func inputs(_ target: String) throws -> [(name: String, bytes: [UInt8])] {
    try Folder.names(in: "\(folder)/\(target)").map { name in
      (name, try FileBytes.read("\(folder)/\(target)/\(name)", atMost: 1 << 20))
    }
  }

  /// `table.txt` says of each table why it is refused, with the byte, or that it is good.
  @Test func everyTableIsRefusedWithTheByteOrHarmless() throws {
    let inputs = try Self.inputs("table")
    #expect(inputs.count > 20)
    var said = ""
    for (name, bytes) in inputs {
      let refusal = bytes.withBytes { TableTrial.refusal(of: $0) }
      said += "\(name): \(refusal.map(\.message) ?? "good")\n"
    }
    let expected = try FileBytes.read("\(Self.folder)/table.txt", atMost: 1 << 20)
    #expect(said == String(decoding: expected, as: UTF8.self))
  }

  @Test func everyDocumentCompilesOrIsRefusedWithWords() throws {
    let inputs = try Self.inputs("documents")
    #expect(inputs.count > 20)
    for (name, bytes) in inputs {
      for diagnostic in DocumentTrial.diagnostics(of: bytes) {
        #expect(!diagnostic.message.isEmpty, "\(name)")
      }
    }
  }
}
