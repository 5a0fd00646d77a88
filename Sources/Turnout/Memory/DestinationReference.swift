package import CTurnout

/// The struct that a caller wants filled with where a routing key leads.
@safe
package struct DestinationReference {
  private let pointer: UnsafeMutablePointer<turnout_destination>

  /// Nil if the struct is not one that this library can fill.
  /// - Safety: the struct is writable during the call, for as much as it says it has.
  @unsafe
  package init?(_ pointer: UnsafeMutablePointer<turnout_destination>) {
    // SAFETY: the caller's promise, above.
    let size = unsafe pointer.pointee.struct_size
    let known = unsafe MemoryLayout<turnout_destination>.size
    // A size_t above Int.max arrives as a negative one.
    guard size >= known && size <= DecisionReference.structSizeMax else { return nil }
    // SAFETY: only keeps the address; what it promises, the type says.
    unsafe self.pointer = unsafe pointer
  }

  /// Everything absent but what is said here; what a later version's struct has is zero.
  func clear(revision: UInt64 = 0, needed: Int = 0) {
    // SAFETY: the struct is writable, and its size was found to cover the type and to be bounded.
    let size = unsafe pointer.pointee.struct_size
    // SAFETY: as above.
    unsafe UnsafeMutableRawPointer(pointer).initializeMemory(
      as: UInt8.self, repeating: 0, count: size)
    // SAFETY: as above, for every field.
    unsafe pointer.pointee.struct_size = size
    unsafe pointer.pointee.revision = revision
    unsafe pointer.pointee.buffer_needed = needed
  }

  /// Fills in a shard's texts, which are copied to where the pen stands; `steps` where there is room
  /// for a step more than they take.
  func fill(
    _ texts: ShardTexts, _ pen: Pen, steps: Bool, state: UInt8, revision: UInt64
  ) {
    clear(revision: revision, needed: texts.bytes)
    var pen = pen
    pen.put(texts.start, texts.bytes, first: 64, steps)
    // SAFETY: as above, for every field.
    unsafe pointer.pointee.cluster = pen.text(texts.clusterBytes)
    if texts.shardBytes != 0 { unsafe pointer.pointee.shard = pen.text(texts.shardBytes) }
    unsafe pointer.pointee.address = pen.text(texts.addressBytes)
    unsafe pointer.pointee.routing_key = pen.text(texts.keyBytes)
    // Up 1, draining 2, down 3.
    unsafe pointer.pointee.state = UInt32(state) &+ 1
  }
}
