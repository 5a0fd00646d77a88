import Testing
import Turnout
import TurnoutCompiler

/// An explanation reads more of a table than a resolve does: names, salts and the operands of tests.
/// Damage that validation accepts is harmless to it, too.
struct DamagedTableExplainTests {
  /// Explains some of the requests, other ones for each `turn`, and reads what comes of it. False if the
  /// damage was refused.
  private static func explains(_ bytes: [UInt8], turn: Int) -> Bool {
    bytes.withBytes { bytes in
      guard let image = try? Image.validate(bytes) else { return false }
      let head = DamagedTableDocument.heads[turn % DamagedTableDocument.heads.count]
      let overlay = turn % 3 == 0 ? nil : try? image.overlay(of: head)
      let resolver = TableResolver(image: image, revision: 1, overlay: overlay)
      for (number, request) in DamagedTableDocument.requests.enumerated()
      where (number + turn) % 7 == 0 {
        let explanation = resolver.explain(request)
        #expect(explanation.decision == resolver.resolve(request))
        #expect(!explanation.json.isEmpty && !explanation.text.isEmpty)
      }
      return true
    }
  }

  @Test func everySealedByteIsRefusedOrExplained() throws {
    let table = try CompiledTableTests.table(DamagedTableDocument.text)
    var explained = 0
    for offset in 32..<table.count {
      var damaged = table
      damaged[offset] = table[offset] &+ (offset % 2 == 0 ? 1 : 0x80)
      if Self.explains(DamagedTableTests.sealed(damaged), turn: offset) { explained += 1 }
    }
    #expect(explained > 0)
  }

  @Test(arguments: [UInt64(4), 5])
  func manySealedDamagesAtOnceAreRefusedOrExplained(seed: UInt64) throws {
    let table = try CompiledTableTests.table(DamagedTableDocument.text)
    var dice = Dice(seed: seed)
    for turn in 0..<1_000 {
      var damaged = table
      for _ in 0..<(1 + Int(dice.next() % 4)) {
        let offset = 32 + Int(dice.next() % UInt64((table.count - 36) / 4)) * 4
        let other = 32 + Int(dice.next() % UInt64((table.count - 36) / 4)) * 4
        for i in 0..<4 { damaged[offset + i] = table[other + i] }
      }
      _ = Self.explains(DamagedTableTests.sealed(damaged), turn: turn)
    }
  }
}
