internal import Synchronization

/// What the whole process shares, on a page that a fork wipes: which lines there are.
struct ProcessRecord: ~Copyable {
  /// The stack of released lines: the uppermost one's number below a count that grows with every
  /// change, so that a number which went and came back is noticed.
  let released: Atomic<UInt64>
  /// How many lines were ever made. They are numbered from 1.
  let made: Atomic<Int>
  /// The most lines to make; 0 is ``Lines/linesMax``.
  let limit: Atomic<Int>
  /// Counters of threads without a line.
  let counters: LineCounters

  static let bytes = 4096
  static let lockOffset: UInt = 1024
  static let chunksOffset: UInt = 2048
}

/// The lines of this process: claimed by a thread at its first resolve, released at its end, kept in
/// chunks that are never unmapped.
package enum Lines {
  /// The most lines at once; a thread beyond announces in a stripe of the snapshot.
  package static let linesMax = 16_384
  private static let linesPerChunk = 256

  static var process: Cell<ProcessRecord>? {
    ThreadLine.process(ProcessRecord.bytes).map { Cell(bits: $0) }
  }

  /// Serializes opening, closing and starting of cores. Nil: no memory.
  static var lock: PageLock? {
    process.map { PageLock(address: $0.bits &+ ProcessRecord.lockOffset) }
  }

  /// For tests: lowers the most lines to make. 0 is the default.
  package static func limit(to lines: Int) {
    process?.value.limit.store(lines, ordering: .relaxed)
  }

  /// How many lines were ever made.
  package static var made: Int { process?.value.made.load(ordering: .relaxed) ?? 0 }

  /// A line for the calling thread, or nil if there is none left.
  static func claim() -> Cell<Line>? {
    guard let process else { return nil }
    guard let line = pop(process) ?? make(process) else { return nil }
    let claimed = ThreadLine.releaseAtExit(line.bits) { Lines.release($0) }
    guard claimed else {
      push(line, process)
      return nil
    }
    line.value.announced.store(Line.idle, ordering: .releasing)
    return line
  }

  /// Ends a thread's use of its line. A line that a fork has wiped is left alone: it is in no stack.
  private static func release(_ bits: UInt) {
    let line = Cell<Line>(bits: bits)
    guard let process,
      line.value.announced.exchange(Line.unclaimed, ordering: .acquiringAndReleasing)
        != Line.unclaimed
    else { return }
    push(line, process)
  }

  /// Calls `body` for every line ever made in this process.
  static func each(_ body: (Cell<Line>) -> Void) {
    guard let process else { return }
    let made = process.value.made.load(ordering: .sequentiallyConsistent)
    for number in 0..<made {
      guard let line = line(number, process) else { return }
      body(line)
    }
  }

  /// Sums over all lines, and so over all stores that this process reads.
  static func counters() -> Counters {
    var sum = Counters()
    process?.value.counters.read(into: &sum)
    each { $0.value.counters.read(into: &sum) }
    return sum
  }

  /// Adds to a counter for a thread that has no line.
  @inline(never)
  static func countShared(_ counter: Counter, _ amount: UInt64) {
    process?.value.counters.addShared(amount, to: counter)
  }

  /// Whether any thread has announced the snapshot. Reads every line, sequentially consistent.
  static func announced(_ snapshot: UInt) -> Bool {
    var found = false
    each {
      if $0.value.announced.load(ordering: .sequentiallyConsistent) == snapshot { found = true }
    }
    return found
  }

  private static func pop(_ process: Cell<ProcessRecord>) -> Cell<Line>? {
    var top = process.value.released.load(ordering: .acquiring)
    while true {
      let number = Int(truncatingIfNeeded: top & 0xFFFF_FFFF)
      guard number != 0, let line = line(number &- 1, process) else { return nil }
      let below = UInt64(line.value.below.load(ordering: .relaxed))
      let next = ((top >> 32 &+ 1) << 32) | below
      let (exchanged, seen) = process.value.released.compareExchange(
        expected: top, desired: next, ordering: .acquiringAndReleasing)
      if exchanged { return line }
      top = seen
    }
  }

  private static func push(_ line: Cell<Line>, _ process: Cell<ProcessRecord>) {
    var top = process.value.released.load(ordering: .acquiring)
    let number = UInt64(line.value.number.load(ordering: .relaxed))
    while true {
      line.value.below.store(UInt32(truncatingIfNeeded: top), ordering: .relaxed)
      let next = ((top >> 32 &+ 1) << 32) | number
      let (exchanged, seen) = process.value.released.compareExchange(
        expected: top, desired: next, ordering: .acquiringAndReleasing)
      if exchanged { return }
      top = seen
    }
  }

  private static func make(_ process: Cell<ProcessRecord>) -> Cell<Line>? {
    let asked = process.value.limit.load(ordering: .relaxed)
    let limit = asked == 0 ? linesMax : min(asked, linesMax)
    var made = process.value.made.load(ordering: .sequentiallyConsistent)
    while made < limit {
      guard ensureChunk(made / linesPerChunk, process) else { return nil }
      let (exchanged, seen) = process.value.made.compareExchange(
        expected: made, desired: made &+ 1, ordering: .sequentiallyConsistent)
      if exchanged, let line = line(made, process) {
        line.value.number.store(UInt32(truncatingIfNeeded: made &+ 1), ordering: .relaxed)
        return line
      }
      made = seen
    }
    return nil
  }

  private static func chunk(_ index: Int, _ process: Cell<ProcessRecord>) -> Cell<Word> {
    Cell(bits: process.bits &+ ProcessRecord.chunksOffset &+ UInt(index) &* 8)
  }

  private static func ensureChunk(_ index: Int, _ process: Cell<ProcessRecord>) -> Bool {
    let word = chunk(index, process)
    guard word.value.atomic.load(ordering: .acquiring) == 0 else { return true }
    let bytes = linesPerChunk &* Line.bytes
    guard let start = Pages.map(bytes, wipedOnFork: true) else { return false }
    let (exchanged, _) = word.value.atomic.compareExchange(
      expected: 0, desired: start, ordering: .acquiringAndReleasing)
    if !exchanged { Pages.unmap(start, bytes) }
    return true
  }

  private static func line(_ index: Int, _ process: Cell<ProcessRecord>) -> Cell<Line>? {
    let start = chunk(index / linesPerChunk, process).value.atomic.load(ordering: .acquiring)
    guard start != 0 else { return nil }
    return Cell(bits: start &+ UInt(index % linesPerChunk) &* UInt(Line.bytes))
  }
}
