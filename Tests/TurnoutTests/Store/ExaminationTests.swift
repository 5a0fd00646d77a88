import StatedStore
import StoreProbe
import Testing

@testable import Turnout

/// What `verify` finds, and what a copy is.
@Suite struct ExaminationTests {
  private func made(_ folder: TemporaryFolder, revisions: UInt64 = 3) throws -> Store {
    let store = try Store.create(folder.store)
    for number in 1...revisions { try store.publishStated(number) }
    _ = try store.write { transaction in
      try transaction.set([OverlayEntry(kind: .cluster, state: .down, name: "a")], by: .test)
    }
    return store
  }

  private func findings(_ folder: TemporaryFolder) throws -> [String] {
    try StoreExamination(folder.store).findings.map(\.place)
  }

  private func flip(_ path: String, _ offset: Int) throws {
    var bytes = try #require(try File.read(path, limit: 1 << 24))
    bytes[offset] ^= 0x10
    try TemporaryFolder.overwrite(path, bytes)
  }

  @Test func aStoreThatNothingHappenedToIsWhole() throws {
    let folder = try TemporaryFolder()
    let store = try made(folder)
    let examination = try StoreExamination(folder.store)
    #expect(examination.findings == [] && examination.notes == [])
    #expect(examination.tables == 3 && examination.historyEntries == 4)
    #expect(try store.status().tableFileBytes == examination.tableBytes)
  }

  @Test func everyByteOfATableThatIsChangedIsFound() throws {
    let folder = try TemporaryFolder()
    _ = try made(folder, revisions: 1)
    let path = StoreLayout.table(folder.store, 1)
    let whole = try #require(try File.read(path, limit: 1 << 24))
    for offset in stride(from: 0, to: whole.count, by: 97) {
      try flip(path, offset)
      #expect(try findings(folder) == ["tables/00000001.mdb"], "byte \(offset)")
      try TemporaryFolder.overwrite(path, whole)
    }
    try TemporaryFolder.overwrite(path, Array(whole.dropLast(4096)))
    #expect(try findings(folder) == ["tables/00000001.mdb"])
    try Directory.remove(path)
    #expect(try findings(folder) == ["tables/00000001.mdb"])
  }

  /// A changed byte is found, or it is one that nothing reads: then all that is read is as it was.
  @Test func aChangedByteOfTheCatalogIsFoundOrChangesNothing() throws {
    let folder = try TemporaryFolder()
    var store: Store? = try made(folder)
    let history = try store?.history()
    let revisions = try store?.revisions()
    store = nil
    let path = StoreLayout.catalog(folder.store)
    let whole = try #require(try File.read(path, limit: 1 << 24))
    var found = 0
    for offset in stride(from: 0, to: whole.count, by: 61) {
      try flip(path, offset)
      if try !findings(folder).isEmpty {
        found += 1
      } else {
        let other = try Store.open(folder.store)
        #expect(try other.history() == history, "byte \(offset)")
        #expect(try other.revisions() == revisions, "byte \(offset)")
      }
      try TemporaryFolder.overwrite(path, whole)
    }
    #expect(found > 10)
    for count in [4096, 8192] {
      try TemporaryFolder.overwrite(path, Array(whole.prefix(count)))
      #expect(try Set(findings(folder)) == ["catalog.mdb"], "cut to \(count)")
      try TemporaryFolder.overwrite(path, whole)
    }
    #expect(try findings(folder) == [])
  }

  @Test func headAndBellThatAreDamagedAreFoundAndTheNextWriterMendsThem() throws {
    let folder = try TemporaryFolder()
    let store = try made(folder)
    for path in [StoreLayout.head(folder.store), StoreLayout.headBefore(folder.store)] {
      let bytes = try #require(try File.read(path, limit: 1 << 20))
      for offset in bytes.indices {
        try flip(path, offset)
        #expect(try findings(folder).count == 1, "byte \(offset) of \(path)")
        try TemporaryFolder.overwrite(path, bytes)
      }
    }
    try flip(StoreLayout.head(folder.store), 40)
    try TemporaryFolder.overwrite(StoreLayout.bell(folder.store), [1])
    #expect(try findings(folder) == ["bell", "head"])
    try Directory.remove(StoreLayout.head(folder.store))
    try store.publishStated(9)
    #expect(try findings(folder) == [])
  }

  @Test func aCatalogFromBeforeTheHeadIsFound() throws {
    let folder = try TemporaryFolder()
    var store: Store? = try made(folder)
    let path = StoreLayout.catalog(folder.store)
    let older = try #require(try File.read(path, limit: 1 << 24))
    try store?.publishStated(4)
    store = nil
    try TemporaryFolder.overwrite(path, older)
    #expect(try findings(folder) == ["head"])
  }

  @Test func whatAWriterThatWasEndedLeavesIsNoDamage() throws {
    let folder = try TemporaryFolder()
    let store = try made(folder)
    let path = StoreLayout.head(folder.store)
    let older = try #require(try File.read(path, limit: 1 << 20))
    try store.publishStated(4)
    try TemporaryFolder.overwrite(path, older)
    try TemporaryFolder.overwrite(StoreLayout.tables(folder.store) + "/00000077.mdb", [1])
    let examination = try StoreExamination(folder.store)
    #expect(examination.findings == [] && examination.notes.count == 2)
  }

  @Test func aCopyIsTheStoreAndAnotherOneFromThere() throws {
    let folder = try TemporaryFolder()
    let store = try made(folder)
    let copied = try StoreCopy(of: folder.store, as: .store, to: folder.path + "/copy")
    #expect(copied.tables == 3 && copied.head == 3 && copied.damaged == [])
    let restored = try StoreCopy(
      of: folder.path + "/copy", as: .backup, to: folder.path + "/again")
    #expect(restored.tables == 3 && restored.head == 3)
    let again = try Store.open(folder.path + "/again")
    #expect(try again.history() == store.history())
    #expect(try again.status().id == store.status().id)
    #expect(try StoreExamination(folder.path + "/again").findings == [])
    #expect(
      try Head.read(directory: folder.path + "/again") == Head.read(directory: folder.store))
    try again.publishStated(5)
    #expect(try store.status().head?.number == 3)
    #expect(
      failure { _ = try StoreCopy(of: folder.store, as: .store, to: folder.path + "/copy") }
        == .conflict)
  }

  @Test func aCopySaysWhichTablesAreDamaged() throws {
    let folder = try TemporaryFolder()
    _ = try made(folder)
    try flip(StoreLayout.table(folder.store, 2), 13_000)
    try Directory.remove(StoreLayout.table(folder.store, 1))
    let copied = try StoreCopy(of: folder.store, as: .store, to: folder.path + "/copy")
    #expect(copied.damaged == ["tables/00000001.mdb", "tables/00000002.mdb"])
    #expect(try Head.read(directory: folder.path + "/copy")?.revision == 3)
  }
}

extension Store {
  /// Publishes a table that validates.
  func publishStated(_ number: UInt64) throws {
    _ = try publish(
      image: StatedImage.encode(number, words: 64), sources: Array("sources \(number)".utf8),
      by: .test)
  }
}
