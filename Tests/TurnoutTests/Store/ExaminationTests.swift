import Glibc
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

  /// Changes the catalog past the rules of a store, as no writer does.
  private func change(
    _ folder: TemporaryFolder, _ body: (CatalogTransaction) throws -> Void
  ) throws {
    let store = try Store.open(folder.store)
    let transaction = try store.catalog.begin()
    try body(transaction)
    try store.catalog.commit(transaction)
  }

  @Test func whatTheCatalogSaysAgainstItselfIsFound() throws {
    let claims: [(words: String, what: (CatalogTransaction) throws -> Void)] = [
      (
        "revision 9 is pinned and not in it",
        { try $0.put(Pin(revision: 9, time: 0, author: "", message: "")) }
      ),
      ("it has revision 3, and the next is 3", { try $0.setNextRevision(3) }),
      (
        "its history does not end in its head",
        {
          try $0.setHead(HeadRecord(revision: 2, previous: 1, activated: 0, generation: 1))
        }
      ),
      (
        "head, revision 3, is not in it", { try $0.removeRevision(3) }
      ),
    ]
    for (words, what) in claims {
      let folder = try TemporaryFolder()
      _ = try made(folder)
      try change(folder, what)
      let found = try StoreExamination(folder.store).findings
      let isFound = found.contains { $0.place == "catalog.mdb" && $0.message.contains(words) }
      #expect(isFound, "\(words)")
    }
  }

  @Test func aFileThatHoldsAnotherTableThanTheCatalogSaysIsFound() throws {
    let folder = try TemporaryFolder()
    let store = try made(folder)
    var revision = try #require(try store.revisions().first)
    revision.imageDigest = Digest(low: 1, high: 2)
    try change(folder) { try $0.put(revision) }
    let found = try StoreExamination(folder.store).findings
    #expect(found.map(\.place).contains("tables/00000001.mdb"))
    #expect(found.contains { $0.message.contains("not \(revision.imageDigest)") })
  }

  @Test func aStoreInWhichNothingHappenedIsWhole() throws {
    let folder = try TemporaryFolder()
    _ = try Store.create(folder.store)
    let examination = try StoreExamination(folder.store)
    #expect(examination.findings == [] && examination.historyEntries == 0)
  }

  @Test func whatRetentionTakesMeanwhileIsNotMissed() throws {
    let folder = try TemporaryFolder()
    let store = try made(folder)
    var isRetired = false
    let examination = try StoreExamination(folder.store) { step in
      guard step == "reading table 1 of 3", !isRetired else { return }
      isRetired = true
      do {
        _ = try store.write { try $0.retain(Retention(keep: 1), by: .test) }
      } catch {
        Issue.record(error)
      }
    }
    #expect(isRetired && examination.findings == [])
    #expect(try store.revisions().map(\.number) == [2, 3])
  }

  /// A store that is shipped to be read has no catalog: head says what there should be.
  @Test func withoutACatalogWhatHeadNamesIsRead() throws {
    let folder = try TemporaryFolder()
    _ = try made(folder)
    for name in ["catalog.mdb", "catalog.mdb-lock"] {
      try Directory.remove(folder.store + "/" + name)
    }
    let whole = try StoreExamination(folder.store)
    #expect(whole.findings == [] && whole.notes.count == 1 && whole.tables == 3)
    try Directory.remove(StoreLayout.table(folder.store, 3))
    #expect(try findings(folder) == ["tables/00000003.mdb"])
    // Nor is there a head to say it.
    try TemporaryFolder.overwrite(StoreLayout.catalog(folder.store), [1])
    try Directory.remove(StoreLayout.head(folder.store))
    let lost = try StoreExamination(folder.store)
    #expect(lost.findings.map(\.place) == ["catalog.mdb"] && lost.tables == 0)
  }

  @Test func tablesThatLeadInACircleAreFound() throws {
    let folder = try TemporaryFolder()
    _ = try made(folder)
    let tables = StoreLayout.tables(folder.store)
    try Directory.rename(tables, to: folder.path + "/tables")
    #expect(unsafe symlink(tables, tables) == 0)
    let found = try StoreExamination(folder.store).findings
    #expect(found.map(\.place).contains("catalog.mdb"))
    #expect(found.allSatisfy { $0.message.contains("is a symbolic link") })
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

  /// More than is read at once.
  @Test func aLargeFileIsCopiedWhole() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    let sources = [UInt8](repeating: 0x5A, count: 9 << 20)
    _ = try store.publish(
      image: StatedImage.encode(1, words: 64), sources: sources, by: .test)
    let copied = try StoreCopy(of: folder.store, as: .store, to: folder.path + "/copy")
    #expect(copied.damaged == [] && copied.bytes > 9 << 20)
    let table = try Store.open(folder.path + "/copy").table(1, sources: .read)
    #expect(table.sources == sources)
    table.unmap()
  }

  @Test func aBackupThatIsDamagedOrNewerIsNotRestored() throws {
    let folder = try TemporaryFolder()
    _ = try made(folder)
    let backup = folder.path + "/copy"
    _ = try StoreCopy(of: folder.store, as: .store, to: backup)
    let path = StoreLayout.catalog(backup)
    let whole = try #require(try File.read(path, limit: 1 << 24))
    try TemporaryFolder.overwrite(
      path, whole.prefix(8192) + [UInt8](repeating: 0xFF, count: whole.count - 8192))
    let damaged = #expect(throws: TurnoutError.self) {
      _ = try StoreCopy(of: backup, as: .backup, to: folder.path + "/again")
    }
    #expect(damaged?.status == .corrupt)
    #expect(damaged?.message.contains("`turnout verify` says all of it") == true)
    #expect(failure { _ = try Store.open(folder.path + "/again") } == .notAStore)

    try TemporaryFolder.overwrite(path, whole)
    try Store.open(backup).markNewer()
    #expect(
      failure { _ = try StoreCopy(of: backup, as: .backup, to: folder.path + "/newer") }
        == .newerFormat)
    #expect(failure { _ = try Store.open(folder.path + "/newer") } == .notAStore)
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
  /// Says that a build to come wrote the store.
  func markNewer() throws {
    let transaction = try catalog.begin()
    try transaction.mark(format: StoreLayout.format + 1, id: .random())
    try catalog.commit(transaction)
  }

  /// Publishes a table that validates.
  func publishStated(_ number: UInt64) throws {
    _ = try publish(
      image: StatedImage.encode(number, words: 64), sources: Array("sources \(number)".utf8),
      by: .test)
  }
}
