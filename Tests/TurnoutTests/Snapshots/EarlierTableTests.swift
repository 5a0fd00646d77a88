import StatedStore
import Testing

@testable import Turnout

/// Tables that head goes back to: what was validated once is not read again.
@Suite struct EarlierTableTests {
  private func publish(_ store: Store, _ number: UInt64) throws {
    _ = try store.publish(
      image: StatedImage.encode(number, words: 64), sources: [], action: .publish, by: .test)
  }

  private func store(
    _ folder: TemporaryFolder, revisions: UInt64, keep: Int? = nil
  ) throws -> Store {
    let store = try Store.create(folder.store, options: Store.Options(keep: keep))
    for number in 1...revisions { try publish(store, number) }
    return store
  }

  /// A store of one revision, and what follows it when it is asked to.
  private func followed(
    _ folder: TemporaryFolder, keep: Int? = nil, privateTables: Bool = false
  ) throws -> (store: Store, core: CoreReference) {
    let store = try store(folder, revisions: 1, keep: keep)
    let core = try Cores.open(path: folder.store, noThread: true, privateTables: privateTables)
    return (store, core)
  }

  /// The mappings of this process that are of tables of `folder`: of files that are there, and of files
  /// that have been removed.
  private func mapped(_ folder: TemporaryFolder) throws -> (there: Int, gone: Int) {
    let maps = String(
      decoding: try FileBytes.read("/proc/self/maps", atMost: 1 << 26), as: UTF8.self)
    let own = maps.split(separator: "\n").filter { $0.contains(folder.store + "/tables/") }
    let gone = own.count { $0.hasSuffix("(deleted)") }
    return (own.count - gone, gone)
  }

  @Test func aRollbackReadsAndValidatesNothing() throws {
    let folder = try TemporaryFolder()
    let (store, core) = try followed(folder)
    defer { core.close() }
    try publish(store, 2)
    try core.refresh()
    #expect(core.status().tablesValidated == 2 && core.status().earlierTables == 1)
    for expected in [UInt64(1), 2, 1, 2] {
      try store.rollback(by: .test)
      try core.refresh()
      #expect(revision(core) == expected && core.status().refusal == nil)
    }
    // Nor to one of several, in any order.
    try publish(store, 3)
    try core.refresh()
    for expected in [UInt64(1), 3, 2, 1] {
      try store.rollback(to: expected, by: .test)
      try core.refresh()
      #expect(revision(core) == expected)
    }
    #expect(core.status().tablesValidated == 3 && core.status().earlierTables == 2)
    #expect(core.status().retired == 0)
  }

  @Test func theKeeperOfAnOpenEngineDoesSo() throws {
    let folder = try TemporaryFolder()
    let store = try store(folder, revisions: 1)
    let core = try Cores.open(path: folder.store, noThread: false)
    defer { core.close() }
    try publish(store, 2)
    #expect(eventually { revision(core) == 2 })
    for round in 0..<20 {
      try store.rollback(by: .test)
      #expect(eventually { revision(core) == (round % 2 == 0 ? 1 : 2) })
    }
    #expect(core.status().tablesValidated == 2)
  }

  @Test func noMoreAreKeptThanAreAllowed() throws {
    let folder = try TemporaryFolder()
    let (store, core) = try followed(folder)
    for number in UInt64(2)...9 {
      try publish(store, number)
      try core.refresh()
    }
    #expect(core.status().earlierTables == EarlierTables.tablesMax)
    #expect(core.status().earlierTableBytes > 0)
    // The latest are: the others are read anew.
    try store.rollback(to: 6, by: .test)
    try core.refresh()
    #expect(core.status().tablesValidated == 9)
    try store.rollback(to: 2, by: .test)
    try core.refresh()
    #expect(core.status().tablesValidated == 10 && revision(core) == 2)
    #expect(try mapped(folder) == (EarlierTables.tablesMax + 1, 0))
    core.close()
    #expect(try mapped(folder) == (0, 0))
  }

  @Test func whatRetentionTakesIsLetGo() throws {
    let folder = try TemporaryFolder()
    let (store, core) = try followed(folder, keep: 1)
    defer { core.close() }
    for number in UInt64(2)...6 {
      try publish(store, number)
      try core.refresh()
      #expect(core.status().earlierTables == 1)
      #expect(try mapped(folder) == (2, 0))
    }
  }

  @Test func aFileThatWasTouchedSinceIsReadAnew() throws {
    let folder = try TemporaryFolder()
    let (store, core) = try followed(folder)
    defer { core.close() }
    try publish(store, 2)
    try core.refresh()
    let path = StoreLayout.table(folder.store, 1)
    let bytes = try #require(try File.read(path, limit: 1 << 24))
    // The same bytes in another file.
    try TemporaryFolder.overwrite(path + ".new", bytes)
    try Directory.rename(path + ".new", to: path)
    try store.rollback(by: .test)
    try core.refresh()
    #expect(revision(core) == 1 && core.status().tablesValidated == 3)

    // Other bytes in the same file, after the writer has looked.
    try store.rollback(by: .test)
    try core.refresh()
    try store.rollback(by: .test)
    var damaged = bytes
    damaged[bytes.count / 2] ^= 1
    try TemporaryFolder.overwrite(path, damaged)
    #expect(failure { try core.refresh() } == .corrupt)
    #expect(revision(core) == 2 && core.status().headRevision == 1)
  }

  @Test func anotherStoreInTheSamePlaceIsReadAnew() throws {
    let folder = try TemporaryFolder()
    _ = try store(folder, revisions: 2)
    let core = try Cores.open(path: folder.store, noThread: true)
    defer { core.close() }
    try Directory.rename(folder.store, to: folder.path + "/before")
    let other = try store(folder, revisions: 2)
    try core.refresh()
    #expect(core.status().tablesValidated == 2 && core.status().earlierTables == 0)
    try other.rollback(by: .test)
    try core.refresh()
    #expect(core.status().tablesValidated == 3 && revision(core) == 1)
  }

  @Test func tablesOfThisProcessAloneAreNotKept() throws {
    let folder = try TemporaryFolder()
    let (store, core) = try followed(folder, privateTables: true)
    defer { core.close() }
    try publish(store, 2)
    try core.refresh()
    #expect(core.status().earlierTables == 0)
    try store.rollback(by: .test)
    try core.refresh()
    #expect(revision(core) == 1 && core.status().tablesValidated == 3)
  }

  @Test func aViewOutlivesThatItsTableIsLetGo() throws {
    let folder = try TemporaryFolder()
    let (store, core) = try followed(folder, keep: 1)
    defer { core.close() }
    let view = try core.openView()
    for number in UInt64(2)...4 {
      try publish(store, number)
      try core.refresh()
    }
    let reading = view.enter()
    #expect(reading.status == .ok && reading.snapshot.value.revision == 1)
    #expect(reading.snapshot.isWhole())
    reading.leave()
    #expect(try mapped(folder).gone == 1)
    view.close()
    #expect(try mapped(folder) == (2, 0))
  }
}
