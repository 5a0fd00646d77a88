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
    for (count, isRefused) in [(Format.valueBytesMax, false), (Format.valueBytesMax + 1, true)] {
      var table = try Self.table(
        "rules: [ { lookup: country, routes: { \(values) } }, { route: m@v1 } ]")
      table.growText(1 << 17)
      try table.growKeys(1, to: count)
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

  /// However the texts fall.
  @Test func aBucketHasFewTexts() throws {
    let texts = (0...).lazy.map { "v\($0)" }
      .filter { XXH3.hash64(Array($0.utf8)) >> 59 == 3 }.prefix(Format.bucketTextsMax + 1)
    for (count, isRefused) in [(Format.bucketTextsMax, false), (Format.bucketTextsMax + 1, true)] {
      let document = """
        turnout: 1
        unit: user
        attributes: { country: string }
        clusters: { a: { address: "a:80" } }
        models: { m: { v1: { cluster: a } } }
        use_cases:
          A: { rules: [ { when: { country: [\(texts.prefix(count).joined(separator: ", "))] }, route: m@v1 }, { route: m@v1 } ] }
        """
      let table = CompiledTable([Source(name: "a", text: document)], against: nil)
      #expect((table.image == nil) == isRefused, "\(count): \(table.words)")
      #expect(!isRefused || table.words.contains("a bucket of a set has too many texts"))
    }
  }

  /// A search halves a list of versions, which may be long.
  @Test func aListOfVersionsIsAscending() throws {
    let numbers = (0..<40).map { $0 * 7 % 40 }
    let versions = numbers.map { "\($0 / 4).\($0 % 4 * 5)" + ($0 % 3 == 0 ? "-rc.\($0)" : "") }
    let document = """
      turnout: 1
      unit: user
      attributes: { app: version }
      clusters: { a: { address: "a:80" } }
      models: { m: { v1: { cluster: a }, v2: { cluster: a } } }
      use_cases:
        A: { rules: [ { when: { app: [\(versions.joined(separator: ", "))] }, route: m@v1 }, { route: m@v2 } ] }
      """
    let bytes = try CompiledTableTests.table(document)
    func version(_ app: String) throws -> String {
      try CompiledTableTests.resolve(Request("A", attributes: ["app": .string(app)]), bytes).version
    }
    for app in versions { #expect(try version(app) == "v1" && version("0\(app)+x") == "v1") }
    for app in ["0.1", "0.0", "9.15-rc.38", "10", "3.6", "0.0-rc"] {
      #expect(try version(app) == "v2")
    }

    let table = EditedTable(bytes: bytes)
    let useCase = table.offset(.useCases)
    let rule = useCase + table.u32(useCase + Layout.UseCase.rules)
    let test = useCase + table.u32(rule + Layout.Rule.tests)
    #expect(table.bytes[test] == TestKind.versionIn.rawValue)
    let list = useCase + table.u32(test + Layout.Test.operand)
    for pair in 0..<39 {
      var damaged = table
      for byte in 0..<8 {
        damaged.bytes.swapAt(list + pair * 8 + byte, list + pair * 8 + 8 + byte)
      }
      damaged.seal()
      #expect(damaged.refusal?.message.contains("versions are not in order") == true)
    }
  }

  /// Texts may stand for many entries: a small table could ask for a config that no memory holds.
  @Test func aConfigIsBounded() throws {
    let keys = (0..<Format.configEntriesMax).map { "k\($0): 0" }.joined(separator: ", ")
    var table = try Self.table("config: { \(keys) }, rules: [ { route: m@v1 } ]")
    table.growText(2 << 20)
    let values = (0..<Format.configEntriesMax).map {
      table.offset(.configEntries) + $0 * Section.configEntries.stride + Layout.ConfigEntry.value
    }
    let whole = try #require(table.configBytes.first)
    for (more, isRefused) in [(0, false), (1, true), (1 << 19, true)] {
      var table = table
      table.put(UInt32(0), at: values[9])
      table.put(UInt32(Format.configBytesMax - whole + 1 + more), at: values[9] + 4)
      table.seal()
      #expect((table.refusal != nil) == isRefused, "\(more)")
      #expect(!isRefused || table.refusal?.message.contains("a config has too many bytes") == true)
    }
    for at in values { table.put(UInt32(table.size(.text)), at: at + 4) }
    table.seal()
    #expect(table.refusal != nil)
  }

  /// One that has as many and as large configs as there may be.
  @Test func theLargestDecisionTakesWhatIsStated() throws {
    let numbers = 10..<(10 + Format.cellsPerDecisionMax)
    let experiments = numbers.map {
      "e\($0): { layer: l\($0), cells: { c: { config: { e\($0): 1 } } } }"
    }
    let rules = numbers.map { "{ experiment: e\($0) }" }.joined(separator: ", ")
    let shadows = (0..<Format.shadowsPerUseCaseMax).map { "{ name: s\($0), model: m@v2 }" }
    var table = EditedTable(
      bytes: try CompiledTableTests.table(
        """
        turnout: 1
        unit: user
        clusters: { a: { address: "a:80" } }
        models: { m: { v1: { cluster: a, config: { v: 1 } }, v2: { cluster: a, config: { w: 1 } } } }
        layers: { \(numbers.map { "l\($0): {}" }.joined(separator: ", ")) }
        experiments: { \(experiments.joined(separator: ", ")) }
        use_cases:
          A:
            config: { u: 1 }
            rules: [ \(rules), { route: m@v1, config: { r: 1 } } ]
            shadows: [ \(shadows.joined(separator: ", ")) ]
        """))
    table.growText(1 << 20)
    let sizes = table.configBytes
    #expect(sizes.count == Format.cellsPerDecisionMax + 4)
    for (entry, size) in sizes.enumerated() {
      let at = table.offset(.configEntries) + entry * Section.configEntries.stride
      table.put(UInt32(0), at: at + Layout.ConfigEntry.value)
      table.put(
        UInt32(Format.configBytesMax - size + 1), at: at + Layout.ConfigEntry.valueBytes)
    }
    table.seal()
    let request = Request("A", unit: "u", wantsConfig: true)
    let decision = try CompiledTableTests.resolve(request, table.bytes)
    #expect(decision.status == .ok && decision.cells.count == Format.cellsPerDecisionMax)
    let merged = (3 + Format.cellsPerDecisionMax) * Format.configBytesMax
    #expect(decision.config?.utf8.count == merged + 1)
    #expect(decision.shadows.map { $0.config?.utf8.count } == shadows.map { _ in 1 + (1 << 20) })
    let explanation = table.bytes.withBytes { bytes in
      (try? Image.validate(bytes)).map { TableResolver(image: $0, revision: 1).explain(request) }
    }
    let text = explanation?.text.utf8.count ?? .max
    let json = explanation?.json.utf8.count ?? .max
    #expect(text < 32 << 20 && json < 32 << 20, "\(text), \(json)")
  }

  /// Keys of maps may be one text, which is hashed for each.
  @Test func keysOfMapsAreBoundedInAll() throws {
    let values = (0..<120).map { "v\($0): m@v1" }.joined(separator: ", ")
    let document = "rules: [ { lookup: country, routes: { \(values) } }, { route: m@v1 } ]"
    for (keys, isRefused) in [(40, false), (120, true)] {
      var table = try Self.table(document)
      table.growText(1 << 13)
      try table.growKeys(keys, to: Format.valueBytesMax)
      table.seal()
      let message = table.refusal?.message ?? "accepted"
      #expect(
        message.contains("keys of maps have too many bytes in all") == isRefused, "\(message)")
      #expect(isRefused || message == "accepted")
    }
  }

  @Test func theCompilerSaysWhichUseCaseBeginsIt() throws {
    let values = (10..<50).map { "\($0)\(String(repeating: "x", count: 1_000)): m@v1" }
    let lookup = "{ lookup: country, routes: { \(values.joined(separator: ", ")) } }"
    let rules = [String](repeating: lookup, count: 60).joined(separator: ", ")
    let document = """
      turnout: 1
      unit: user
      attributes: { country: string }
      clusters: { a: { address: "a:80" } }
      models: { m: { v1: { cluster: a } } }
      use_cases:
        A: { rules: [ { route: m@v1 } ] }
        B: { rules: [ \(rules), { route: m@v1 } ] }
        C: { rules: [ \(rules), { route: m@v1 } ] }
      """
    let table = CompiledTable([Source(name: "a", text: document)], against: nil)
    // Warned of is, besides, that all but the first of the lookups are never reached.
    let errors = table.diagnostics.filter { $0.severity == .error }
    #expect(table.image == nil && errors.count == 1)
    #expect(errors.first?.line == 8)
    #expect(table.words.contains("the values of lookups and the units of overrides have"))
  }
}
