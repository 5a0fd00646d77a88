import Turnout

/// A document on disk that is to be written anew.
enum DocumentFile {
  /// Throws where it is not a regular file of its own, or is read-only.
  static func checkWritable(_ path: String) throws {
    guard try !Folder.isLink(path) else {
      throw Refusal(
        message: "\(path) is a symbolic link: name the file that it leads to. Nothing was written.")
    }
    guard let status = try Directory.status(path), status.isRegular else {
      throw Refusal(message: "\(path) is not a regular file. Nothing was written.")
    }
    guard status.permissions & 0o222 != 0 else {
      throw Refusal(
        message: "\(path) is read-only: give it back write permission first. Nothing was written.")
    }
    _ = try File.open(path, .readAndWrite)
  }

  /// Writes beside it, syncs and renames: nobody meets half of it. Its permissions stay.
  static func replace(_ path: String, by bytes: [UInt8]) throws(TurnoutError) {
    let permissions = try Directory.status(path)?.permissions ?? 0o644
    let temporary = path + ".turnout-fmt"
    do throws(TurnoutError) {
      // What a run that was killed left.
      try Directory.remove(temporary)
      let file = try File.open(temporary, .makeNew, permissions: 0o600)
      try file.write(bytes)
      try file.setPermissions(permissions)
      try file.sync()
      try Directory.rename(temporary, to: path)
    } catch {
      _ = try? Directory.remove(temporary)
      throw error
    }
  }
}
