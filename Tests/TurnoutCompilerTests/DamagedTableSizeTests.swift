import Testing
import Turnout
import TurnoutCompiler

/// Tables with a right digest whose texts overlap, so that they say more than they have bytes.
struct DamagedTableSizeTests {
  private static func table(
    _ useCase: String, site: String = #"address: "10.0.0.1:80""#
  ) throws -> EditedTable {
    EditedTable(
      bytes: try CompiledTableTests.table(
        """
        turnout: 1
        unit: user
        attributes: { country: string }
        clusters: { a: { \(site) } }
        models: { m: { v1: { cluster: a } } }
        use_cases:
          A: { \(useCase) }
        """))
  }

  @Test func aKeyIsNoLongerThanATextMayBe() throws {
    let values = (0..<9).map { "v\($0): m@v1" }.joined(separator: ", ")
    for (count, isRefused) in [(Format.textBytesMax, false), (Format.textBytesMax + 1, true)] {
      var table = try Self.table(
        "rules: [ { lookup: country, routes: { \(values) } }, { route: m@v1 } ]")
      table.growText(1 << 17)
      try table.growKey(count)
      table.seal()
      let error = table.refusal
      #expect((error != nil) == isRefused, "\(count) bytes: \(error.map(\.message) ?? "accepted")")
    }
  }

  /// Every decision has a few bytes, and no more than callers have room for.
  @Test func destinationsHaveNamesOfTheirSizes() throws {
    let name = Format.nameBytesMax
    for (section, field, least, most) in [
      (Section.versions, Layout.Version.modelBytes, 1, name),
      (.versions, Layout.Version.versionBytes, 1, name),
      (.shards, Layout.Shard.clusterBytes, 1, name), (.shards, Layout.Shard.shardBytes, 0, name),
      (.shards, Layout.Shard.addressBytes, 0, Format.addressBytesMax),
      (.shards, Layout.Shard.keyBytes, 1, Format.routingKeyBytesMax),
    ] {
      for count in [0, 1, most, most + 1] {
        // Of a cluster without shards the version has the texts, too.
        var table = try Self.table(
          "rules: [ { route: m@v1 } ]", site: #"shards: { s: { address: "10.0.0.1:80" } }"#)
        table.growText(1 << 10)
        table.put(UInt16(count), at: table.offset(section) + field)
        table.indexRoutingKeys()
        table.seal()
        let isRefused = count < least || count > most
        #expect((table.refusal != nil) == isRefused, "\(section) \(field): \(count) bytes")
      }
    }
  }

  /// An explanation copies salts and owners' names once for each draw.
  @Test func saltsAndOwnersAreShort() throws {
    for field in [Layout.Lineage.saltBytes, Layout.Lineage.ownerNameBytes] {
      for (count, isRefused) in [(1_024, false), (1_025, true)] {
        var table = try Self.table("rules: [ { name: s, split: { m@v1: 1 } } ]")
        table.growText(1 << 12)
        table.put(UInt32(count), at: table.offset(.lineage) + field)
        table.seal()
        #expect((table.refusal != nil) == isRefused, "\(count) bytes")
      }
    }
  }

  /// A search goes through a bucket, so that a set of few buckets would be a list.
  @Test func aSetHasAsManyBucketsAsItsTextsAskFor() throws {
    let values = (0..<9).map { "v\($0)" }.joined(separator: ", ")
    var table = try Self.table(
      "rules: [ { when: { country: [\(values)] }, route: m@v1 }, { route: m@v1 } ]")
    let count = table.offset(.maps) + Layout.Map.entryCount
    #expect(table.u32(count) == 9 && table.u32(count - 4) == 3)
    table.put(UInt32(17), at: count)
    table.seal()
    #expect(table.refusal?.message.contains("too few buckets") == true)
  }

  @Test func aConfigThatNoMemoryHoldsIsAStatus() throws {
    let keys = (0..<Format.configEntriesMax).map { "k\($0): 0" }.joined(separator: ", ")
    var table = try Self.table("config: { \(keys) }, rules: [ { route: m@v1 } ]")
    table.growText(2 << 20)
    for entry in 0..<Format.configEntriesMax {
      let at = table.offset(.configEntries) + entry * Section.configEntries.stride
      table.put(UInt32(0), at: at + Layout.ConfigEntry.value)
      table.put(UInt32(table.size(.text)), at: at + Layout.ConfigEntry.valueBytes)
    }
    table.seal()
    let decision = try CompiledTableTests.resolve(Request("A", wantsConfig: true), table.bytes)
    #expect(decision.status == .outOfMemory && decision.config == nil)
    #expect(try CompiledTableTests.resolve(Request("A"), table.bytes).status == .ok)
  }
}
