import Foundation
import StatedStore
import Testing

@testable import Turnout

/// What a keeper makes of a store that is not as it should be, and how long it leaves it alone.
@Suite struct KeeperTests {
  private func overwrite(_ path: String, _ change: (inout [UInt8]) -> Void) throws {
    var bytes = try #require(try File.read(path, limit: 1 << 24))
    change(&bytes)
    try TemporaryFolder.overwrite(path, bytes)
  }

  @Test func aHeadThatWasRefusedIsLeftAloneForAWhileUnlessSomebodyAsks() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    try stage.store.stage(2)
    try overwrite(StoreLayout.table(stage.store.directory, 2)) { $0[9000] ^= 1 }
    let core = try Cores.open(path: stage.store.directory, noThread: true)
    defer { core.close() }
    try stage.store.activate(2)
    // Each time it is left alone twice as long: for half a minute by now.
    for _ in 0..<8 { #expect(failure { try core.refresh() } == .corrupt) }
    let tried = core.status().tablesValidated
    let keeper = try #require(core.keeper)
    for _ in 0..<5 {
      let refusal = keeper.look(forced: false)
      #expect(refusal?.status == .corrupt)
      #expect(refusal?.message.contains("Revision 1 is served") == true)
    }
    #expect(core.status().tablesValidated == tried)
    #expect(failure { try core.refresh() } == .corrupt)
    #expect(core.status().tablesValidated == tried + 1)
    // Another head is not.
    try stage.store.publish(3)
    #expect(keeper.look(forced: false) == nil && revision(core) == 3)
  }

  /// Digests that are right of bytes that are wrong: the work of a broken compiler.
  @Test func aFileThatIsWholeAroundATableThatIsNotIsRefusedAndLetGo() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    let core = try Cores.open(path: stage.store.directory, noThread: true)
    defer { core.close() }
    var image = StatedImage.encode(2, words: 512)
    let at = Self.offset(of: .clusters, in: image) + Section.clusters.stride - 1
    image[at] = 1
    StatedImage.seal(&image)
    try stage.store.stage(2, image)
    try stage.store.activate(2)
    let error = #expect(throws: TurnoutError.self) { try core.refresh() }
    #expect(error?.status == .corrupt)
    #expect(error?.message.contains("the table is damaged at byte") == true)
    #expect(error?.message.contains("Revision 1 is served") == true)
    #expect(revision(core) == 1)
    let maps = try #require(FileHandle(forReadingAtPath: "/proc/self/maps"))
    let mapped = String(decoding: maps.readDataToEndOfFile(), as: UTF8.self)
    #expect(mapped.contains(StoreLayout.table(stage.store.directory, 1)))
    #expect(!mapped.contains(StoreLayout.table(stage.store.directory, 2)))
  }

  private static func offset(of section: Section, in image: [UInt8]) -> Int {
    image.withBytes { Int($0.u32(Format.sectionTable + section.rawValue * 8) ?? 0) }
  }

  @Test func aDamagedHeadWithNoneBeforeItIsRefused() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    let path = StoreLayout.head(stage.store.directory)
    let core = try Cores.open(path: stage.store.directory, noThread: true)
    try overwrite(path) { $0[$0.count / 2] ^= 1 }
    #expect(failure { try core.refresh() } == .corrupt)
    #expect(revision(core) == 1)
    core.close()
    #expect(failure { _ = try Cores.open(path: stage.store.directory, noThread: true) } == .corrupt)
    #expect(core.enter().status == .closed)
  }

  @Test func aHeadThatIsGoneLeavesWhatIsInForce() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    let core = try Cores.open(path: stage.store.directory, noThread: true)
    defer { core.close() }
    try Directory.remove(StoreLayout.head(stage.store.directory))
    #expect(failure { try core.refresh() } == .noTable)
    #expect(core.status().headRevision == 0 && core.status().refusal?.status == .noTable)
    #expect(core.status().refusal?.message.contains("no longer has a head") == true)
    #expect(revision(core) == 1)
    try stage.store.activate(1)
    try core.refresh()
    #expect(core.status().refusal == nil && core.status().headRevision == 1)
  }

  /// Its page is gone, and waiting on it fails at once: the keeper sleeps instead, and does not spin.
  @Test func aBellThatIsCutIsDoneWithout() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    for revision in UInt64(2)...5 { try stage.store.stage(revision) }
    let core = try Cores.open(path: stage.store.directory, noThread: false)
    defer { core.close() }
    // Once the keeper has taken something, it has the bell.
    try stage.store.activate(2)
    #expect(eventually { revision(core) == 2 })
    let bell = StoreLayout.bell(stage.store.directory)
    let whole = try #require(try File.read(bell, limit: 1 << 16))
    try TemporaryFolder.overwrite(bell, [])
    for number in UInt64(3)...4 {
      try stage.store.activate(number, ring: false)
      #expect(eventually { revision(core) == number })
    }
    try TemporaryFolder.overwrite(bell, whole)
    try stage.store.activate(5)
    #expect(eventually { revision(core) == 5 })
  }

  @Test func withoutATableThereIsNoOverlay() throws {
    let stage = try Stage()
    let core = try Cores.open(path: stage.store.directory, noThread: true)
    defer { core.close() }
    #expect(core.overlay().generation == 0 && core.overlay().entries.isEmpty)
  }
}
