/// A revision's table file, mapped and proven to be what its writer wrote.
///
/// The bytes stay valid until `unmap`, whatever becomes of the file's name: retention may remove it.
/// After a fork the child's copy stays valid too.
package struct FrozenTable: Sendable {
  package let revision: UInt64
  /// The file up to the sources.
  package let mapping: Mapping
  /// The image; its first byte is 64-byte aligned. Not validated: that is `Image`'s work.
  package let image: Bytes
  /// The documents that the table was compiled from, in the compiler's own format, if they were asked
  /// for; may be empty.
  package let sources: [UInt8]
  /// The file as it was before anything was read of it.
  package let version: FileStatus.Version
  package let pages: Pages

  /// What to do with the documents, which no resolve needs and which are as large as the table.
  package enum Sources: Sendable {
    case left
    case read
  }

  /// Whose memory a table's pages are.
  package enum Pages: Sendable {
    /// The page cache's: every process that maps the file shares them. Who cuts or overwrites the file
    /// later does it to them.
    case shared
    /// This process's: a copy that nothing can reach.
    case copied
  }

  /// Maps the file of `revision`, brings it into memory and compares its digest before anything
  /// walks it. Takes no lock and needs no write permission. Any thread may call it.
  package static func open(
    directory: String, revision: UInt64, expecting seal: TableSeal, sources: Sources = .left,
    pages: Pages = .shared
  ) throws(TurnoutError) -> FrozenTable {
    let path = StoreLayout.table(directory, revision)
    let file = try File.openIfPresent(
      StoreLayout.tableName(revision), in: StoreLayout.tables(directory))
    guard let file else {
      try StoreLayout.requireStore(directory)
      throw TurnoutError(
        .noRevision,
        "Revision \(revision) is not in the store at \(directory): \(path) is not there. "
          + "Retention may have removed it; history lists what is left. If it is head, roll back or "
          + "apply a table file.")
    }
    let status = try file.status()
    guard status.size == Int(exactly: seal.fileBytes) else {
      throw damaged(path, "it has not \(seal.fileBytes) bytes")
    }
    if pages == .copied {
      let copy = try file.memoryCopy(count: Int(clamping: seal.mappedBytes))
      return try open(copy, at: path, revision, seal, .left, status.version, pages)
    }
    return try open(file, at: path, revision, seal, sources, status.version, pages)
  }

  private static func open(
    _ file: borrowing File, at path: String, _ revision: UInt64, _ seal: TableSeal,
    _ sources: Sources, _ version: FileStatus.Version, _ pages: Pages
  ) throws(TurnoutError) -> FrozenTable {
    let mapping = try Mapping.map(file, bytesMax: Int(clamping: seal.mappedBytes))
    do throws(TurnoutError) {
      try mapping.populate(file)
      guard mapping.bytes.digest(from: 0) == seal.digest else {
        throw damaged(path, "its digest is not \(seal.digest)")
      }
      let parts = try TableFile.parts(of: file, in: mapping)
      return FrozenTable(
        revision: revision, mapping: mapping, image: parts.image,
        sources: sources == .read ? try TableFile.sources(parts, of: file, sealed: seal) : [],
        version: version, pages: pages)
    } catch {
      mapping.unmap()
      throw error
    }
  }

  private static func damaged(_ path: String, _ what: String) -> TurnoutError {
    TurnoutError(
      .corrupt,
      "\(path) is damaged: \(what). Publish again, roll back, activate another revision, or apply a "
        + "table file.")
  }

  /// Ends the mapping. Nobody may read the image from now on.
  package func unmap() {
    mapping.unmap()
  }
}
