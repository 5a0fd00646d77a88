import StatedStore
import Testing

@testable import Turnout

/// A process that starts while head is damaged.
@Suite struct StandInTests {
  private func publish(_ store: Store, _ number: UInt64, _ action: HistoryEntry.Action = .publish)
    throws
  {
    _ = try store.publish(
      image: StatedImage.encode(number, words: 64), sources: [], action: action, by: .test)
  }

  private func damage(_ path: String) throws {
    var bytes = try #require(try File.read(path, limit: 1 << 24))
    bytes[bytes.count / 2] ^= 1
    try TemporaryFolder.overwrite(path, bytes)
  }

  private func store(_ folder: TemporaryFolder, revisions: UInt64) throws -> Store {
    let store = try Store.create(folder.store)
    for number in 1...revisions { try publish(store, number) }
    _ = try store.write { transaction in
      try transaction.set([OverlayEntry(kind: .cluster, state: .down, name: "c1")], by: .test)
    }
    return store
  }

  @Test(arguments: [true, false])
  func takesTheLatestHeadBeforeThatIsWholeAndSaysSo(isGone: Bool) throws {
    let folder = try TemporaryFolder()
    let store = try store(folder, revisions: 4)
    for number in [UInt64(3), 4] {
      let path = StoreLayout.table(folder.store, number)
      if isGone { try Directory.remove(path) } else { try damage(path) }
    }
    let core = try Cores.open(path: folder.store, noThread: true)
    defer { core.close() }
    #expect(revision(core) == 2)
    let status = core.status()
    #expect(status.headRevision == 4 && status.overlayGeneration == 1)
    #expect(status.refusal?.status == (isGone ? .noRevision : .corrupt))
    #expect(status.refusal?.message.contains("Revision 2 is served") == true)
    #expect(core.overlay().entries.map(\.name) == ["c1"])

    // What is published next is followed as ever.
    try publish(store, 5)
    try core.refresh()
    #expect(revision(core) == 5 && core.status().refusal == nil)
  }

  @Test func doesNotTakeWhatWasStagedAndNeverHead() throws {
    let folder = try TemporaryFolder()
    let store = try store(folder, revisions: 2)
    try publish(store, 3, .stage)
    try publish(store, 4)
    try damage(StoreLayout.table(folder.store, 4))
    let core = try Cores.open(path: folder.store, noThread: true)
    defer { core.close() }
    #expect(revision(core) == 2)
  }

  @Test func afterARollbackItIsTheHeadThatWasLeft() throws {
    let folder = try TemporaryFolder()
    let store = try store(folder, revisions: 3)
    try store.rollback(by: .test)
    try damage(StoreLayout.table(folder.store, 2))
    let core = try Cores.open(path: folder.store, noThread: true)
    defer { core.close() }
    #expect(revision(core) == 3)
  }

  @Test func aDamagedHeadFileIsReplacedByTheOneBeforeUntilAWriterMendsIt() throws {
    let folder = try TemporaryFolder()
    let store = try store(folder, revisions: 2)
    try damage(StoreLayout.head(folder.store))
    let core = try Cores.open(path: folder.store, noThread: true)
    defer { core.close() }
    #expect(revision(core) == 2)
    #expect(core.status().refusal?.status == .corrupt)
    _ = try store.write { _ in }
    try core.refresh()
    #expect(core.status().refusal == nil && core.status().overlayGeneration == 1)
  }

  @Test func withNothingWholeOpeningFailsAsItDid() throws {
    let folder = try TemporaryFolder()
    _ = try store(folder, revisions: 2)
    for number in [UInt64(1), 2] { try damage(StoreLayout.table(folder.store, number)) }
    #expect(failure { _ = try Cores.open(path: folder.store, noThread: true) } == .corrupt)
  }

  @Test func oneThatRunsKeepsWhatItServes() throws {
    let folder = try TemporaryFolder()
    let store = try store(folder, revisions: 2)
    let core = try Cores.open(path: folder.store, noThread: true)
    defer { core.close() }
    try publish(store, 3)
    try damage(StoreLayout.table(folder.store, 3))
    #expect(failure { try core.refresh() } == .corrupt)
    #expect(revision(core) == 2)
    #expect(core.status().refusal?.message.contains("Revision 2 is served") == true)
  }

  /// The very file that is mapped, overwritten and cut: a shared mapping would show the one and end
  /// the process at the other.
  @Test func privateTablesAreOutOfReachOfWhatIsDoneToTheirFiles() throws {
    let folder = try TemporaryFolder()
    let store = try store(folder, revisions: 2)
    let core = try Cores.open(path: folder.store, noThread: true, privateTables: true)
    defer { core.close() }
    let path = StoreLayout.table(folder.store, 2)
    let size = try #require(try Directory.status(path)?.size)
    try TemporaryFolder.overwrite(path, [UInt8](repeating: 0xA5, count: size))
    #expect(revision(core) == 2)
    try TemporaryFolder.overwrite(path, [])
    #expect(revision(core) == 2)
    try publish(store, 3)
    try core.refresh()
    #expect(revision(core) == 3)
  }
}
