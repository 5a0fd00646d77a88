import Testing
import Turnout
import TurnoutCompiler

/// What validation relies on instead of remembering: the order of lineage, and that what may be named
/// twice is read again.
struct TakenOnceTests {
  private static func table() throws -> EditedTable {
    EditedTable(bytes: try CompiledTableTests.table(DamagedTableDocument.text))
  }

  private static func refusal(
    _ change: (inout EditedTable) throws -> Void
  ) throws -> TurnoutError? {
    var table = try table()
    try change(&table)
    table.seal()
    return table.refusal
  }

  /// Records of lineage by their number: kind, owner and part.
  private static func lineage(_ table: EditedTable) -> [[Int]] {
    (0..<(table.size(.lineage) / Section.lineage.stride)).map { number in
      let at = table.offset(.lineage) + number * Section.lineage.stride
      return [table.u32(at), table.u32(at + 4), table.u32(at + 8)]
    }
  }

  private static func isOfUseCase(_ kind: Int) -> Bool {
    kind == Int(AllocationKind.split.rawValue) || kind == Int(AllocationKind.sample.rawValue)
  }

  /// Two neighbours of one order that change places.
  @Test func lineageIsInOrder() throws {
    let records = Self.lineage(try Self.table())
    var swapped = 0
    for first in records.indices {
      let same = records.indices.first { second in
        second > first
          && (records[second][0] == records[first][0]
            || Self.isOfUseCase(records[second][0]) && Self.isOfUseCase(records[first][0]))
      }
      guard let second = same else { continue }
      swapped += 1
      let error = try Self.refusal { table in
        for byte in 0..<Section.lineage.stride {
          let start = table.offset(.lineage) + byte
          table.bytes.swapAt(
            start + first * Section.lineage.stride, start + second * Section.lineage.stride)
        }
      }
      #expect(error?.status == .corrupt, "records \(first) and \(second) of lineage: \(records)")
    }
    // Splits and samples, shards, placements, layers, experiments, holdouts.
    #expect(swapped >= 8)
    #expect(try Self.refusal { _ in } == nil)
  }

  /// An explanation searches it by halves.
  @Test func kindsOfLineageAreInOrder() throws {
    let records = Self.lineage(try Self.table())
    let kinds = records.compactMap { AllocationKind(rawValue: UInt8($0[0])) }
    #expect(kinds.map(\.lineageRank) == kinds.map(\.lineageRank).sorted())
    #expect(Set(kinds) == Set(AllocationKind.allCases))
    var moved = 0
    for number in records.indices.dropFirst()
    where kinds[number].lineageRank != kinds[number - 1].lineageRank {
      moved += 1
      let error = try Self.refusal { table in
        let start = table.offset(.lineage) + (number - 1) * Section.lineage.stride
        for byte in start..<start + Section.lineage.stride {
          table.bytes.swapAt(byte, byte + Section.lineage.stride)
        }
      }
      #expect(error?.status == .corrupt, "records \(number - 1) and \(number) of lineage")
    }
    #expect(moved == 5)
  }

  @Test func everyAllocationHasItsRecordOfLineageOnce() throws {
    let records = Self.lineage(try Self.table())
    for number in records.indices {
      for field in 0..<3 {
        for other in [0, 1, 2, 3, 4, 5, 6, 7, 8, 255, 256, Int(UInt32.max)]
        where other != records[number][field] {
          let error = try Self.refusal { table in
            let at = table.offset(.lineage) + number * Section.lineage.stride + field * 4
            table.put(UInt32(truncatingIfNeeded: other), at: at)
          }
          #expect(error?.status == .corrupt, "record \(number), field \(field): \(other)")
        }
      }
    }
  }

  /// The texts that a version's are compared with may not be gone through over and over.
  @Test func textsOfModelVersionsLieInOrder() throws {
    let error = try Self.refusal { table in
      let second = table.offset(.versions) + Section.versions.stride
      for byte in 0..<4 { table.bytes[second + byte] = table.bytes[second - 32 + byte] }
    }
    #expect(error?.status == .corrupt)
  }

  /// `u_3` and `u_5` have one list, `u_4` another.
  @Test func aListOfOverridesIsNamedAgainOrIsTheNext() throws {
    let table = try Self.table()
    let lists = Self.overrides(table).filter { $0.value >= Int(Layout.Override.isList) }
    let offsets = Set(lists.map(\.value))
    #expect(lists.count == 3 && offsets.count == 2)
    for list in lists {
      for step in [-64, -16, -8, -4, -1, 1, 4, 8, 16, 64] {
        let error = try Self.refusal { $0.put(UInt32(list.value + step), at: list.at) }
        let isOther = offsets.contains(list.value + step)
        #expect(isOther || error?.status == .corrupt, "\(list.value) and \(step)")
      }
    }
  }

  /// The values of the last map, which is that of overrides.
  private static func overrides(_ table: EditedTable) -> [(at: Int, value: Int)] {
    let maps = table.size(.maps) / Section.maps.stride
    let record = (0..<maps).reversed().lazy
      .map { table.offset(.maps) + $0 * Section.maps.stride }
      .first { table.u32($0 + Layout.Map.isSet) == 0 }
    guard let record else { return [] }
    let entries =
      table.offset(.mapData) + table.u32(record) + 8
      << table.u32(record + Layout.Map.slotCountLog2)
    return (0..<table.u32(record + Layout.Map.entryCount)).map { entry in
      let at = entries + entry * Layout.Map.entryBytes + Layout.Map.entryValue
      return (at, table.u32(at))
    }
  }

  /// A digest that was compared before spares that of the image, and nothing else.
  @Test func aSealStandsForTheDigestAlone() throws {
    let bytes = try Self.table().bytes
    let digest = try bytes.withBytes { (bytes) throws in try Image.validate(bytes).digest }
    let other = Digest(low: digest.low ^ 1, high: digest.high)
    func accepts(_ bytes: [UInt8], _ seal: Digest?) -> Bool {
      bytes.withBytes { (try? Image.validate($0, sealedAs: seal)) != nil }
    }
    #expect(accepts(bytes, digest) && !accepts(bytes, other))
    var damaged = bytes
    let text = Format.headerBytes + Format.defaultTraffic.utf8.count
    damaged[text] ^= 1
    #expect(!accepts(damaged, nil) && accepts(damaged, digest))
    var refused = 0
    for at in stride(from: 32, to: bytes.count, by: 7) {
      damaged = bytes
      damaged[at] ^= 0xFF
      refused += accepts(damaged, digest) ? 0 : 1
    }
    #expect(refused > bytes.count / 7 / 3)
  }
}
