internal import Glibc

/// Which file or directory a path leads to.
struct FileIdentity: Hashable, Sendable {
  var device: UInt64
  var inode: UInt64

  /// Nil if the path leads nowhere, or the system refuses to say.
  static func of(_ path: String) -> FileIdentity? {
    var result = stat()
    // SAFETY: both arguments outlive the call.
    guard unsafe stat(path, &result) == 0 else { return nil }
    return FileIdentity(device: UInt64(result.st_dev), inode: UInt64(result.st_ino))
  }

  /// The path from the root, so that it goes on leading there when the process changes directory.
  static func absolute(_ path: String) -> String {
    guard path.utf8.first != UInt8(ascii: "/") else { return path }
    // SAFETY: without a buffer, getcwd allocates what free gives back; the text is copied in between.
    guard let here = unsafe getcwd(nil, 0) else { return path }
    defer { unsafe free(here) }
    return unsafe String(cString: here) + "/" + path
  }
}
