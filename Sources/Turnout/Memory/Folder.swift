internal import Glibc

/// What stands in the file system, seen without opening it. Symbolic links are followed.
package enum Folder {
  package enum Kind: Sendable, Hashable {
    /// The numbers tell one folder from every other, whatever it is called.
    case folder(device: UInt64, inode: UInt64)
    case regularFile
    /// A pipe, a device, a socket.
    case other
  }

  package static func kind(of path: String) throws(TurnoutError) -> Kind {
    var facts = stat()
    // SAFETY: the system fills the structure, which outlives the call.
    guard unsafe stat(path, &facts) == 0 else { throw TurnoutError(reading: path, errno: errno) }
    switch facts.st_mode & S_IFMT {
    case S_IFDIR:
      return .folder(
        device: UInt64(truncatingIfNeeded: facts.st_dev),
        inode: UInt64(truncatingIfNeeded: facts.st_ino))
    case S_IFREG: return .regularFile
    default: return .other
    }
  }

  /// The names in a folder except hidden ones, in the order of their bytes.
  package static func names(in path: String) throws(TurnoutError) -> [String] {
    // SAFETY: the stream is closed below, by nobody else, and used only in between.
    guard let stream = unsafe opendir(path) else {
      throw TurnoutError(reading: path, errno: errno)
    }
    // SAFETY: as above.
    defer { unsafe closedir(stream) }
    var names: [String] = []
    // SAFETY: an entry is valid until the next call for this stream, and its name ends in NUL
    // within d_name; both are used up before the next call.
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.utf8.starts(with: ".".utf8) { names.append(name) }
    }
    names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return names
  }
}
