/// A copy of a store that is whole, taken while writers write: `turnout backup`, and the way back.
///
/// The catalog is copied under the lock, which takes as long as a file of its size; every table file is
/// opened meanwhile, and never changes, so that they are copied after it. The catalog gets its name
/// when all else is on the disk: what was not finished is no store.
package struct StoreCopy: Sendable {
  package private(set) var tables = 0
  package private(set) var bytes: UInt64 = 0
  /// Head of the copy; 0 for none.
  package private(set) var head: UInt64 = 0
  /// Tables that are damaged in the store, and so in the copy.
  package private(set) var damaged: [String] = []

  /// Whose catalog is copied under its lock: a store that may be written to, or a backup, that is not.
  package enum Source: Sendable {
    case store
    case backup
  }

  private static let temporaryName = "catalog.mdb.new-copy"
  private static let stepBytes = 4 << 20

  /// Copies the store in `source` to the folder `target`, which is missing or empty. What only a group
  /// may read is that group's in the copy, too; `group` names another one.
  package init(
    of source: String, as kind: Source, to target: String, group: UInt32? = nil,
    progress: (String) -> Void = { _ in }
  ) throws(TurnoutError) {
    try StoreLayout.requireStore(source)
    try Self.makeRoom(target, like: source, group: group)
    try StoreCreation.refuseNetwork(target)
    progress("copying the catalog")
    let files: [String: HeldFile]
    switch kind {
    case .store:
      files = try Store.open(source).ask { _ throws(TurnoutError) in
        try Self.hold(source, target)
      }
    case .backup: files = try Self.hold(source, target)
    }
    let (revisions, current) = try Self.contents(of: target + "/" + Self.temporaryName)
    for (index, revision) in revisions.enumerated() {
      progress("copying table \(index + 1) of \(revisions.count)")
      try copy(revision, files[StoreLayout.tableName(revision.number)], to: target)
    }
    try finish(target, current)
  }

  /// A file that stays open, whatever becomes of its name.
  private final class HeldFile: Sendable {
    let file: File
    init(_ file: consuming File) {
      self.file = file
    }
  }

  private static func makeRoom(
    _ target: String, like source: String, group: UInt32?
  ) throws(TurnoutError) {
    let access = try Directory.status(source).map { StoreAccess($0) }
    let group = group ?? access.flatMap { $0.isClosed ? $0.group : nil }
    if try !StoreCreation.makeFolder(target, group: group) {
      if let other = try Directory.names(target).first {
        throw TurnoutError(
          .conflict, "\(target) is not empty: it has \(other). Name a new folder, or an empty one.")
      }
      if let group { try StoreAccess.close(target, to: group) }
    }
    try StoreCreation.makeTables(target)
  }

  /// Copies the catalog and opens the tables that it knows. Nobody writes meanwhile.
  private static func hold(
    _ source: String, _ target: String
  ) throws(TurnoutError) -> [String: HeldFile] {
    let copy = try File.open(target + "/" + temporaryName, .makeNew, permissions: 0o600)
    try StoreAccess(ofWriter: target).apply(to: copy, as: .catalog)
    _ = try Self.copy(try File.open(StoreLayout.catalog(source)), to: copy)
    var files: [String: HeldFile] = [:]
    let tables = StoreLayout.tables(source)
    for name in try Directory.names(tables) where StoreLayout.isTableName(name) {
      if let file = try File.openIfPresent(name, in: tables) { files[name] = HeldFile(file) }
    }
    return files
  }

  private static func copy(
    _ file: borrowing File, to target: borrowing File
  ) throws(TurnoutError) -> Int {
    var offset = 0
    var count: Int
    repeat {
      let bytes = try file.read(at: offset, count: stepBytes)
      try target.write(bytes, at: offset)
      count = bytes.count
      offset += count
    } while count == stepBytes
    return offset
  }

  /// What the copied catalog says, which nobody else has open.
  private static func contents(
    of catalog: String
  ) throws(TurnoutError) -> ([Revision], Head?) {
    if let fault = try CatalogPages.faults(of: catalog).first {
      throw TurnoutError(
        .corrupt, "The catalog is damaged: \(fault). `turnout verify` says all of it.")
    }
    let environment = try LMDBEnvironment(
      opening: catalog, flags: [.noSubfolder, .noLock, .noThreadLocals],
      mapBytes: StoreLayout.catalogMapBytes, databasesMax: CatalogTransaction.databasesMax)
    defer { environment.close() }
    let lmdb = try environment.begin(readOnly: false)
    defer { lmdb.abort() }
    let transaction = try CatalogTransaction(lmdb, path: catalog)
    guard try transaction.format() == StoreLayout.format else {
      throw TurnoutError(.newerFormat, "The catalog has another format than this build writes.")
    }
    return (try transaction.allRevisions(), try StoreRepair.head(in: transaction))
  }

  private mutating func copy(
    _ revision: Revision, _ held: HeldFile?, to target: String
  ) throws(TurnoutError) {
    let path = StoreLayout.table(target, revision.number)
    let name = "tables/" + StoreLayout.tableName(revision.number)
    guard let held else { return damaged.append(name) }
    let file = try File.open(path, .makeNew, permissions: 0o600)
    bytes += UInt64(try Self.copy(held.file, to: file))
    tables += 1
    try StoreAccess(ofWriter: target).apply(to: file, as: .table)
    try file.sync()
    do throws(TurnoutError) {
      try FrozenTable.open(
        directory: target, revision: revision.number, expecting: revision.seal, sources: .read
      ).unmap()
    } catch {
      guard error.status == .corrupt else { throw error }
      damaged.append(name)
    }
  }

  /// Makes of what was copied a store: head is the last, and what readers look for.
  private mutating func finish(_ target: String, _ current: Head?) throws(TurnoutError) {
    try Directory.sync(StoreLayout.tables(target))
    _ = try Bell.openOrMake(directory: target)
    let temporary = target + "/" + Self.temporaryName
    try File.open(temporary, .readAndWrite).sync()
    try Directory.sync(target)
    try Directory.rename(temporary, to: StoreLayout.catalog(target))
    try Directory.sync(target)
    if let current {
      try StoreRepair.writeTemporary(current.encoded, directory: target)
      try Directory.rename(StoreLayout.headTemporary(target), to: StoreLayout.head(target))
      head = current.revision
    }
    try Directory.sync(target)
    try Directory.sync(target + "/..")
  }
}
