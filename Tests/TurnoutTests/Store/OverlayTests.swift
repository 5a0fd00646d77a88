import StoreProbe
import Testing

@testable import Turnout

/// The overlay in the store: what a change of it does, and what it refuses.
@Suite struct OverlayTests {
  private static let down = OverlayEntry(kind: .cluster, state: .down, name: "a")
  private static let shard = OverlayEntry(
    kind: .cluster, state: .draining, name: "a/s1", until: 500)
  private static let off = OverlayEntry(kind: .shadow, state: .off, name: "Search/dark")

  private func signature(_ time: Int64) -> Signature {
    Signature(author: "ada", message: "why", time: time)
  }

  private func published() throws -> (folder: TemporaryFolder, store: Store) {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    try store.publish(seed: 1)
    return (folder, store)
  }

  @discardableResult
  private func set(
    _ store: Store, _ changes: OverlayEntry..., at time: Int64 = 100
  ) throws -> OverlayChange {
    try store.write { try $0.set(changes, by: signature(time)) }
  }

  @Test func aChangeMakesNoRevisionAndIsInHeadAndInTheHistory() throws {
    let (folder, store) = try published()
    let before = try #require(try Head.read(directory: folder.store))
    let done = try set(store, Self.off, Self.shard, Self.down)
    #expect(done.generation == 1 && done.changes == [Self.down, Self.shard, Self.off])
    #expect(done.before == done.changes.map(\.withoutIt))
    let head = try #require(try Head.read(directory: folder.store))
    #expect(head.overlay == done.changes && head.generation == 1)
    #expect(head.revision == 1 && head.activated == before.activated)
    let entry = try #require(try store.history().first)
    #expect(entry.action == .set && entry.changes == done.changes && entry.author == "ada")
    #expect(entry.revision == 1 && entry.head == 1 && entry.previousHead == 1)
    #expect(entry.digest == head.imageDigest)
    #expect(try store.revisions().count == 1 && store.status().nextRevision == 2)
    #expect(try store.status().overlayEntries == 3)
  }

  @Test func oneChangeOfSeveralEntriesRingsOnce() throws {
    let (folder, store) = try published()
    let bell = try #require(Bell.open(directory: folder.store))
    let value = bell.value
    try set(store, Self.down, Self.off)
    #expect(bell.value == value &+ 1)
    #expect(try store.history().count == 2)
  }

  @Test func goingBackTakesTheEntryAwayAndIsInTheHistory() throws {
    let (folder, store) = try published()
    try set(store, Self.down, Self.off)
    let back = try set(store, Self.down.withoutIt)
    #expect(back.generation == 2 && back.before == [Self.down])
    #expect(try Head.read(directory: folder.store)?.overlay == [Self.off])
    #expect(try store.history().first?.changes == [Self.down.withoutIt])
  }

  @Test func whatHoldsAlreadyIsNoChange() throws {
    let (folder, store) = try published()
    try set(store, Self.down)
    let bell = try #require(Bell.open(directory: folder.store))
    let value = bell.value
    let again = try set(store, Self.down, Self.off.withoutIt)
    #expect(again.generation == 1 && again.changes.isEmpty)
    #expect(bell.value == value)
    #expect(try store.history().count == 2)
    // Of several, only those that differ are written.
    let some = try set(store, Self.down, Self.off)
    #expect(some.changes == [Self.off])
    // Another end is another entry.
    var longer = Self.down
    longer.until = 900
    #expect(try set(store, longer).before == [Self.down])
  }

  @Test func entriesWhoseTimeHasComeAreDroppedByTheNextChange() throws {
    let (folder, store) = try published()
    try set(store, Self.shard)
    try set(store, Self.down, at: 499)
    #expect(try Head.read(directory: folder.store)?.overlay == [Self.down, Self.shard])
    try set(store, Self.off, at: 500)
    #expect(try Head.read(directory: folder.store)?.overlay == [Self.down, Self.off])
    // Of one that has ended, nothing is left that going back would change.
    var ended = Self.shard
    ended.until = 700
    try set(store, ended, at: 600)
    #expect(try set(store, ended.withoutIt, at: 700).changes.isEmpty)
    #expect(try store.write { try $0.overlay(at: 700) } == [Self.down, Self.off])
  }

  @Test func publishingActivatingAndRollingBackKeepTheOverlay() throws {
    let (folder, store) = try published()
    try set(store, Self.down, Self.off)
    try store.publish(seed: 2)
    func holds() throws -> Bool {
      let head = try Head.read(directory: folder.store)
      return head?.overlay == [Self.down, Self.off] && head?.generation == 1
    }
    #expect(try holds())
    try store.activate(1, by: .test)
    #expect(try holds())
    try store.rollback(by: .test)
    #expect(try holds() && Head.read(directory: folder.store)?.revision == 2)
    // And a change of the overlay leaves the way back as it was.
    try set(store, Self.down.withoutIt)
    #expect(try store.rollback(by: .test).head == 1)
  }

  @Test func beforeTheFirstPublishThereIsNothingToSwitch() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    let error = #expect(throws: TurnoutError.self) { try set(store, Self.down) }
    #expect(error?.status == .noTable && error?.message.contains("Publish a document") == true)
    #expect(try store.history().isEmpty && Head.read(directory: folder.store) == nil)
  }

  @Test(arguments: [
    OverlayEntry(kind: .cluster, state: .off, name: "a"),
    OverlayEntry(kind: .useCase, state: .down, name: "a"),
    OverlayEntry(kind: .useCase, state: .off, name: "a/b"),
    OverlayEntry(kind: .experiment, state: .off, name: "a/b"),
    OverlayEntry(kind: .shadow, state: .off, name: "a"),
    OverlayEntry(kind: .shadow, state: .off, name: "a/b/c"),
    OverlayEntry(kind: .cluster, state: .down, name: ""),
    OverlayEntry(kind: .cluster, state: .down, name: "/a"),
    OverlayEntry(kind: .cluster, state: .down, name: "a/"),
    OverlayEntry(kind: .cluster, state: .down, name: "a b"),
    OverlayEntry(kind: .cluster, state: .down, name: "é"),
    OverlayEntry(kind: .cluster, state: .down, name: String(repeating: "a", count: 129)),
    OverlayEntry(kind: .cluster, state: .up, name: "a", until: 200),
    OverlayEntry(kind: .cluster, state: .down, name: "a", until: 100),
    OverlayEntry(kind: .cluster, state: .down, name: "a", until: .min),
  ])
  func whatNoOverlayCanSayIsRefused(entry: OverlayEntry) throws {
    let (folder, store) = try published()
    let error = #expect(throws: TurnoutError.self) { try set(store, Self.off, entry) }
    #expect(error?.status == .invalidArgument && error?.message.isEmpty == false)
    #expect(try Head.read(directory: folder.store)?.overlay == [])
    #expect(try store.history().count == 1)
  }

  @Test func oneNameMayNotComeTwice() throws {
    let (folder, store) = try published()
    defer { withExtendedLifetime(folder) {} }
    let error = #expect(throws: TurnoutError.self) {
      try set(store, Self.down, Self.down.withoutIt)
    }
    #expect(error?.status == .invalidArgument)
  }

  @Test func theOverlayHoldsAsManyEntriesAsItSays() throws {
    let (folder, store) = try published()
    let name = String(repeating: "n", count: 120)
    let all = (0..<StoreLayout.overlayEntriesMax).map {
      OverlayEntry(kind: .cluster, state: .down, name: "\(name)\($0)/\(name)\($0)", until: 1_000)
    }
    #expect(try store.write { try $0.set(all, by: signature(100)) }.changes.count == all.count)
    #expect(try Head.read(directory: folder.store)?.overlay.count == all.count)
    #expect(try store.history().first?.changes.count == all.count)
    let error = #expect(throws: TurnoutError.self) { try set(store, Self.down) }
    #expect(error?.status == .limitExceeded)
    // One may go as another comes, and those that ended count no more.
    try set(store, all[0].withoutIt, Self.down)
    try set(store, Self.off, at: 1_000)
    #expect(try Head.read(directory: folder.store)?.overlay == [Self.down, Self.off])
    let tooMany = #expect(throws: TurnoutError.self) {
      try store.write { try $0.set(all + [Self.off], by: signature(100)) }
    }
    #expect(tooMany?.status == .limitExceeded)
  }

  /// Processes go on with what they have mapped, and a cluster may have to be drained now.
  @Test func aNameIsSetWhereTheTableThatWouldKnowItIsGone() throws {
    let (folder, store) = try published()
    try Directory.remove(StoreLayout.table(folder.store, 1))
    #expect(try store.set([Self.down], by: signature(100)).changes == [Self.down])
    #expect(try Head.read(directory: folder.store)?.overlay == [Self.down])
  }

  @Test func whoSetAnEntryIsSaidAsFarAsTheHistoryKnows() throws {
    let (folder, store) = try published()
    defer { withExtendedLifetime(folder) {} }
    try set(store, Self.down)
    try set(store, Self.down.withoutIt, at: 200)
    try set(store, Self.down, at: 300)
    let origins = try store.origins(of: [Self.down, Self.off])
    #expect(origins.keys.sorted(by: OverlayEntry.precedes) == [Self.down])
    #expect(origins[Self.down]?.time == 300)
  }

  @Test func longChangesInTheHistoryMakeRoomForThemselves() throws {
    let (folder, store) = try published()
    defer { withExtendedLifetime(folder) {} }
    let name = String(repeating: "n", count: 120)
    let all = (0..<StoreLayout.overlayEntriesMax).map {
      OverlayEntry(kind: .cluster, state: .down, name: "\(name)\($0)/\(name)\($0)")
    }
    // Each is more than a megabyte.
    let long = HistoryEntry(
      number: 0, action: .set, revision: 1, previousHead: 1, head: 1, time: 1,
      digest: Digest(low: 0, high: 0), bytes: 0, author: "", message: "", changes: all)
    try store.write { transaction in
      for _ in 1...6 { try transaction.catalog.append(long, bytesMax: 4 << 20) }
      transaction.isChanged = true
    }
    #expect(try store.history().map(\.number) == [7, 6, 5])
  }
}
