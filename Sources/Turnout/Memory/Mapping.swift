internal import Glibc

/// A file, mapped from its first byte on. Its pages are the page cache's: every process that maps the file
/// shares them. The mapping stays whole after the file is unlinked, and needs no open descriptor.
package struct Mapping: Sendable {
  package let bytes: Bytes

  /// Where it begins, as the kernel lists it.
  package var address: UInt {
    // SAFETY: only a number is made of it.
    unsafe UInt(bitPattern: bytes.base)
  }

  /// Maps `file`, at most `bytesMax` of it; it must not be empty. Only the bell asks for a writable
  /// mapping.
  package static func map(
    _ file: borrowing File, bytesMax: Int = .max, writable: Bool = false
  ) throws(TurnoutError) -> Mapping {
    let protection = writable ? PROT_READ | PROT_WRITE : PROT_READ
    let size = min(try file.status().size, bytesMax)
    guard size > 0 else {
      throw TurnoutError(.corrupt, "\(file.path) is empty.")
    }
    // SAFETY: the kernel chooses the address; nothing of this process is replaced.
    let address = unsafe mmap(nil, size, protection, MAP_SHARED, file.descriptor, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else {
      throw .system(errno, "map \(file.path)")
    }
    // SAFETY: the kernel has just given `size` bytes here, until `unmap`.
    return Mapping(bytes: unsafe Bytes(UnsafeRawBufferPointer(start: address, count: size)))
  }

  /// Brings every page into memory, so that no later read waits for the disk. A file that was
  /// truncated after it was mapped gives `.corrupt` here, not a signal later.
  package func populate(_ file: borrowing File) throws(TurnoutError) {
    // SAFETY: the range is the mapping's own; the call changes no byte.
    let result = retrying {
      unsafe madvise(
        UnsafeMutableRawPointer(mutating: bytes.base), bytes.count, Self.populateRead)
    }
    if result == 0 { return }
    switch errno {
    case EINVAL:
      try populateByReading(file)
    case EFAULT:
      throw TurnoutError(.corrupt, "\(file.path) was truncated while it was read.")
    default:
      throw .system(errno, "read \(file.path) into memory")
    }
  }

  /// Linux before 5.14 has no `MADV_POPULATE_READ`. Reading the file instead fills the page cache
  /// and finds a file that is too short; only a truncation after this line stays unseen.
  func populateByReading(_ file: borrowing File) throws(TurnoutError) {
    let step = 1 << 20
    var offset = 0
    while offset < bytes.count {
      let want = min(step, bytes.count - offset)
      guard try file.read(at: offset, count: want).count == want else {
        throw TurnoutError(.corrupt, "\(file.path) was truncated while it was read.")
      }
      offset += want
    }
  }

  /// Ends the mapping. Nobody may read its bytes from now on.
  package func unmap() {
    // SAFETY: the range is the mapping's own; the caller guarantees that no reader is left.
    unsafe munmap(UnsafeMutableRawPointer(mutating: bytes.base), bytes.count)
  }

  private static let populateRead: Int32 = 22
}
