/// What a store says of a table's file, and who opens the file finds: it ends every doubt whether the
/// bytes are those that were written.
package struct TableSeal: Sendable, Hashable {
  /// The size of the file.
  package var fileBytes: UInt64
  /// How many of them readers map, from the first on: all but the sources, which come last.
  package var mappedBytes: UInt64
  /// XXH3-128 of those.
  package var digest: Digest
  /// XXH3-128 of the rest, of which readers look at nothing.
  package var restDigest: Digest

  package init(fileBytes: UInt64, mappedBytes: UInt64, digest: Digest, restDigest: Digest) {
    self.fileBytes = fileBytes
    self.mappedBytes = mappedBytes
    self.digest = digest
    self.restDigest = restDigest
  }

  /// That of the bytes of a file, of which the first `mappedBytes` are the readers'.
  package init(_ bytes: Bytes, mappedBytes: Int) {
    fileBytes = UInt64(bytes.count)
    self.mappedBytes = UInt64(clamping: mappedBytes)
    digest = bytes.slice(0, mappedBytes)?.digest(from: 0) ?? bytes.digest(from: 0)
    restDigest = bytes.digest(from: mappedBytes)
  }
}

extension FieldWriter {
  mutating func put(_ seal: TableSeal) {
    put(seal.fileBytes)
    put(seal.mappedBytes)
    put(seal.digest)
    put(seal.restDigest)
  }
}

extension FieldReader {
  mutating func seal() -> TableSeal? {
    guard let fileBytes = field(UInt64.self), let mappedBytes = field(UInt64.self),
      let digest = digest(), let restDigest = self.digest(), mappedBytes <= fileBytes
    else { return nil }
    return TableSeal(
      fileBytes: fileBytes, mappedBytes: mappedBytes, digest: digest, restDigest: restDigest)
  }
}
