internal import Glibc

extension Bytes {
  /// The part of this mapping that lies where `other` lies in a second mapping of the same file,
  /// which begins at the address `base`: `count` bytes of it after the first `skipped`. Nil when
  /// that is not wholly within both.
  package func part(like other: Bytes, from base: UInt, skipping skipped: Int, count: Int) -> Bytes? {
    let base = base == 0 ? other.mapBase : base
    guard other.has(skipped, count), other.address >= base,
      let offset = Int(exactly: other.address - base), has(offset, other.count)
    else { return nil }
    return slice(offset + skipped, count)
  }

  package func isAligned(to alignment: UInt) -> Bool {
    address % alignment == 0
  }

  /// Where LMDB's map begins, from the number in the header of the page that this value begins.
  private var mapBase: UInt {
    guard address % 4096 == 16, let header = unsafe UnsafePointer<UInt>(bitPattern: address - 16)
    else { return 0 }
    // SAFETY: a value in pages of its own begins 16 bytes into the first of them.
    let offset = unsafe header.pointee.multipliedReportingOverflow(by: 4096).partialValue
    return address &- 16 &- offset
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
