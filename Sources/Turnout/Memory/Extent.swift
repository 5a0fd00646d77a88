/// An image while it is validated: memory that is read without looking each time where it ends.
/// Little-endian.
///
/// Validation compares the extent of a record with that of its section once, and then reads the record's
/// fields here. A debug build compares every single read all the same, and that is what the tests run
/// that damage every byte of a table.
@safe
struct Extent: @unchecked Sendable {
  private let address: UnsafeRawPointer
  let count: Int

  /// The memory of `bytes`, which stays readable for as long as this is used; nil if there is none.
  init?(_ bytes: Bytes) {
    // SAFETY: only looks whether there is an address.
    guard let base = unsafe bytes.base else { return nil }
    // SAFETY: only keeps the address.
    unsafe address = base
    count = bytes.count
  }

  @inline(__always)
  private func has(_ at: Int, _ size: Int) -> Bool {
    at >= 0 && size >= 0 && at <= count && size <= count &- at
  }

  @inline(__always)
  private func read<T: FixedWidthInteger & BitwiseCopyable>(_ at: Int, as type: T.Type) -> T {
    assert(has(at, MemoryLayout<T>.size), "validation reads outside the image")
    // SAFETY: validation has compared the record's extent with the image's, as the type says.
    return unsafe T(littleEndian: address.loadUnaligned(fromByteOffset: at, as: T.self))
  }

  @inline(__always) func u8(_ at: Int) -> UInt8 { read(at, as: UInt8.self) }
  @inline(__always) func u16(_ at: Int) -> UInt16 { read(at, as: UInt16.self) }
  @inline(__always) func u32(_ at: Int) -> UInt32 { read(at, as: UInt32.self) }
  @inline(__always) func u64(_ at: Int) -> UInt64 { read(at, as: UInt64.self) }
  @inline(__always) func int(_ at: Int) -> Int { Int(u32(at)) }

  /// The `size` bytes at `at`.
  @inline(__always)
  func text(_ at: Int, _ size: Int) -> Text {
    assert(has(at, size), "validation reads outside the image")
    // SAFETY: as above.
    return unsafe Text(address + at, size)
  }

  /// XXH3-64 of the `size` bytes at `at`. Out of line: the hash is large.
  @inline(never)
  func hash64(_ at: Int, _ size: Int) -> UInt64 { text(at, size).hash64 }

  /// Whether the bytes `from ..< to` are zero. Of the loads of a size the last overlaps the one before.
  @inline(__always)
  func isZero(_ from: Int, _ to: Int) -> Bool {
    var at = from
    if to &- at >= 8 {
      while at < to &- 8 {
        if u64(at) != 0 { return false }
        at &+= 8
      }
      return u64(to &- 8) == 0
    }
    if to &- at >= 4 { return u32(at) | u32(to &- 4) == 0 }
    while at < to {
      if u8(at) != 0 { return false }
      at &+= 1
    }
    return true
  }
}
