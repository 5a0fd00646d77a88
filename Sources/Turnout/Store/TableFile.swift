/// A frozen table file: an LMDB file that is written once, in one transaction, and never again.
///
/// The unnamed database has three keys. `meta` says how long the other two are; `image` is 48 zeros,
/// the image, and zeros up to a page's end if it is shorter; `sources` likewise is the documents. A
/// value begins 16 bytes into a page, so the image begins at a multiple of 64. Values shorter than
/// half a page would not get pages of their own, hence the zeros. The sources come last: readers leave
/// them alone.
package enum TableFile {
  private static let metaKey = Array("meta".utf8)
  private static let imageKey = Array("image".utf8)
  private static let sourcesKey = Array("sources".utf8)
  private static let format: UInt32 = 1
  private static let imagePadding = 48
  private static let pageHeaderBytes = 16

  struct Parts {
    let image: Bytes
    /// Where the documents are in the file.
    let sources: (offset: Int, count: Int)
  }

  /// Writes a file anew at `path` and syncs it. The same image and sources give the same bytes.
  package static func write(
    image: [UInt8], sources: [UInt8], path: String, access: StoreAccess
  ) throws(TurnoutError) -> TableSeal {
    guard image.count <= StoreLayout.imageBytesMax, sources.count <= StoreLayout.sourcesBytesMax
    else {
      throw TurnoutError(
        .limitExceeded,
        "A table of \(image.count) bytes with sources of \(sources.count) is too large: each may "
          + "have up to \(StoreLayout.imageBytesMax). Split the documents between stores.")
    }
    try Directory.remove(path)
    // LMDB makes its pages as large as the system's.
    let pageBytes = PageSize.bytes
    let valueBytesMin = pageBytes - pageHeaderBytes
    let imageValue = max(imagePadding + image.count, valueBytesMin)
    let sourcesValue = max(sources.count, valueBytesMin)
    let pages =
      3 + pagesOf(value: imageValue, pageBytes) + pagesOf(value: sourcesValue, pageBytes)
    let fileBytes = pages * pageBytes

    // Page 2 gets the keys, and the values follow in the order in which they are put.
    let imageOffset = 3 * pageBytes + pageHeaderBytes + imagePadding
    let mappedBytes = (3 + pagesOf(value: imageValue, pageBytes)) * pageBytes
    let sourcesOffset = mappedBytes + pageHeaderBytes
    var meta = FieldWriter()
    meta.put(format)
    meta.put(UInt32(0))
    meta.put(UInt64(imageOffset))
    meta.put(UInt64(image.count))
    meta.put(UInt64(sourcesOffset))
    meta.put(UInt64(sources.count))

    // LMDB would follow a link that stands there, so the file is made before.
    let made = try File.open(path, .makeNew, permissions: 0o600)
    try fill(made, meta.bytes, image, imageValue, sources, sourcesValue, fileBytes)
    try access.apply(to: made, as: .table)
    try made.sync()
    return try seal(made, holding: image, sources, fileBytes, mappedBytes)
  }

  /// What the file is known by from now on, if it reads back as what was written.
  static func seal(
    _ file: borrowing File, holding image: [UInt8], _ sources: [UInt8], _ fileBytes: Int,
    _ mappedBytes: Int
  ) throws(TurnoutError) -> TableSeal {
    let mapping = try Mapping.map(file)
    defer { mapping.unmap() }
    let parts = try parts(of: file, in: mapping)
    guard parts.image.holds(image), mapping.bytes.count == fileBytes,
      mapping.bytes.slice(parts.sources.offset, parts.sources.count)?.holds(sources) == true
    else {
      throw TurnoutError(
        .ioError, "\(file.path) does not hold what was written to it. Check the disk.")
    }
    return TableSeal(mapping.bytes, mappedBytes: mappedBytes)
  }

  /// The digest in an image's header, if it is an image whose bytes have that digest.
  static func digest(ofImage image: [UInt8]) throws(TurnoutError) -> Digest {
    var reader = FieldReader(image)
    guard reader.raw(8).map({ $0.elementsEqual("TURNOUT\0".utf8) }) == true,
      reader.field(UInt64.self) != nil, let digest = reader.digest(),
      image.withBytes({ $0.digest(from: 32) }) == digest
    else {
      throw TurnoutError(
        .corrupt, "The table to publish is damaged or none: its digest is wrong. Compile it again.")
    }
    return digest
  }

  private static func fill(
    _ file: borrowing File, _ meta: [UInt8], _ image: [UInt8], _ imageValue: Int,
    _ sources: [UInt8], _ sourcesValue: Int, _ fileBytes: Int
  ) throws(TurnoutError) {
    // LMDB leaves the last page of a map unused: it wants one more than the file has.
    let environment = try LMDBEnvironment(
      opening: file.path, being: try file.status().identity,
      flags: [.noSubfolder, .noLock, .noSync, .noThreadLocals],
      mapBytes: fileBytes + PageSize.bytes, databasesMax: 0)
    defer { environment.close() }
    // A full disk is found here, before LMDB writes a page.
    try file.reserve(size: fileBytes)
    try environment.write { transaction throws(TurnoutError) in
      let database = try transaction.unnamed()
      try transaction.put(
        database, imageKey, count: imageValue, bytes: image, at: imagePadding)
      try transaction.put(database, metaKey, meta)
      try transaction.put(database, sourcesKey, count: sourcesValue, bytes: sources, at: 0)
    }
  }

  private static func pagesOf(value: Int, _ pageBytes: Int) -> Int {
    (pageHeaderBytes - 1 + value) / pageBytes + 1
  }

  /// Finds image and sources in a file whose digest has been compared, of as much as `mapping` has. LMDB
  /// opens the file a second time, only to say what `meta` is, which is on its first pages; that is
  /// checked against `mapping`, whose bytes are used.
  static func parts(
    of file: borrowing File, in mapping: Mapping
  ) throws(TurnoutError) -> Parts {
    let damaged = TurnoutError(
      .corrupt, "\(file.path) is not a table file of Turnout. Publish again.")
    guard let meta = try meta(of: file) else { throw damaged }
    var reader = FieldReader(meta)
    guard let fileFormat = reader.field(UInt32.self) else { throw damaged }
    guard fileFormat <= format else {
      throw TurnoutError(
        .newerFormat,
        "\(file.path) has format \(fileFormat); this build reads up to \(format). "
          + "Update Turnout here.")
    }
    guard reader.field(UInt32.self) == 0,
      let imagePart = reader.part(), let sources = reader.part(), reader.isAtEnd,
      let image = mapping.bytes.slice(imagePart.offset, imagePart.count),
      image.isAligned(to: 64)
    else { throw damaged }
    return Parts(image: image, sources: sources)
  }

  /// The documents of a file, of which `parts` has said where they are. Compares the digest of all that
  /// readers do not map.
  static func sources(
    _ parts: Parts, of file: borrowing File, sealed seal: TableSeal
  ) throws(TurnoutError) -> [UInt8] {
    let start = Int(clamping: seal.mappedBytes)
    let count = Int(clamping: seal.fileBytes) - start
    let rest = try file.read(at: start, count: count)
    guard rest.count == count, rest.withBytes({ $0.digest(from: 0) }) == seal.restDigest,
      parts.sources.offset >= start,
      let sources = rest.withBytes({
        $0.copy(parts.sources.offset - start, parts.sources.count)
      })
    else {
      throw TurnoutError(
        .corrupt,
        "The documents in \(file.path) are damaged. Publish again, or roll back to a revision whose "
          + "documents are whole.")
    }
    return sources
  }

  private static func meta(of file: borrowing File) throws(TurnoutError) -> [UInt8]? {
    // LMDB must not walk another file than the one whose digest was compared.
    let environment = try LMDBEnvironment(
      opening: file.path, being: try file.status().identity,
      flags: [.noSubfolder, .noLock, .readOnly, .noThreadLocals], mapBytes: nil, databasesMax: 0)
    defer { environment.close() }
    let transaction = try environment.begin(readOnly: true)
    defer { transaction.abort() }
    return try transaction.get(try transaction.unnamed(), metaKey)
  }
}

extension FieldReader {
  /// An offset and a size.
  fileprivate mutating func part() -> (offset: Int, count: Int)? {
    guard let offset = field(UInt64.self).flatMap({ Int(exactly: $0) }),
      let count = field(UInt64.self).flatMap({ Int(exactly: $0) })
    else { return nil }
    return (offset, count)
  }
}
