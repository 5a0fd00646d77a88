import Foundation
import StatedStore
import Testing

@testable import Turnout

/// A store in a folder of its own, removed at the end of its life.
final class Stage {
  let store: StatedStore
  let folder: String

  init(words: Int = 512) throws {
    folder = NSTemporaryDirectory() + "turnout-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    store = try StatedStore(directory: folder + "/store", words: words)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }
}

/// The revision that a reading gives now; nil for a refusal.
func revision(_ core: CoreReference) -> UInt64? {
  let reading = core.enter()
  defer { reading.leave() }
  guard reading.status == .ok else { return nil }
  #expect(reading.snapshot.isWhole())
  return reading.snapshot.value.revision
}

/// Waits until `condition` holds; the deadline is far beyond what it should take.
func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
  let end = Date(timeIntervalSinceNow: 20)
  while Date() < end {
    if try condition() { return true }
    Thread.sleep(forTimeInterval: 0.0005)
  }
  return try condition()
}

@Suite struct SnapshotTests {
  @Test func aStoreWithoutHeadOpensAndAnswersNoTableUntilThePublish() throws {
    let stage = try Stage()
    let core = try Cores.open(path: stage.store.directory, noThread: false)
    defer { core.close() }
    #expect(core.enter().status == .noTable)
    #expect(core.status().revision == 0)
    #expect(core.status().refusal == nil)
    try stage.store.publish(1)
    #expect(eventually { revision(core) == 1 })
  }

  @Test func openReturnsWithHeadInForce() throws {
    let stage = try Stage()
    try stage.store.publish(7)
    let core = try Cores.open(path: stage.store.directory, noThread: false)
    defer { core.close() }
    #expect(revision(core) == 7)
    let status = core.status()
    #expect(status.revision == 7)
    #expect(status.headRevision == 7)
    #expect(status.keeperRunning)
    #expect(status.adoptedAt > 0)
    #expect(status.imageBytes > 512 * 8)
  }

  @Test func theKeeperAdoptsEachPublishAndRollback() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    let core = try Cores.open(path: stage.store.directory, noThread: false)
    defer { core.close() }
    for number in UInt64(2)...20 {
      try stage.store.publish(number)
      #expect(eventually { revision(core) == number })
    }
    try stage.store.activate(3)
    #expect(eventually { revision(core) == 3 })
  }

  @Test func aChangeIsSeenWithoutTheBell() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    try stage.store.stage(2)
    try FileManager.default.removeItem(atPath: stage.store.directory + "/bell")
    let core = try Cores.open(path: stage.store.directory, noThread: false)
    defer { core.close() }
    try stage.store.activate(2, ring: false)
    #expect(eventually { revision(core) == 2 })
  }

  @Test func aNewSnapshotOverTheSameTableMapsNothing() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    let core = try Cores.open(path: stage.store.directory, noThread: true)
    defer { core.close() }
    try FileManager.default.removeItem(
      atPath: StoreLayout.table(stage.store.directory, 1))
    try stage.store.activate(1)
    try core.refresh()
    #expect(core.status().overlayGeneration == stage.store.generation)
    #expect(revision(core) == 1)
  }

  @Test func aDamagedTableLeavesTheOldOneInForceAndTheReasonInTheStatus() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    try stage.store.stage(2)
    let path = StoreLayout.table(stage.store.directory, 2)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[9000] ^= 1
    try FileManager.default.removeItem(atPath: path)
    try bytes.write(to: URL(fileURLWithPath: path))
    let core = try Cores.open(path: stage.store.directory, noThread: false)
    defer { core.close() }
    try stage.store.activate(2)
    #expect(eventually { core.status().refusal != nil })
    let status = core.status()
    #expect(status.refusal?.status == .corrupt)
    #expect(status.revision == 1)
    #expect(status.headRevision == 2)
    #expect(throws: TurnoutError.self) { try core.refresh() }
    #expect(revision(core) == 1)
    try stage.store.publish(3)
    #expect(eventually { revision(core) == 3 })
    #expect(eventually { core.status().refusal == nil })
  }

  @Test func openingAStoreWhoseHeadCannotBeAdoptedSaysWhy() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    try FileManager.default.removeItem(atPath: StoreLayout.table(stage.store.directory, 1))
    let error = #expect(throws: TurnoutError.self) {
      try Cores.open(path: stage.store.directory, noThread: false)
    }
    #expect(error?.status == .noRevision)
    let none = #expect(throws: TurnoutError.self) {
      try Cores.open(path: stage.folder + "/nothing", noThread: false)
    }
    #expect(none?.status == .noStore)
    let not = #expect(throws: TurnoutError.self) {
      try Cores.open(path: stage.folder, noThread: false)
    }
    #expect(not?.status == .notAStore)
  }

  @Test func handlesOnOneStoreShareACoreThatEndsWithTheLast() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    let one = try Cores.open(path: stage.store.directory, noThread: false)
    let two = try Cores.open(path: stage.store.directory + "/../store", noThread: true)
    #expect(one.bits == two.bits)
    #expect(one.close())
    #expect(revision(two) == 1)
    #expect(two.status().keeperRunning)
    #expect(two.close())
    #expect(two.enter().status == .closed)
    #expect(!two.status().keeperRunning)
    #expect(two.status().retired == 0)
    #expect(!two.close())
    #expect(throws: TurnoutError.self) { try two.refresh() }
    let again = try Cores.open(path: stage.store.directory, noThread: false)
    #expect(again.bits == one.bits)
    #expect(revision(again) == 1)
    #expect(again.close())
  }

  @Test func withoutAThreadOnlyRefreshMovesOn() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    let core = try Cores.open(path: stage.store.directory, noThread: true)
    defer { core.close() }
    try stage.store.publish(2)
    #expect(revision(core) == 1)
    #expect(!core.status().keeperRunning)
    try core.refresh()
    #expect(revision(core) == 2)
    #expect(core.status().retired == 0)
  }

  @Test func aReadingInsideAReadingIsRefused() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    let core = try Cores.open(path: stage.store.directory, noThread: true)
    defer { core.close() }
    let outer = core.enter()
    #expect(outer.status == .ok)
    #expect(core.enter().status == .reentrant)
    #expect(throws: TurnoutError.self) { try core.openView() }
    outer.leave()
    #expect(revision(core) == 1)
  }

  @Test func whatIsReadStaysUntilTheReadingEnds() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    let core = try Cores.open(path: stage.store.directory, noThread: true)
    defer { core.close() }
    let reading = core.enter()
    try stage.store.publish(2)
    try core.refresh()
    #expect(core.status().retired == 1)
    #expect(reading.snapshot.value.revision == 1)
    #expect(reading.snapshot.isWhole())
    reading.leave()
    try core.refresh()
    #expect(core.status().retired == 0)
  }

  @Test func aStoreThatIsMadeAgainUnderTheSamePathIsFollowed() throws {
    let stage = try Stage()
    try stage.store.publish(5)
    let core = try Cores.open(path: stage.store.directory, noThread: false)
    defer { core.close() }
    try FileManager.default.removeItem(atPath: stage.store.directory)
    #expect(eventually { core.status().refusal != nil })
    #expect(revision(core) == 5)
    let other = try StatedStore(directory: stage.store.directory)
    try other.publish(2)
    #expect(eventually { revision(core) == 2 })
    let same = try Cores.open(path: stage.store.directory, noThread: false)
    #expect(same.bits == core.bits)
    same.close()
    try other.publish(3)
    #expect(eventually { revision(core) == 3 })
  }

  /// A file system gives a new folder the number of one that is gone, sooner or later.
  @Test func whoHasAStoreOpenIsFoundBeforeWhoClosedAnotherOneOfItsNumber() throws {
    let stage = try Stage()
    try stage.store.publish(5)
    let path = stage.store.directory
    let core = try Cores.open(path: path, noThread: true)
    defer { core.close() }
    for round in UInt64(1)...20 {
      // Closed cores of folders that are gone, made later than the one that stays open.
      let gone = try StatedStore(directory: path + "-gone")
      try gone.publish(1)
      try Cores.open(path: path + "-gone", noThread: true).close()
      try FileManager.default.removeItem(atPath: path + "-gone")
      try FileManager.default.removeItem(atPath: path)
      let other = try StatedStore(directory: path)
      try other.publish(5 + round)
      try core.refresh()
      #expect(revision(core) == 5 + round)
      let same = try Cores.open(path: path, noThread: true)
      #expect(same.bits == core.bits)
      same.close()
    }
  }

  @Test func countersSumOverThreadsThatCameAndWent() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    let core = try Cores.open(path: stage.store.directory, noThread: true)
    defer { core.close() }
    let before = core.status().counters.mistypedAttributes
    let group = DispatchGroup()
    for _ in 0..<50 {
      group.enter()
      Thread.detachNewThread {
        let reading = core.enter()
        reading.count(.mistypedAttributes, 3)
        reading.leave()
        group.leave()
      }
    }
    group.wait()
    #expect(core.status().counters.mistypedAttributes == before + 150)
  }
}
