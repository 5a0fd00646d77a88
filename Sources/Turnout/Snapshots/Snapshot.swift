internal import Synchronization

/// One state of the routing: a table and, over it, an overlay. Whoever has announced or pinned it
/// reads every field without further ado; nothing but the pin count changes while it is in force.
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
  /// How many views hold it.
  let pins: Atomic<Int>

  /// The fields come first, on a page of their own, then the stripes.
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

package typealias SnapshotReference = Cell<Snapshot>

extension Cell where Value == Snapshot {
  /// The state of a cluster of the table under this snapshot's overlay, as ``OverlayStates`` has it.
  package func clusterState(_ number: UInt32) -> UInt8 {
    OverlayStates(bits: value.overlay).cluster(number)
  }
}
