internal import CTurnout

/// A part of an output buffer.
struct Part {
  var start: Int
  var count: Int

  static let absent = Part(start: -1, count: 0)
}

/// What a decision says, its texts as parts of the caller's buffer.
struct Decided {
  var flags: UInt32 = 0
  var reason: UInt32 = 0
  var model = Part.absent
  var version = Part.absent
  var cluster = Part.absent
  var shard = Part.absent
  var address = Part.absent
  var routingKey = Part.absent
  var rule = Part.absent
  var traffic = Part.absent
  var config = Part.absent
}

/// The caller's buffer, filled from its start. It asks for room before it writes; what does not fit
/// is only counted, so that `used` says how much room it takes.
@safe
package struct OutputBuffer {
  private let base: UnsafeMutableRawPointer?
  let size: Int
  private(set) var used = 0

  /// - Safety: `size` bytes from `base` on are writable during the call.
  @unsafe
  package init(_ base: UnsafeMutableRawPointer?, _ size: Int) {
    // SAFETY: only keeps the address; what it promises, the type says.
    unsafe self.base = unsafe base
    // A null buffer holds nothing, whatever its size is said to be.
    // SAFETY: only looks whether there is an address.
    self.size = unsafe base == nil ? 0 : max(0, size)
  }

  @inline(__always) var fits: Bool { used <= size }

  /// What is left of the buffer, for the next decision of a batch.
  func rest() -> OutputBuffer {
    // SAFETY: used is at most size where it fits.
    unsafe OutputBuffer(base.map { unsafe $0 + used }, size &- used)
  }

  /// The text of a part that was appended.
  @inline(__always)
  func text(_ part: Part) -> turnout_text {
    // SAFETY: only looks whether there is an address.
    guard part.start >= 0, let base = unsafe base else {
      // SAFETY: an absent text.
      return unsafe turnout_text(data: nil, size: 0)
    }
    // SAFETY: the part lies inside what was appended.
    return unsafe turnout_text(
      data: UnsafePointer((base + part.start).assumingMemoryBound(to: CChar.self)),
      size: part.count)
  }

  /// Copies `count` bytes of an image. Where there is room, sixteen at a time: an image has as many
  /// after every text, and what lies beyond `used` in the buffer means nothing.
  @inline(__always)
  mutating func append(_ source: Place, _ count: Int) -> Int {
    let start = used
    used &+= count
    // SAFETY: only looks whether there is an address.
    guard let base = unsafe base else { return start }
    if used &+ 16 <= size {
      var i = 0
      while i < count {
        // SAFETY: i < count, so the store ends below used + 16, and the load inside the image.
        unsafe (base + (start &+ i)).storeBytes(
          of: source.address.loadUnaligned(fromByteOffset: i, as: SIMD16<UInt8>.self),
          as: SIMD16<UInt8>.self)
        i &+= 16
      }
    } else if used <= size {
      // SAFETY: the part fits.
      unsafe (base + start).copyMemory(from: source.address, byteCount: count)
    }
    return start
  }

  /// Copies any text.
  @inline(__always)
  mutating func append(_ text: Text) -> Part {
    let start = used
    used &+= text.count
    // SAFETY: only looks whether there is an address.
    if used <= size, let base = unsafe base, let source = unsafe text.address {
      // SAFETY: the part fits.
      unsafe (base + start).copyMemory(from: source, byteCount: text.count)
    }
    return Part(start: start, count: text.count)
  }

  /// Appends one byte.
  mutating func append(_ byte: UInt8) {
    // SAFETY: only looks whether there is an address.
    if used < size, let base = unsafe base {
      // SAFETY: the byte fits.
      unsafe base.storeBytes(of: byte, toByteOffset: used, as: UInt8.self)
    }
    used &+= 1
  }
}
