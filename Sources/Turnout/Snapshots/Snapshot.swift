internal import Synchronization

/// One state of the routing: a table and, over it, an overlay. Whoever has announced or pinned it
/// reads every field without further ado; nothing but the pin count changes while it is in force.
///
/// Its memory is never unmapped, only used again for a later snapshot: a reader that was too slow to
/// announce it finds that head has moved on, and nothing worse.
package struct Snapshot: ~Copyable {
  /// The validated table.
  package let image: Image
  /// The overlay's states by name; 0 while there is none.
  package let overlay: UInt
  /// Grows with every change of the overlay.
  package let overlayGeneration: UInt64
  /// The table's number in its store.
  package let revision: UInt64
  /// The table's digest.
  package let digest: Digest
  /// The size of the table in bytes.
  package let imageBytes: Int
  /// How many views hold it.
  let pins: Atomic<Int>
}

package typealias SnapshotReference = Cell<Snapshot>
