/// Bytes in the making, little-endian.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  var count: Int { bytes.count }

  mutating func append<T: FixedWidthInteger>(_ value: T) {
    var rest = value
    for _ in 0..<(T.bitWidth / 8) {
      bytes.append(UInt8(truncatingIfNeeded: rest))
      rest = T.bitWidth > 8 ? rest >> 8 : 0
    }
  }

  /// A number or a size that the format's limits keep within 32 bits.
  mutating func append(u32 value: Int) { append(UInt32(truncatingIfNeeded: value)) }

  /// The same within 16 bits.
  mutating func append(u16 value: Int) { append(UInt16(truncatingIfNeeded: value)) }

  mutating func append(_ other: some Sequence<UInt8>) { bytes.append(contentsOf: other) }

  mutating func appendZeros(_ count: Int) {
    bytes.append(contentsOf: repeatElement(0, count: count))
  }

  mutating func reserve(_ more: Int) {
    // By doubling: reserving exactly, again and again, would copy everything each time.
    if bytes.capacity < bytes.count + more {
      bytes.reserveCapacity(max(bytes.count + more, bytes.capacity * 2))
    }
  }

  /// Zeros up to a multiple of `unit`.
  mutating func align(_ unit: Int) {
    appendZeros((unit - bytes.count % unit) % unit)
  }

  /// Overwrites what was appended at `offset`.
  mutating func patch<T: FixedWidthInteger>(_ value: T, at offset: Int) {
    for i in 0..<(T.bitWidth / 8) where offset + i < bytes.count {
      bytes[offset + i] = UInt8(truncatingIfNeeded: value >> T(i * 8))
    }
  }

  mutating func patch(u32 value: Int, at offset: Int) {
    patch(UInt32(truncatingIfNeeded: value), at: offset)
  }
}
