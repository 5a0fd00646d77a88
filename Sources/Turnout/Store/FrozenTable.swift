/// A revision's table file, mapped and proven to be what its writer wrote.
///
/// The bytes stay valid until `unmap`, whatever becomes of the file's name: retention may remove it.
/// After a fork the child's copy stays valid too.
package struct FrozenTable: Sendable {
  package let revision: UInt64
  /// XXH3-128 of the whole file.
  package let fileDigest: Digest
  package let mapping: Mapping
  /// The image; its first byte is 64-byte aligned. Not validated: that is `Image`'s work.
  package let image: Bytes
  /// The documents that the table was compiled from, in the compiler's own format; may be empty.
  package let sources: Bytes

  /// Maps the file of `revision`, brings it into memory and compares its digest before anything
  /// walks it. Takes no lock and needs no write permission. Any thread may call it.
  package static func open(
    directory: String, revision: UInt64, expecting digest: Digest
  ) throws(TurnoutError) -> FrozenTable {
    let path = StoreLayout.table(directory, revision)
    guard let file = try File.openIfPresent(path) else {
      try StoreLayout.requireStore(directory)
      throw TurnoutError(
        .noRevision,
        "Revision \(revision) is not in the store at \(directory): \(path) is not there. "
          + "Retention may have removed it; history lists what is left. If it is head, roll back or "
          + "apply a table file.")
    }
    let mapping = try Mapping.map(file)
    do throws(TurnoutError) {
      try mapping.populate(file)
      guard mapping.bytes.digest(from: 0) == digest else {
        throw TurnoutError(
          .corrupt,
          "\(path) is damaged: its digest is not \(digest). "
            + "Roll back, activate another revision, or apply a table file.")
      }
      let parts = try TableFile.parts(of: file, in: mapping)
      return FrozenTable(
        revision: revision, fileDigest: digest, mapping: mapping, image: parts.image,
        sources: parts.sources)
    } catch {
      mapping.unmap()
      throw error
    }
  }

  /// Ends the mapping. Nobody may read the image or the sources from now on.
  package func unmap() {
    mapping.unmap()
  }
}
