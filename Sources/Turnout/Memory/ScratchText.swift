/// A short text in the making, on the stack of one call.
@safe
struct ScratchText {
  private let base: UnsafeMutableRawPointer
  private(set) var count = 0
  static let bytesMax = 128

  /// Calls `body` with an empty one.
  @inline(__always)
  static func with<T>(_ body: (inout ScratchText) -> T) -> T {
    // SAFETY: the memory lives for the closure, which may not let the text escape.
    unsafe withUnsafeTemporaryAllocation(byteCount: bytesMax, alignment: 8) { memory in
      // SAFETY: as above; a buffer of 128 bytes has an address.
      var scratch = unsafe ScratchText(memory.baseAddress.unsafelyUnwrapped)
      return body(&scratch)
    }
  }

  private init(_ base: UnsafeMutableRawPointer) {
    // SAFETY: only keeps the address; `with` promises the memory.
    unsafe self.base = unsafe base
  }

  /// Appends a byte; false if there is no room.
  mutating func append(_ byte: UInt8) -> Bool {
    guard count < Self.bytesMax else { return false }
    // SAFETY: count is below the size.
    unsafe base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count &+= 1
    return true
  }

  /// Appends a text; false if there is no room.
  mutating func append(_ text: Text) -> Bool {
    guard text.count <= Self.bytesMax &- count else { return false }
    // SAFETY: the text fits behind what is there.
    if let source = unsafe text.address {
      unsafe (base + count).copyMemory(from: source, byteCount: text.count)
    }
    count &+= text.count
    return true
  }

  // SAFETY: `count` bytes were written.
  var text: Text { unsafe Text(base, count) }
}
