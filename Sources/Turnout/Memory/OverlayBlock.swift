/// The memory behind ``OverlayStates``: made before anybody may read it and never changed. It goes
/// with its last owner, which a snapshot's is only when nobody reads the snapshot.
package final class OverlayBlock: Sendable {
  private let start: UInt
  private let bytes: Int

  /// What resolves read. Valid as long as this object lives.
  package var states: OverlayStates { OverlayStates(bits: start) }

  /// Blank states, by the offsets of their fields, but for `states`: each is a field, a number below
  /// the field's count, and a state. Nil: the system has no memory.
  init?(counts: [Int], states: [(field: Int, number: Int, state: UInt8)]) {
    var offsets: [Int] = []
    var size = OverlayStates.headerBytes
    for count in counts {
      offsets.append(size)
      size &+= count
    }
    bytes = Pages.rounded(size)
    guard let start = Pages.map(bytes, wipedOnFork: false) else { return nil }
    self.start = start
    for (field, offset) in offsets.enumerated() where field < OverlayStates.headerBytes / 4 {
      Pages.put(start, field &* 4, UInt32(truncatingIfNeeded: offset))
    }
    for (field, number, state) in states
    where offsets.indices.contains(field) && number < counts[field] {
      Pages.put(start, offsets[field] &+ number, state)
    }
  }

  deinit {
    if Poison.isOn {
      Poison.take(start, bytes)
    } else {
      Pages.unmap(start, bytes)
    }
  }
}
