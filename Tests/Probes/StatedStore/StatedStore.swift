package import Turnout

/// A store whose tables state their revision over and over, and whose head moves as fast as files
/// can be renamed: it has no catalog. One process writes to it.
package final class StatedStore {
  package let directory: String
  private let id: StoreID
  private let words: Int
  private let bell: Bell
  private var tables: [UInt64: (seal: TableSeal, image: Digest)] = [:]
  package private(set) var generation: UInt64 = 0

  /// Makes the store's folder, which must not be there. `words` is the size of its tables.
  package init(directory: String, words: Int = 512) throws(TurnoutError) {
    self.directory = directory
    self.words = words
    self.id = .random()
    try Directory.make(directory)
    try Directory.make(StoreLayout.tables(directory))
    _ = try File.open(StoreLayout.catalog(directory), .make)
    self.bell = try Bell.openOrMake(directory: directory)
  }

  /// Puts a table there; head stays.
  package func stage(_ revision: UInt64) throws(TurnoutError) {
    try stage(revision, StatedImage.encode(revision, words: words))
  }

  /// The same with an image that the caller made.
  package func stage(_ revision: UInt64, _ image: [UInt8]) throws(TurnoutError) {
    let seal = try TableFile.write(
      image: image, sources: [], path: StoreLayout.tableTemporary(directory),
      access: try StoreAccess(ofWriter: directory))
    try Directory.rename(
      StoreLayout.tableTemporary(directory), to: StoreLayout.table(directory, revision))
    tables[revision] = (seal, image.withBytes { $0.digest(from: Format.digestFrom) })
  }

  /// Removes a table's file.
  package func remove(_ revision: UInt64) throws(TurnoutError) {
    try Directory.remove(StoreLayout.table(directory, revision))
    tables[revision] = nil
  }

  /// Moves head to a staged table, with an overlay. `ring: false` leaves it to the readers' timeouts.
  package func activate(
    _ revision: UInt64, overlay: [OverlayEntry] = [], ring: Bool = true
  ) throws(TurnoutError) {
    guard let table = tables[revision] else {
      throw TurnoutError(.noRevision, "revision \(revision) is not staged")
    }
    generation += 1
    let head = Head(
      store: id, revision: revision, seal: table.seal, imageDigest: table.image, activated: 0,
      generation: generation, overlay: overlay)
    do {
      let file = try File.open(StoreLayout.headTemporary(directory), .replace)
      try file.write(head.encoded)
    }
    try Directory.rename(StoreLayout.headTemporary(directory), to: StoreLayout.head(directory))
    if ring { bell.ring() }
  }

  package func publish(_ revision: UInt64) throws(TurnoutError) {
    try stage(revision)
    try activate(revision)
  }
}

extension SnapshotReference {
  /// Whether the snapshot is whole: its table states its own revision and nothing else.
  package func isWhole(words: Int = .max) -> Bool {
    StatedImage.number(in: value.image.bytes, words: words) == value.revision
  }
}
