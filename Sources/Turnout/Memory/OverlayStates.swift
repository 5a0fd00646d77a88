/// The overlay over one table: a state for everything that has one, by its number in the table. A
/// snapshot's, made by the keeper before the snapshot is in force and never changed; it stays as long
/// as the snapshot may be read. Without any entry there is none, and that is one comparison.
///
/// In memory: five offsets (u32: clusters, shards, use cases, experiments, shadows), then a byte for
/// each. A cluster or shard is 0 (up), 1 (draining) or 2 (down), so that the greater state is the
/// worse; a switch is 0 (on) or 1 (off).
@safe
package struct OverlayStates: @unchecked Sendable {
  private let address: UInt

  package static let none = OverlayStates(bits: 0)

  package static let up: UInt8 = 0
  package static let draining: UInt8 = 1
  package static let down: UInt8 = 2

  static let headerBytes = 20

  /// The states at an address that ``OverlayBlock`` made for the table that is asked about, or 0.
  @inline(__always)
  init(bits: UInt) { address = bits }

  @inline(__always) var bits: UInt { address }
  @inline(__always) package var isEmpty: Bool { address == 0 }

  /// The state of a cluster by itself.
  @inline(__always) func cluster(_ number: UInt32) -> UInt8 { state(0, number) }
  /// The state of a shard by itself; that of a cluster without shards is always up.
  @inline(__always) func shard(_ number: UInt32) -> UInt8 { state(4, number) }
  @inline(__always) func isOff(useCase ordinal: UInt32) -> Bool { state(8, ordinal) != 0 }
  @inline(__always) func isOff(experiment number: UInt32) -> Bool { state(12, number) != 0 }
  @inline(__always) func isOff(shadow number: UInt32) -> Bool { state(16, number) != 0 }

  @inline(__always)
  private func state(_ field: Int, _ number: UInt32) -> UInt8 {
    if address == 0 { return 0 }
    // SAFETY: the block was made for the table whose validated numbers these are, and stays as long as
    // its snapshot may be read.
    let block = unsafe UnsafeRawPointer(bitPattern: address).unsafelyUnwrapped
    // SAFETY: as above.
    let base = unsafe block.loadUnaligned(fromByteOffset: field, as: UInt32.self)
    // SAFETY: as above.
    return unsafe block.load(fromByteOffset: Int(base) &+ Int(number), as: UInt8.self)
  }
}
