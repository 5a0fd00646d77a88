internal import Synchronization

/// Keeps one core's snapshots: adopts each new head of the store, and ends the tables that nobody
/// reads any more. Made anew in a forked child, which never looks at its parent's.
final class Keeper: Sendable {
  private let core: CoreReference
  /// Held for a whole look at the store, so that one thread at a time adopts.
  private let follower = Guarded(Follower())
  /// Held for moments.
  private let shelf = Guarded(Shelf())
  private let thread = Guarded<ServiceThread?>(nil)
  private let stopping = Atomic(false)
  private let running = Atomic(false)

  static let stackBytes = 1 << 19
  /// The timeout is what makes a change seen; the bell makes it seen at once.
  private static let waitMilliseconds = 250
  private static let headChangesMax = 16

  init(_ core: CoreReference) {
    self.core = core
  }

  /// Where the store is now said to be.
  private var directory: String {
    Kept<StorePath>.object(core.identity.value.path.load(ordering: .acquiring))?.path ?? ""
  }

  // MARK: Adopting

  /// Looks at the store and adopts its head. Gives why head is not in force afterwards; what was in
  /// force then stays. Unless `forced`, a head that was refused lately is not tried again.
  @discardableResult
  func look(forced: Bool) -> TurnoutError? {
    follower.withLock { follower -> TurnoutError? in
      guard !follower.isClosed else { return TurnoutError(.closed, "The engine has been closed.") }
      sweep()
      endOverlay()
      let directory = directory
      do throws(TurnoutError) {
        for _ in 0..<Self.headChangesMax {
          let found = try Head.read(directory: directory)
          // After head is read and before it is in force: who sees it finds its store's core.
          followIdentity(directory)
          guard let head = found else { return foundNoHead(directory) }
          if try !adopt(head, directory, forced, &follower) { continue }
          shelf.withLock { shelf in
            shelf.headRevision = head.revision
            shelf.refusal = nil
          }
          sweep()
          return nil
        }
        throw TurnoutError(
          .conflict, "The head of \(directory) changes faster than it can be read.")
      } catch {
        followIdentity(directory)
        var error = error
        if error.status == .corrupt, !serves { adoptBefore(directory, &error) }
        shelf.withLock { $0.refusal = error }
        return error
      }
    }
  }

  /// Puts `head` in force. False: it has changed meanwhile, so that its table may be gone.
  private func adopt(
    _ head: Head, _ directory: String, _ forced: Bool, _ follower: inout Follower
  ) throws(TurnoutError) -> Bool {
    let current = shelf.withLock { $0.current }
    if let current, current.head == head { return true }
    if !forced, let error = follower.stillRefused(head) { throw error }
    follower.earlier.follow(head)
    defer { noteEarlier(follower.earlier) }
    do throws(TurnoutError) {
      let table: AdoptedTable
      if let known = known(head, current, directory, &follower.earlier) {
        table = known
      } else {
        table = try open(head, directory)
      }
      try publish(table, head)
      if let current, current.table !== table {
        follower.earlier.keep(current.table, of: current.head)
      }
      follower.earlier.follow(head)
      follower.accept()
      return true
    } catch {
      if let now = try? Head.read(directory: directory), now != head { return false }
      var error = error
      if let current {
        carryOverlay(of: head, over: current)
      } else {
        standIn(for: head, directory)
      }
      if let served = shelf.withLock({ $0.current?.head.revision }) {
        error.message += " Revision \(served) is served until then."
      }
      follower.refuse(head, error)
      shelf.withLock { $0.headRevision = head.revision }
      throw error
    }
  }

  /// The table of `head` where it need not be read: the one in force if it is the same, so that a change
  /// of the overlay maps nothing, or one that was in force before.
  private func known(
    _ head: Head, _ current: Adopted?, _ directory: String, _ earlier: inout EarlierTables
  ) -> AdoptedTable? {
    if let current, current.head.store == head.store, current.head.revision == head.revision,
      current.head.seal == head.seal
    {
      return current.table
    }
    return earlier.table(of: head, directory)
  }

  private func noteEarlier(_ earlier: EarlierTables) {
    let kept = (earlier.count, earlier.bytes)
    shelf.withLock { $0.earlierTables = kept }
  }

  /// Reads and validates the table of `head`.
  private func open(_ head: Head, _ directory: String) throws(TurnoutError) -> AdoptedTable {
    shelf.withLock { $0.tablesValidated &+= 1 }
    let table = try FrozenTable.open(
      directory: directory, revision: head.revision, expecting: head.seal,
      pages: core.identity.value.copies.load(ordering: .relaxed) == 0 ? .shared : .copied)
    do throws(TurnoutError) {
      return AdoptedTable(table, try Image.validate(table.image, sealedAs: head.imageDigest))
    } catch {
      table.unmap()
      throw error
    }
  }

  private func publish(_ table: AdoptedTable, _ head: Head) throws(TurnoutError) {
    let overlay = try OverlayInForce(head.overlay, over: table.image, at: SystemClock.now)
    try shelf.withLock { shelf throws(TurnoutError) in
      try shelf.publish(table, head, overlay, in: core)
    }
  }

  /// Where nothing is in force and the file `head` is damaged, the head before it is better than none.
  private func adoptBefore(_ directory: String, _ error: inout TurnoutError) {
    guard let before = try? Head.readBefore(directory: directory) else { return }
    if (try? publish(try open(before, directory), before)) == nil {
      standIn(for: before, directory)
    }
    if let served = shelf.withLock({ $0.current?.head.revision }) {
      error.message += " Revision \(served) is served until then."
    }
  }

  /// Where nothing is in force and head's table is damaged or gone, the latest revision that was head
  /// before and is whole is better than none.
  private func standIn(for head: Head, _ directory: String) {
    for earlier in head.earlier {
      var instead = head
      instead.revision = earlier.revision
      instead.seal = earlier.seal
      instead.imageDigest = earlier.imageDigest
      if let table = try? open(instead, directory), (try? publish(table, instead)) != nil {
        return
      }
    }
  }

  /// Has the overlay of a head whose table was refused hold over the table in force: it is beside all
  /// tables.
  private func carryOverlay(of head: Head, over current: Adopted) {
    var carried = current.head
    guard head.store == carried.store, head.generation != carried.generation else { return }
    carried.overlay = head.overlay
    carried.generation = head.generation
    try? publish(current.table, carried)
  }

  /// Puts a new snapshot in force if the clock has come to the end of an entry of the one that is, or
  /// went back before one. Needs no look at the store. Without memory the next look tries again.
  private func endOverlay() {
    guard let current = shelf.withLock({ $0.current }),
      !current.overlay.span.contains(SystemClock.now)
    else { return }
    try? publish(current.table, current.head)
  }

  private func foundNoHead(_ directory: String) -> TurnoutError? {
    shelf.withLock { shelf in
      shelf.headRevision = 0
      shelf.refusal =
        shelf.current == nil
        ? nil : TurnoutError(.noTable, "The store at \(directory) no longer has a head.")
      return shelf.refusal
    }
  }

  /// A store that was deleted and made again has another directory under the same path.
  private func followIdentity(_ directory: String) {
    guard let identity = try? Directory.status(directory)?.identity else { return }
    core.identity.value.device.store(identity.device, ordering: .relaxed)
    core.identity.value.inode.store(identity.inode, ordering: .relaxed)
  }

  /// Ends what nobody reads or holds any more. True: nothing retired is left.
  @discardableResult
  func sweep(between: () -> Void = {}) -> Bool {
    let (ended, isEmpty) = shelf.withLock { shelf in
      guard !shelf.retired.isEmpty else { return ([Adopted](), true) }
      let ended = shelf.sweep(between: between)
      return (ended, shelf.retired.isEmpty)
    }
    _ = consume ended
    return isEmpty
  }

  /// For tests: a new snapshot over the table in force, many times, as fast as it goes.
  func renew(times: Int) throws(TurnoutError) {
    for _ in 0..<times {
      let ended = try shelf.withLock { shelf throws(TurnoutError) -> [Adopted] in
        if let current = shelf.current {
          try shelf.publish(current.table, current.head, current.overlay, in: core)
        }
        return shelf.sweep()
      }
      _ = consume ended
    }
  }

  /// For tests: another overlay over the table in force.
  func put(_ overlay: [OverlayEntry], generation: UInt64) throws(TurnoutError) {
    if let current = shelf.withLock({ $0.current }) {
      var head = current.head
      head.overlay = overlay
      head.generation = generation
      try publish(current.table, head)
    }
    sweep()
  }

  // MARK: The thread

  var isRunning: Bool { running.load(ordering: .acquiring) }

  /// Starts the thread if it does not run. False: the system gives none.
  func startThread() -> Bool {
    thread.withLock { thread in
      if thread != nil { return true }
      stopping.store(false, ordering: .sequentiallyConsistent)
      running.store(true, ordering: .sequentiallyConsistent)
      thread = ServiceThread.start("turnout-keeper", stackBytes: Self.stackBytes) { self.run() }
      if thread == nil { running.store(false, ordering: .sequentiallyConsistent) }
      return thread != nil
    }
  }

  private func run() {
    var patience = 1
    while !stopping.load(ordering: .sequentiallyConsistent) {
      let directory = directory
      let bell = follower.withLock { follower in
        follower.followBell(directory)
        return follower.bell
      }
      // The value comes first: a change after it ends the wait at once.
      let seen = bell?.value ?? 0
      look(forced: false)
      let isSwept = sweep()
      patience = isSwept ? 1 : min(patience * 2, Self.waitMilliseconds)
      let most = isSwept ? Self.waitMilliseconds : patience
      wait(bell, seen, milliseconds: min(most, millisecondsOfOverlay))
    }
    running.store(false, ordering: .sequentiallyConsistent)
  }

  /// How long until an entry of the overlay in force ends, but at least 1 and at most 250.
  private var millisecondsOfOverlay: Int {
    let end = shelf.withLock { $0.current?.overlay.span.upperBound } ?? .max
    let (left, overflow) = end.subtractingReportingOverflow(SystemClock.now)
    if overflow || left > Int64(Self.waitMilliseconds) &* 1_000_000 { return Self.waitMilliseconds }
    return max(1, Int(left / 1_000_000) &+ 1)
  }

  private func wait(_ bell: Bell?, _ seen: UInt32, milliseconds: Int) {
    if let bell {
      shelf.withLock { $0.bell = bell }
      guard !stopping.load(ordering: .sequentiallyConsistent) else { return }
      if bell.wait(while: seen, timeoutMilliseconds: milliseconds) != .unusable { return }
      follower.withLock { $0.dropBell() }
    }
    let end = SystemClock.monotonic &+ Int64(milliseconds) &* 1_000_000
    while !stopping.load(ordering: .sequentiallyConsistent), SystemClock.monotonic < end {
      SystemClock.sleep(nanoseconds: Int64(min(milliseconds, 20)) &* 1_000_000)
    }
  }

  /// Ends the thread, if it runs, and waits for its end.
  private func endThread() {
    thread.withLock { thread in
      guard let ending = thread else { return }
      stopping.store(true, ordering: .sequentiallyConsistent)
      while isRunning {
        shelf.withLock { $0.bell }?.wake()
        SystemClock.sleep(nanoseconds: 100_000)
      }
      ending.join()
      thread = nil
    }
  }

  // MARK: Opening and closing

  /// Lets ``look(forced:)`` adopt again.
  func reopen() {
    follower.withLock { $0.isClosed = false }
  }

  /// Ends the thread, takes what is in force out of it, and waits a while for its readers. What is
  /// still read then, or held by a view, ends at a later ``sweep()``.
  func close() {
    endThread()
    follower.withLock { follower in
      follower.isClosed = true
      follower.dropBell()
      follower.earlier.clear()
      shelf.withLock { shelf in
        shelf.clear(core)
        shelf.bell = nil
        shelf.earlierTables = (0, 0)
        shelf.tablesValidated = 0
      }
    }
    let end = SystemClock.monotonic &+ 1_000_000_000
    while !sweep(), SystemClock.monotonic < end { SystemClock.sleep(nanoseconds: 100_000) }
  }

  // MARK: Telling

  /// Whether a table is in force.
  var serves: Bool { shelf.withLock { $0.current != nil } }

  /// The overlay in force: its generation and the entries that hold.
  func overlay() -> (generation: UInt64, entries: [OverlayEntry]) {
    shelf.withLock { shelf in
      (shelf.current?.head.generation ?? 0, shelf.current?.overlay.entries ?? [])
    }
  }

  func status() -> EngineStatus {
    var status = shelf.withLock { shelf in
      var status = EngineStatus()
      if let current = shelf.current {
        status.revision = current.head.revision
        status.overlayGeneration = current.head.generation
        status.digest = current.table.image.digest
        status.imageBytes = current.table.image.bytes.count
        status.adoptedAt = current.at
      }
      status.headRevision = shelf.headRevision
      status.refusal = shelf.refusal
      status.tablesValidated = shelf.tablesValidated
      status.earlierTables = shelf.earlierTables.count
      status.earlierTableBytes = shelf.earlierTables.bytes
      status.viewBytes = shelf.viewBytes
      status.retired = shelf.retired.count
      return status
    }
    status.keeperRunning = isRunning
    status.views = core.viewReports()
    status.counters = Lines.counters()
    return status
  }
}
