import Testing

@testable import Turnout

@Suite struct HeadTests {
  private static let overlay = [
    OverlayEntry(kind: .cluster, state: .down, name: "cw-a"),
    OverlayEntry(kind: .cluster, state: .draining, name: "chat/g1", until: 1_763_700_000_000),
    OverlayEntry(kind: .shadow, state: .off, name: "Search/v3-dark", until: -1),
  ].sorted(by: OverlayEntry.precedes)

  private static func head(_ overlay: [OverlayEntry]) throws -> Head {
    Head(
      store: try #require(StoreID(bytes: Array(0..<16))), revision: 7,
      seal: TableSeal(
        fileBytes: 20_480, mappedBytes: 16_384, digest: Digest(low: 1, high: 2),
        restDigest: Digest(low: 5, high: 6)),
      imageDigest: Digest(low: 3, high: 4),
      activated: 1_763_700_000_000_000_000, generation: 9, overlay: overlay,
      earlier: overlay.isEmpty
        ? []
        : [6, 3].map { number in
          EarlierHead(
            revision: number,
            seal: TableSeal(
              fileBytes: 20_480, mappedBytes: 16_384, digest: Digest(low: number, high: 2),
              restDigest: Digest(low: 5, high: 6)),
            imageDigest: Digest(low: 3, high: number))
        })
  }

  @Test func whatIsWrittenIsRead() throws {
    for overlay in [[], Self.overlay] {
      let head = try Self.head(overlay)
      #expect(try Head(parsing: head.encoded, path: "head") == head)
    }
    #expect(try Self.head([]).encoded.count == 136)
  }

  @Test func everyTruncationIsRefused() throws {
    let bytes = try Self.head(Self.overlay).encoded
    for count in 0..<bytes.count {
      #expect(
        failure { _ = try Head(parsing: Array(bytes[..<count]), path: "head") } == .corrupt)
    }
    #expect(failure { _ = try Head(parsing: bytes + [0], path: "head") } == .corrupt)
  }

  @Test func everyChangeOfAByteIsRefused() throws {
    let bytes = try Self.head(Self.overlay).encoded
    for index in bytes.indices {
      for value in UInt8.min ... .max where value != bytes[index] {
        var changed = bytes
        changed[index] = value
        let status = failure { _ = try Head(parsing: changed, path: "head") }
        if status == .corrupt || (8..<12).contains(index) && status == .newerFormat { continue }
        Issue.record("byte \(index) as \(value): \(String(describing: status))")
      }
    }
  }

  /// The checksum keeps accidents out; these bytes carry a right one, so every check behind it runs.
  @Test func hostileBytesWithARightChecksumAreRefusedOrHarmless() throws {
    var random = SystemRandomNumberGenerator()
    let bytes = try Self.head(Self.overlay).encoded
    var accepted = 0
    for _ in 0..<20_000 {
      var changed = Array(bytes.dropLast(8))
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let values: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF, .random(in: .min ... .max)]
        let value = values.randomElement() ?? 0
        changed[Int.random(in: 12..<changed.count, using: &random)] = value
      }
      if Bool.random() { changed.removeLast(Int.random(in: 0..<(changed.count - 90))) }
      var writer = FieldWriter()
      writer.put(raw: changed)
      writer.put(XXH3.hash64(changed))
      if let head = try? Head(parsing: writer.bytes, path: "head") {
        accepted += 1
        if head.encoded != writer.bytes { Issue.record("two writings of \(head)") }
      }
    }
    #expect(accepted > 0)
  }

  @Test func aDirectoryThatIsNoStoreSaysSo() throws {
    let folder = try TemporaryFolder()
    #expect(failure { _ = try Head.read(directory: folder.path + "/none") } == .noStore)
    #expect(failure { _ = try Head.read(directory: folder.path) } == .notAStore)
    #expect(failure { _ = try Store.open(folder.path + "/none") } == .noStore)
    #expect(failure { _ = try Store.open(folder.path) } == .notAStore)
    try TemporaryFolder.overwrite(folder.path + "/file", [1])
    #expect(failure { _ = try Head.read(directory: folder.path + "/file") } == .notAStore)
    #expect(failure { _ = try Store.create(folder.path + "/file") } == .notAStore)
    #expect(failure { _ = try Store.create(folder.path) } == .notAStore)
    #expect(failure { _ = try Store.create(folder.path + "/none/store") } == .ioError)
    #expect(failure { _ = try Head.read(directory: "") } == .invalidArgument)
    #expect(failure { _ = try Head.read(directory: folder.path + "\0") } == .invalidArgument)
  }

  @Test func messagesNameThePathAndTheWayOut() throws {
    let folder = try TemporaryFolder()
    do {
      _ = try Head.read(directory: folder.path)
      Issue.record("no error")
    } catch {
      #expect(error.message.contains(folder.path) && error.message.contains("Name the store"))
    }
  }

  @Test func aNewerFormatIsSaidToBeNewer() throws {
    var bytes = try Self.head([]).encoded
    bytes[8] = 3
    #expect(failure { _ = try Head(parsing: bytes, path: "head") } == .newerFormat)
    bytes[8] = 1
    #expect(failure { _ = try Head(parsing: bytes, path: "head") } == .corrupt)
  }
}
