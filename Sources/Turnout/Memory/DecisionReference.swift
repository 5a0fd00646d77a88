package import CTurnout

/// The decision that a caller wants filled, and the buffer for its texts.
@safe
package struct DecisionReference {
  let pointer: UnsafeMutablePointer<turnout_decision>

  /// - Safety: the decision is writable during the call, for all of its type.
  @unsafe
  package init(_ pointer: UnsafeMutablePointer<turnout_decision>) {
    // SAFETY: only keeps the address; what it promises, the type says.
    unsafe self.pointer = unsafe pointer
  }

  @inline(__always) static var structSizeMin: Int {
    // SAFETY: only the type's size.
    unsafe MemoryLayout<turnout_decision>.size
  }

  @inline(__always) static var structSizeMax: Int { 65_536 }

  /// Whether the struct is one that this library can fill.
  @inline(__always) package var isWithinLimits: Bool {
    structSize == Self.structSizeMin || isLaterStruct
  }

  @inline(never) private var isLaterStruct: Bool {
    structSize > Self.structSizeMin && structSize <= Self.structSizeMax
  }

  @inline(__always) var structSize: Int {
    // SAFETY: the caller keeps the decision writable during the call, for all of this type.
    unsafe pointer.pointee.struct_size
  }

  /// Everything absent but what is said here.
  package func clear(_ status: Status, revision: UInt64, digest: Digest, needed: Int = 0) {
    // SAFETY: as above; struct_size was found to cover the struct.
    let size = unsafe pointer.pointee.struct_size
    // SAFETY: as above.
    unsafe pointer.initialize(to: turnout_decision())
    // SAFETY: as above.
    unsafe pointer.pointee.struct_size = size
    // SAFETY: as above.
    unsafe pointer.pointee.status = status.rawValue
    // SAFETY: as above.
    unsafe pointer.pointee.revision = revision
    // SAFETY: as above.
    unsafe pointer.pointee.buffer_needed = needed
    setDigest(digest)
    clearTail()
  }

  /// What a later version's struct has and this one does not know is zero.
  @inline(__always)
  func clearTail() {
    if structSize != Self.structSizeMin { clearTailOfLaterStruct() }
  }

  @inline(never)
  private func clearTailOfLaterStruct() {
    // Read once: texts may have been written over it, if a caller's buffer overlaps its decision.
    let size = Swift.min(structSize, Self.structSizeMax)
    var i = Self.structSizeMin
    while i < size {
      // SAFETY: struct_size is the caller's promise, bounded by Arguments.
      unsafe UnsafeMutableRawPointer(pointer).storeBytes(of: 0, toByteOffset: i, as: UInt8.self)
      i &+= 1
    }
  }

  @inline(__always)
  private func setDigest(_ digest: Digest) {
    // SAFETY: the field has 16 bytes; the high half is written first, most significant byte first.
    unsafe withUnsafeMutableBytes(of: &pointer.pointee.digest) { bytes in
      // SAFETY: as above.
      unsafe bytes.storeBytes(of: digest.high.bigEndian, toByteOffset: 0, as: UInt64.self)
      // SAFETY: as above.
      unsafe bytes.storeBytes(of: digest.low.bigEndian, toByteOffset: 8, as: UInt64.self)
    }
  }

  /// Fills in a decision and copies its texts to where the pen stands; `steps` where there is room
  /// for a step more than they take.
  @inline(__always)
  func fill(
    _ decided: Decided, _ pen: Pen, steps: Bool, revision: UInt64, digest: Digest, needed: Int
  ) {
    var pen = pen
    let destination = decided.destination
    // SAFETY: as above, for every field.
    unsafe pointer.pointee.status = Status.ok.rawValue
    unsafe pointer.pointee.flags = decided.flags
    unsafe pointer.pointee.revision = revision
    setDigest(digest)
    pen.put(destination.version, destination.versionTextBytes, first: 32, steps)
    unsafe pointer.pointee.model = pen.text(destination.modelBytes)
    unsafe pointer.pointee.version = pen.text(destination.versionBytes)
    pen.put(destination.shard, destination.shardTextBytes, first: 64, steps)
    unsafe pointer.pointee.cluster = pen.text(destination.clusterBytes)
    unsafe pointer.pointee.shard =
      destination.shardBytes == 0 ? Self.absent : pen.text(destination.shardBytes)
    unsafe pointer.pointee.address = pen.text(destination.addressBytes)
    unsafe pointer.pointee.routing_key = pen.text(destination.keyBytes)
    if decided.ruleBytes == 0 {
      unsafe pointer.pointee.rule = Self.absent
    } else {
      pen.put(decided.rule, decided.ruleBytes, first: 32, steps)
      unsafe pointer.pointee.rule = pen.text(decided.ruleBytes)
    }
    if decided.trafficIsDefault {
      pen.put(decided.texts, decided.traffic.count, first: 16, steps)
    } else {
      pen.copy(decided.traffic)
    }
    unsafe pointer.pointee.traffic = pen.text(decided.traffic.count)
    unsafe pointer.pointee.config =
      decided.config == 0 ? Self.absent : pen.text(decided.config)
    unsafe pointer.pointee.cells = nil
    unsafe pointer.pointee.cell_count = 0
    unsafe pointer.pointee.holdouts = nil
    unsafe pointer.pointee.holdout_count = 0
    unsafe pointer.pointee.shadows = nil
    unsafe pointer.pointee.shadow_count = 0
    unsafe pointer.pointee.reason = decided.reason
    unsafe pointer.pointee.reserved = 0
    unsafe pointer.pointee.buffer_needed = needed
    clearTail()
  }

  /// The same of a decision without shard, config and lists, of the default class of traffic, where there
  /// is room for a step more than its texts take: nothing but loads and stores.
  @inline(__always)
  func fill(
    _ direct: DirectDestination, _ pen: Pen, rule: Place, ruleBytes: Int, reason: UInt32,
    traffic: Place, revision: UInt64, digest: Digest, needed: Int
  ) {
    var pen = pen
    // SAFETY: as above, for every field.
    unsafe pointer.pointee.status = Status.ok.rawValue
    unsafe pointer.pointee.flags = 0
    unsafe pointer.pointee.revision = revision
    setDigest(digest)
    pen.put(direct.texts, direct.bytes, first: 64, true)
    unsafe pointer.pointee.model = pen.text(direct.modelBytes)
    unsafe pointer.pointee.version = pen.text(direct.versionBytes)
    unsafe pointer.pointee.cluster = pen.text(direct.clusterBytes)
    unsafe pointer.pointee.shard = Self.absent
    unsafe pointer.pointee.address = pen.text(direct.addressBytes)
    unsafe pointer.pointee.routing_key = pen.text(direct.keyBytes)
    pen.put(rule, ruleBytes, first: 32, true)
    unsafe pointer.pointee.rule = pen.text(ruleBytes)
    if ruleBytes == 0 { unsafe pointer.pointee.rule = Self.absent }
    pen.put(traffic, Format.defaultTraffic.utf8.count, first: 16, true)
    unsafe pointer.pointee.traffic = pen.text(Format.defaultTraffic.utf8.count)
    unsafe pointer.pointee.config = Self.absent
    unsafe pointer.pointee.cells = nil
    unsafe pointer.pointee.cell_count = 0
    unsafe pointer.pointee.holdouts = nil
    unsafe pointer.pointee.holdout_count = 0
    unsafe pointer.pointee.shadows = nil
    unsafe pointer.pointee.shadow_count = 0
    unsafe pointer.pointee.reason = reason
    unsafe pointer.pointee.reserved = 0
    unsafe pointer.pointee.buffer_needed = needed
    clearTail()
  }

  @inline(__always) private static var absent: turnout_text {
    // SAFETY: of none, nothing is read.
    unsafe turnout_text(data: nil, size: 0)
  }
}
