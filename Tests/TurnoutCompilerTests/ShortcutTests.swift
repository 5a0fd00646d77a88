import Testing
import Turnout
import TurnoutCompiler

/// What a table says twice, so that a resolve has less to read: guards in a rule, a model version's
/// destination, the index of attributes. All of it must be what it stands for.
struct ShortcutTests {
  private static func table() throws -> EditedTable {
    EditedTable(
      bytes: try CompiledTableTests.table(
        """
        turnout: 1
        unit: user
        attributes: { country: string, surface: string, tenure: number, an_attribute_of_17: string }
        clusters:
          a: { address: "10.0.0.1:80" }
          s: { shards: { s0: { address: "10.0.0.2:80" }, s1: { address: "10.0.0.3:80" } } }
        models:
          m: { v1: { cluster: a }, v2: { cluster: s }, v3: { cluster: { split: { a: 1, s: 1 } } } }
        use_cases:
          A:
            rules:
              - { when: { country: US, surface: home }, route: m@v1 }
              - { when: { country: US, surface: search-results }, route: m@v1 }
              - { when: { country: the-country, surface: search-results }, route: m@v1 }
              - { when: { country: US, tenure: { ">": 3 } }, route: m@v2 }
              - { when: { any: [ { country: US }, { surface: home } ] }, route: m@v3 }
              - { route: m@v1 }
        """))
  }

  /// Where rule `number` of the only use case is, and its record.
  private static func rule(_ number: Int, _ table: EditedTable) -> (record: Int, rule: Int) {
    let record = table.u32(table.offset(.useCaseOrder))
    let rules = record + table.u32(record + Layout.UseCase.rules)
    return (record, rules + number * Layout.Rule.bytes)
  }

  @Test func theFirstTestsForATextStandInTheRule() throws {
    let table = try Self.table()
    #expect(table.refusal == nil)
    let none = Layout.Rule.noGuard
    func guards(_ number: Int) -> (attributes: [UInt8], keys: [UInt64], tests: Int) {
      let at = Self.rule(number, table).rule
      func key(_ i: Int) -> UInt64 {
        let keyAt = at + Layout.Rule.guardKeys + i * 8
        return UInt64(table.u32(keyAt)) | UInt64(table.u32(keyAt + 4)) << 32
      }
      return (
        [0, 1].map { table.bytes[at + Layout.Rule.guardAttributes + $0] }, [key(0), key(1)],
        table.u32(at) >> 16
      )
    }
    func key(_ text: String) -> UInt64 { Format.key(Array(text.utf8)) }
    // Attributes by their names: traffic 0, an_attribute_of_17 1, country 2, surface 3, tenure 4.
    #expect(guards(0) == ([2, 3], [key("US"), key("home")], 0))
    #expect(guards(1) == ([2, 3], [key("US"), key("search-results")], 1))
    #expect(guards(2) == ([2, 3], [key("the-country"), key("search-results")], 2))
    #expect(guards(3) == ([2, none], [key("US"), 0], 1))
    #expect(guards(4) == ([none, none], [0, 0], 2))
    #expect(guards(5) == ([none, none], [0, 0], 0))
  }

  @Test func aGuardThatIsNotTheConditionsIsRefused() throws {
    let whole = try Self.table()
    func refuses(
      _ number: Int, _ field: Int, _ value: some FixedWidthInteger, _ what: Comment
    ) {
      var table = whole
      table.put(value, at: Self.rule(number, table).rule + field)
      table.seal()
      #expect(table.refusal != nil, what)
    }
    let attributes = Layout.Rule.guardAttributes
    let keys = Layout.Rule.guardKeys
    refuses(0, attributes, UInt8(4), "a number has no text")
    refuses(0, attributes, UInt8(5), "there are five attributes")
    refuses(0, attributes, UInt8(200), "an attribute without a key")
    refuses(0, attributes, Layout.Rule.noGuard, "no guard has a key")
    refuses(0, keys, UInt64(8) << 56, "a key of eight bytes")
    refuses(0, keys, UInt64(1) << 56 | 0x6161, "a key with more than it says")
    refuses(1, keys + 8, Format.key(Array("tearch-results".utf8)), "another text than the test's")
    refuses(1, attributes + 1, UInt8(1), "another attribute than the test's")
    refuses(0, keys + 8, Format.key(Array("search-results".utf8)), "a filter without a test")
    refuses(2, attributes + 1, Layout.Rule.noGuard, "no guard has a key")
    refuses(5, attributes, UInt8(2), "the last rule always holds")
    // The filter's test fails where it should lead on, or is passed over.
    for (test, field, value) in [
      (0, Layout.Test.onFalse, Format.holds), (0, Layout.Test.onTrue, Format.holds),
      (1, Layout.Test.onFalse, Format.holds),
    ] {
      var table = whole
      let (record, rule) = Self.rule(2, table)
      let tests = record + table.u32(rule + Layout.Rule.tests)
      table.put(value, at: tests + test * Layout.Test.bytes + field)
      table.seal()
      #expect(table.refusal != nil, "test \(test), field \(field)")
    }
  }

  @Test func aVersionsDestinationIsWhatItsPlacementSays() throws {
    let whole = try Self.table()
    func at(_ version: Int) -> Int {
      whole.offset(.versions) + version * Section.versions.stride
    }
    #expect((0..<3).map { whole.u32(at($0) + Layout.Version.direct) } == [1, 0, 0])
    let text = whole.offset(.text) + whole.u32(at(0))
    let says = String(decoding: whole.bytes[text...].prefix(16), as: UTF8.self)
    #expect(says == "mv1a10.0.0.1:80a")
    func refuses(_ version: Int, _ field: Int, _ value: some FixedWidthInteger) {
      var table = whole
      table.put(value, at: at(version) + field)
      table.seal()
      #expect(table.refusal != nil, "version \(version), field \(field)")
    }
    refuses(0, Layout.Version.direct, UInt32(0))
    refuses(0, Layout.Version.direct, UInt32(2))
    refuses(1, Layout.Version.direct, UInt32(2))
    refuses(2, Layout.Version.direct, UInt32(1))
    for field in [
      Layout.Version.clusterBytes, Layout.Version.addressBytes, Layout.Version.keyBytes,
      Layout.Version.textBytes,
    ] {
      refuses(0, field, UInt16(2))
      refuses(1, field, UInt16(1))
    }
    var other = whole
    other.bytes[text + 5] = UInt8(ascii: "9")
    other.seal()
    #expect(other.refusal != nil, "another address than the shard's")
  }

  @Test func theIndexOfAttributesSaysWhatTheyAre() throws {
    let whole = try Self.table()
    let stride = Section.attributeIndex.stride
    let taken = (0..<whole.size(.attributeIndex) / stride)
      .map { whole.offset(.attributeIndex) + $0 * stride }
      .filter { whole.u32($0 + Layout.AttributeSlot.number) != 0 }
    #expect(taken.count == 5)
    for at in taken {
      for byte in 0..<stride {
        var table = whole
        table.bytes[at + byte] ^= 0x10
        table.seal()
        #expect(table.refusal != nil, "byte \(byte)")
      }
    }
  }

  @Test func theDefaultClassOfTrafficPassesItsGuard() throws {
    let bytes = try CompiledTableTests.table(
      """
      turnout: 1
      unit: user
      clusters: { a: { address: "10.0.0.1:80" } }
      models: { m: { v1: { cluster: a }, v2: { cluster: a }, v3: { cluster: a } } }
      use_cases:
        A:
          rules:
            - { when: { traffic: production }, route: m@v1 }
            - { when: { traffic: products }, route: m@v2 }
            - { route: m@v3 }
      """)
    for (traffic, version) in [
      (nil, "v1"), (.null, "v1"), (.string("production"), "v1"), (.string("products"), "v2"),
      (.string("product"), "v3"), (.string("productive"), "v3"),
    ] as [(Request.Value?, String)] {
      var request = Request("A")
      if let traffic { request.attributes["traffic"] = traffic }
      #expect(try CompiledTableTests.resolve(request, bytes).version == version)
    }
  }

  @Test func longNamesAreFoundByAllOfTheirBytes() throws {
    let bytes = try CompiledTableTests.table(
      """
      turnout: 1
      unit: user
      attributes: { eightlong-17-nightlong: string, eightlong-18-nightlong: string, sixteen_letters_: string }
      clusters: { a: { address: "10.0.0.1:80" } }
      models: { m: { v1: { cluster: a }, v2: { cluster: a }, v3: { cluster: a }, v4: { cluster: a } } }
      use_cases:
        A:
          rules:
            - { when: { eightlong-17-nightlong: x }, route: m@v1 }
            - { when: { eightlong-18-nightlong: x }, route: m@v2 }
            - { when: { sixteen_letters_: x }, route: m@v3 }
            - { route: m@v4 }
      """)
    for (name, version) in [
      ("eightlong-17-nightlong", "v1"), ("eightlong-18-nightlong", "v2"),
      ("eightlong-19-nightlong", "v4"), ("sixteen_letters_", "v3"), ("sixteen_letters", "v4"),
      ("sixteen__letters_", "v4"), ("sixteen_letters_\0", "v4"),
    ] {
      let request = Request("A", attributes: [name: "x"])
      #expect(try CompiledTableTests.resolve(request, bytes).version == version, "\(name)")
    }
  }
}
