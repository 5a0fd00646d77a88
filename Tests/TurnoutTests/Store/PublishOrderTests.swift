import Glibc
import StoreProbe
import Synchronization
import Testing

@testable import Turnout

/// What a reader, or a writer after a crash, would find after each step of a publish.
@Suite struct PublishOrderTests {
  private struct Seen: Equatable {
    var step: Store.Step
    var tables: [String]
    var head: UInt64?
    var hasNewHead: Bool
    var hasRung: Bool
  }

  @Test func theTableComesBeforeTheCommitAndHeadAfterItAndTheBellLast() throws {
    let folder = try TemporaryFolder()
    let directory = folder.store
    try Store.create(directory).publish(seed: 1)
    let bell = try #require(Bell.open(directory: directory))
    let before = bell.value
    let seen = Mutex<[Seen]>([])
    let store = try Store.open(
      directory,
      options: Store.Options(keep: 1) { step in
        let now = Seen(
          step: step, tables: (try? Directory.names(StoreLayout.tables(directory))) ?? [],
          head: (try? Head.read(directory: directory))?.revision,
          hasNewHead: ((try? Directory.names(directory)) ?? []).contains("head.new"),
          hasRung: bell.value != before)
        seen.withLock { $0.append(now) }
      })
    try store.publish(seed: 2)
    try store.publish(seed: 3)
    let last = seen.withLock { Array($0.suffix(9)) }

    let old = ["00000001.mdb", "00000002.mdb"]
    let both = old + ["00000003.mdb"]
    let kept = ["00000002.mdb", "00000003.mdb"]
    func expected(
      _ step: Store.Step, _ tables: [String], _ head: UInt64, newHead: Bool = false
    ) -> Seen {
      Seen(step: step, tables: tables, head: head, hasNewHead: newHead, hasRung: true)
    }
    #expect(
      last == [
        expected(.swept, old, 2),
        expected(.repaired, old, 2),
        expected(.tableWritten, old + ["new.mdb"], 2),
        expected(.tableRenamed, both, 2),
        expected(.headWritten, both, 2, newHead: true),
        expected(.committed, both, 2, newHead: true),
        expected(.headRenamed, both, 3),
        expected(.rung, both, 3),
        // The first goes now: head before is 2.
        expected(.swept, kept, 3),
      ])
    let rings = seen.withLock { $0.prefix(8).map(\.hasRung) }
    #expect(rings == [false, false, false, false, false, false, false, true])
  }

  /// Something took head's way after the commit: the change has happened, its writer says so, and the next
  /// one tells the readers.
  @Test func aChangeOfWhichReadersCannotBeToldIsSaidToHaveHappened() throws {
    let folder = try TemporaryFolder()
    let directory = folder.store
    try Store.create(directory).publish(seed: 1)
    let inTheWay = StoreLayout.headTemporary(directory)
    let store = try Store.open(
      directory,
      options: Store.Options { step in
        guard step == .committed else { return }
        _ = try? Directory.remove(inTheWay)
        _ = try? Directory.make(inTheWay)
      })
    let refused = #expect(throws: TurnoutError.self) { try store.publish(seed: 2) }
    let words = "The change is committed, but readers were not told: Cannot"
    #expect(refused?.message.hasPrefix(words) == true)
    #expect(refused?.message.hasSuffix("The next change of the store tells them.") == true)
    #expect(try Head.read(directory: directory)?.revision == 1)
    #expect(try store.history().map(\.revision) == [2, 1])

    #expect(unsafe rmdir(inTheWay) == 0)
    #expect(try store.publish(seed: 2).unchanged)
    #expect(try Head.read(directory: directory)?.revision == 2)
  }

  @Test func anUnchangedPublishTouchesNoFile() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    try store.publish(seed: 1)
    let bell = try #require(Bell.open(directory: folder.store))
    let value = bell.value
    let catalog = try File.read(StoreLayout.catalog(folder.store), limit: 1 << 20)
    #expect(try store.publish(seed: 1).unchanged)
    #expect(bell.value == value)
    #expect(try File.read(StoreLayout.catalog(folder.store), limit: 1 << 20) == catalog)
  }
}
