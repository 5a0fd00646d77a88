internal import CThread
internal import Glibc

/// Whole files, read into memory.
package enum FileBytes {
  private static let chunkBytes = 1 << 16

  /// The bytes of the file, pipe or device at `path`. Fails where there are more than `bytesMax`
  /// of them, having read hardly more than that.
  package static func read(
    _ path: String, atMost bytesMax: Int
  ) throws(TurnoutError) -> [UInt8] {
    // SAFETY: the path is a C string for the call.
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw TurnoutError(reading: path, errno: errno) }
    defer { close(file) }
    return try read(file, path, bytesMax)
  }

  /// The bytes of the regular file at `path`; of no other kind, and of none that the kernel makes up
  /// while it is read. Never waits for somebody to write.
  package static func readRegular(
    _ path: String, atMost bytesMax: Int
  ) throws(TurnoutError) -> [UInt8] {
    let other = TurnoutError(.invalidArgument, "\(path) is not a regular file")
    // Opening a device may do something; and what is there may be another thing when it is open.
    guard try Folder.kind(of: path) == .regularFile else { throw other }
    // SAFETY: the path is a C string for the call.
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard file >= 0 else { throw TurnoutError(reading: path, errno: errno) }
    defer { close(file) }
    guard try File.status(descriptor: file, path: path).isRegular,
      !kernelFileSystems.contains(cfile_system(file))
    else { throw other }
    return try read(file, path, bytesMax)
  }

  /// The magic numbers of proc, sysfs, debugfs, tracefs, securityfs, cgroup 1 and 2, bpf.
  private static let kernelFileSystems: Set<UInt32> = [
    0x9FA0, 0x6265_6572, 0x6462_6720, 0x7472_6163, 0x7363_6673, 0x0027_E0EB, 0x6367_7270,
    0xCAFE_4A11,
  ]

  private static func read(
    _ file: Int32, _ path: String, _ bytesMax: Int
  ) throws(TurnoutError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: chunkBytes)
    while true {
      // SAFETY: the array lends its storage for the call, and its own count bounds the read.
      let count = unsafe chunk.withUnsafeMutableBytes { chunk in
        unsafe Glibc.read(file, chunk.baseAddress, chunk.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw TurnoutError(reading: path, errno: errno)
      }
      if count == 0 { return bytes }
      if bytes.count + count > bytesMax {
        throw TurnoutError(.limitExceeded, "\(path) is larger than \(bytesMax) bytes")
      }
      bytes += chunk.prefix(count)
    }
  }
}

extension TurnoutError {
  /// A file or folder that could not be read, by what the system said.
  init(reading path: String, errno code: Int32) {
    let status: Status =
      switch code {
      case EACCES, EPERM: .permissionDenied
      case ENOMEM: .outOfMemory
      default: .ioError
      }
    let reason: String
    switch code {
    case ENOENT: reason = "there is no such file or folder"
    case EACCES, EPERM: reason = "permission denied"
    case EISDIR: reason = "it is a folder"
    case ENOTDIR: reason = "a part of the path is no folder"
    case ELOOP: reason = "its symbolic links lead in a circle"
    case ENAMETOOLONG: reason = "the path is too long"
    case EMFILE, ENFILE: reason = "too many files are open"
    default: reason = "the system answers with error \(code)"
    }
    self.init(status, "\(path) cannot be read: \(reason)")
  }
}
