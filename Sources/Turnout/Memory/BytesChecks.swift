internal import Glibc

extension Bytes {
  package func isAligned(to alignment: UInt) -> Bool {
    // SAFETY: only the address is looked at.
    unsafe UInt(bitPattern: base) % alignment == 0
  }

  /// Whether these are the bytes of `other` from `offset` on.
  func holds(_ other: Bytes, at offset: Int) -> Bool {
    // SAFETY: only looks whether there are addresses.
    guard let part = other.slice(offset, count), let own = unsafe base, let its = unsafe part.base
    else { return false }
    // SAFETY: both are readable for `count` bytes during the call.
    return unsafe memcmp(own, its, count) == 0
  }

  /// Whether these are the same bytes as an array's.
  package func holds(_ array: [UInt8]) -> Bool {
    // SAFETY: only the address is looked at.
    guard count == array.count, let base = unsafe base else { return count == array.count }
    // SAFETY: both are readable for `count` bytes during the call.
    return unsafe memcmp(base, array, count) == 0
  }
}

package enum PageSize {
  /// The size of this system's pages.
  package static var bytes: Int { sysconf(Int32(_SC_PAGESIZE)) }
}
