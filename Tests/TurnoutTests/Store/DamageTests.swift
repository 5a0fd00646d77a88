import Glibc
import StoreProbe
import Testing

@testable import Turnout

@Suite struct DamageTests {
  private func status(_ directory: String, _ head: Head) -> Status? {
    failure {
      let table = try FrozenTable.open(
        directory: directory, revision: head.revision, expecting: head.seal, sources: .read)
      table.unmap()
    }
  }

  @Test func everyDamageOfATableFileIsRefused() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    try store.publish(seed: 1, bytes: 20_000)
    let head = try #require(try Head.read(directory: folder.store))
    let path = StoreLayout.table(folder.store, 1)
    let whole = try #require(try File.read(path, limit: 1 << 20))
    #expect(status(folder.store, head) == nil)

    for round in 0..<2000 {
      var bytes = whole
      switch round % 5 {
      case 0: bytes[Int.random(in: 0..<bytes.count)] ^= 1 << UInt8.random(in: 0..<8)
      case 1: bytes.removeLast(Int.random(in: 1...bytes.count))
      case 2:
        let start = Int.random(in: 0..<bytes.count)
        for index in start..<min(bytes.count, start + Int.random(in: 1...5000)) { bytes[index] = 0 }
        if bytes == whole { bytes[start] = 1 }
      case 3: for index in 0..<200 { bytes[index] = UInt8.random(in: .min ... .max) }
      default:
        bytes.append(contentsOf: [UInt8](repeating: 0, count: Int.random(in: 1...9000)))
      }
      try TemporaryFolder.overwrite(path, bytes)
      let found = status(folder.store, head)
      if found != .corrupt { Issue.record("damage \(round): \(String(describing: found))") }
    }
    try TemporaryFolder.overwrite(path, whole)
    #expect(status(folder.store, head) == nil)
  }

  /// The digest is compared before LMDB looks at any page, so that none may stand where another stood.
  @Test func pagesOfATableFileOutOfTheirPlacesAreRefused() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    try store.publish(seed: 1, bytes: 60_000)
    let head = try #require(try Head.read(directory: folder.store))
    let path = StoreLayout.table(folder.store, 1)
    let whole = try #require(try File.read(path, limit: 1 << 20))
    let pages = stride(from: 0, to: whole.count, by: 4096).map {
      Array(whole[$0..<min($0 + 4096, whole.count)])
    }
    #expect(pages.count > 15)
    var damages: [[[UInt8]]] = []
    for first in pages.indices {
      for second in pages.indices where second > first && pages[first] != pages[second] {
        var swapped = pages
        swapped.swapAt(first, second)
        damages.append(swapped)
        var copied = pages
        copied[second] = pages[first]
        damages.append(copied)
      }
      damages.append(Array(pages[..<first]))
      damages.append(Array(pages[..<first] + pages[(first + 1)...]))
    }
    for damage in damages {
      let bytes = damage.flatMap { $0 }
      guard bytes != whole else { continue }
      try TemporaryFolder.overwrite(path, bytes)
      #expect(status(folder.store, head) == .corrupt)
    }
    try TemporaryFolder.overwrite(path, whole)
    #expect(status(folder.store, head) == nil)
  }

  /// Readers map nothing of the documents; who needs them compares them first.
  @Test func damagedDocumentsKeepNoReaderFromItsTable() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    try store.publish(seed: 1)
    let head = try #require(try Head.read(directory: folder.store))
    let mapped = Int(head.seal.mappedBytes)
    let path = StoreLayout.table(folder.store, 1)
    let whole = try #require(try File.read(path, limit: 1 << 20))
    for offset in [mapped, mapped + 16, whole.count - 1] {
      var bytes = whole
      bytes[offset] ^= 1
      try TemporaryFolder.overwrite(path, bytes)
      let table = try FrozenTable.open(
        directory: folder.store, revision: 1, expecting: head.seal)
      #expect(table.mapping.bytes.count == mapped && table.sources.isEmpty)
      table.unmap()
      #expect(status(folder.store, head) == .corrupt)
      #expect(failure { _ = try store.table(1, sources: .read) } == .corrupt)
    }
    #expect(try !store.publish(seed: 1).unchanged)
  }

  @Test func aTableOfAnotherKindIsRefusedEvenWithTheDigestThatIsAskedFor() throws {
    let folder = try TemporaryFolder()
    _ = try Store.create(folder.store)
    let path = StoreLayout.table(folder.store, 1)
    for count in [1, 100, 4096, 40_000] {
      let bytes = ProbeImage.make(seed: UInt64(count), bytes: count)
      try TemporaryFolder.overwrite(path, bytes)
      let seal = bytes.withBytes { TableSeal($0, mappedBytes: count) }
      let found = failure {
        _ = try FrozenTable.open(directory: folder.store, revision: 1, expecting: seal)
      }
      #expect(found == .notAStore || found == .corrupt || found == .ioError)
    }
  }

  @Test func aTableThatIsNotThereIsNoRevision() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    try store.publish(seed: 1)
    let head = try #require(try Head.read(directory: folder.store))
    try Directory.remove(StoreLayout.table(folder.store, 1))
    #expect(status(folder.store, head) == .noRevision)
    #expect(failure { _ = try store.table(1) } == .noRevision)
  }

  @Test func aMappedTableStaysWholeAfterItsNameIsGone() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store, options: Store.Options(keep: 1))
    try store.publish(seed: 1, bytes: 3_000_000)
    let table = try store.table(1)
    defer { table.unmap() }
    for seed in 2...5 { try store.publish(seed: UInt64(seed)) }
    #expect(failure { _ = try store.table(1) } == .noRevision)
    #expect(ProbeImage.digest(table.image) != nil)
  }

  @Test func truncationBetweenMappingAndReadingIsAnErrorAndNoSignal() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/table"
    try TemporaryFolder.overwrite(path, [UInt8](repeating: 1, count: 100_000))
    let file = try File.open(path, .readAndWrite)
    let mapping = try Mapping.map(file)
    defer { mapping.unmap() }
    try mapping.populate(file)
    try file.truncate(size: 10_000)
    #expect(failure { try mapping.populate(file) } == .corrupt)
    #expect(failure { try mapping.populateByReading(file) } == .corrupt)
  }

  @Test func activatingADamagedTableIsRefused() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    try store.publish(seed: 1)
    try store.publish(seed: 2)
    let path = StoreLayout.table(folder.store, 1)
    var bytes = try #require(try File.read(path, limit: 1 << 20))
    bytes[5000] ^= 1
    try TemporaryFolder.overwrite(path, bytes)
    #expect(failure { try store.rollback(by: .test) } == .corrupt)
    #expect(try Head.read(directory: folder.store)?.revision == 2)
  }

  @Test(arguments: [true, false])
  func aTableWhoseFileIsDamagedOrGoneIsPublishedOnceMore(isGone: Bool) throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    try store.publish(seed: 1)
    let path = StoreLayout.table(folder.store, 1)
    if isGone {
      try Directory.remove(path)
    } else {
      var bytes = try #require(try File.read(path, limit: 1 << 20))
      bytes[5000] ^= 1
      try TemporaryFolder.overwrite(path, bytes)
    }
    let mended = try store.publish(seed: 1)
    #expect(!mended.unchanged && mended.revision == 2 && mended.head == 2)
    let head = try #require(try Head.read(directory: folder.store))
    #expect(status(folder.store, head) == nil)
    #expect(try store.publish(seed: 1).unchanged)
  }

  @Test(arguments: ["missing", "damaged", "older", "a folder's temporary"])
  func aHeadThatIsNotTheCatalogsIsRepairedByTheNextWriter(kind: String) throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    try store.publish(seed: 1)
    let older = try #require(try File.read(StoreLayout.head(folder.store), limit: 1000))
    try store.publish(seed: 2)
    let right = try #require(try File.read(StoreLayout.head(folder.store), limit: 1000))
    switch kind {
    case "missing": try Directory.remove(StoreLayout.head(folder.store))
    case "damaged":
      try TemporaryFolder.overwrite(StoreLayout.head(folder.store), Array(right.dropLast(3)))
    case "older": try TemporaryFolder.overwrite(StoreLayout.head(folder.store), older)
    default: try TemporaryFolder.overwrite(StoreLayout.headTemporary(folder.store), [1, 2])
    }
    let bell = try #require(Bell.open(directory: folder.store))
    let value = bell.value
    _ = try store.write { _ in }
    #expect(try File.read(StoreLayout.head(folder.store), limit: 1000) == right)
    #expect((bell.value != value) == (kind != "a folder's temporary"))
    #expect(!(try Directory.names(folder.store)).contains("head.new"))
  }

  @Test func orphansAreSweptAndOtherPeoplesFilesAreNot() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    try store.publish(seed: 1)
    let tables = StoreLayout.tables(folder.store)
    for name in ["new.mdb", "00000009.mdb", "notes.txt", "x.mdb"] {
      try TemporaryFolder.overwrite(tables + "/" + name, [1])
    }
    _ = try store.write { _ in }
    #expect(try Directory.names(tables) == ["00000001.mdb", "notes.txt", "x.mdb"])
  }

  @Test func aCatalogThatIsGoneIsNotReplacedByAnEmptyOne() throws {
    let folder = try TemporaryFolder()
    try Store.create(folder.store).publish(seed: 1)
    try Directory.remove(StoreLayout.catalog(folder.store))
    #expect(failure { _ = try Store.open(folder.store) } == .corrupt)
    #expect(failure { _ = try Store.create(folder.store) } == .corrupt)
    for bytes in [0, 1, 4096] {
      try TemporaryFolder.overwrite(
        StoreLayout.catalog(folder.store), [UInt8](repeating: 0, count: bytes))
      #expect(failure { _ = try Store.open(folder.store) } == .corrupt)
      #expect(failure { _ = try Store.create(folder.store) } == .corrupt)
    }
    #expect(try Directory.names(StoreLayout.tables(folder.store)) == ["00000001.mdb"])
  }

  @Test func aMakerThatWasKilledIsFinishedByTheNext() throws {
    let folder = try TemporaryFolder()
    try Directory.make(folder.store)
    try Directory.make(StoreLayout.tables(folder.store))
    _ = try Bell.openOrMake(directory: folder.store)
    try TemporaryFolder.overwrite(StoreLayout.catalog(folder.store) + ".new-1a", [1, 2, 3])
    #expect(failure { _ = try Head.read(directory: folder.store) } == .notAStore)
    try Store.create(folder.store).publish(seed: 1)
    #expect(
      try Directory.names(folder.store)
        == ["bell", "catalog.mdb", "catalog.mdb-lock", "head", "tables"])
  }

  @Test func aCatalogThatIsNoneIsRefused() throws {
    let folder = try TemporaryFolder()
    try Store.create(folder.store).publish(seed: 1)
    try TemporaryFolder.overwrite(
      StoreLayout.catalog(folder.store), [UInt8](repeating: 0x41, count: 8192))
    #expect(failure { _ = try Store.open(folder.store) } == .notAStore)
  }

  @Test func aCatalogOfANewerFormatIsRefused() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    try store.markNewer()
    #expect(failure { _ = try Store.open(folder.store) } == .newerFormat)
    #expect(failure { _ = try Store.create(folder.store) } == .newerFormat)
  }

  @Test func aHeadOfAnotherStoreIsNotOverwritten() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    try store.publish(seed: 1)
    let other = try Store.create(folder.path + "/other")
    try other.publish(seed: 2)
    let head = try #require(
      try File.read(StoreLayout.head(folder.path + "/other"), limit: 1000))
    try TemporaryFolder.overwrite(StoreLayout.head(folder.store), head)
    #expect(failure { try store.publish(seed: 3) } == .corrupt)
  }

  @Test func networkFileSystemsAreKnownByTheirNumbersAndLocalOnesAreNot() throws {
    for magic: UInt32 in [0x6969, 0x517B, 0xFF53_4D42, 0xFE53_4D42, 0x0BD0_0BD0, 0x0102_1997] {
      #expect(Directory.networkName(magic) != nil)
    }
    for magic: UInt32 in [0xEF53, 0x5846_5342, 0x9123_683E, 0x0102_1994, 0x794C_7630, 0x6573_5546] {
      #expect(Directory.networkName(magic) == nil)
    }
    #expect(try Directory.networkFileSystem("/tmp") == nil)
  }

  @Test func aBellThatIsTruncatedOrGoneIsMadeAgainAndHurtsNoReader() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    let bell = try #require(Bell.open(directory: folder.store))
    try TemporaryFolder.overwrite(StoreLayout.bell(folder.store), [])
    #expect(bell.value == 0)
    #expect(bell.wait(while: 0, timeoutMilliseconds: 1000) == .unusable)
    #expect(Bell.open(directory: folder.store) == nil)
    try store.publish(seed: 1)
    #expect(Bell.open(directory: folder.store) != nil)
    #expect(bell.value == 1, "the same file, so those who hold it hear it again")
    try Directory.remove(StoreLayout.bell(folder.store))
    #expect(Bell.open(directory: folder.store) == nil)
    try store.publish(seed: 2)
    #expect(Bell.open(directory: folder.store)?.value == 1)
  }
}
