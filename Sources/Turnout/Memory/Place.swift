/// A place in a validated image. Reads are not checked: validation has proved, once, that every
/// offset, count and index in the image leads to a place inside it.
///
/// The image stays mapped while the place is used: the caller has announced its snapshot, or
/// pinned it, or owns the bytes.
@safe
struct Place: @unchecked Sendable {
  let address: UnsafeRawPointer

  /// The start of `bytes`, which must not be empty.
  /// - Safety: `bytes` holds an image that `Image.validate` accepted.
  @unsafe
  init?(validated bytes: Bytes) {
    // SAFETY: only looks whether there is an address.
    guard let base = unsafe bytes.base else { return nil }
    // SAFETY: only keeps the address; what it promises, the type says.
    unsafe address = base
  }

  @inline(__always)
  private init(_ address: UnsafeRawPointer) {
    // SAFETY: only keeps the address; what it promises, the type says.
    unsafe self.address = unsafe address
  }

  @inline(__always)
  static func + (place: Place, offset: Int) -> Place {
    // SAFETY: validation bounds every offset; an address alone reads nothing.
    unsafe Place(place.address + offset)
  }

  /// How many bytes behind another place of the same image.
  @inline(__always)
  static func - (place: Place, other: Place) -> Int {
    // SAFETY: only the addresses are looked at.
    unsafe place.address - other.address
  }

  @inline(__always)
  static func + (place: Place, offset: UInt32) -> Place { place + Int(offset) }

  @inline(__always)
  private func load<T: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, as type: T.Type) -> T {
    // SAFETY: validation bounds every offset that the resolver reads at.
    unsafe T(littleEndian: address.loadUnaligned(fromByteOffset: offset, as: T.self))
  }

  @inline(__always) func u8(_ offset: Int) -> UInt8 { load(offset, as: UInt8.self) }
  @inline(__always) func u16(_ offset: Int) -> UInt16 { load(offset, as: UInt16.self) }
  @inline(__always) func u32(_ offset: Int) -> UInt32 { load(offset, as: UInt32.self) }
  @inline(__always) func u64(_ offset: Int) -> UInt64 { load(offset, as: UInt64.self) }
  @inline(__always) func f64(_ offset: Int) -> Double { Double(bitPattern: u64(offset)) }

  /// The `size` bytes from here on.
  @inline(__always)
  func text(_ size: Int) -> Text {
    // SAFETY: validation bounds every text.
    unsafe Text(address, size)
  }
}

extension Image {
  /// The end of validation: from here on the image is read without checks.
  init(vouched bytes: Bytes, digest: Digest) throws(TurnoutError) {
    // SAFETY: Image.validate has just read every byte, and is the only caller.
    guard let start = unsafe Place(validated: bytes) else {
      throw TurnoutError(.corrupt, "the table is empty")
    }
    self.init(validated: bytes, start: start, digest: digest)
  }
}
