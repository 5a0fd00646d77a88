internal import Synchronization

/// What every resolve of one store touches: the word that names the snapshot in force. It lies on a
/// page that a fork wipes, so that a child finds no snapshot and makes a core of its own.
package struct CoreRecord: ~Copyable {
  /// The address of the snapshot in force; 0 sends readers the slow way.
  let head: Atomic<UInt>
  /// One of the three below.
  let state: Atomic<UInt>
  /// The keeper of this process, as ``Kept`` names it; 0 before the first start.
  let keeper: Atomic<UInt>
  /// What readers read ends here; who opens a view writes below, in cache lines of its own.
  private let room: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)
  private let more: (UInt64, UInt64, UInt64, UInt64, UInt64)
  /// How many views are open or being opened, and how many ever were.
  let viewsOpen: Atomic<Int>
  let viewsEver: Atomic<UInt64>

  /// This process has not started the core: it is new, or this is a forked child.
  static let unknown: UInt = 0
  static let running: UInt = 1
  static let closed: UInt = 2
}

/// A store's core in this process. Copying it is free; it stays valid for ever.
package typealias CoreReference = Cell<CoreRecord>

/// What ``Cell/enter()`` came to. With `status` ok, `snapshot` may be read until ``leave()``.
package struct Reading {
  package let status: Status
  /// The line's address; for a thread that has none, that of a stripe with the lowest bit set.
  private let place: UInt
  private let announced: UInt

  @inline(__always)
  init(_ place: UInt, _ announced: UInt) {
    self.status = .ok
    self.place = place
    self.announced = announced
  }

  init(_ status: Status) {
    self.status = status
    self.place = Stripe.none
    self.announced = 0
  }

  /// The snapshot that this reading protects. Only with `status` ok.
  @inline(__always)
  package var snapshot: SnapshotReference { SnapshotReference(bits: announced) }

  /// Adds to one of the process's counters, whatever the status.
  @inline(__always)
  package func count(_ counter: Counter, _ amount: UInt64 = 1) {
    if place & 1 == 0 {
      Cell<Line>(bits: place).value.counters.add(amount, to: counter)
    } else {
      Lines.countShared(counter, amount)
    }
  }

  /// Ends the reading, once. Without effect if the status is not ok.
  @inline(__always)
  package func leave() {
    if place & 1 == 0 {
      Cell<Line>(bits: place).value.announced.store(Line.idle, ordering: .releasing)
    } else {
      Stripe.leave(place)
    }
  }
}

extension Cell where Value == Line {
  /// Ends what the line announces.
  @inline(__always)
  func leave() { value.announced.store(Line.idle, ordering: .releasing) }
}

extension Cell where Value == CoreRecord {
  /// Announces that the calling thread reads the snapshot in force, and gives it. Takes no lock and
  /// allocates nothing after a thread's first call. Pair with ``Reading/leave()`` at once: nothing
  /// may yield, block or resolve in between.
  ///
  /// `.noTable` while nothing is in force, `.reentrant` in a signal handler that interrupted a
  /// reading, `.closed` after the last handle's close.
  @inline(__always)
  package func enter() -> Reading {
    let line = Cell<Line>(bits: ThreadLine.current)
    let announced = announce(in: line)
    return announced != 0 ? Reading(line.bits, announced) : enterSlowly()
  }

  /// The usual case of ``enter()``, in the calling thread's line: the snapshot's bits, to be ended with
  /// ``Cell/leave()``; 0 where ``enter()`` has to see.
  @inline(__always)
  func announce(in line: Cell<Line>) -> UInt {
    guard line.value.announced.load(ordering: .relaxed) == Line.idle else { return 0 }
    let head = value.head.load(ordering: .acquiring)
    if head == 0 { return 0 }
    line.value.announced.store(head, ordering: .sequentiallyConsistent)
    if value.head.load(ordering: .sequentiallyConsistent) == head { return head }
    line.leave()
    return 0
  }

  /// A thread's first reading, one without a line, a child's first, and every refusal.
  @inline(never)
  private func enterSlowly() -> Reading {
    let place = ThreadLine.current
    let announced = Cell<Line>(bits: place).value.announced.load(ordering: .relaxed)
    guard announced <= Line.idle else { return Reading(.reentrant) }
    ThreadLine.setBusy()
    let line = announced == Line.idle ? Cell<Line>(bits: place) : Lines.claim()
    if value.state.load(ordering: .acquiring) == CoreRecord.unknown { Cores.restart(self) }
    guard let line else {
      ThreadLine.setNone()
      return enterStripe()
    }
    ThreadLine.set(line.bits)
    var head = value.head.load(ordering: .acquiring)
    while head != 0 {
      line.value.announced.store(head, ordering: .sequentiallyConsistent)
      let now = value.head.load(ordering: .sequentiallyConsistent)
      if now == head { return Reading(line.bits, head) }
      head = now
    }
    line.value.announced.store(Line.idle, ordering: .releasing)
    return Reading(refusal)
  }

  /// A reading of a thread without a line: in a stripe of the snapshot itself. Every attempt counts
  /// before it looks at head again, and takes its count back if head has moved. The stripes of a
  /// snapshot that is no longer in force are still there, since such memory is never unmapped.
  private func enterStripe() -> Reading {
    while true {
      let head = value.head.load(ordering: .acquiring)
      guard head != 0 else { return Reading(refusal) }
      let place = Stripe.enter(head)
      if value.head.load(ordering: .sequentiallyConsistent) == head { return Reading(place, head) }
      Stripe.leave(place)
    }
  }

  private var refusal: Status {
    value.state.load(ordering: .acquiring) == CoreRecord.closed ? .closed : .noTable
  }
}
