import Testing
import Turnout
import TurnoutCompiler

/// Indexes of tables: what leads to what, and how far a search may go.
struct IndexTests {
  /// Clusters of these names, each with its own address, two of them with shards.
  private static func document(clusters: [String], keys: [String] = []) -> String {
    let routes = keys.map { "\"\($0)\": m@v1" }.joined(separator: ", ")
    let lookup = keys.isEmpty ? "" : "{ lookup: country, routes: { \(routes) } }, "
    return """
      turnout: 1
      unit: user
      attributes: { country: string }
      clusters:
        a: { address: "a:80" }
      \(clusters.map { "  \"\($0)\": { address: \"\($0):80\" }\n" }.joined())
        s: { shards: { s0: { address: "s:0" }, s1: { address: "s:1" } } }
        t: { routing_key: key-of-t, shards: { t0: { address: "t:0" } } }
      models: { m: { v1: { cluster: a } } }
      use_cases: { A: { rules: [ \(lookup){ route: m@v1 } ] } }
      """
  }

  /// Texts whose hashes begin a search at one place of every index of up to 1,024 slots.
  private static func crowded(_ count: Int) -> [String] {
    var found: [String] = []
    var number = 0
    while found.count < count {
      number += 1
      let name = "n\(number)"
      if XXH3.hash64(Array(name.utf8)) & 1023 == 5 { found.append(name) }
    }
    return found
  }

  private static func destination(_ key: String, _ table: [UInt8]) throws -> Destination? {
    try table.withBytes { (bytes) throws in
      let resolver = TableResolver(image: try Image.validate(bytes), revision: 7)
      return try resolver.destination(routingKey: key)
    }
  }

  @Test(arguments: [0, 1, 2, 3, 28, 60, 61, 500])
  func everyRoutingKeyLeadsToItsShard(count: Int) throws {
    let clusters = (0..<count).map { "c\($0)" }
    let table = try CompiledTableTests.table(Self.document(clusters: clusters))
    for name in clusters + ["a"] {
      let found = try #require(try Self.destination(name, table))
      #expect(found.cluster == name && found.shard == nil && found.address == "\(name):80")
      #expect(found.routingKey == name && found.state == .up && found.revision == 7)
    }
    for (key, cluster, shard) in [
      ("s/s0", "s", "s0"), ("s/s1", "s", "s1"), ("key-of-t/t0", "t", "t0"),
    ] {
      let found = try #require(try Self.destination(key, table))
      #expect(found.cluster == cluster && found.shard == shard && found.routingKey == key)
    }
    for key in ["s", "t", "t/t0", "key-of-t", "s/s2", "c\(count)", "A", "a\0", "a:80"] {
      #expect(try Self.destination(key, table) == nil)
    }
  }

  /// A slot for each shard, of 16 to 32 bytes.
  @Test func whatAnIndexOfRoutingKeysTakes() throws {
    for count in [0, 1, 4, 12, 13, 60, 200] {
      let clusters = (0..<count).map { "c\($0)" }
      let table = EditedTable(
        bytes: try CompiledTableTests.table(Self.document(clusters: clusters)))
      let shards = table.size(.shards) / Section.shards.stride
      #expect(shards == count + 4)
      #expect((16 * shards..<32 * shards).contains(table.size(.routingKeyIndex)))
    }
  }

  @Test func aSlotOfTheIndexSaysNothingElse() throws {
    let clusters = (0..<12).map { "c\($0)" }
    let table = EditedTable(bytes: try CompiledTableTests.table(Self.document(clusters: clusters)))
    let start = table.offset(.routingKeyIndex)
    let slots = table.size(.routingKeyIndex) / 8
    for slot in 0..<slots {
      for (byte, value) in (0..<8).flatMap({ byte in [0, 1, 2, 16, 17, 255].map { (byte, $0) } })
      where table.bytes[start + slot * 8 + byte] != UInt8(value) {
        var damaged = table
        damaged.bytes[start + slot * 8 + byte] = UInt8(value)
        damaged.seal()
        #expect(damaged.refusal?.status == .corrupt, "slot \(slot), byte \(byte): \(value)")
      }
      for other in 0..<slots where other != slot {
        var damaged = table
        for byte in 0..<8 {
          damaged.bytes.swapAt(start + slot * 8 + byte, start + other * 8 + byte)
        }
        damaged.seal()
        // Of two that begin at one place either may come first.
        guard let refusal = damaged.refusal else {
          for name in clusters {
            #expect(try Self.destination(name, damaged.bytes)?.cluster == name)
          }
          continue
        }
        #expect(refusal.status == .corrupt)
      }
    }
  }

  @Test func noTwoDestinationsHaveOneKey() throws {
    var table = EditedTable(
      bytes: try CompiledTableTests.table(Self.document(clusters: ["c1", "c2"])))
    let at = table.offset(.shards) + 2 * Section.shards.stride
    // The texts of `c2` are `c2`, `c2:80` and `c2`.
    let key = table.offset(.text) + table.u32(at) + 7
    #expect(Array(table.bytes[key..<key + 2]) == Array("c2".utf8))
    table.bytes[key + 1] = UInt8(ascii: "1")
    table.indexRoutingKeys()
    table.seal()
    #expect(table.refusal?.message.contains("two records of an index have one name") == true)
  }

  @Test func aRunOfSlotsIsBounded() throws {
    let names = Self.crowded(Format.indexRunMax + 1)
    for (more, isRefused) in [(0, false), (1, true)] {
      // Others of the document may come to stand at the end of the run.
      let count = Format.indexRunMax + more
      let useCases = names.prefix(isRefused ? count : count - 1)
        .map { "\($0): { rules: [ { route: m@v1 } ] }" }.joined(separator: ", ")
      let documents = [
        Self.document(clusters: Array(names.prefix(isRefused ? count : count - 4))),
        Self.document(clusters: [], keys: Array(names.prefix(count))),
        Self.document(clusters: []).replacing("use_cases: { ", with: "use_cases: { \(useCases), "),
      ]
      for document in documents {
        let table = CompiledTable([Source(name: "a", text: document)], against: nil)
        #expect((table.image == nil) == isRefused, "\(count): \(table.words)")
        if isRefused {
          #expect(table.words.contains("too many slots of an index in a row"))
        }
      }
    }
  }

  /// The search compares texts where half of the hash is the same: so many of one run may have it.
  @Test func likeHashesOfARunAreBounded() throws {
    let clusters = (0..<60).map { "c\($0)" }
    for (count, isRefused) in [(Format.indexTextsMax, false), (Format.indexTextsMax + 1, true)] {
      // Also round the end of the slots.
      for start in [3, 120] {
        var table = EditedTable(
          bytes: try CompiledTableTests.table(Self.document(clusters: clusters)))
        let shards = table.size(.shards) / Section.shards.stride
        let slots = table.size(.routingKeyIndex) / 8
        #expect(shards == 64 && slots == 128)
        for slot in 0..<slots {
          table.put(UInt64(0), at: table.offset(.routingKeyIndex) + slot * 8)
        }
        for shard in 0..<shards {
          let slot = (start + shard) % slots
          let half = UInt64(shard >= 20 && shard < 20 + count ? 9 : 1000 + shard)
          table.put(
            half << 32 | UInt64(shard + 1), at: table.offset(.routingKeyIndex) + slot * 8)
        }
        table.seal()
        let message = try #require(table.refusal?.message)
        #expect(message.contains("too many like hashes") == isRefused, "\(message)")
        #expect(isRefused || message.contains("does not lead to a record"))
      }
    }
  }
}
