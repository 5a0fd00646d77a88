internal import Synchronization

/// What a thread counts while it resolves. Counters are summed over all threads of the process, and
/// so over all stores that it reads: see ``Lines/counters()``.
package enum Counter: Int, CaseIterable, Sendable {
  /// Requests; batches count by element.
  case resolves
  /// Of these, with a status other than ok.
  case refused
  /// Attributes that no document declares.
  case undeclaredAttributes
  /// Attributes of another type than declared.
  case mistypedAttributes
  /// Shadows left out because their first cluster was not up or they were switched off.
  case shadowsLeftOut
  /// Assignments that name a cell which does not exist.
  case unknownAssignments
}

/// One thread's line: 128 bytes of its own, two cache lines. The first says what the thread reads;
/// nobody but the keeper looks at it, and nobody but the thread writes to it. The second counts.
package struct Line: ~Copyable {
  /// 0 unclaimed, 1 idle, 2 busy being claimed; else the address of the snapshot being read.
  let announced: Atomic<UInt>
  /// The line below this one in the stack of released lines, and this line's own number: from 1.
  let below: Atomic<UInt32>
  let number: Atomic<UInt32>
  private let room: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)
  let counters: LineCounters

  static let bytes = 128
  static let unclaimed: UInt = 0
  static let idle: UInt = 1
}

/// Eight counters that only their line's thread writes. They outlive the thread: whoever claims the
/// line next counts on, so that a sum over all lines never shrinks.
struct LineCounters: ~Copyable {
  let c0: Atomic<UInt64>
  let c1: Atomic<UInt64>
  let c2: Atomic<UInt64>
  let c3: Atomic<UInt64>
  let c4: Atomic<UInt64>
  let c5: Atomic<UInt64>
  let c6: Atomic<UInt64>
  let c7: Atomic<UInt64>

  /// Adds as the only writer: a load and a store, no read-modify-write.
  @inline(__always)
  func add(_ amount: UInt64, to counter: Counter) {
    switch counter {
    case .resolves: Self.add(amount, to: c0)
    case .refused: Self.add(amount, to: c1)
    case .undeclaredAttributes: Self.add(amount, to: c2)
    case .mistypedAttributes: Self.add(amount, to: c3)
    case .shadowsLeftOut: Self.add(amount, to: c4)
    case .unknownAssignments: Self.add(amount, to: c5)
    }
  }

  @inline(__always)
  private static func add(_ amount: UInt64, to word: borrowing Atomic<UInt64>) {
    word.store(word.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
  }

  /// Adds as one of many writers.
  func addShared(_ amount: UInt64, to counter: Counter) {
    switch counter {
    case .resolves: c0.wrappingAdd(amount, ordering: .relaxed)
    case .refused: c1.wrappingAdd(amount, ordering: .relaxed)
    case .undeclaredAttributes: c2.wrappingAdd(amount, ordering: .relaxed)
    case .mistypedAttributes: c3.wrappingAdd(amount, ordering: .relaxed)
    case .shadowsLeftOut: c4.wrappingAdd(amount, ordering: .relaxed)
    case .unknownAssignments: c5.wrappingAdd(amount, ordering: .relaxed)
    }
  }

  /// Adds all of these to `sum`, which has an element per ``Counter``.
  func read(into sum: inout Counters) {
    sum.resolves &+= c0.load(ordering: .relaxed)
    sum.refused &+= c1.load(ordering: .relaxed)
    sum.undeclaredAttributes &+= c2.load(ordering: .relaxed)
    sum.mistypedAttributes &+= c3.load(ordering: .relaxed)
    sum.shadowsLeftOut &+= c4.load(ordering: .relaxed)
    sum.unknownAssignments &+= c5.load(ordering: .relaxed)
  }
}

/// Sums of counters over every thread that this process has or had.
public struct Counters: Sendable, Hashable {
  /// Requests; batches count by element.
  public internal(set) var resolves: UInt64 = 0
  /// Of these, with a status other than ok.
  public internal(set) var refused: UInt64 = 0
  /// Attributes that no document declares.
  public internal(set) var undeclaredAttributes: UInt64 = 0
  /// Attributes of another type than declared.
  public internal(set) var mistypedAttributes: UInt64 = 0
  /// Shadows left out because they were switched off or their first cluster was not up.
  public internal(set) var shadowsLeftOut: UInt64 = 0
  /// Assignments that name a cell which does not exist.
  public internal(set) var unknownAssignments: UInt64 = 0
}
