internal import Synchronization

/// A snapshot with what it stands on.
struct Adopted: Sendable {
  /// The address of the ``Snapshot``.
  let snapshot: UInt
  let table: AdoptedTable
  /// Head when it was adopted, with the overlay of a later one where that one's table was refused.
  let head: Head
  let overlay: OverlayInForce
  /// Nanoseconds since 1970 in UTC.
  let at: Int64
}

/// The snapshots of a core: the one in force, those that went out of force while somebody may read
/// them, and memory for new ones.
struct Shelf: Sendable {
  var current: Adopted?
  var retired: [Adopted] = []
  private var spare: [UInt] = []
  private var poisoned: [UInt] = []

  /// What was last found out about head: its revision, and why it is not in force.
  var headRevision: UInt64 = 0
  var refusal: TurnoutError?
  /// How many tables were read and validated, and those kept that head may go back to.
  var tablesValidated: UInt64 = 0
  var earlierTables: (count: Int, bytes: Int) = (0, 0)
  /// The bell that the keeper waits on, for whoever must wake it.
  var bell: Bell?

  /// Makes a snapshot of a validated table under an overlay and puts it in force.
  mutating func publish(
    _ table: AdoptedTable, _ head: Head, _ overlay: OverlayInForce, in core: CoreReference
  ) throws(TurnoutError) {
    guard let memory = spare.popLast() ?? Snapshot.map() else {
      throw TurnoutError(
        .outOfMemory, "There is no memory for revision \(head.revision) to be taken into force.")
    }
    SnapshotReference(bits: memory).put(
      Snapshot(
        image: table.image, overlay: overlay.block?.states.bits ?? 0,
        overlayGeneration: head.generation,
        revision: head.revision))
    core.value.head.store(memory, ordering: .sequentiallyConsistent)
    retire()
    current = Adopted(
      snapshot: memory, table: table, head: head, overlay: overlay, at: SystemClock.now)
  }

  /// Takes the snapshot in force out of it, so that nothing is.
  mutating func clear(_ core: CoreReference) {
    core.value.head.store(0, ordering: .sequentiallyConsistent)
    retire()
  }

  private mutating func retire() {
    if let current { retired.append(current) }
    current = nil
  }

  /// Takes out those retired snapshots that nobody reads or holds any more. The caller lets go of
  /// what comes back outside of every lock: that is where tables are unmapped.
  ///
  /// The order is the argument; see `Docs/snapshots.md`. Head has moved on before this call. A line
  /// or stripe that does not show the snapshot now will never again show it for a reading of head,
  /// so nobody pins it any more; once its pin count is 0 no reading of a view can begin; a second
  /// look at the lines finds those that had begun.
  ///
  /// Tests give `between`, which is called between one look and the next.
  mutating func sweep(between: () -> Void = {}) -> [Adopted] {
    var ended: [Adopted] = []
    var kept: [Adopted] = []
    for adopted in retired {
      let snapshot = adopted.snapshot
      if Self.isHeld(snapshot, between) {
        kept.append(adopted)
        continue
      }
      ended.append(adopted)
      reclaim(snapshot)
    }
    retired = kept
    return ended
  }

  private mutating func reclaim(_ snapshot: UInt) {
    guard Poison.isOn else { return spare.append(snapshot) }
    Snapshot.poison(snapshot)
    poisoned.append(snapshot)
    if poisoned.count > Poison.keptMax {
      spare += poisoned
      poisoned = []
    }
  }

  private static func isHeld(_ snapshot: UInt, _ between: () -> Void) -> Bool {
    if isRead(snapshot) { return true }
    between()
    let pins = SnapshotReference(bits: snapshot).pins.value.views.load(
      ordering: .sequentiallyConsistent)
    if pins != 0 { return true }
    between()
    return isRead(snapshot)
  }

  private static func isRead(_ snapshot: UInt) -> Bool {
    Lines.announced(snapshot) || Stripe.anyReader(snapshot)
  }

  /// Bytes of tables that only views keep.
  var viewBytes: Int {
    var bytes = 0
    var seen: [ObjectIdentifier] = current.map { [ObjectIdentifier($0.table)] } ?? []
    for adopted in retired
    where SnapshotReference(bits: adopted.snapshot).pins.value.views.load(ordering: .relaxed) != 0 {
      let table = ObjectIdentifier(adopted.table)
      guard !seen.contains(table) else { continue }
      seen.append(table)
      bytes += adopted.table.image.bytes.count
    }
    return bytes
  }
}
