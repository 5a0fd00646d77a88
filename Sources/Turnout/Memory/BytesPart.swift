internal import Glibc

extension Bytes {
  /// The part of this mapping that lies where `other` lies in a second mapping of the same file,
  /// which begins at the address `base`: `count` bytes of it after the first `skipped`. Nil when
  /// that is not wholly within both.
  package func part(like other: Bytes, from base: UInt, skipping skipped: Int, count: Int) -> Bytes? {
    // SAFETY: only addresses are computed.
    let address = unsafe UInt(bitPattern: other.base)
    guard address >= base, skipped >= 0, count >= 0, skipped <= other.count,
      count <= other.count - skipped,
      let offset = Int(exactly: address - base), offset <= self.count,
      other.count <= self.count - offset
    else { return nil }
    // SAFETY: `offset + skipped + count` is at most this view's count, by the guard.
    return unsafe Bytes(base: self.base + offset + skipped, count: count)
  }

  package func isAligned(to alignment: UInt) -> Bool {
    // SAFETY: only the address is looked at.
    unsafe UInt(bitPattern: base) % alignment == 0
  }

  /// A copy.
  package var array: [UInt8] {
    // SAFETY: the owner of the memory keeps it readable.
    unsafe [UInt8](UnsafeRawBufferPointer(start: base, count: count))
  }
}

package enum PageSize {
  /// The size of this system's pages.
  package static var bytes: Int { sysconf(Int32(_SC_PAGESIZE)) }
}
