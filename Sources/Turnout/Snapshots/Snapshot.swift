internal import Synchronization

/// One state of the routing: a table and, over it, an overlay. Whoever has announced or pinned it
/// reads every field without further ado; none of them changes while it is in force.
///
/// Its memory is never unmapped, only used again for a later snapshot: a reader that was too slow to
/// announce it finds that head has moved on, and nothing worse.
package struct Snapshot: ~Copyable {
  /// The validated table.
  package let image: Image
  /// The bits of its ``OverlayStates``; 0 while there is none.
  package let overlay: UInt
  /// Grows with every change of the overlay.
  package let overlayGeneration: UInt64
  /// The table's number in its store.
  package let revision: UInt64

  /// The fields come first, then how many views hold it, apart from what every reader reads, then the
  /// stripes.
  static let pinsOffset: UInt = 2048
  private static let fieldBytes = 4096
  static let stripesOffset = UInt(fieldBytes)
  private static let bytes = fieldBytes + Stripe.stripesPerSnapshot * Int(Stripe.bytes)

  /// Memory for one; nil if the system has none.
  static func map() -> UInt? { Pages.map(bytes, wipedOnFork: false) }

  /// For tests: overwrites the fields, so that whoever still reads them follows a wild pointer. Only
  /// stores: a system call here would flush the very buffers whose delay the tests look for.
  static func poison(_ snapshot: UInt) {
    Pages.fill(snapshot, MemoryLayout<Snapshot>.size, 0xDB)
  }
}

/// How many views hold a snapshot.
struct PinCount: ~Copyable {
  let views: Atomic<Int>
}

extension Snapshot {
  /// Calls `body` with one on the stack, over a table that the caller keeps mapped.
  static func with<T>(
    _ image: Image, revision: UInt64, overlay: OverlayStates, _ body: (SnapshotReference) -> T
  ) -> T {
    Cell.with(
      Snapshot(
        image: image, overlay: overlay.bits, overlayGeneration: 0, revision: revision), body)
  }
}

package typealias SnapshotReference = Cell<Snapshot>

extension Cell where Value == Snapshot {
  /// How many views hold the snapshot: 0 when its memory is used again.
  var pins: Cell<PinCount> { Cell<PinCount>(bits: bits &+ Snapshot.pinsOffset) }

  /// The state of a cluster of the table under this snapshot's overlay, as ``OverlayStates`` has it.
  package func clusterState(_ number: UInt32) -> UInt8 {
    OverlayStates(bits: value.overlay).cluster(number)
  }
}
