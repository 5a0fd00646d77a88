import Turnout

/// A document on disk that is to be written anew.
enum DocumentFile {
  /// Throws where it is not a regular file of its own, or is read-only.
  static func checkWritable(_ path: String) throws {
    guard let status = try Directory.status(path, links: .refused) else {
      throw Refusal(message: "\(path) is gone. Nothing was written.")
    }
    guard !status.isLink else {
      throw Refusal(
        message: "\(path) is a symbolic link: name the file that it leads to. Nothing was written.")
    }
    guard status.isRegular else {
      throw Refusal(message: "\(path) is not a regular file. Nothing was written.")
    }
    guard status.permissions & 0o222 != 0 else {
      throw Refusal(
        message: "\(path) is read-only: give it back write permission first. Nothing was written.")
    }
    _ = try File.open(path, .readAndWrite)
  }

  /// Its permissions stay, and so do its owner and its group; warns where they cannot.
  static func write(_ bytes: [UInt8], to path: String) throws(TurnoutError) {
    let before = try Directory.status(path)
    guard try !WholeFile.write(bytes, to: path, like: before), let before,
      let after = try Directory.status(path)
    else { return }
    Console.warn(
      "\(path) belonged to \(owner(of: before)), and belongs to \(owner(of: after)) now: this user may "
        + "not give files away.")
  }

  private static func owner(of file: FileStatus) -> String {
    let user = SystemUser.name(file.owner) ?? "\(file.owner)"
    return user + ":" + (SystemGroup.name(file.group) ?? "\(file.group)")
  }
}
