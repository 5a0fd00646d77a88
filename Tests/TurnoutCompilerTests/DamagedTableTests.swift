import Testing
import Turnout
import TurnoutCompiler

/// Damage to an image: refused by validation, or harmless to resolve against.
struct DamagedTableTests {
  private static let document = DamagedTableDocument.text

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
      for head in DamagedTableDocument.heads {
        let overlay = try? image.overlay(of: head)
        let resolver = TableResolver(image: image, revision: 1, overlay: overlay)
        for key in DamagedTableDocument.routingKeys {
          let found = try? resolver.destination(routingKey: key)
          #expect(found == nil || found?.routingKey == key)
        }
        for (number, request) in DamagedTableDocument.requests.enumerated() {
          let decision = resolver.resolve(request)
          // An explanation takes long: some of them for each damage, others for the next.
          guard UInt64(number) % 16 == image.digest.low % 16 else { continue }
          let explanation = resolver.explain(request)
          #expect(explanation.decision == decision)
          _ = (explanation.text, explanation.json)
        }
      }
      // What the next compile reads of it must not trap either.
      _ = TableAllocations(image)
      return false
    }
  }

  /// Else damage would be harmless because nobody looks.
  @Test func theRequestsReachEverything() throws {
    let table = try CompiledTableTests.table(Self.document)
    let decisions = try table.withBytes { (bytes) throws in
      let image = try Image.validate(bytes)
      return try DamagedTableDocument.heads.flatMap { head in
        let overlay = try image.overlay(of: head)
        let resolver = TableResolver(image: image, revision: 1, overlay: overlay)
        return DamagedTableDocument.requests.map(resolver.resolve)
      }
    }
    let reasons = Set(decisions.compactMap(\.reason))
    #expect(reasons == Set(Decision.Reason.allCases))
    let statuses = Set(decisions.map(\.status))
    #expect(statuses.isSuperset(of: [.ok, .unavailable, .disabled, .missingRequired]))
    let sources = Set(decisions.flatMap(\.cells).map(\.by))
    #expect(sources == [.hash, .override, .assignment])
    #expect(decisions.contains { !$0.holdouts.isEmpty })
    #expect(Set(decisions.flatMap(\.shadows).map(\.name)) == ["first", "second"])
    #expect(decisions.contains(where: \.isFallback) && decisions.contains(where: \.isDegraded))
    for section in Section.allCases {
      let size = Format.sectionTable + section.rawValue * 8 + 4
      #expect(table[size..<(size + 4)].contains { $0 != 0 }, "the table has no \(section)")
    }
  }

  @Test func withoutTheDigestEveryDamageIsSeen() throws {
    let table = try CompiledTableTests.table(Self.document)
    for offset in 0..<table.count {
      var damaged = table
      damaged[offset] ^= 0x41
      #expect(Self.isRefused(damaged), "byte \(offset)")
    }
  }

  @Test func everyTruncationIsRefused() throws {
    let table = try CompiledTableTests.table(Self.document)
    for count in 0..<table.count {
      #expect(Self.isRefused(Array(table.prefix(count))), "\(count) bytes")
    }
  }

  @Test func everySealedByteIsRefusedOrHarmless() throws {
    let table = try CompiledTableTests.table(Self.document)
    #expect(Self.sealed(table) == table)
    var refused = 0
    var harmless = 0
    for offset in 32..<table.count {
      for value: UInt8 in [table[offset] &+ 1, offset % 2 == 0 ? 0xFF : 0x00]
      where value != table[offset] {
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
    let table = try CompiledTableTests.table(Self.document)
    var dice = Dice(seed: seed)
    for _ in 0..<1_500 {
      var damaged = table
      for _ in 0..<(1 + Int(dice.next() % 6)) {
        // Aligned words, so that offsets and counts are hit whole.
        let offset = 32 + Int(dice.next() % UInt64((table.count - 36) / 4)) * 4
        let other = 32 + Int(dice.next() % UInt64((table.count - 36) / 4)) * 4
        for i in 0..<4 { damaged[offset + i] = table[other + i] }
      }
      let sealed = Self.sealed(damaged)
      if !Self.isRefused(sealed) {
        try sealed.withBytes { (bytes) throws in
          _ = CompiledTable(
            [Source(name: "a", text: Self.document)], against: try Image.validate(bytes))
        }
      }
    }
  }
}
