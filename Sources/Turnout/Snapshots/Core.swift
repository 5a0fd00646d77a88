internal import Synchronization

/// What every resolve of one store touches: the word that names the snapshot in force. It lies in
/// memory that a fork wipes, so that a child finds no snapshot and makes a core of its own.
package struct CoreRecord: ~Copyable {
  /// The address of the snapshot in force; 0 sends readers the slow way.
  let head: Atomic<UInt>
  /// 0 not started in this process, 1 running, 2 closed.
  let state: Atomic<UInt>
}

/// A store's core in this process. Copying it is free; it stays valid for ever.
package typealias CoreReference = Cell<CoreRecord>

/// What ``Cell/enter()`` came to. With `status` ok, `snapshot` may be read until ``leave()``.
package struct Reading {
  package let status: Status
  /// The line's address; for a thread that has none, that of a stripe with the lowest bit set.
  let place: UInt
  private let announced: UInt

  @inline(__always)
  init(_ place: UInt, _ announced: UInt) {
    self.status = .ok
    self.place = place
    self.announced = announced
  }

  init(_ status: Status) {
    self.status = status
    self.place = 0
    self.announced = 0
  }

  /// The snapshot that this reading protects. Only with `status` ok.
  @inline(__always)
  package var snapshot: SnapshotReference { SnapshotReference(bits: announced) }

  /// Adds to one of the process's counters. Only with `status` ok.
  @inline(__always)
  package func count(_ counter: Counter, _ amount: UInt64 = 1) {
    if place & 1 == 0 {
      Cell<Line>(bits: place).value.counters.add(amount, to: counter)
    } else {
      countWithoutLine(counter, amount)
    }
  }

  /// Ends the reading. Only with `status` ok, and once.
  @inline(__always)
  package func leave() {
    if place & 1 == 0 {
      Cell<Line>(bits: place).value.announced.store(Line.idle, ordering: .releasing)
    } else {
      leaveStripe()
    }
  }

  @inline(never)
  private func countWithoutLine(_ counter: Counter, _ amount: UInt64) {}

  @inline(never)
  private func leaveStripe() {}
}

extension Cell where Value == CoreRecord {
  /// Announces that the calling thread reads the snapshot in force, and gives it. Takes no lock and
  /// allocates nothing after a thread's first call. Pair with ``Reading/leave()`` at once: nothing
  /// may yield, block or resolve in between.
  @inline(__always)
  package func enter() -> Reading {
    let place = ThreadLine.current
    let line = Cell<Line>(bits: place)
    if line.value.announced.load(ordering: .relaxed) == Line.idle {
      var head = value.head.load(ordering: .acquiring)
      while head != 0 {
        line.value.announced.store(head, ordering: .sequentiallyConsistent)
        let now = value.head.load(ordering: .sequentiallyConsistent)
        if now == head { return Reading(place, head) }
        head = now
      }
      line.value.announced.store(Line.idle, ordering: .releasing)
    }
    return enterSlowly()
  }

  @inline(never)
  package func enterSlowly() -> Reading { Reading(.noTable) }
}
