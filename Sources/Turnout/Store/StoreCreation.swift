/// Makes the folder, the files and the empty catalog of a store.
///
/// The catalog comes last and appears under its name complete: a maker that is killed, or two that
/// run at once, leave nothing that the next one cannot finish.
enum StoreCreation {
  static func run(_ directory: String, group: UInt32?) throws(TurnoutError) {
    let isNew = try makeFolder(directory, group: group)
    if !isNew { try requireRoom(directory) }
    if try Directory.status(StoreLayout.catalog(directory)) == nil {
      try refuseNetwork(directory)
      if !isNew, let group { try StoreAccess.close(directory, to: group) }
      try makeTables(directory)
      _ = try Bell.openOrMake(directory: directory)
      // A catalog is the promise that the rest is there, after a loss of power too.
      try Directory.sync(directory)
      try makeCatalog(directory)
    }
    try StoreAccess(ofWriter: directory).require(group: group, in: directory)
    for name in try Directory.names(directory) where isTemporary(name) {
      try Directory.remove(directory + "/" + name)
    }
    try Directory.sync(directory)
    // Whoever made the folder may have been killed before its name was on the disk.
    if try Directory.status(StoreLayout.head(directory)) == nil {
      try Directory.sync(directory + "/..")
    }
  }

  /// Makes a store's folder; false when something is there already.
  static func makeFolder(_ directory: String, group: UInt32?) throws(TurnoutError) -> Bool {
    guard let group else { return try Directory.make(directory) }
    // Nobody else looks into it before it is the group's.
    guard try Directory.make(directory, permissions: 0o700) else { return false }
    try StoreAccess.close(directory, to: group)
    return true
  }

  /// Makes the folder of tables. Who may read the store is said by its own folder, whatever the umask.
  static func makeTables(_ directory: String) throws(TurnoutError) {
    let access = try StoreAccess(ofWriter: directory)
    let tables = StoreLayout.tables(directory)
    _ = try Directory.make(tables, permissions: 0o700)
    // Also where it was there: a maker that was killed, or lost its power, may have got no further.
    try access.apply(toFolder: try File.open(tables))
    try Directory.sync(tables)
  }

  private static func makeCatalog(_ directory: String) throws(TurnoutError) {
    let path = StoreLayout.catalog(directory)
    let temporary = path + temporaryMark + String(UInt64.random(in: .min ... .max), radix: 16)
    defer { _ = try? Directory.remove(temporary) }
    do throws(TurnoutError) {
      try Catalog.writeEmpty(temporary, access: try StoreAccess(ofWriter: directory))
      try Directory.link(temporary, to: path)
    } catch {
      // Another maker was faster, and may have swept this one's file at any time.
      if try Directory.status(path) == nil { throw error }
    }
  }

  private static let temporaryMark = ".new-"

  private static func isTemporary(_ name: String) -> Bool {
    name.hasPrefix("catalog.mdb" + temporaryMark)
  }

  /// An existing folder is a store, or may become one only if nothing in it is somebody else's. Tables or
  /// a head without a catalog are a store that lost it: an empty one would have them swept away.
  private static func requireRoom(_ directory: String) throws(TurnoutError) {
    guard let status = try Directory.status(directory), status.isFolder else {
      throw TurnoutError(.notAStore, "\(directory) is not a folder. A store is a folder.")
    }
    let tables = StoreLayout.tables(directory)
    var left = try Directory.names(directory).filter {
      !["bell", "catalog.mdb-lock", "tables"].contains($0) && !isTemporary($0)
    }
    if try Directory.status(tables) != nil {
      left += try Directory.names(tables).map { "tables/" + $0 }
    }
    // Looked for after the rest: another maker may just have finished.
    if try Directory.status(StoreLayout.catalog(directory)) != nil { return }
    guard let other = left.first else { return }
    if other == "head" || StoreLayout.isTableName(String(other.dropFirst("tables/".count))) {
      throw TurnoutError(
        .corrupt,
        "\(StoreLayout.catalog(directory)) is missing, but the store has \(other). "
          + "Restore the store from a copy.")
    }
    throw TurnoutError(
      .notAStore,
      "\(directory) is not a store and holds other things (\(other)). "
        + "Name a new folder, or an empty one.")
  }

  static func refuseNetwork(_ directory: String) throws(TurnoutError) {
    guard let name = try Directory.networkFileSystem(directory) else { return }
    throw TurnoutError(
      .networkFileSystem,
      "\(directory) lies on a network file system (\(name)), where a store's lock does not work. "
        + "Keep the store on a local disk of each host; ship tables to it with compile and apply.")
  }
}
