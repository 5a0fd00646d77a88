/// Who may do what with a store's files, as its folder says: every writer gives them the same owner,
/// group and permissions, whatever its own umask and user.
///
/// Everybody reads a store's tables, head and bell, unless the folder is closed: then only its group
/// does. The catalog, which says who changed what and why, is for the owner and a group in any case.
package struct StoreAccess: Sendable, Hashable {
  /// A file of a store, by what its readers need.
  package enum Kind: Sendable, CaseIterable {
    case table
    case head
    case bell
    case catalog
    /// The catalog's lock: who may read it could lock it, and hold writers up.
    case lock

    fileprivate var permissions: UInt32 {
      switch self {
      case .table: 0o444
      case .head, .bell: 0o644
      case .catalog: 0o640
      case .lock: 0o600
      }
    }
  }

  package let owner: UInt32
  package let group: UInt32
  /// Whether only the folder's group reads: the folder passes its group on to what is made in it, and
  /// gives others nothing.
  package let isClosed: Bool

  private static let passesGroupOn: UInt32 = 0o2000
  private static let others: UInt32 = 0o007
  private static let othersWrite: UInt32 = 0o002
  static let openFolder: UInt32 = 0o755
  static let closedFolder: UInt32 = 0o2750

  init(_ folder: FileStatus) {
    owner = folder.owner
    group = folder.group
    isClosed = folder.permissions & Self.passesGroupOn != 0 && folder.permissions & Self.others == 0
  }

  /// What the store in `directory` says. Refuses to write where everybody may: whoever can put a name
  /// into the folder decides what is served, and what a writer with more rights writes to.
  package init(ofWriter directory: String) throws(TurnoutError) {
    guard let folder = try Directory.status(directory) else {
      throw TurnoutError(.noStore, "There is no store at \(directory).")
    }
    try File.refuseLink(StoreLayout.tables(directory))
    for fault in try Self.faults(of: directory) { throw TurnoutError(.permissionDenied, fault) }
    self.init(folder)
  }

  /// Which of a store's folders everybody may write to, in sentences.
  static func faults(of directory: String) throws(TurnoutError) -> [String] {
    var faults: [String] = []
    for path in [directory, StoreLayout.tables(directory)] {
      guard let status = try Directory.status(path), status.isFolder,
        status.permissions & othersWrite != 0
      else { continue }
      faults.append(
        "Everybody may write to \(path), and so decide what is served: `chmod o-w \(path)`.")
    }
    return faults
  }

  package func permissions(of kind: Kind) -> UInt32 {
    isClosed ? kind.permissions & ~Self.others : kind.permissions
  }

  /// Gives a file of this process's what it should have. Only where nobody but the group may read the
  /// store is it an error that the file cannot be the group's.
  func apply(to file: borrowing File, as kind: Kind) throws(TurnoutError) {
    try give(file)
    try file.setPermissions(permissions(of: kind))
  }

  func apply(toFolder folder: borrowing File) throws(TurnoutError) {
    try give(folder)
    try folder.setPermissions(folderPermissions)
  }

  /// Of the folder of the tables.
  private var folderPermissions: UInt32 { isClosed ? Self.closedFolder : Self.openFolder }

  /// To the store's owner if this process is root's, else to the store's group if it is closed.
  private func give(_ file: borrowing File) throws(TurnoutError) {
    let found = try file.status()
    let isRoot = SystemUser.effective == 0
    let owner = isRoot ? owner : found.owner
    let group = isRoot && owner != 0 || isClosed ? group : found.group
    if found.owner == owner && found.group == group { return }
    if file.setOwner(owner, group: group) || file.setOwner(found.owner, group: group) { return }
    guard isClosed, found.group != group else { return }
    throw TurnoutError(
      .permissionDenied,
      "\(file.path) cannot be given to group \(group), which reads this store. Run as a member of it."
    )
  }

  /// Makes the files of the store in `directory` what they should be, if they are this process's to
  /// change. The catalog's lock is left alone: closing a descriptor of it would drop LMDB's locks.
  func applyToAll(of directory: String) throws(TurnoutError) {
    let tables = StoreLayout.tables(directory)
    if let found = try Directory.status(tables, links: .refused),
      found.permissions != folderPermissions || isClosed && found.group != group
    {
      try? apply(toFolder: try File.open(tables))
    }
    for (path, kind) in try Self.files(of: directory) {
      guard let found = try Directory.status(path, links: .refused), found.isRegular,
        !isRight(found, kind), let file = try? File.openIfPresent(path)
      else { continue }
      try? apply(to: file, as: kind)
    }
  }

  // MARK: Changing it

  /// Lets the group alone into the folder, and read what is made in it from now on.
  static func close(_ directory: String, to group: UInt32) throws(TurnoutError) {
    let folder = try File.open(directory, links: .followed)
    let found = try folder.status()
    guard found.group == group || folder.setOwner(found.owner, group: group) else {
      throw TurnoutError(
        .permissionDenied,
        "\(directory) cannot be given to group \(group). Run as its owner and a member of the group, "
          + "or as root.")
    }
    try folder.setPermissions(closedFolder)
  }

  /// Refuses a store that others than the group may read.
  func require(group wanted: UInt32?, in directory: String) throws(TurnoutError) {
    guard let wanted, !isClosed || group != wanted else { return }
    throw TurnoutError(
      .conflict,
      "The store at \(directory) is there already, and not group \(wanted)'s alone. "
        + "`turnout access --group` changes that.")
  }

  /// Changes who may read the store in `directory`: `group` alone, or everybody. Returns what is so
  /// afterwards. Processes that have a table mapped keep it.
  @discardableResult
  package static func change(
    _ directory: String, toGroup group: UInt32?
  ) throws(TurnoutError) -> StoreAccess {
    try StoreLayout.requireStore(directory)
    _ = try StoreAccess(ofWriter: directory)
    if let group {
      try close(directory, to: group)
    } else {
      try File.open(directory, links: .followed).setPermissions(openFolder)
    }
    let access = try StoreAccess(ofWriter: directory)
    try access.apply(toFolder: try File.open(StoreLayout.tables(directory)))
    guard try Directory.status(StoreLayout.catalog(directory)) != nil else {
      try access.applyToAll(of: directory)
      return access
    }
    // Opening it gives the catalog and its lock what they should have; the lock has no writer add a
    // file meanwhile.
    try Store.open(directory).repair()
    return access
  }

  /// Whether permissions are those of such a file; the group counts where the store is closed.
  func isRight(_ found: FileStatus, _ kind: Kind) -> Bool {
    found.permissions == permissions(of: kind) && (!isClosed || found.group == group)
  }

  /// The files of a store that are there or might be, but the catalog's lock.
  static func files(of directory: String) throws(TurnoutError) -> [(path: String, kind: Kind)] {
    var files: [(String, Kind)] = [
      (StoreLayout.head(directory), .head), (StoreLayout.headBefore(directory), .head),
      (StoreLayout.bell(directory), .bell), (StoreLayout.catalog(directory), .catalog),
    ]
    let tables = StoreLayout.tables(directory)
    for name in try Directory.names(tables)
    where StoreLayout.isTableName(name) && name != StoreLayout.tableTemporaryName {
      files.append((tables + "/" + name, .table))
    }
    return files
  }
}
