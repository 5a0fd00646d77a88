/// Makes the files of a store what its catalog says, whatever a writer that was killed has left.
/// Only under the store's lock, so nothing that it sweeps can be another writer's.
struct StoreRepair {
  let store: Store
  let catalog: CatalogTransaction

  func run() throws(TurnoutError) {
    try sweepTables()
    let temporary = StoreLayout.headTemporary(store.directory)
    try Directory.remove(temporary)
    try repairHead()
  }

  /// Removes table files that the catalog does not know: a publish that did not commit, a
  /// retention that did not get to them.
  private func sweepTables() throws(TurnoutError) {
    let folder = StoreLayout.tables(store.directory)
    let known = Set(try catalog.allRevisions().map { StoreLayout.tableName($0.number) })
    for name in try Directory.names(folder)
    where StoreLayout.isTableName(name) && !known.contains(name) {
      try Directory.remove(folder + "/" + name)
    }
  }

  private func repairHead() throws(TurnoutError) {
    let directory = store.directory
    let path = StoreLayout.head(directory)
    let head = try Self.head(in: catalog)
    let found: [UInt8]?
    do throws(TurnoutError) {
      found = try File.read(path, limit: StoreLayout.headBytesMax)
    } catch where error.status == .corrupt {
      found = []
    }
    if let found, let other = try? Head(parsing: found, path: path), other.store != head?.store,
      other.store != (try catalog.id())
    {
      throw TurnoutError(
        .corrupt,
        "\(path) belongs to another store (\(other.store)) than the catalog beside it. "
          + "Restore both from one copy.")
    }
    guard let head, found != head.encoded else { return }
    try Self.writeTemporary(head, directory: directory)
    try Self.install(directory: directory)
    try Bell.openOrMake(directory: directory).ring()
  }

  /// What `head` has to say; nil before the first publish.
  static func head(in catalog: CatalogTransaction) throws(TurnoutError) -> Head? {
    guard let record = try catalog.head() else { return nil }
    guard let revision = try catalog.revision(record.revision) else { throw catalog.damaged }
    return Head(
      store: try catalog.id(), revision: revision.number, fileDigest: revision.fileDigest,
      fileBytes: revision.fileBytes, imageDigest: revision.imageDigest,
      activated: record.activated, generation: record.generation,
      overlay: try catalog.overlayEntries())
  }

  static func writeTemporary(_ head: Head, directory: String) throws(TurnoutError) {
    let file = try File.open(StoreLayout.headTemporary(directory), .replace)
    try file.write(head.encoded)
    try file.sync()
  }

  static func install(directory: String) throws(TurnoutError) {
    try Directory.rename(
      StoreLayout.headTemporary(directory), to: StoreLayout.head(directory))
    try Directory.sync(directory)
  }
}
