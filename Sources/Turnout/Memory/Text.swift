internal import CThread

/// Some bytes that stay readable for the length of one call: an input of the caller's, or a text
/// of an image.
@safe
struct Text {
  let address: UnsafeRawPointer?
  let count: Int

  @inline(__always)
  init(_ address: UnsafeRawPointer?, _ count: Int) {
    // SAFETY: only keeps the address; what it promises, the type says.
    unsafe self.address = unsafe address
    self.count = count
  }

  static var empty: Text {
    // SAFETY: of none, nothing is read.
    unsafe Text(nil, 0)
  }

  @inline(__always) var isEmpty: Bool { count == 0 }

  @inline(__always)
  var buffer: UnsafeRawBufferPointer {
    // SAFETY: whoever made the text keeps it readable; a null address has count 0.
    unsafe UnsafeRawBufferPointer(start: address, count: count)
  }

  @inline(__always)
  var hash64: UInt64 {
    // SAFETY: as for buffer.
    unsafe XXH3.hash64(address, count)
  }

  /// Where the text stands on the ring of an allocation with this seed.
  @inline(__always)
  func position(seed: UInt64) -> UInt32 {
    // SAFETY: as for buffer.
    Ring.position(hash: unsafe XXH3.hash64(address, count, seed: seed))
  }

  /// A name in two words: its first eight bytes and its last eight, or a shorter one and 0. A name of
  /// up to ``nameWordsBytes`` is nothing but these and its size.
  @inline(__always)
  var nameWords: (UInt64, UInt64) {
    // SAFETY: only looks whether there is an address.
    guard count >= 8, let address = unsafe address else { return (shortWord, 0) }
    // SAFETY: both loads lie inside the count.
    return unsafe (Self.word(address, 0), Self.word(address, count &- 8))
  }

  @inline(__always) static var nameWordsBytes: Int { 16 }

  /// Whether a text of at least eight bytes is ASCII.
  @inline(__always)
  var isLongASCII: Bool {
    // SAFETY: only looks whether there is an address.
    guard let address = unsafe address else { return true }
    let last = count &- 8
    // SAFETY: the last word ends with the text, and the others lie before it.
    var bits = unsafe Self.word(address, last)
    var i = 0
    while i < last {
      // SAFETY: as above.
      bits |= unsafe Self.word(address, i)
      i &+= 8
    }
    return bits & Self.keyNotASCII == 0
  }

  /// The bytes of a text of at most seven, padded with zeros.
  @inline(__always)
  private var shortWord: UInt64 {
    // SAFETY: only looks whether there is an address.
    guard let address = unsafe address else { return 0 }
    let bits = UInt64(truncatingIfNeeded: count) &* 8
    if count >= 4 {
      // SAFETY: no load reaches beyond the count: the second of each size overlaps the first.
      let (low, high) = unsafe (Self.half(address, 0), Self.half(address, count &- 4))
      return UInt64(low) | UInt64(high) &<< (bits &- 32)
    }
    if count >= 2 {
      // SAFETY: as above.
      let (low, high) = unsafe (Self.quarter(address, 0), Self.quarter(address, count &- 2))
      return UInt64(low) | UInt64(high) &<< (bits &- 16)
    }
    return count == 0 ? 0 : UInt64(byte(0))
  }

  /// The key of a text that is not empty and has at most seven bytes.
  @inline(__always)
  var shortKey: UInt64 { shortWord | UInt64(truncatingIfNeeded: count) &<< 56 }

  /// The key of a text of at least eight bytes.
  @inline(__always)
  var longTextKey: UInt64 {
    // SAFETY: the load lies inside the count, so that there is an address.
    unsafe Self.word(address.unsafelyUnwrapped, 0) | Format.longKey
  }

  /// The text in one word, for comparing: up to seven bytes whole with their number above them; of
  /// a longer one the first seven, and ``Format/longKey``.
  @inline(__always)
  var key: UInt64 {
    // SAFETY: only looks whether there is an address.
    // SAFETY: only looks whether there is an address.
    if unsafe address == nil { return 0 }
    if count >= 8 { return longTextKey }
    return shortWord | UInt64(truncatingIfNeeded: count) &<< 56
  }

  /// The highest bits of a key's bytes: none is set in one that is ASCII and whole.
  @inline(__always) static var keyNotASCII: UInt64 { 0x8080_8080_8080_8080 }

  @inline(__always)
  static func == (a: Text, b: Text) -> Bool {
    guard a.count == b.count else { return false }
    // SAFETY: only looks whether there is an address.
    guard let x = unsafe a.address, let y = unsafe b.address else { return true }
    // SAFETY: both are readable for the common count.
    return unsafe equal(x, y, a.count)
  }

  @inline(__always)
  private static func equal(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ count: Int) -> Bool {
    // SAFETY: both are readable for `count` bytes, and no load reaches beyond: the last word of
    // each size overlaps the one before.
    if count >= 8 {
      let last = count &- 8
      if count <= 24 {
        let middle = Swift.min(8, last)
        return unsafe (word(a, 0) ^ word(b, 0)) | (word(a, middle) ^ word(b, middle))
          | (word(a, last) ^ word(b, last)) == 0
      }
      var i = 0
      while i < last {
        if unsafe word(a, i) != word(b, i) { return false }
        i &+= 8
      }
      return unsafe word(a, last) == word(b, last)
    }
    // SAFETY: as above.
    if count >= 4 {
      let last = count &- 4
      return unsafe half(a, 0) == half(b, 0) && half(a, last) == half(b, last)
    }
    var i = 0
    while i < count {
      // SAFETY: as above.
      if unsafe a.load(fromByteOffset: i, as: UInt8.self)
        != b.load(fromByteOffset: i, as: UInt8.self)
      {
        return false
      }
      i &+= 1
    }
    return true
  }

  @inline(__always)
  private static func word(_ p: UnsafeRawPointer, _ i: Int) -> UInt64 {
    // SAFETY: the caller bounds i.
    unsafe p.loadUnaligned(fromByteOffset: i, as: UInt64.self)
  }

  @inline(__always)
  private static func half(_ p: UnsafeRawPointer, _ i: Int) -> UInt32 {
    // SAFETY: the caller bounds i.
    unsafe p.loadUnaligned(fromByteOffset: i, as: UInt32.self)
  }

  @inline(__always)
  private static func quarter(_ p: UnsafeRawPointer, _ i: Int) -> UInt16 {
    // SAFETY: the caller bounds i.
    unsafe p.loadUnaligned(fromByteOffset: i, as: UInt16.self)
  }

  /// The byte at `i`, which is below the count.
  @inline(__always)
  func byte(_ i: Int) -> UInt8 {
    // SAFETY: the caller bounds i; with a count above 0 the address is not null.
    unsafe address.unsafelyUnwrapped.load(fromByteOffset: i, as: UInt8.self)
  }

  /// The part from `start` on, which is at most the count.
  @inline(__always)
  func part(_ start: Int, _ size: Int) -> Text {
    // SAFETY: the caller bounds both.
    unsafe Text(address.map { unsafe $0 + start }, size)
  }

  /// Order by bytes: negative, zero or positive.
  func compare(_ other: Text) -> Int {
    let common = Swift.min(count, other.count)
    var i = 0
    while i < common {
      let a = byte(i)
      let b = other.byte(i)
      if a != b { return a < b ? -1 : 1 }
      i &+= 1
    }
    return count &- other.count
  }

  func starts(with prefix: Text) -> Bool {
    count >= prefix.count && part(0, prefix.count) == prefix
  }

  func ends(with suffix: Text) -> Bool {
    count >= suffix.count && part(count &- suffix.count, suffix.count) == suffix
  }

  func contains(_ other: Text) -> Bool {
    guard count >= other.count else { return false }
    // SAFETY: only looks whether there are addresses.
    guard let address = unsafe address, let sought = unsafe other.address else { return true }
    // The system's takes time in proportion to both, whatever stands there.
    // SAFETY: both are readable for their counts.
    return unsafe cmemory_contains(address, count, sought, other.count) != 0
  }

  /// Whether the bytes are well-formed UTF-8. ASCII, the usual case, is found eight at a time.
  @inline(__always)
  var isUTF8: Bool {
    var i = 0
    // SAFETY: only looks whether there is an address.
    guard let address = unsafe address else { return true }
    while i &+ 8 <= count {
      // SAFETY: the loop's condition bounds i.
      if unsafe Self.word(address, i) & 0x8080_8080_8080_8080 != 0 { return isUTF8Slow }
      i &+= 8
    }
    while i < count {
      if byte(i) >= 0x80 { return isUTF8Slow }
      i &+= 1
    }
    return true
  }

  @inline(never)
  private var isUTF8Slow: Bool {
    var i = 0
    while i < count {
      let lead = byte(i)
      var low: UInt8 = 0x80
      var high: UInt8 = 0xBF
      let length: Int
      switch lead {
      case 0...0x7F: length = 1
      case 0xC2...0xDF: length = 2
      case 0xE0...0xEF:
        length = 3
        if lead == 0xE0 { low = 0xA0 }
        if lead == 0xED { high = 0x9F }
      case 0xF0...0xF4:
        length = 4
        if lead == 0xF0 { low = 0x90 }
        if lead == 0xF4 { high = 0x8F }
      default: return false
      }
      if i &+ length > count { return false }
      var k = 1
      while k < length {
        let next = byte(i &+ k)
        if next < low || next > high { return false }
        low = 0x80
        high = 0xBF
        k &+= 1
      }
      i &+= length
    }
    return true
  }
}
