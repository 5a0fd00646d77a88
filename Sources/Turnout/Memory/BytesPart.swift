internal import Glibc

extension Bytes {
  /// The part of this mapping that lies where `other` lies in a second mapping of the same file,
  /// which begins at the address `base`: `count` bytes of it after the first `skipped`. Nil when
  /// that is not wholly within both.
  package func part(like other: Bytes, from base: UInt, skipping skipped: Int, count: Int) -> Bytes? {
    guard other.has(skipped, count), other.address >= base,
      let offset = Int(exactly: other.address - base), has(offset, other.count)
    else { return nil }
    return slice(offset + skipped, count)
  }

  package func isAligned(to alignment: UInt) -> Bool {
    address % alignment == 0
  }

  private var address: UInt {
    // SAFETY: only the address is looked at.
    unsafe UInt(bitPattern: base)
  }
}

package enum PageSize {
  /// The size of this system's pages.
  package static var bytes: Int { sysconf(Int32(_SC_PAGESIZE)) }
}
