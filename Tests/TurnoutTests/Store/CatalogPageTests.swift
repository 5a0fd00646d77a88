import StoreProbe
import Testing

@testable import Turnout

/// A catalog's pages, damaged so that one thing is wrong each time. It is found and said before LMDB, which
/// might crash on it, looks at any.
@Suite struct CatalogPageTests {
  private static let pageBytes = 4096
  private static let noPage = UInt64.max

  /// A catalog's bytes and where things are in them.
  private struct Catalog {
    var bytes: [UInt8]

    func number(_ at: Int, _ count: Int) -> UInt64 {
      (0..<count).reduce(0) { $0 | UInt64(bytes[at + $1]) << (8 * UInt64($1)) }
    }

    mutating func put(_ value: UInt64, _ count: Int, at offset: Int) {
      for index in 0..<count {
        bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(index)))
      }
    }

    /// Of the meta page that holds.
    var meta: Int {
      let second = pageBytes + 16
      return number(16 + 128, 8) > number(second + 128, 8) ? 16 : second
    }
    var free: Int { meta + 24 }
    var main: Int { meta + 72 }
    var last: Int { meta + 120 }

    /// A database's depth, entries and root, from where it is on.
    static let depth = 6
    static let entries = 32
    static let root = 40

    func page(of database: Int) -> Int { Int(number(database + Self.root, 8)) }

    /// Where the nodes of a page begin.
    func nodes(_ page: Int) -> [Int] {
      let start = page * pageBytes
      return (0..<(Int(number(start + 12, 2)) - 16) / 2).map { index in
        start + Int(number(start + 16 + 2 * index, 2))
      }
    }

    func key(_ node: Int) -> String {
      String(decoding: bytes[(node + 8)..<value(node)], as: UTF8.self)
    }

    func value(_ node: Int) -> Int { node + 8 + Int(number(node + 6, 2)) }

    /// The node of a database in the main one.
    func node(_ name: String) throws -> Int {
      try #require(nodes(page(of: main)).first { key($0) == name })
    }

    func database(_ name: String) throws -> Int { value(try node(name)) }

    /// The nodes whose values have pages of their own.
    func long(_ name: String) throws -> [Int] {
      let root = page(of: try database(name))
      return nodes(root).filter { number($0 + 4, 2) & 1 != 0 }
    }

    private var pageBytes: Int { CatalogPageTests.pageBytes }
  }

  /// A store with long entries in its history, and with free pages.
  private func made(_ folder: TemporaryFolder) throws -> Catalog {
    let store = try Store.create(folder.store)
    try store.publishStated(1)
    for round in 0..<2 {
      _ = try store.write { transaction in
        try transaction.set(
          (0..<100).map { number in
            OverlayEntry(
              kind: .cluster, state: round == 0 ? .down : .up,
              name: "a-cluster-with-a-name-of-some-length-\(number)")
          }, by: .test)
      }
    }
    let bytes = try #require(
      try File.read(StoreLayout.catalog(folder.store), limit: 1 << 24))
    return Catalog(bytes: bytes)
  }

  @Test func aCatalogWithLongValuesAndFreePagesIsWhole() throws {
    let folder = try TemporaryFolder()
    let catalog = try made(folder)
    #expect(try CatalogPages.faults(of: StoreLayout.catalog(folder.store)) == [])
    #expect(try catalog.long("history").count == 2)
    #expect(!catalog.nodes(catalog.page(of: catalog.free)).isEmpty)
    #expect(try Store.open(folder.store).history().count == 3)
  }

  private typealias Damage = (words: String, what: @Sendable (inout Catalog) throws -> Void)

  private static let damages: [Damage] = [
    (
      "its last page would be 1099511627776, which its map has no room for",
      { $0.put(1 << 40, 8, at: $0.last) }
    ),
    (
      "has another use, too",
      {
        let one = try $0.database("revisions")
        $0.put(UInt64($0.page(of: one)), 8, at: try $0.database("pins") + Catalog.root)
        $0.put(1, 2, at: try $0.database("pins") + Catalog.depth)
      }
    ),
    (
      "history: has entries and no page",
      { $0.put(noPage, 8, at: try $0.database("history") + Catalog.root) }
    ),
    (
      "history: is deeper than it says",
      { $0.put(0, 2, at: try $0.database("history") + Catalog.depth) }
    ),
    (
      "main: is deeper than it says",
      { $0.put(33, 2, at: $0.main + Catalog.depth) }
    ),
    (
      "history: holds 3 entries and should hold 4",
      { $0.put(4, 8, at: try $0.database("history") + Catalog.entries) }
    ),
    (
      "has a value that leaves it",
      { catalog in
        let page = catalog.page(of: try catalog.database("store"))
        catalog.put(5000, 2, at: try #require(catalog.nodes(page).first))
      }
    ),
    (
      "has a database that is none",
      { $0.put(47, 2, at: try $0.node("history")) }
    ),
    (
      "has an entry of no known kind",
      { $0.put(4, 2, at: try $0.node("history") + 4) }
    ),
    // Of a long value: its pages are outside, of another kind, more than they say, another's.
    (
      "has a long value that is not there",
      { $0.put(1 << 30, 8, at: $0.value(try #require(try $0.long("history").first))) }
    ),
    (
      "has a long value that is not there",
      { catalog in
        let first = catalog.number(
          catalog.value(try #require(try catalog.long("history").first)), 8)
        catalog.put(2, 2, at: Int(first) * pageBytes + 10)
      }
    ),
    (
      "has a long value that is not there",
      { $0.put(60_000, 2, at: try #require(try $0.long("history").first)) }
    ),
    (
      "has a long value that is not there",
      { catalog in
        let long = try catalog.long("history")
        let first = catalog.number(catalog.value(try #require(long.first)), 8)
        catalog.put(first, 8, at: catalog.value(try #require(long.last)))
      }
    ),
    // Of what is free.
    (
      "has a list of no known form",
      { catalog in
        let node = try #require(catalog.nodes(catalog.page(of: catalog.free)).first)
        catalog.put(1 << 50, 8, at: catalog.value(node))
      }
    ),
    (
      "has a list of no known form",
      { catalog in
        let node = try #require(catalog.nodes(catalog.page(of: catalog.free)).first)
        catalog.put(catalog.number(node, 2) - 1, 2, at: node)
      }
    ),
    (
      "has another use, too",
      { catalog in
        let node = try #require(catalog.nodes(catalog.page(of: catalog.free)).first)
        catalog.put(UInt64(catalog.page(of: catalog.main)), 8, at: catalog.value(node) + 8)
      }
    ),
    (
      "is outside of the file",
      { catalog in
        let node = try #require(catalog.nodes(catalog.page(of: catalog.free)).first)
        catalog.put(0, 8, at: catalog.value(node) + 8)
      }
    ),
  ]

  @Test(arguments: damages.indices)
  func whatIsWrongIsSaidBeforeLMDBLooks(index: Int) throws {
    let folder = try TemporaryFolder()
    var catalog = try made(folder)
    let (words, damage) = Self.damages[index]
    try damage(&catalog)
    let path = StoreLayout.catalog(folder.store)
    try TemporaryFolder.overwrite(path, catalog.bytes)
    #expect(try CatalogPages.faults(of: path).contains { $0.contains(words) })
    let found = try StoreExamination(folder.store).findings
    #expect(found.allSatisfy { $0.place == "catalog.mdb" })
    #expect(found.contains { $0.message.contains(words) })

    let refused = #expect(throws: TurnoutError.self) { _ = try Store.open(folder.store) }
    #expect(refused?.status == .corrupt)
    #expect(refused?.message.hasPrefix("\(path) is damaged: ") == true)
    let copied = #expect(throws: TurnoutError.self) {
      _ = try Turnout.Catalog.copy(of: path, refusal: TurnoutError(.permissionDenied, "no"))
    }
    #expect(copied?.status == .corrupt)
    // It keeps nobody from reading, and the lock is free again: what is right is opened.
    #expect(try Head.read(directory: folder.store)?.revision == 1)
    #expect(try Store.create(folder.path + "/other").publish(seed: 1).revision == 1)
  }

  @Test func firstPagesThatSayNothingAreRefused() throws {
    let folder = try TemporaryFolder()
    let whole = try made(folder)
    let path = StoreLayout.catalog(folder.store)
    // The second one's magic and version; a page's size that is none, or one of which there is too little.
    var damaged: [[UInt8]] = []
    for (offset, value) in [(4096 + 16, 0), (4096 + 20, 9), (16 + 24, 4095), (16 + 24, 128)] {
      var catalog = whole
      catalog.put(UInt64(value), 2, at: offset)
      damaged.append(catalog.bytes)
    }
    var cut = Catalog(bytes: Array(whole.bytes.prefix(4096)))
    cut.put(8192, 4, at: 16 + 24)
    cut.bytes += [UInt8](repeating: 0, count: 4096) + cut.bytes.prefix(16 + 24 + 44)
    damaged.append(cut.bytes)
    for bytes in damaged {
      try TemporaryFolder.overwrite(path, bytes)
      let refused = #expect(throws: TurnoutError.self) { _ = try Store.open(folder.store) }
      #expect(refused?.status == .corrupt)
      #expect(refused?.message.contains("its first pages do not say what it holds") == true)
      let copied = #expect(throws: TurnoutError.self) { _ = try CatalogCopy.take(path) }
      #expect(copied?.message.contains("its first pages do not say what it holds") == true)
      #expect(try StoreExamination(folder.store).findings.map(\.place) == ["catalog.mdb"])
    }
  }
}
