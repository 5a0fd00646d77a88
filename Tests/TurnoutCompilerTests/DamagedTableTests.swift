import Testing
import Turnout
import TurnoutCompiler

/// Damage to an image: refused by validation, or harmless to resolve against.
struct DamagedTableTests {
  /// The image with its digest made right again, so that validation looks further than that.
  private static func sealed(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    let digest = bytes.withBytes { $0.digest(from: Format.digestFrom) }
    for i in 0..<8 {
      bytes[16 + i] = UInt8(truncatingIfNeeded: digest.low >> UInt64(8 * i))
      bytes[24 + i] = UInt8(truncatingIfNeeded: digest.high >> UInt64(8 * i))
    }
    return bytes
  }

  private static let requests: [Request] = {
    let contexts: [[String: Request.Value]] = [
      [:], ["country": "US"], ["country": "DE", "kids": true], ["app_version": "9.1-rc.1"],
      ["tenure_days": 1, "country": "FR", "nobody": "declared this"],
      ["traffic": "replay", "kids": false],
    ]
    return contexts.flatMap { context in
      ["Rank", "Off", "Needs", "Nobody"].map { name in
        Request(
          name, unit: "u_17", units: ["session": "s"], attributes: context, requestID: "r",
          wantsConfig: true)
      }
    }
  }()

  /// Validates, and if that passes resolves everything. True if the damage was refused.
  private static func isRefused(_ bytes: [UInt8]) -> Bool {
    bytes.withBytes { bytes in
      let image: Image
      do throws(TurnoutError) {
        image = try Image.validate(bytes)
      } catch {
        #expect(error.status == .corrupt || error.status == .newerFormat)
        return true
      }
      let resolver = TableResolver(image: image, revision: 1)
      for request in requests { _ = resolver.resolve(request) }
      // What the next compile reads of it must not trap either.
      _ = CompiledTable([Source(name: "a", text: CompiledTableTests.document)], against: image)
      return false
    }
  }

  @Test func withoutTheDigestEveryDamageIsSeen() throws {
    let table = try CompiledTableTests.table(CompiledTableTests.document)
    for offset in 0..<table.count {
      var damaged = table
      damaged[offset] ^= 0x41
      #expect(Self.isRefused(damaged), "byte \(offset)")
    }
  }

  @Test func everyTruncationIsRefused() throws {
    let table = try CompiledTableTests.table(CompiledTableTests.document)
    for count in 0..<table.count {
      #expect(Self.isRefused(Array(table.prefix(count))), "\(count) bytes")
    }
  }

  @Test func everySealedByteIsRefusedOrHarmless() throws {
    let table = try CompiledTableTests.table(CompiledTableTests.document)
    #expect(Self.sealed(table) == table)
    var refused = 0
    var harmless = 0
    for offset in 32..<table.count {
      for value: UInt8 in [0x00, 0x01, 0xFF, table[offset] &+ 1] {
        guard value != table[offset] else { continue }
        var damaged = table
        damaged[offset] = value
        if Self.isRefused(Self.sealed(damaged)) { refused += 1 } else { harmless += 1 }
      }
    }
    // Texts, names of rules and numbers may be anything; structure may not.
    #expect(refused > harmless)
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func manySealedDamagesAtOnceAreRefusedOrHarmless(seed: UInt64) throws {
    let table = try CompiledTableTests.table(CompiledTableTests.document)
    var dice = Dice(seed: seed)
    for _ in 0..<1_500 {
      var damaged = table
      for _ in 0..<(1 + Int(dice.next() % 6)) {
        // Aligned words, so that offsets and counts are hit whole.
        let offset = 32 + Int(dice.next() % UInt64((table.count - 36) / 4)) * 4
        let other = 32 + Int(dice.next() % UInt64((table.count - 36) / 4)) * 4
        for i in 0..<4 { damaged[offset + i] = table[other + i] }
      }
      _ = Self.isRefused(Self.sealed(damaged))
    }
  }
}
