internal import Synchronization

/// Where an open view is written down, in cache lines of its own: every reading through the view looks
/// here, while other threads open and close theirs. Lies on pages that a fork wipes.
struct ViewSlot: ~Copyable {
  /// Which view it is; 0 free, 1 being filled.
  let serial: Atomic<UInt64>
  let openedAt: Atomic<Int64>
  let revision: Atomic<UInt64>
  let imageBytes: Atomic<Int>

  static let bytes = 128
  static let free: UInt64 = 0
  static let filling: UInt64 = 1
}

/// A pinned snapshot. A value: copying it opens nothing, and closing one copy closes all.
package struct HeldView: Sendable {
  private let core: CoreReference
  private let announced: UInt
  private let slot: Cell<ViewSlot>
  private let serial: UInt64
  package let revision: UInt64

  fileprivate init(
    _ core: CoreReference, _ announced: UInt, _ slot: Cell<ViewSlot>, _ serial: UInt64,
    _ revision: UInt64
  ) {
    self.core = core
    self.announced = announced
    self.slot = slot
    self.serial = serial
    self.revision = revision
  }

  /// Like ``Cell/enter()``, for the snapshot that this view pins; `.closed` if the view is. The view
  /// may be closed meanwhile: the reading itself protects the snapshot, too.
  @inline(__always)
  package func enter() -> Reading {
    let line = Cell<Line>(bits: ThreadLine.current)
    let announced = announce(in: line)
    return announced != 0 ? Reading(line.bits, announced) : enterSlowly()
  }

  /// The usual case of ``enter()``, as for a core.
  @inline(__always)
  func announce(in line: Cell<Line>) -> UInt {
    guard line.value.announced.load(ordering: .relaxed) == Line.idle else { return 0 }
    line.value.announced.store(announced, ordering: .sequentiallyConsistent)
    if slot.value.serial.load(ordering: .sequentiallyConsistent) == serial { return announced }
    line.leave()
    return 0
  }

  @inline(never)
  private func enterSlowly() -> Reading {
    let mark = Cell<Line>(bits: ThreadLine.current).value.announced.load(ordering: .relaxed)
    guard mark != Line.idle else { return Reading(.closed) }
    guard mark == Line.unclaimed else { return Reading(.reentrant) }
    ThreadLine.setBusy()
    if let line = Lines.claim() {
      ThreadLine.set(line.bits)
      return enter()
    }
    ThreadLine.setNone()
    // A view of the other side of a fork has no slot here; its snapshot's memory is still there.
    let place = Stripe.enter(announced)
    if slot.value.serial.load(ordering: .sequentiallyConsistent) == serial {
      return Reading(place, announced)
    }
    Stripe.leave(place)
    return Reading(.closed)
  }

  /// Ends the view, and with the last one after the last handle's close the core. False: it was closed already, or comes from the other side of a fork.
  @discardableResult
  package func close() -> Bool {
    let (ended, _) = slot.value.serial.compareExchange(
      expected: serial, desired: ViewSlot.free, ordering: .sequentiallyConsistent)
    guard ended else { return false }
    SnapshotReference(bits: announced).pins.value.views.subtract(
      1, ordering: .sequentiallyConsistent)
    core.viewClosed(announced)
    return true
  }
}

extension Cell where Value == CoreRecord {
  /// Pins the snapshot in force: every ``HeldView/enter()`` gives it until the view is closed. Throws
  /// `.noTable`, `.closed`, `.reentrant`, or `.limitExceeded` at ``viewsMax`` open views.
  package func openView() throws(TurnoutError) -> HeldView {
    let open = value.viewsOpen.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue
    let reading = enter()
    guard reading.status == .ok else {
      viewsOpenFell()
      throw Self.words(reading.status)
    }
    defer { reading.leave() }
    let serial = value.viewsEver.wrappingAdd(1, ordering: .relaxed).newValue &+ ViewSlot.filling
    guard open <= Self.viewsMax, let slot = takeSlot(serial) else {
      viewsOpenFell()
      throw TurnoutError(
        .limitExceeded,
        "\(Self.viewsMax) views of this store are open. Close views that are no longer used.")
    }
    let snapshot = reading.snapshot
    snapshot.pins.value.views.add(1, ordering: .sequentiallyConsistent)
    // Releasing: who sees one of these sees that the slot is no longer the view's before.
    slot.value.openedAt.store(SystemClock.monotonic, ordering: .releasing)
    slot.value.revision.store(snapshot.value.revision, ordering: .releasing)
    slot.value.imageBytes.store(snapshot.value.image.bytes.count, ordering: .releasing)
    slot.value.serial.store(serial, ordering: .sequentiallyConsistent)
    return HeldView(self, snapshot.bits, slot, serial, snapshot.value.revision)
  }

  /// The open views, oldest first.
  func viewReports() -> [ViewReport] {
    let now = SystemClock.monotonic
    var reports: [ViewReport] = []
    for index in 0..<Self.viewsMax {
      let slot = slot(index)
      let serial = slot.value.serial.load(ordering: .acquiring)
      guard serial > ViewSlot.filling else { continue }
      let report = ViewReport(
        revision: slot.value.revision.load(ordering: .acquiring),
        age: UInt64(clamping: now &- slot.value.openedAt.load(ordering: .acquiring)),
        bytes: slot.value.imageBytes.load(ordering: .acquiring))
      if slot.value.serial.load(ordering: .relaxed) == serial { reports.append(report) }
    }
    return reports.sorted { $0.age > $1.age }
  }

  private func takeSlot(_ serial: UInt64) -> Cell<ViewSlot>? {
    for step in 0..<Self.viewsMax &* 2 {
      let slot = slot(Int(truncatingIfNeeded: serial &+ UInt64(step)) & (Self.viewsMax &- 1))
      let (taken, _) = slot.value.serial.compareExchange(
        expected: ViewSlot.free, desired: ViewSlot.filling, ordering: .sequentiallyConsistent)
      if taken { return slot }
    }
    return nil
  }

  private static func words(_ status: Status) -> TurnoutError {
    switch status {
    case .closed: TurnoutError(.closed, "The engine has been closed.")
    case .reentrant:
      TurnoutError(.reentrant, "A view was asked for in a signal handler inside a resolve.")
    default: TurnoutError(status, "Nothing is in force in this store yet. Publish a document.")
    }
  }
}
