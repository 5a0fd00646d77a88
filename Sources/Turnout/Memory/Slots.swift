/// For each attribute of a table, by its number: which of a request's attributes gives its value.
/// Lives on the stack of one resolve.
@safe
struct Slots {
  private let base: UnsafeMutablePointer<UInt8>

  /// No value.
  static let missing: UInt8 = 0
  /// The default traffic class, a text of the image.
  static let defaultTraffic: UInt8 = 255
  /// Request attributes are numbered from here, constant ones from `constant`.
  static let request: UInt8 = 1
  static let constant: UInt8 = 121

  /// Calls `body` with slots for `count` attributes, all missing but the traffic class.
  @inline(__always)
  static func with<T>(_ count: Int, _ body: (Slots) -> T) -> T {
    // SAFETY: the memory lives for the closure, which may not let the slots escape. A table has at
    // most Format.attributesMax attributes, so that clearing whole words stays inside.
    unsafe withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 16) { memory in
      // SAFETY: as above; a buffer of 1024 bytes has an address.
      let base = unsafe memory.baseAddress.unsafelyUnwrapped
      var i = 0
      while i < count {
        // SAFETY: as above.
        unsafe base.storeBytes(of: 0, toByteOffset: i, as: UInt64.self)
        i &+= 8
      }
      // SAFETY: as above.
      let slots = unsafe Slots(base: base.assumingMemoryBound(to: UInt8.self))
      slots[0] = Slots.defaultTraffic
      return body(slots)
    }
  }

  private init(base: UnsafeMutablePointer<UInt8>) {
    // SAFETY: only keeps the address; what it promises, the type says.
    unsafe self.base = unsafe base
  }

  /// `number` is an attribute's, so below the table's count.
  @inline(__always)
  subscript(number: UInt32) -> UInt8 {
    // SAFETY: the index of attributes and every test hold numbers that validation bounded.
    get { unsafe base[Int(number)] }
    // SAFETY: as above.
    nonmutating set { unsafe base[Int(number)] = newValue }
  }
}
