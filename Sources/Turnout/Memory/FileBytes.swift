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
