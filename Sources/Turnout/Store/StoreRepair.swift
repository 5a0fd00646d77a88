/// Makes the files of a store what its catalog says, whatever a writer that was killed has left.
/// Only under the store's lock, so nothing that it sweeps can be another writer's.
struct StoreRepair {
  let store: Store
  let catalog: CatalogTransaction

  func run() throws(TurnoutError) {
    let access = try StoreAccess(ofWriter: store.directory)
    try repairHead()
    try sweepTables()
    try access.applyToAll(of: store.directory)
    store.options.afterStep?(.swept)
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
    } catch  where error.status == .corrupt {
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
    guard let wanted = head?.encoded, found != wanted else {
      try Directory.remove(StoreLayout.headTemporary(directory))
      // It may be right and not on the disk: a writer that was killed after renaming it. Whoever is
      // told next that head is so must not find another after a loss of power.
      return try Directory.sync(directory)
    }
    keepBefore(found, path)
    try Self.install(wanted, directory: directory)
    store.options.afterStep?(.headRenamed)
    // Without a bell, readers see the new head when they next look.
    try? Bell.openOrMake(directory: directory).ring()
    store.options.afterStep?(.rung)
  }

  /// Lets the head that is about to be replaced have another name: what a process reads that starts
  /// while `head` is damaged. Nothing depends on it, so nothing fails with it.
  private func keepBefore(_ found: [UInt8]?, _ path: String) {
    guard let found, (try? Head(parsing: found, path: path)) != nil else { return }
    let before = StoreLayout.headBefore(store.directory)
    guard (try? Directory.remove(before)) != nil else { return }
    try? Directory.link(path, to: before)
  }

  /// What `head` has to say; nil before the first publish.
  static func head(in catalog: CatalogTransaction) throws(TurnoutError) -> Head? {
    guard let (record, revision) = try catalog.headRevision() else { return nil }
    return Head(
      store: try catalog.id(), revision: revision.number, seal: revision.seal,
      imageDigest: revision.imageDigest, activated: record.activated,
      generation: record.generation, overlay: try catalog.overlayEntries(),
      earlier: try catalog.earlierHeads().map { revision in
        EarlierHead(
          revision: revision.number, seal: revision.seal, imageDigest: revision.imageDigest)
      })
  }

  static func writeTemporary(_ head: [UInt8], directory: String) throws(TurnoutError) {
    let path = StoreLayout.headTemporary(directory)
    try Directory.remove(path)
    let file = try File.open(path, .makeNew, permissions: 0o600)
    try file.write(head)
    // Whatever this writer's umask: readers that could read the head before must go on.
    try StoreAccess(ofWriter: directory).apply(to: file, as: .head)
    try file.sync()
  }

  /// Puts `head` in place. Its temporary file usually holds these bytes already.
  private static func install(_ head: [UInt8], directory: String) throws(TurnoutError) {
    let temporary = StoreLayout.headTemporary(directory)
    if (try? File.read(temporary, limit: StoreLayout.headBytesMax)) == head {
      try File.open(temporary).sync()
    } else {
      try writeTemporary(head, directory: directory)
    }
    try Directory.rename(temporary, to: StoreLayout.head(directory))
    try Directory.sync(directory)
  }
}
