internal import CTurnout

/// Where a request goes: the texts that say it, where they stand, and how large they are.
struct DestinationTexts {
  /// Model and version, one after the other.
  var version: Place
  var modelBytes: Int
  var versionBytes: Int
  /// Cluster, shard, address and routing key, one after the other.
  var shard: Place
  var clusterBytes: Int
  var shardBytes: Int
  var addressBytes: Int
  var keyBytes: Int

  @inline(__always) var versionTextBytes: Int { modelBytes &+ versionBytes }
  @inline(__always) var shardTextBytes: Int {
    clusterBytes &+ shardBytes &+ addressBytes &+ keyBytes
  }
  @inline(__always) var bytes: Int { versionTextBytes &+ shardTextBytes }
}

/// The same of a model version whose record has all of it: its texts, and behind them those of a shard
/// without a name.
struct DirectDestination {
  private let version: Place
  /// The section of texts.
  private let section: Place

  @inline(__always)
  init(_ version: Place, _ section: Place) {
    self.version = version
    self.section = section
  }

  // Read where they are needed, since there are more of them than registers.
  @inline(__always) var texts: Place { section + version.u32(Layout.Version.text) }
  @inline(__always) var modelBytes: Int { Int(version.u16(Layout.Version.modelBytes)) }
  @inline(__always) var versionBytes: Int { Int(version.u16(Layout.Version.versionBytes)) }
  @inline(__always) var clusterBytes: Int { Int(version.u16(Layout.Version.clusterBytes)) }
  @inline(__always) var addressBytes: Int { Int(version.u16(Layout.Version.addressBytes)) }
  @inline(__always) var keyBytes: Int { Int(version.u16(Layout.Version.keyBytes)) }
  /// Of all five.
  @inline(__always) var bytes: Int { Int(version.u16(Layout.Version.textBytes)) }
}

/// What a decision says beside its lists.
struct Decided {
  var flags: UInt32 = 0
  var reason: UInt32 = 0
  var destination: DestinationTexts
  var rule: Place
  var ruleBytes: Int
  /// The caller's own, or the first text of the image, the default's.
  var traffic: Text
  var trafficIsDefault: Bool
  var texts: Place
  /// Bytes of the config, which stands after all other texts; 0 without one.
  var config = 0

  /// The bytes of all but the config.
  @inline(__always) var bytes: Int { destination.bytes &+ ruleBytes &+ traffic.count }
}

/// The caller's buffer, filled from its start. It asks for room before it writes; what does not fit
/// is only counted, so that `used` says how much room it takes.
@safe
package struct OutputBuffer {
  private let base: UnsafeMutableRawPointer?
  /// A size_t, so that it may be more than will ever be written.
  private let size: UInt
  private(set) var used = 0

  /// - Safety: `size` bytes from `base` on are writable during the call.
  @unsafe
  package init(_ base: UnsafeMutableRawPointer?, _ size: Int) {
    // SAFETY: only keeps the address; what it promises, the type says.
    unsafe self.base = unsafe base
    // A null buffer holds nothing, whatever its size is said to be.
    // SAFETY: only looks whether there is an address.
    self.size = unsafe base == nil ? 0 : UInt(bitPattern: size)
  }

  @inline(__always) var fits: Bool { has(used) }
  @inline(__always) func has(_ count: Int) -> Bool { UInt(bitPattern: count) <= size }

  /// What is left of the buffer behind `count` bytes that fit, for the next decision of a batch.
  @inline(__always)
  func rest(_ count: Int) -> OutputBuffer {
    // SAFETY: so much fits.
    unsafe OutputBuffer(
      base.map { unsafe $0 + count }, Int(bitPattern: size &- UInt(bitPattern: count)))
  }

  /// Asks for room for `count` bytes and gives the offset where they will stand.
  @inline(__always)
  mutating func take(_ count: Int) -> Int {
    let start = used
    used &+= count
    return start
  }

  /// Whether texts may be copied ``Pen/step`` bytes at a time: what lies beyond `used` in the buffer
  /// means nothing.
  @inline(__always) var hasStep: Bool { has(used &+ Pen.step) }

  /// A pen at an offset that was taken, where it fits.
  @inline(__always)
  func pen(_ start: Int) -> Pen {
    // SAFETY: what fits has a buffer, and the offset lies inside.
    unsafe Pen(base.unsafelyUnwrapped + start)
  }

  /// Copies `count` bytes of an image, where they fit.
  mutating func append(_ source: Place, _ count: Int) {
    let start = take(count)
    if fits, count > 0 { pen(start).copy(source, count) }
  }

  /// Appends one byte.
  mutating func append(_ byte: UInt8) {
    // SAFETY: only looks whether there is an address.
    if has(used &+ 1), let base = unsafe base {
      // SAFETY: the byte fits.
      unsafe base.storeBytes(of: byte, toByteOffset: used, as: UInt8.self)
    }
    used &+= 1
  }
}

/// Writes texts one after the other into room that was asked for.
@safe
struct Pen {
  private(set) var address: UnsafeMutableRawPointer

  /// The most bytes that are copied at once where there is room; an image has as many after every
  /// text.
  static var step: Int { Format.tailBytes }

  @inline(__always)
  init(_ address: UnsafeMutableRawPointer) {
    // SAFETY: only keeps the address; what it promises, the type says.
    unsafe self.address = unsafe address
  }

  /// The next `count` bytes as a text; absent without any.
  @inline(__always)
  mutating func text(_ count: Int) -> turnout_text {
    // SAFETY: the room was asked for.
    let text = unsafe turnout_text(data: address.assumingMemoryBound(to: CChar.self), size: count)
    // SAFETY: as above.
    unsafe address += count
    return unsafe text
  }

  /// Copies bytes of an image: where there is room for a step more, `first` at once, a multiple of 16
  /// up to a step, which is seldom too few.
  @inline(__always)
  func put(_ source: Place, _ count: Int, first: Int, _ steps: Bool) {
    guard steps else { return copy(source, count) }
    var i = 0
    while i < first {
      // SAFETY: first is at most a step, so that the store ends in the room, and the load inside the
      // image.
      unsafe (address + i).storeBytes(
        of: source.address.loadUnaligned(fromByteOffset: i, as: SIMD16<UInt8>.self),
        as: SIMD16<UInt8>.self)
      i &+= 16
    }
    if count > first { copy(source, count) }
  }

  /// Copies bytes of an image, no more than `count`.
  @inline(never)
  func copy(_ source: Place, _ count: Int) {
    // SAFETY: the room was asked for.
    unsafe address.copyMemory(from: source.address, byteCount: count)
  }

  /// Copies a text of the caller's.
  @inline(never)
  func copy(_ text: Text) {
    // SAFETY: only looks whether there is an address.
    guard let source = unsafe text.address else { return }
    // SAFETY: the room was asked for.
    unsafe address.copyMemory(from: source, byteCount: text.count)
  }
}
