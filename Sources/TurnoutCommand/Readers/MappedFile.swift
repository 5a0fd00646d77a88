import Turnout

/// A part of a process's memory that is a file's, as the kernel lists it in `/proc/PID/maps`.
struct MappedFile {
  /// What tells the file from every other, as the kernel prints it: on some file systems not what
  /// `stat` says.
  struct Identity: Hashable {
    let device: Substring
    let inode: Substring
  }

  let start: UInt
  let bytes: UInt64
  let identity: Identity
  /// Seen from the file system that the process was given.
  let path: Substring

  private static let bytesMax = 64 << 20

  /// The files that a process has mapped; nil where it may not be looked at, or has ended.
  static func all(of process: String) -> [MappedFile]? {
    guard let bytes = try? FileBytes.read("/proc/\(process)/maps", atMost: bytesMax) else {
      return nil
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
      .compactMap(MappedFile.init(line:))
  }

  /// `start-end permissions offset device inode path`. Nil for memory that is no file's.
  init?(line: Substring) {
    let parts = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
    guard parts.count == 6 else { return nil }
    let range = parts[0].split(separator: "-")
    let path = parts[5].drop { $0 == " " }
    guard range.count == 2, let start = UInt(range[0], radix: 16),
      let end = UInt(range[1], radix: 16), end >= start, path.utf8.first == UInt8(ascii: "/")
    else { return nil }
    self.start = start
    bytes = UInt64(end - start)
    identity = Identity(device: parts[3], inode: parts[4])
    self.path = path
  }

  static let removedMark = " (deleted)"

  /// The path without the mark of a file that has no name any more.
  var name: Substring {
    path.hasSuffix(Self.removedMark) ? path.dropLast(Self.removedMark.count) : path
  }

  var isRemoved: Bool { path.hasSuffix(Self.removedMark) }
}
