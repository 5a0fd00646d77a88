internal import CThread
internal import Glibc

/// What is done to names in a folder.
package enum Directory {
  /// The status of whatever is at `path`; nil when nothing is. With `.refused`, of a symbolic link
  /// itself.
  package static func status(
    _ path: String, links: File.Links = .followed
  ) throws(TurnoutError) -> FileStatus? {
    try File.checkPath(path)
    var found = stat()
    let flags = links == .followed ? 0 : AT_SYMLINK_NOFOLLOW
    // SAFETY: the path is passed as a terminated text, and the result outlives the call.
    if unsafe fstatat(AT_FDCWD, path, &found, flags) == 0 { return FileStatus(found) }
    let code = errno
    if code == ENOENT || code == ENOTDIR { return nil }
    throw .system(code, "examine \(path)")
  }

  /// Makes a folder, less the umask's permissions; false when something is there already.
  @discardableResult
  package static func make(
    _ path: String, permissions: UInt32 = 0o755
  ) throws(TurnoutError) -> Bool {
    try File.checkPath(path)
    // SAFETY: the path is passed as a terminated text for the call.
    if unsafe mkdir(path, permissions) == 0 { return true }
    let code = errno
    if code == EEXIST { return false }
    throw .system(code, "make the folder \(path)")
  }

  package static func rename(_ path: String, to target: String) throws(TurnoutError) {
    // SAFETY: the paths are passed as terminated texts for the call.
    guard unsafe Glibc.rename(path, target) == 0 else {
      throw .system(errno, "rename \(path) to \(target)")
    }
  }

  /// Gives a file a second name, which must be free.
  package static func link(_ path: String, to name: String) throws(TurnoutError) {
    // SAFETY: the paths are passed as terminated texts for the call.
    guard unsafe Glibc.link(path, name) == 0 else {
      throw .system(errno, "name \(path) \(name)")
    }
  }

  /// Removes a file; false when there is none.
  @discardableResult
  package static func remove(_ path: String) throws(TurnoutError) -> Bool {
    try File.checkPath(path)
    // SAFETY: the path is passed as a terminated text for the call.
    if unsafe unlink(path) == 0 { return true }
    let code = errno
    if code == ENOENT || code == ENOTDIR { return false }
    throw .system(code, "remove \(path)")
  }

  /// Returns when the folder's names are on the disk.
  package static func sync(_ path: String) throws(TurnoutError) {
    let folder = try File.open(path, links: .followed)
    try folder.sync()
  }

  /// The names in a folder in byte order, without `.` and `..`.
  package static func names(_ path: String) throws(TurnoutError) -> [String] {
    // SAFETY: the path is passed as a terminated text for the call.
    guard let folder = unsafe opendir(path) else { throw .system(errno, "list \(path)") }
    // SAFETY: the stream is this function's own and is closed once.
    defer { unsafe closedir(folder) }
    var names: [String] = []
    // SAFETY: an entry stays valid until the next call on this stream.
    while let entry = unsafe readdir(folder) {
      // SAFETY: as above; the kernel terminates the name, which is copied here.
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The name of the network file system that `path` lies on; nil for a local one.
  package static func networkFileSystem(_ path: String) throws(TurnoutError) -> String? {
    networkName(try fileSystem(path).magic)
  }

  /// The magic numbers of `statfs(2)` under which a lock or a mapping does not reach other hosts.
  package static func networkName(_ magic: UInt32) -> String? {
    switch magic {
    case 0x6969: "NFS"
    case 0x517B: "SMB"
    case 0xFF53_4D42: "CIFS"
    case 0xFE53_4D42: "SMB2"
    case 0x5346_414F: "AFS"
    case 0x0102_1997: "9P"
    case 0x00C3_6400: "Ceph"
    case 0x0BD0_0BD0: "Lustre"
    case 0x4750_4653: "GPFS"
    case 0x7461_636F: "OCFS2"
    case 0x0116_1970: "GFS2"
    case 0x7375_7245: "Coda"
    case 0x564C: "NCP"
    default: nil
    }
  }

  /// Bytes that an ordinary user may still write on the file system of `path`.
  package static func freeBytes(_ path: String) throws(TurnoutError) -> UInt64 {
    try fileSystem(path).freeBytes
  }

  private static func fileSystem(
    _ path: String
  ) throws(TurnoutError) -> (magic: UInt32, freeBytes: UInt64) {
    var magic: UInt32 = 0
    var freeBytes: UInt64 = 0
    // SAFETY: the path is passed as a terminated text, and the results outlive the call.
    let code = unsafe cfilesystem(path, &magic, &freeBytes)
    guard code == 0 else { throw .system(code, "examine \(path)") }
    return (magic, freeBytes)
  }
}
