/// Read-only memory of which nothing is known but its extent: every read is checked. Little-endian.
///
/// Whoever makes one keeps the memory readable for as long as the value is used; a `Bytes` owns
/// nothing. Any thread may read.
@safe
package struct Bytes: @unchecked Sendable {
  package let count: Int
  let base: UnsafeRawPointer?

  package init(_ buffer: UnsafeRawBufferPointer) {
    count = buffer.count
    // SAFETY: the caller keeps the buffer readable; see above.
    unsafe base = buffer.baseAddress
  }

  /// The part `range`, or nil where it reaches outside.
  package func slice(_ offset: Int, _ size: Int) -> Bytes? {
    // SAFETY: only looks whether there is an address.
    guard has(offset, size), let base = unsafe base else { return nil }
    // SAFETY: has() found the range inside.
    return unsafe Bytes(UnsafeRawBufferPointer(start: base + offset, count: size))
  }

  /// Whether `size` bytes from `offset` on lie inside.
  @inline(__always)
  package func has(_ offset: Int, _ size: Int) -> Bool {
    offset >= 0 && size >= 0 && offset <= count && size <= count &- offset
  }

  @inline(__always)
  package func read<T: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, as type: T.Type) -> T? {
    // SAFETY: only looks whether there is an address.
    guard has(offset, MemoryLayout<T>.size), let base = unsafe base else { return nil }
    // SAFETY: has() found the range inside.
    return unsafe T(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: T.self))
  }

  @inline(__always) package func u8(_ offset: Int) -> UInt8? { read(offset, as: UInt8.self) }
  @inline(__always) package func u16(_ offset: Int) -> UInt16? { read(offset, as: UInt16.self) }
  @inline(__always) package func u32(_ offset: Int) -> UInt32? { read(offset, as: UInt32.self) }
  @inline(__always) package func u64(_ offset: Int) -> UInt64? { read(offset, as: UInt64.self) }

  /// XXH3-64 of the part, or nil where it reaches outside.
  package func hash64(_ offset: Int, _ size: Int) -> UInt64? {
    guard has(offset, size) else { return nil }
    // SAFETY: has() found the range inside; a null base has count 0.
    return unsafe XXH3.hash64(
      UnsafeRawBufferPointer(start: base.map { unsafe $0 + offset }, count: size))
  }

  /// XXH3-128 of everything from `offset` on; of nothing where that is outside.
  package func digest(from offset: Int) -> Digest {
    guard has(offset, 0) else { return digest(from: count) }
    // SAFETY: has() found the range inside.
    return unsafe XXH3.digest(
      UnsafeRawBufferPointer(start: base.map { unsafe $0 + offset }, count: count &- offset))
  }

  /// A copy of the part, or nil where it reaches outside.
  package func copy(_ offset: Int, _ size: Int) -> [UInt8]? {
    guard let part = slice(offset, size) else { return size == 0 && has(offset, 0) ? [] : nil }
    // SAFETY: part lies inside.
    return unsafe [UInt8](UnsafeRawBufferPointer(start: part.base, count: part.count))
  }

  /// The part as text; ill-formed UTF-8 is repaired. Nil where it reaches outside.
  package func string(_ offset: Int, _ size: Int) -> String? {
    copy(offset, size).map { String(decoding: $0, as: UTF8.self) }
  }
}

extension Array where Element == UInt8 {
  /// The array's bytes, readable during the call only.
  package func withBytes<T, E: Error>(_ body: (Bytes) throws(E) -> T) throws(E) -> T {
    // SAFETY: the array outlives the closure, which may not let the value escape.
    let result: Result<T, E> = unsafe withUnsafeBytes { buffer in
      do throws(E) {
        return .success(try body(unsafe Bytes(buffer)))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }
}

extension Bytes {
  /// All of it, to be read as a text.
  // SAFETY: the same memory under the same guarantee.
  var text: Text { unsafe Text(base, count) }
}
