import StoreProbe
import Testing

@testable import Turnout

@Suite struct StoreTests {
  @Test func aPublishedTableIsWhatReadersFind() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    #expect(try Head.read(directory: folder.store) == nil)

    let image = ProbeImage.make(seed: 7, bytes: 12_345)
    let done = try store.publish(image: image, sources: Array("doc".utf8), by: .test)
    #expect(done.revision == 1 && done.head == 1 && !done.unchanged && done.bytes == 12_345)

    let head = try #require(try Head.read(directory: folder.store))
    #expect(head.revision == 1 && head.imageDigest == done.digest)
    let table = try FrozenTable.open(
      directory: folder.store, revision: head.revision, expecting: head.seal, sources: .read)
    defer { table.unmap() }
    #expect(table.image.copy(0, table.image.count) == image)
    #expect(table.sources == Array("doc".utf8))
    #expect(table.image.isAligned(to: 64))
    #expect(head.seal.mappedBytes == UInt64(table.mapping.bytes.count))
    #expect(head.seal.fileBytes > head.seal.mappedBytes)
  }

  @Test(arguments: [32, 33, 100, 2000, 4032, 4033, 4080, 4081, 8128, 8129, 100_000, 3_000_000])
  func imagesOfAnySizeAreAlignedAndWhole(bytes: Int) throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    let image = ProbeImage.make(seed: 1, bytes: bytes)
    for sourcesBytes in [0, 1, 4080, 4081, 70_000] {
      let path = folder.path + "/\(sourcesBytes).mdb"
      let sources = [UInt8](repeating: 0x5A, count: sourcesBytes)
      let seal = try TableFile.write(
        image: image, sources: sources, path: path, access: try StoreAccess(ofWriter: folder.path))
      let file = try File.open(path)
      let mapping = try Mapping.map(file)
      defer { mapping.unmap() }
      #expect(seal == TableSeal(mapping.bytes, mappedBytes: Int(seal.mappedBytes)))
      let parts = try TableFile.parts(of: file, in: mapping)
      #expect(parts.image.isAligned(to: 64))
      #expect(parts.image.copy(0, parts.image.count) == image)
      #expect(parts.sources.offset > Int(seal.mappedBytes))
      #expect(try TableFile.sources(parts, of: file, sealed: seal) == sources)
    }
    #expect(try store.publish(seed: 1, bytes: bytes).revision == 1)
  }

  @Test func whatAKilledMakerLeftIsOpenedToReaders() throws {
    let folder = try TemporaryFolder()
    #expect(try Directory.make(folder.store))
    let tables = StoreLayout.tables(folder.store)
    #expect(try Directory.make(tables, permissions: 0o700))
    _ = try Store.create(folder.store)
    #expect(try Directory.status(tables)?.permissions == 0o755)
  }

  @Test func theSameTableGivesTheSameFileBytesOnEveryWriting() throws {
    let folder = try TemporaryFolder()
    var seen: [Int: Set<[UInt8]>] = [:]
    for round in 0..<40 {
      // Leaves other bytes in the heap each time, for LMDB to find in its pages.
      var litter: [[UInt8]] = []
      for size in 1..<200 {
        litter.append(
          [UInt8](repeating: UInt8(truncatingIfNeeded: round &+ size), count: size * 67))
      }
      litter.removeAll()
      for bytes in [40, 5000, 70_000] {
        let path = folder.path + "/table.mdb"
        _ = try TableFile.write(
          image: ProbeImage.make(seed: 3, bytes: bytes), sources: [1, 2, 3], path: path,
          access: try StoreAccess(ofWriter: folder.path))
        seen[bytes, default: []].insert(try #require(try File.read(path, limit: 1 << 20)))
      }
    }
    #expect(seen.values.map(\.count) == [1, 1, 1])
  }

  @Test func anUnchangedTableMakesNoRevision() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    try store.publish(seed: 1)
    let again = try store.publish(seed: 1)
    #expect(again.unchanged && again.revision == 1)
    #expect(try store.publish(seed: 1, stage: true).unchanged)
    #expect(try store.publish(seed: 2, stage: true).revision == 2)
    let stagedAgain = try store.publish(seed: 2, stage: true)
    #expect(stagedAgain.unchanged && stagedAgain.revision == 2 && stagedAgain.head == 1)
    #expect(try store.history().map(\.action) == [.stage, .publish])
    #expect(try store.revisions().map(\.number) == [1, 2])
  }

  @Test func stagingLeavesHeadAndActivatingMovesIt() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    #expect(try store.publish(seed: 1, stage: true).head == 0)
    #expect(try Head.read(directory: folder.store) == nil)
    #expect(try store.activate(1, by: .test).head == 1)
    #expect(try Head.read(directory: folder.store)?.revision == 1)
    #expect(try store.activate(1, by: .test).unchanged)
    #expect(failure { try store.activate(9, by: .test) } == .noRevision)
  }

  @Test func aRollbackGoesToTheHeadBeforeAndTheNextPublishTakesANewNumber() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    #expect(failure { try store.rollback(by: .test) } == .noRevision)
    for seed in 1...3 { try store.publish(seed: UInt64(seed)) }
    #expect(try store.rollback(by: .test).head == 2)
    #expect(try store.publish(seed: 4).revision == 4)
    #expect(try store.rollback(by: .test).head == 2)
    #expect(try store.rollback(by: .test).head == 4)
    let history = try store.history()
    #expect(history.map(\.number) == [7, 6, 5, 4, 3, 2, 1])
    #expect(history.map(\.previousHead) == [2, 4, 2, 3, 2, 1, 0])
    #expect(history.map(\.head) == [4, 2, 4, 2, 3, 2, 1])
    #expect(history.first?.author == "tester" && history.first?.message == "a test")
    #expect(try store.history(limit: 2) == Array(history.prefix(2)))
  }

  @Test func anExpectedHeadThatIsNotHeadIsAConflict() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    let image = ProbeImage.make(seed: 5, bytes: 100)
    #expect(
      failure { _ = try store.publish(image: image, sources: [], by: .test, expectHead: 1) }
        == .conflict)
    _ = try store.publish(image: image, sources: [], by: .test, expectHead: 0)
    #expect(failure { try store.rollback(by: .test, expectHead: 3) } == .conflict)
    #expect(try store.revisions().count == 1)
  }

  @Test func whatAChangeCompilesAgainstIsHeadUntilItEnds() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    try store.publish(seed: 1, bytes: 500)
    let done = try store.write { transaction in
      let table = try #require(try transaction.headTable())
      #expect(table.revision == 1 && table.image.count == 500)
      #expect(failure { try store.publish(seed: 9) } == .conflict, "a change inside a change")
      return try transaction.publish(
        image: ProbeImage.make(seed: 2, bytes: 600), sources: [], by: .test)
    }
    #expect(done.revision == 2)
  }

  @Test func aChangeThatThrowsLeavesNothing() throws {
    struct Refused: Error {}
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    try store.publish(seed: 1)
    #expect(throws: Refused.self) {
      try store.write { transaction in
        _ = try transaction.publish(
          image: ProbeImage.make(seed: 2, bytes: 600), sources: [], by: .test)
        throw Refused()
      }
    }
    #expect(try store.history().count == 1)
    #expect(try Directory.names(StoreLayout.tables(folder.store)) == ["00000001.mdb"])
    #expect(try store.publish(seed: 3).revision == 2)
  }

  @Test func whatIsStagedTwiceBeforeAnythingIsHeadIsThereAlready() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    #expect(try store.write { try $0.earlierTable()?.revision } == nil)
    try store.publish(seed: 1, stage: true)
    let again = try store.publish(seed: 1, stage: true)
    #expect(again.unchanged && again.revision == 1 && again.head == 0)
    #expect(try store.write { try $0.headTable()?.revision } == nil)
  }

  /// What is compiled against where head's table is damaged: one that is gone, or whole and no table, is not.
  @Test func theLatestEarlierTableThatIsWholeIsFound() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    try store.publishStated(1)
    try store.publish(seed: 2)
    try store.publishStated(3)
    try store.publishStated(4)
    func earlier() throws -> UInt64? {
      try store.write { transaction in
        #expect(try transaction.headTable()?.image.count == transaction.headTable()?.image.count)
        return try transaction.earlierTable()?.revision
      }
    }
    #expect(try earlier() == 3)
    try Directory.remove(StoreLayout.table(folder.store, 3))
    #expect(try earlier() == 1)
    try Directory.remove(StoreLayout.table(folder.store, 1))
    #expect(try earlier() == nil)
  }

  @Test func aStoreThatIsMovedAwayIsNoLongerThere() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    try store.publish(seed: 1)
    try Directory.rename(folder.store, to: folder.path + "/elsewhere")
    let refused = #expect(throws: TurnoutError.self) { try store.publish(seed: 2) }
    #expect(refused?.status == .noStore)
    #expect(refused?.message == "There is no store at \(folder.store).")
    #expect(try Head.read(directory: folder.path + "/elsewhere")?.revision == 1)
  }

  @Test func aTransactionThatHasEndedRefusesEverything() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    let transaction = try store.write { $0 }
    #expect(failure { _ = try transaction.head() } == .closed)
    #expect(failure { _ = try transaction.rollback(by: .test) } == .closed)
  }

  @Test func bytesThatAreNoImageAreRefused() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    var image = ProbeImage.make(seed: 2, bytes: 600)
    image[300] ^= 1
    for bad in [[], [1, 2, 3], image, Array(image.prefix(31))] {
      #expect(failure { _ = try store.publish(image: bad, sources: [], by: .test) } == .corrupt)
    }
    #expect(try store.revisions().isEmpty)
  }

  @Test func authorsAndMessagesHaveBounds() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    let image = ProbeImage.make(seed: 2, bytes: 600)
    let long = Signature(author: "a", message: String(repeating: "m", count: 4097), time: 0)
    let manyBytes = Signature(author: String(repeating: "é", count: 129), message: "", time: 0)
    for signature in [long, manyBytes] {
      #expect(
        failure { _ = try store.publish(image: image, sources: [], by: signature) }
          == .limitExceeded)
    }
    let full = Signature(
      author: String(repeating: "é", count: 128), message: String(repeating: "m", count: 4096),
      time: -5)
    _ = try store.publish(image: image, sources: [], by: full)
    #expect(try store.history().first?.author == full.author)
    #expect(try store.history().first?.time == -5)
  }

  @Test func retentionKeepsTheNewestAndHeadAndTheHeadBefore() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    for seed in 1...20 { try store.publish(seed: UInt64(seed), bytes: 100) }
    #expect(try store.revisions().map(\.number) == Array(5...20))
    try store.activate(6, by: .test)
    for seed in 21...40 { try store.publish(seed: UInt64(seed), bytes: 100, stage: true) }
    #expect(try store.revisions().map(\.number) == [6, 20] + Array(25...40))
    #expect(
      try Directory.names(StoreLayout.tables(folder.store))
        == store.revisions().map { StoreLayout.tableName($0.number) })
    #expect(try store.rollback(by: .test).head == 20)
    #expect(failure { try store.activate(7, by: .test) } == .noRevision)
    #expect(failure { _ = try store.table(7) } == .noRevision)
  }

  @Test func statusSaysWhatIsOnTheDisk() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    #expect(try store.status().head == nil)
    try store.publish(seed: 1)
    try store.publish(seed: 2)
    let status = try store.status()
    #expect(status.head?.number == 2 && status.previousHead == 1 && status.nextRevision == 3)
    #expect(status.revisions.count == 2 && status.generation == 0 && status.overlayEntries == 0)
    #expect(status.activated == Signature.test.time)
    #expect(status.id == (try Head.read(directory: folder.store))?.store)
    var bytes: UInt64 = 0
    for name in try Directory.names(StoreLayout.tables(folder.store)) {
      bytes += UInt64(try File.open(StoreLayout.tables(folder.store) + "/" + name).status().size)
    }
    #expect(status.tableFileBytes == bytes && status.catalogFileBytes > 0)
  }

  @Test func twoOpeningsInOneProcessShareOneCatalog() throws {
    let folder = try TemporaryFolder()
    var first: Store? = try Store.create(folder.store)
    let second = try Store.open(folder.store + "/../store")
    #expect(first?.catalog === second.catalog)
    try first?.publish(seed: 1)
    first = nil
    #expect(try second.publish(seed: 2).revision == 2)
  }

  @Test func threadsOfOneProcessTakeTurns() async throws {
    let folder = try TemporaryFolder()
    _ = try Store.create(folder.store)
    let path = folder.store
    try await withThrowingTaskGroup(of: Void.self) { group in
      for thread in 0..<4 {
        group.addTask {
          let store = try Store.open(path)
          for round in 0..<10 {
            try store.publish(seed: UInt64(thread * 100 + round), bytes: 200)
          }
        }
      }
      try await group.waitForAll()
    }
    let store = try Store.open(path)
    #expect(try store.history().map(\.revision) == Array((1...40).reversed()))
  }
}
