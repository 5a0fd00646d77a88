import Turnout

/// A file that is there whole or not at all, whoever reads it meanwhile, and whatever stops its writer.
enum WholeFile {
  /// Writes a file that a person named for `what`, if nothing else than a file is there.
  static func make(
    _ bytes: [UInt8], at path: String, _ what: String
  ) throws(TurnoutError) {
    if let status = try Directory.status(path), !status.isRegular {
      throw TurnoutError(
        .invalidArgument,
        "\(path) is \(status.isFolder ? "a folder" : "not a regular file"). Name a file for \(what)."
      )
    }
    try write(bytes, to: path)
  }

  /// Writes beside `path`, or as `temporary`, syncs and renames. With `status` it gets the permissions,
  /// and if this process may the owner and the group, of the file whose place it takes; false where it
  /// could not get those.
  ///
  /// What is in the way of the temporary file is left of a process that was killed, or a trap: it is
  /// removed and never followed.
  @discardableResult
  static func write(
    _ bytes: [UInt8], to path: String, by temporary: String? = nil, like status: FileStatus? = nil
  ) throws(TurnoutError) -> Bool {
    let temporary = temporary ?? path + ".new"
    do throws(TurnoutError) {
      try Directory.remove(temporary)
      let file = try File.open(temporary, .makeNew, permissions: status == nil ? 0o644 : 0o600)
      let isGiven = try status.map { status throws(TurnoutError) in try give(file, like: status) }
      try file.write(bytes)
      try file.sync()
      try Directory.rename(temporary, to: path)
      return isGiven ?? true
    } catch {
      _ = try? Directory.remove(temporary)
      throw error
    }
  }

  private static func give(
    _ file: borrowing File, like status: FileStatus
  ) throws(TurnoutError) -> Bool {
    let own = try file.status()
    var isGiven = own.owner == status.owner && own.group == status.group
    if !isGiven { isGiven = file.setOwner(status.owner, group: status.group) }
    // To one of this user's own groups everybody may.
    if !isGiven { _ = file.setOwner(own.owner, group: status.group) }
    // A change of the owner takes some permissions away: these come last.
    try file.setPermissions(status.permissions)
    return isGiven
  }
}
