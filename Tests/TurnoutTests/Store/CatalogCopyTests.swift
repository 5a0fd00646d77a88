import StoreProbe
import Testing

@testable import Turnout

/// A catalog that is read without its lock.
@Suite struct CatalogCopyTests {
  private static let refusal = TurnoutError(.permissionDenied, "no")

  private func history(_ path: String) throws -> [HistoryEntry] {
    let catalog = try Catalog.copy(of: path, refusal: Self.refusal)
    defer { catalog.release() }
    let transaction = try catalog.begin()
    defer { catalog.abort(transaction) }
    return try transaction.historyEntries(limit: .max)
  }

  @Test func aCopySaysWhatTheCatalogSays() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    for seed in 1...20 { try store.publish(seed: UInt64(seed), bytes: 100) }
    let path = StoreLayout.catalog(folder.store)
    #expect(try history(path) == store.history())
    let before = try #require(try File.read(path, limit: 1 << 24))
    #expect(try history(path).count == 20)
    #expect(try File.read(path, limit: 1 << 24) == before)
  }

  @Test func aCopyIsNotWrittenThrough() throws {
    let folder = try TemporaryFolder()
    _ = try Store.create(folder.store).publish(seed: 1)
    let catalog = try Catalog.copy(
      of: StoreLayout.catalog(folder.store), refusal: Self.refusal)
    defer { catalog.release() }
    #expect(failure { try catalog.requireWritable() } == .permissionDenied)
  }

  /// A writer commits as fast as it can; each copy is whole, and of one moment.
  @Test func aCopyWhileWritersWriteIsOfOneMoment() async throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    try store.publish(seed: 1)
    let path = StoreLayout.catalog(folder.store)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for round in 0..<400 {
          let entry = OverlayEntry(
            kind: .cluster, state: round % 2 == 0 ? .down : .draining, name: "c\(round % 7)")
          _ = try store.write { try $0.set([entry], by: .test) }
        }
      }
      group.addTask {
        var last = 0
        while last < 380 {
          let entries: [HistoryEntry]
          do {
            entries = try self.history(path)
          } catch let error as TurnoutError where error.status == .conflict {
            continue
          }
          #expect(entries.map(\.number) == Array((1...UInt64(entries.count)).reversed()))
          #expect(entries.count >= last)
          last = entries.count
        }
      }
      try await group.waitForAll()
    }
  }

  @Test func aCatalogThatNeverRestsIsAConflict() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    let path = StoreLayout.catalog(folder.store)
    var commits: UInt64 = 0
    let refused = #expect(throws: TurnoutError.self) {
      _ = try CatalogCopy.take(path) { () throws(TurnoutError) in
        commits += 1
        let transaction = try store.catalog.begin()
        try transaction.setNextRevision(commits + 1)
        try store.catalog.commit(transaction)
      }
    }
    #expect(refused?.status == .conflict && commits > 10)
    #expect(refused?.message == "\(path) changes faster than it can be read. Try again.")
    // Once it rests for a moment, the copy is of then.
    _ = try CatalogCopy.take(path)
    #expect(try history(path).isEmpty && store.status().nextRevision == commits + 1)
  }

  @Test func aDamagedCatalogIsRefused() throws {
    let folder = try TemporaryFolder()
    _ = try Store.create(folder.store).publish(seed: 1)
    let path = StoreLayout.catalog(folder.store)
    var bytes = try #require(try File.read(path, limit: 1 << 24))
    for offset in stride(from: 8192, to: bytes.count, by: 1) { bytes[offset] = 0xFF }
    try TemporaryFolder.overwrite(folder.path + "/damaged", bytes)
    #expect(failure { _ = try history(folder.path + "/damaged") } == .corrupt)
    try TemporaryFolder.overwrite(folder.path + "/short", Array(bytes.prefix(4096)))
    #expect(failure { _ = try history(folder.path + "/short") } == .corrupt)
  }
}
