internal import CThread
internal import Glibc

/// What the file system says about a file or folder.
package struct FileStatus: Sendable {
  /// The same for every name of a file, and for no other file.
  package struct Identity: Sendable, Hashable {
    package let device: UInt64
    package let inode: UInt64
  }

  /// What differs as soon as somebody writes to the file, cuts it, or puts another under its name.
  package struct Version: Sendable, Hashable {
    let identity: Identity
    let size: Int
    /// The last change of its bytes or of what is known of it, as `stat(2)` says: seconds and the rest.
    let changedSeconds: Int
    let changedNanoseconds: Int
  }

  package let identity: Identity
  package let version: Version
  package let size: Int
  package let permissions: UInt32
  package let owner: UInt32
  package let group: UInt32
  /// How many names the file has.
  package let names: Int
  package let isFolder: Bool
  package let isRegular: Bool
  package let isLink: Bool
}

/// An open file, closed at the end of its life.
package struct File: ~Copyable, Sendable {
  package enum Access: Sendable {
    case read
    case readAndWrite
    /// Made if it is not there.
    case make
    /// Made; it is an error if anything is there, a symbolic link that leads nowhere included.
    case makeNew
    /// Made, or emptied if it is there.
    case replace
  }

  /// What becomes of a symbolic link that stands where the file should.
  package enum Links: Sendable {
    case refused
    /// For paths that a person gave.
    case followed
  }

  package let descriptor: Int32
  package let path: String

  private init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit {
    _ = Glibc.close(descriptor)
  }

  /// Opens a file; nil when there is nothing at `path`.
  package static func openIfPresent(
    _ path: String, _ access: Access = .read, links: Links = .refused, permissions: UInt32 = 0o644
  ) throws(TurnoutError) -> File? {
    try checkPath(path)
    var flags: Int32 =
      switch access {
      case .read: O_RDONLY
      case .readAndWrite: O_RDWR
      case .make: O_RDWR | O_CREAT
      case .makeNew: O_RDWR | O_CREAT | O_EXCL
      case .replace: O_RDWR | O_CREAT | O_TRUNC
      }
    if links == .refused { flags |= O_NOFOLLOW }
    // O_NONBLOCK: a FIFO that stands where a file should must not hold the caller.
    let descriptor = retrying {
      // SAFETY: the path is passed as a terminated text for the call.
      unsafe Glibc.open(path, flags | O_CLOEXEC | O_NONBLOCK, permissions)
    }
    if descriptor >= 0 { return File(descriptor: descriptor, path: path) }
    let code = errno
    if code == ENOENT || code == ENOTDIR { return nil }
    try refuseLink(path)
    throw .system(code, "open \(path)")
  }

  /// Opens the file `name`, which has no slash, of a folder that is no symbolic link itself, to read
  /// it; nil when either is missing. The folder may change its name meanwhile.
  package static func openIfPresent(
    _ name: String, in folder: String
  ) throws(TurnoutError) -> File? {
    let path = folder + "/" + name
    try checkPath(path)
    let opened = retrying {
      // SAFETY: the path is passed as a terminated text for the call.
      unsafe copen_folder(folder)
    }
    guard opened >= 0 else {
      let code = errno
      try refuseLink(folder)
      if code == ENOENT || code == ENOTDIR { return nil }
      throw .system(code, "open \(folder)")
    }
    defer { _ = Glibc.close(opened) }
    let descriptor = retrying {
      // SAFETY: the name is passed as a terminated text for the call.
      unsafe Glibc.openat(opened, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    }
    if descriptor >= 0 { return File(descriptor: descriptor, path: path) }
    let code = errno
    if code == ENOENT || code == ENOTDIR { return nil }
    try refuseLink(path)
    throw .system(code, "open \(path)")
  }

  /// Says of a symbolic link that it is one.
  package static func refuseLink(_ path: String) throws(TurnoutError) {
    guard let found = try? Directory.status(path, links: .refused), found.isLink else { return }
    throw TurnoutError(
      .corrupt,
      "\(path) is a symbolic link, and a store follows none. Put what it leads to in its place, or "
        + "remove it.")
  }

  /// Opens a file that must be there.
  package static func open(
    _ path: String, _ access: Access = .read, links: Links = .refused, permissions: UInt32 = 0o644
  ) throws(TurnoutError) -> File {
    if let file = try openIfPresent(path, access, links: links, permissions: permissions) {
      return file
    }
    throw .system(ENOENT, "open \(path)")
  }

  package func status() throws(TurnoutError) -> FileStatus {
    try Self.status(descriptor: descriptor, path: path)
  }

  /// The status of a file that somebody else has open.
  package static func status(descriptor: Int32, path: String) throws(TurnoutError) -> FileStatus {
    var found = stat()
    // SAFETY: the result outlives the call.
    guard unsafe fstat(descriptor, &found) == 0 else { throw .system(errno, "examine \(path)") }
    return FileStatus(found)
  }

  /// The bytes from `offset` on, at most `count`; fewer only where the file ends.
  package func read(at offset: Int, count: Int) throws(TurnoutError) -> [UInt8] {
    var failure: Int32 = 0
    // SAFETY: at most the array's capacity is written, and as many are declared initialised.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      while initialized < count {
        let got = unsafe pread(
          descriptor, buffer.baseAddress.map { unsafe $0 + initialized }, count - initialized,
          off_t(offset + initialized))
        if got > 0 { initialized += got }
        if got == 0 { return }
        if got < 0 && errno != EINTR {
          failure = errno
          return
        }
      }
    }
    guard failure == 0 else { throw .system(failure, "read \(path)") }
    return bytes
  }

  /// Writes all of `bytes` from `offset` on.
  package func write(_ bytes: [UInt8], at offset: Int = 0) throws(TurnoutError) {
    var written = 0
    while written < bytes.count {
      // SAFETY: the array is readable for its count, of which the first `written` are left out.
      let put = unsafe bytes.withUnsafeBytes { buffer in
        unsafe pwrite(
          descriptor, buffer.baseAddress.map { unsafe $0 + written }, buffer.count - written,
          off_t(offset + written))
      }
      if put > 0 { written += put }
      if put == 0 { throw .system(ENOSPC, "write \(path)") }
      if put < 0 && errno != EINTR { throw .system(errno, "write \(path)") }
    }
  }

  /// Takes disk blocks for the file's first `size` bytes, so that later writes cannot lack them.
  package func reserve(size: Int) throws(TurnoutError) {
    let code = posix_fallocate(descriptor, 0, off_t(size))
    guard code == 0 else { throw .system(code, "reserve \(size) bytes for \(path)") }
  }

  package func truncate(size: Int) throws(TurnoutError) {
    guard retrying({ ftruncate(descriptor, off_t(size)) }) == 0 else {
      throw .system(errno, "set the size of \(path)")
    }
  }

  package func setPermissions(_ permissions: UInt32) throws(TurnoutError) {
    guard retrying({ fchmod(descriptor, permissions) }) == 0 else {
      throw .system(errno, "change the permissions of \(path)")
    }
  }

  /// Gives the file to a user and a group; false where this process may not.
  package func setOwner(_ owner: UInt32, group: UInt32) -> Bool {
    retrying { fchown(descriptor, owner, group) } == 0
  }

  /// Waits until no other process holds the file, or folder, so; it is held until it is closed.
  package func lock() throws(TurnoutError) {
    guard retrying({ flock(descriptor, LOCK_EX) }) == 0 else {
      throw .system(errno, "lock \(path)")
    }
  }

  /// Returns when the file's bytes and size are on the disk.
  package func sync() throws(TurnoutError) {
    guard retrying({ fsync(descriptor) }) == 0 else { throw .system(errno, "sync \(path)") }
  }

  /// The first `count` bytes of this file in a file of this process's own memory, which nobody can
  /// change or cut: neither does what happens to this one from now on.
  package func memoryCopy(count: Int) throws(TurnoutError) -> File {
    let descriptor = cmemory_file()
    guard descriptor >= 0 else { throw .system(errno, "copy \(path) into memory") }
    let copy = File(descriptor: descriptor, path: "/proc/self/fd/\(descriptor)")
    let step = 1 << 20
    var offset = 0
    while offset < count {
      let bytes = try read(at: offset, count: min(step, count - offset))
      guard !bytes.isEmpty else {
        throw TurnoutError(.corrupt, "\(path) was truncated while it was read.")
      }
      try copy.write(bytes, at: offset)
      offset += bytes.count
    }
    guard cseal(descriptor) == 0 else { throw .system(errno, "seal a copy of \(path)") }
    return copy
  }

  /// All bytes of a small file; nil when there is none. More than `limit` is an error.
  package static func read(_ path: String, limit: Int) throws(TurnoutError) -> [UInt8]? {
    guard let file = try openIfPresent(path) else { return nil }
    let status = try file.status()
    guard status.isRegular else {
      throw TurnoutError(
        .corrupt, "\(path) is not a regular file. Remove it; a publish remakes it.")
    }
    // Room for what is there, not for the limit: keepers read head four times a second.
    let bytes = try file.read(at: 0, count: max(0, min(status.size, limit)) + 1)
    guard bytes.count <= limit else {
      throw TurnoutError(
        .corrupt, "\(path) is larger than \(limit) bytes: not a file of Turnout's.")
    }
    return bytes
  }

  /// A path with a zero byte would name another file than it says.
  package static func checkPath(_ path: String) throws(TurnoutError) {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw TurnoutError(.invalidArgument, "A path must not be empty or contain a zero byte.")
    }
  }
}

extension FileStatus {
  init(_ found: stat) {
    identity = Identity(device: UInt64(found.st_dev), inode: UInt64(found.st_ino))
    size = Int(found.st_size)
    version = Version(
      identity: identity, size: Int(found.st_size), changedSeconds: found.st_ctim.tv_sec,
      changedNanoseconds: found.st_ctim.tv_nsec)
    permissions = found.st_mode & 0o7777
    owner = found.st_uid
    group = found.st_gid
    names = Int(clamping: found.st_nlink)
    isFolder = found.st_mode & S_IFMT == S_IFDIR
    isRegular = found.st_mode & S_IFMT == S_IFREG
    isLink = found.st_mode & S_IFMT == S_IFLNK
  }
}
