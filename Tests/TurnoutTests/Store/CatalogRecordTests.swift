import StoreProbe
import Testing

@testable import Turnout

/// Records of the catalog with right checksums that no writer of this format wrote. Each is refused with
/// words and nothing is changed by who finds it.
@Suite struct CatalogRecordTests {
  struct Record: Sendable {
    let database: String
    let key: [UInt8]
    /// Nil takes the record away.
    let value: [UInt8]?
    var hasChecksum = true
  }

  private static func bigEndian(_ number: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
  }

  private static func fields(_ numbers: UInt64...) -> [UInt8] {
    var writer = FieldWriter()
    for number in numbers { writer.put(number) }
    return writer.bytes
  }

  private static func store(_ name: String, _ value: [UInt8]?) -> Record {
    Record(database: "store", key: Array(name.utf8), value: value)
  }

  /// A store in which every kind of record is, and which nobody has open.
  private func made() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    for number in 1...3 { try store.publishStated(UInt64(number)) }
    _ = try store.write { transaction in
      _ = try transaction.retain(Retention(keep: 5), by: .test)
      _ = try transaction.pin(1, by: .test)
      _ = try transaction.set(
        [OverlayEntry(kind: .cluster, state: .down, name: "a")], by: .test)
    }
    return folder
  }

  /// Writes past the store, whose catalog nobody has open.
  private func put(_ record: Record, _ directory: String) throws {
    let path = StoreLayout.catalog(directory)
    let environment = try LMDBEnvironment(
      opening: path, flags: [.noSubfolder, .noLock, .noThreadLocals],
      mapBytes: StoreLayout.catalogMapBytes, databasesMax: CatalogTransaction.databasesMax)
    defer { environment.close() }
    try environment.write { lmdb throws(TurnoutError) in
      guard let database = try lmdb.database(record.database, create: false) else {
        throw TurnoutError(.corrupt, "no database \(record.database)")
      }
      guard let value = record.value else { return try lmdb.remove(database, record.key) }
      var writer = FieldWriter()
      writer.put(raw: value)
      if record.hasChecksum { writer.put(XXH3.hash64(record.key + value)) }
      try lmdb.put(database, record.key, writer.bytes)
    }
  }

  private func error(_ body: () throws -> Void) -> TurnoutError? {
    #expect(throws: TurnoutError.self) { try body() }
  }

  private static let damages: [Record] = [
    store("format", [2]),
    store("format", [2, 0, 0, 0, 0]),
    store("id", [UInt8](repeating: 1, count: 15)),
    store("id", nil),
    store("next", nil),
    store("next", fields(0)),
    store("next", fields(9) + [0]),
    store("head", fields(3, 2, 0)),
    store("head", fields(0, 2, 0, 0)),
    store("head", fields(3, 2, 0, 0, 0)),
    // A revision that is not there.
    store("head", fields(9, 2, 0, 0)),
    store("retention", fields(5)),
    store("retention", fields(0, 0)),
    store("retention", fields(5, 0, 0)),
    Record(database: "revisions", key: bigEndian(3), value: fields(1)),
    Record(database: "revisions", key: bigEndian(2), value: [UInt8](repeating: 0, count: 73)),
    Record(database: "revisions", key: bigEndian(2), value: [UInt8](repeating: 0, count: 81)),
    Record(
      database: "revisions", key: bigEndian(2),
      // It maps more than the file has.
      value: fields(4096, 8192) + [UInt8](repeating: 0, count: 64)),
    Record(
      database: "revisions", key: [0, 0, 2], value: [UInt8](repeating: 0, count: 80)),
    Record(database: "pins", key: bigEndian(1), value: fields(7)),
    Record(database: "pins", key: bigEndian(1) + [0], value: fields(7, 0)),
    Record(database: "history", key: bigEndian(2), value: fields(1)),
    Record(database: "history", key: [1], value: fields(1)),
    Record(database: "overlay", key: [1] + Array("a".utf8), value: [9, 3, 1, 0]),
  ]

  @Test(arguments: damages.indices)
  func aRecordThatNoWriterWroteIsRefusedAndNothingChanges(index: Int) throws {
    let folder = try made()
    try put(Self.damages[index], folder.store)
    let tables = try Directory.names(StoreLayout.tables(folder.store))
    let head = try Head.read(directory: folder.store)

    let found = try StoreExamination(folder.store).findings
    #expect(!found.isEmpty && found.allSatisfy { $0.place == "catalog.mdb" }, "\(found)")
    #expect(found.allSatisfy { $0.message.contains("estore the store from a backup") })

    let refused = error { try Store.open(folder.store).publish(seed: 9, bytes: 100) }
    #expect(refused?.status == .corrupt)
    #expect(refused?.message.contains("restore the store from a backup") == true)
    #expect(try Directory.names(StoreLayout.tables(folder.store)) == tables)
    #expect(try Head.read(directory: folder.store) == head)
    #expect(!(try Directory.names(folder.store)).contains("head.new"))
  }

  @Test func aHistoryWithoutARoomForItsNextEntryIsRefused() throws {
    let folder = try made()
    let last = HistoryEntry(
      number: .max, action: .pin, revision: 3, previousHead: 3, head: 3, time: 1,
      digest: Digest(low: 0, high: 0), bytes: 0, author: "", message: "")
    try put(
      Record(database: "history", key: Self.bigEndian(.max), value: last.encoded), folder.store)
    let store = try Store.open(folder.store)
    #expect(error { try store.publish(seed: 9) }?.status == .corrupt)
    #expect(try store.history(limit: 1) == [last] && store.revisions().count == 3)
  }

  @Test func aCatalogOfNoStoreIsNone() throws {
    let folder = try made()
    try put(Self.store("format", nil), folder.store)
    let refused = error { _ = try Store.open(folder.store) }
    #expect(refused?.status == .notAStore && refused?.message.contains("no catalog") == true)
  }

  @Test func aStoreOfTheFirstFormatIsSaidToBeOld() throws {
    let folder = try made()
    try put(
      Record(
        database: "store", key: Array("format".utf8), value: [1, 0, 0, 0], hasChecksum: false),
      folder.store)
    let refused = error { _ = try Store.open(folder.store) }
    #expect(refused?.status == .corrupt)
    #expect(refused?.message.contains("format 1, which only builds before 0.1 wrote") == true)
  }

  /// Who may write makes a database that is missing; who only reads a copy cannot.
  @Test func aCopyThatLacksADatabaseIsRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/catalog.mdb"
    _ = try File.open(path, .makeNew)
    let environment = try LMDBEnvironment(
      opening: path, flags: [.noSubfolder, .noLock, .noThreadLocals], mapBytes: 1 << 20,
      databasesMax: CatalogTransaction.databasesMax)
    try environment.write { lmdb throws(TurnoutError) in
      for name in ["store", "revisions", "history", "overlay"] {
        _ = try lmdb.database(name, create: true)
      }
    }
    environment.close()
    let refusal = TurnoutError(.permissionDenied, "no")
    let catalog = try Catalog.copy(of: path, refusal: refusal)
    defer { catalog.release() }
    let refused = error { _ = try catalog.begin() }
    #expect(refused?.status == .corrupt)
    #expect(refused?.message.contains("\(path) lacks its database pins") == true)
  }

  // MARK: Entries of the history

  private static func entry(_ action: HistoryEntry.Action) -> HistoryEntry {
    HistoryEntry(
      number: 3, action: action, revision: 2, previousHead: 1, head: 2, time: 5,
      digest: Digest(low: 1, high: 2), bytes: 10, author: "a", message: "m",
      changes: action == .set ? [OverlayEntry(kind: .cluster, state: .down, name: "abc")] : [],
      retention: action == .retention ? .standard : nil)
  }

  /// As `history` prints them, by the numbers that are in the catalog.
  @Test func everyActionHasItsNumberAndItsName() {
    let names = (UInt8.min ... .max).map { HistoryEntry.Action(rawValue: $0).map { "\($0.name)" } }
    #expect(
      names.prefix(11) == [
        nil, "publish", "stage", "activate", "rollback", "apply", "set", "pin", "unpin",
        "retention",
        nil,
      ])
    #expect(names.compactMap { $0 }.count == 9)
  }

  @Test(arguments: [HistoryEntry.Action.set, .retention])
  func whatBelongsToAnActionIsReadAsItWasWrittenOrNotAtAll(action: HistoryEntry.Action) throws {
    let whole = Self.entry(action).encoded
    #expect(HistoryEntry(number: 3, parsing: whole) == Self.entry(action))
    let plain = Self.entry(.pin).encoded.count
    #expect(plain % 8 != 0)
    for offset in plain..<whole.count {
      var padded = whole
      padded[offset] ^= 0xA5
      let found = HistoryEntry(number: 3, parsing: padded)
      // Names and times may be others.
      #expect(found == nil || found?.encoded == padded, "byte \(offset)")
      if offset < plain + 8 - plain % 8 { #expect(found == nil, "padding at \(offset)") }
      // A set of nothing ends before its first change.
      let cut = HistoryEntry(number: 3, parsing: Array(whole.prefix(offset)))
      #expect(cut == nil || action == .set && cut?.changes == [], "cut to \(offset)")
    }
    // Without it there is no such entry, and pins have nothing of it.
    #expect(HistoryEntry(number: 3, parsing: Self.entry(.pin).encoded + [0]) == nil)
    var without = Self.entry(.retention)
    without.retention = nil
    #expect(HistoryEntry(number: 3, parsing: without.encoded) == nil)
  }
}
