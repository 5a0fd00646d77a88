/// For each attribute of a table, by its number: which of a request's attributes gives its value.
/// Lives on the stack of one resolve.
@safe
struct Slots {
  private let base: UnsafeMutablePointer<UInt8>
  /// For each of the first attributes: the key of its text, or one that no short text has.
  private let keys: UnsafeMutablePointer<UInt64>

  /// No value.
  static let missing: UInt8 = 0
  /// The default traffic class, a text of the image.
  static let defaultTraffic: UInt8 = 255
  /// Request attributes are numbered from here, constant ones from `constant`.
  static let request: UInt8 = 1
  static let constant: UInt8 = 121
  /// The key of what is missing or no text.
  static let noKey = UInt64.max
  /// The key of the default traffic class: "product" of "production", and ``Format/longKey``.
  static let defaultTrafficKey: UInt64 = 0xFF74_6375_646F_7270

  /// Calls `body` with slots for `count` attributes, all missing but the traffic class.
  @inline(__always)
  static func with<T>(_ count: Int, _ body: (Slots) -> T) -> T {
    // SAFETY: the memory lives for the closures, which may not let the slots escape. A table has at
    // most Format.attributesMax attributes, so that clearing whole words stays inside; as many of them
    // have a key as there is room. Up to 1024 bytes come from the stack.
    unsafe withUnsafeTemporaryAllocation(
      of: UInt64.self, capacity: Format.keyedAttributesMax &+ 1
    ) { keys in
      unsafe withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 16) { memory in
        // SAFETY: as above; such buffers have an address.
        let base = unsafe memory.baseAddress.unsafelyUnwrapped
        // SAFETY: as above.
        let keys = unsafe keys.baseAddress.unsafelyUnwrapped
        // The first few without a loop; most tables have no more.
        // SAFETY: as above.
        unsafe base.storeBytes(of: SIMD16<UInt8>(repeating: 0), as: SIMD16<UInt8>.self)
        // SAFETY: as above.
        unsafe UnsafeMutableRawPointer(keys).storeBytes(
          of: SIMD8<UInt64>(repeating: noKey), as: SIMD8<UInt64>.self)
        // SAFETY: as above.
        if count > 8 { unsafe clear(base, keys, count) }
        // SAFETY: as above.
        let slots = unsafe Slots(base: base.assumingMemoryBound(to: UInt8.self), keys: keys)
        // SAFETY: as above.
        unsafe base.storeBytes(of: Slots.defaultTraffic, as: UInt8.self)
        // SAFETY: as above.
        unsafe keys[0] = Slots.defaultTrafficKey
        // What a rule without a guard compares.
        // SAFETY: as above.
        unsafe keys[Int(Layout.Rule.noGuard)] = 0
        return body(slots)
      }
    }
  }

  /// Clears `count` slots, and those of their keys that there are.
  @inline(never)
  private static func clear(
    _ base: UnsafeMutableRawPointer, _ keys: UnsafeMutablePointer<UInt64>, _ count: Int
  ) {
    // SAFETY: as in with(); the count is at most Format.attributesMax.
    unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: count)
    // SAFETY: as above.
    unsafe keys.update(repeating: noKey, count: Swift.min(count, Format.keyedAttributesMax))
  }

  private init(base: UnsafeMutablePointer<UInt8>, keys: UnsafeMutablePointer<UInt64>) {
    // SAFETY: only keeps the addresses; what they promise, the type says.
    unsafe self.base = unsafe base
    // SAFETY: as above.
    unsafe self.keys = unsafe keys
  }

  /// Says what gives attribute `number` its value, and the key of that if it is a text.
  @inline(__always)
  func set(_ number: UInt32, _ slot: UInt8, key: UInt64 = noKey) {
    // SAFETY: the number is an attribute's, so below the table's count.
    unsafe base[Int(number)] = slot
    // SAFETY: the keys have room for it.
    if number < Format.keyedAttributesMax { unsafe keys[Int(number)] = key }
  }

  /// `number` is an attribute's, so below the table's count.
  @inline(__always)
  subscript(number: UInt32) -> UInt8 {
    // SAFETY: the index of attributes and every test hold numbers that validation bounded.
    unsafe base[Int(number)]
  }

  /// The key of an attribute that has one, as validation found it to be.
  @inline(__always)
  func key(_ number: UInt16) -> UInt64 { key(UInt8(truncatingIfNeeded: number)) }

  /// The same, or 0 for ``Layout/Rule/noGuard``.
  @inline(__always)
  func key(_ number: UInt8) -> UInt64 {
    // SAFETY: as above.
    unsafe keys[Int(number)]
  }
}
