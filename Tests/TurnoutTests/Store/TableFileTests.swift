import StoreProbe
import Testing

@testable import Turnout

/// Table files that are not what a writer writes, under seals that are right: what a forger, or a build to
/// come, could put there.
@Suite struct TableFileTests {
  private func error(_ body: () throws -> Void) -> TurnoutError? {
    #expect(throws: TurnoutError.self) { try body() }
  }

  private static func meta(
    format: UInt32 = 1, zero: UInt32 = 0, image: (UInt64, UInt64), sources: (UInt64, UInt64),
    more: [UInt8] = []
  ) -> [UInt8] {
    var writer = FieldWriter()
    writer.put(format)
    writer.put(zero)
    for number in [image.0, image.1, sources.0, sources.1] { writer.put(number) }
    writer.put(raw: more)
    return writer.bytes
  }

  /// A file with such a `meta` as the first table of a store; its bytes.
  private func write(_ meta: [UInt8]?, _ folder: TemporaryFolder) throws -> [UInt8] {
    _ = try Store.create(folder.store)
    let path = StoreLayout.table(folder.store, 1)
    _ = try File.open(path, .makeNew)
    let environment = try LMDBEnvironment(
      opening: path, flags: [.noSubfolder, .noLock, .noThreadLocals], mapBytes: 1 << 20,
      databasesMax: 0)
    defer { environment.close() }
    try environment.write { lmdb throws(TurnoutError) in
      let database = try lmdb.unnamed()
      try lmdb.put(database, Array("image".utf8), [UInt8](repeating: 0, count: 8000))
      if let meta { try lmdb.put(database, Array("meta".utf8), meta) }
    }
    return try #require(try File.read(path, limit: 1 << 20))
  }

  private func open(_ folder: TemporaryFolder, _ bytes: [UInt8]) throws -> FrozenTable {
    try FrozenTable.open(
      directory: folder.store, revision: 1,
      expecting: bytes.withBytes { TableSeal($0, mappedBytes: bytes.count) })
  }

  private static let sources: (UInt64, UInt64) = (20_000, 0)
  private static let others: [[UInt8]?] = [
    nil, [], [1, 0, 0],
    meta(zero: 1, image: (12_352, 100), sources: sources),
    Array(meta(image: (12_352, 100), sources: sources).dropLast()),
    meta(image: (12_352, 100), sources: sources, more: [0]),
    meta(image: (.max, 100), sources: sources),
    meta(image: (12_352, .max), sources: sources),
    meta(image: (12_352, 1 << 40), sources: sources),
    meta(image: (12_353, 100), sources: sources),
    meta(image: (12_352, 100), sources: (.max, 0)),
    meta(image: (12_352, 100), sources: (0, .max)),
  ]

  @Test(arguments: others.indices)
  func aFileWithoutTheRightMetaIsNoTable(index: Int) throws {
    let folder = try TemporaryFolder()
    let bytes = try write(Self.others[index], folder)
    let refused = error { _ = try open(folder, bytes) }
    #expect(refused?.status == .corrupt)
    #expect(refused?.message.contains("is not a table file of Turnout") == true)
  }

  @Test func aNewerFormatIsSaidToBeNewer() throws {
    let folder = try TemporaryFolder()
    let bytes = try write(
      Self.meta(format: 2, image: (12_352, 100), sources: Self.sources), folder)
    let refused = error { _ = try open(folder, bytes) }
    #expect(refused?.status == .newerFormat && refused?.message.contains("has format 2") == true)
  }

  /// Nor is it copied, as if it were whole, or damaged.
  @Test func aStoreWithATableOfANewerFormatIsNotCopied() throws {
    let folder = try TemporaryFolder()
    let bytes = try write(
      Self.meta(format: 2, image: (12_352, 100), sources: Self.sources), folder)
    let store = try Store.open(folder.store)
    let transaction = try store.catalog.begin()
    try transaction.put(
      Revision(
        number: 1, seal: bytes.withBytes { TableSeal($0, mappedBytes: bytes.count) },
        imageDigest: Digest(low: 0, high: 0), imageBytes: 100, published: 0))
    try store.catalog.commit(transaction)
    let refused = error {
      _ = try StoreCopy(of: folder.store, as: .store, to: folder.path + "/copy")
    }
    #expect(refused?.status == .newerFormat)
    let found = try StoreExamination(folder.store).findings
    #expect(found.contains { $0.message.contains("has format 2; this build reads up to 1") })
  }

  @Test func documentsThatAreSaidToBeElsewhereAreDamaged() throws {
    let folder = try TemporaryFolder()
    for sources: (UInt64, UInt64) in [(0, 4), (100_000, 4), (12_352, 1 << 40)] {
      try Directory.remove(StoreLayout.table(folder.store, 1))
      let bytes = try write(Self.meta(image: (8256, 100), sources: sources), folder)
      let seal = bytes.withBytes { TableSeal($0, mappedBytes: 12_288) }
      try FrozenTable.open(directory: folder.store, revision: 1, expecting: seal).unmap()
      let refused = error {
        _ = try FrozenTable.open(
          directory: folder.store, revision: 1, expecting: seal, sources: .read)
      }
      #expect(refused?.status == .corrupt)
      #expect(refused?.message.contains("The documents in") == true)
    }
  }

  /// LMDB's own version, and a page that is outside, in both of its first pages.
  @Test(arguments: [
    (20, 2, Status.newerFormat, "another version of LMDB"),
    (128, 77, .corrupt, "it is damaged"),
    // The first page of data is none of a tree.
    (128, 3, .corrupt, "it is damaged"),
  ])
  func whatLMDBRefusesIsSaid(offset: Int, value: UInt8, status: Status, words: String) throws {
    let folder = try TemporaryFolder()
    var bytes = try write(Self.meta(image: (12_352, 100), sources: Self.sources), folder)
    for page in [0, 4096] {
      bytes[page + offset] = value
    }
    try TemporaryFolder.overwrite(StoreLayout.table(folder.store, 1), bytes)
    let refused = error { _ = try open(folder, bytes) }
    #expect(refused?.status == status && refused?.message.contains(words) == true)
  }

  @Test func aFileThatReadsBackAsSomethingElseIsNotSealed() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/table.mdb"
    let image = ProbeImage.make(seed: 1, bytes: 5000)
    let access = try StoreAccess(ofWriter: folder.path)
    let seal = try TableFile.write(image: image, sources: [1, 2], path: path, access: access)
    let file = try File.open(path)
    let size = Int(seal.fileBytes)
    let mapped = Int(seal.mappedBytes)
    #expect(try TableFile.seal(file, holding: image, [1, 2], size, mapped) == seal)
    let others: [([UInt8], [UInt8], Int)] = [
      (ProbeImage.make(seed: 2, bytes: 5000), [1, 2], size), (image, [1, 3], size),
      (image, [1, 2], size + 4096),
    ]
    for (image, sources, size) in others {
      let refused = error { _ = try TableFile.seal(file, holding: image, sources, size, mapped) }
      #expect(refused?.status == .ioError)
      #expect(refused?.message == "\(path) does not hold what was written to it. Check the disk.")
    }
  }

  @Test func whatIsLargerThanATableMayBeIsRefusedBeforeAnythingIsWritten() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/table.mdb"
    // Address space alone: nothing looks at them.
    let large = unsafe [UInt8](unsafeUninitializedCapacity: StoreLayout.imageBytesMax + 1) {
      _, count in count = StoreLayout.imageBytesMax + 1
    }
    let access = try StoreAccess(ofWriter: folder.path)
    for (image, sources) in [(large, []), ([], large)] {
      let refused = error {
        _ = try TableFile.write(image: image, sources: sources, path: path, access: access)
      }
      #expect(refused?.status == .limitExceeded)
      #expect(refused?.message.contains("is too large") == true)
    }
    #expect(try Directory.names(folder.path) == [])
  }

  /// No more is mapped than there is, and who reads such a seal refuses it.
  @Test func aSealOfMoreThanThereIsIsThatOfAll() throws {
    let bytes: [UInt8] = [1, 2, 3]
    let seal = bytes.withBytes { TableSeal($0, mappedBytes: 4) }
    #expect(seal.digest == bytes.withBytes { $0.digest(from: 0) })
    var writer = FieldWriter()
    writer.put(seal)
    var reader = FieldReader(writer.bytes)
    #expect(reader.seal() == nil)
  }
}
