package import CTurnout

/// The decision that a caller wants filled, and the buffer for its texts.
@safe
package struct DecisionReference {
  private let pointer: UnsafeMutablePointer<turnout_decision>

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
    let size = structSize
    return size >= Self.structSizeMin && size <= Self.structSizeMax
  }

  @inline(__always) var structSize: Int {
    // SAFETY: the caller keeps the decision writable during the call, for all of this type.
    Int(clamping: unsafe pointer.pointee.struct_size)
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
    var i = Self.structSizeMin
    if structSize == i { return }
    while i < structSize {
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

  /// Fills in a decision whose texts stand in `buffer`.
  @inline(__always)
  func fill(
    _ decided: Decided, in buffer: OutputBuffer, revision: UInt64, digest: Digest, needed: Int
  ) {
    // SAFETY: as above.
    unsafe pointer.pointee.status = Status.ok.rawValue
    // SAFETY: as above.
    unsafe pointer.pointee.flags = decided.flags
    // SAFETY: as above.
    unsafe pointer.pointee.revision = revision
    setDigest(digest)
    // SAFETY: as above, for every field.
    unsafe pointer.pointee.model = buffer.text(decided.model)
    unsafe pointer.pointee.version = buffer.text(decided.version)
    unsafe pointer.pointee.cluster = buffer.text(decided.cluster)
    unsafe pointer.pointee.shard = buffer.text(decided.shard)
    unsafe pointer.pointee.address = buffer.text(decided.address)
    unsafe pointer.pointee.routing_key = buffer.text(decided.routingKey)
    unsafe pointer.pointee.rule = buffer.text(decided.rule)
    unsafe pointer.pointee.traffic = buffer.text(decided.traffic)
    unsafe pointer.pointee.config = buffer.text(decided.config)
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
}
