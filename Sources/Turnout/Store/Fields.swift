/// Little-endian fields, one after another: how the store's small records are written.
struct FieldWriter {
  private(set) var bytes: [UInt8] = []

  mutating func put<Field: FixedWidthInteger>(_ field: Field) {
    for index in 0..<(Field.bitWidth / 8) {
      bytes.append(UInt8(truncatingIfNeeded: field >> (8 * index)))
    }
  }

  mutating func put(_ digest: Digest) {
    put(digest.low)
    put(digest.high)
  }

  /// The bytes alone; the reader has to know how many.
  mutating func put(raw: some Sequence<UInt8>) {
    bytes.append(contentsOf: raw)
  }

  /// A count of 32 bits, then the bytes.
  mutating func put(text: String) {
    put(UInt32(truncatingIfNeeded: text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  /// Zeros up to the next multiple of `alignment`.
  mutating func pad(to alignment: Int) {
    while bytes.count % alignment != 0 { bytes.append(0) }
  }
}

/// Reads what `FieldWriter` wrote. Every read is checked: nil where the bytes do not suffice.
struct FieldReader {
  private let bytes: [UInt8]
  private(set) var position: Int
  let end: Int

  /// Reads `bytes`, from the first to `end` or to their end.
  init(_ bytes: [UInt8], end: Int? = nil) {
    self.bytes = bytes
    self.position = 0
    self.end = max(0, min(end ?? bytes.count, bytes.count))
  }

  var isAtEnd: Bool { position == end }

  mutating func field<Field: FixedWidthInteger>(_: Field.Type = Field.self) -> Field? {
    let count = Field.bitWidth / 8
    guard end - position >= count else { return nil }
    var field: Field = 0
    for index in 0..<count {
      field |= Field(truncatingIfNeeded: bytes[position + index]) << (8 * index)
    }
    position += count
    return field
  }

  mutating func digest() -> Digest? {
    guard let low = field(UInt64.self), let high = field(UInt64.self) else { return nil }
    return Digest(low: low, high: high)
  }

  mutating func raw(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, end - position >= count else { return nil }
    defer { position += count }
    return bytes[position..<(position + count)]
  }

  /// Text of `count` bytes; nil unless it is UTF-8.
  mutating func text(_ count: Int) -> String? {
    guard let raw = raw(count) else { return nil }
    return String(validating: raw, as: UTF8.self)
  }

  /// A count of 32 bits and as many bytes of UTF-8.
  mutating func text() -> String? {
    guard let count = field(UInt32.self) else { return nil }
    return text(Int(count))
  }

  /// Skips zeros up to the next multiple of `alignment`; false if there are others.
  mutating func skipPadding(to alignment: Int) -> Bool {
    while position % alignment != 0 {
      guard field(UInt8.self) == 0 else { return false }
    }
    return true
  }
}
