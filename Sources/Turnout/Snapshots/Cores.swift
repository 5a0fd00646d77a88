internal import Synchronization

/// The cores of this process: one for each store, shared by all handles that are open on it. A core
/// is never unmapped, and opening its store again uses it again.
package enum Cores {
  /// Opens a handle on the store in the directory `path`, and adopts its head before it returns.
  /// A store without a head opens: its resolves give `.noTable` until something is published. Throws
  /// if head cannot be adopted and no other handle has anything in force.
  /// - Parameter noThread: no keeper; the host calls ``Cell/refresh()``. A store that is open with
  ///   a keeper keeps it.
  /// - Parameter privateTables: tables that are adopted from now on are copied into this process's
  ///   memory, until the last handle is closed.
  package static func open(
    path: String, noThread: Bool, privateTables: Bool = false
  ) throws(TurnoutError) -> CoreReference {
    let path = AbsolutePath.of(path)
    let identity = try StoreLayout.requireStore(path).identity
    guard let lock = Lines.lock else { throw noMemory(path) }
    return try lock.held { () throws(TurnoutError) -> CoreReference in
      guard let core = find(identity) ?? make(identity) else { throw noMemory(path) }
      let kept = core.identity
      if Kept<StorePath>.object(kept.value.path.load(ordering: .acquiring))?.path != path {
        kept.follow(path)
      }
      if privateTables { kept.value.copies.store(1, ordering: .relaxed) }
      try start(core, threaded: !noThread)
      if !noThread { kept.value.threaded.store(1, ordering: .relaxed) }
      kept.value.handles.add(1, ordering: .sequentiallyConsistent)
      return core
    }
  }

  /// Starts, in a forked child, a core that its parent had open.
  static func restart(_ core: CoreReference) {
    Lines.lock?.held {
      guard core.value.state.load(ordering: .acquiring) == CoreRecord.unknown else { return }
      guard core.identity.value.handles.load(ordering: .sequentiallyConsistent) > 0 else {
        core.value.state.store(CoreRecord.closed, ordering: .releasing)
        return
      }
      let keeper = prepare(core)
      keeper.look(forced: true)
      core.value.state.store(CoreRecord.running, ordering: .releasing)
      if core.identity.value.threaded.load(ordering: .relaxed) != 0 { _ = keeper.startThread() }
    }
  }

  /// Ends a core that no handle and no view holds. Views that were open longer come here again.
  static func stopUnused(_ core: CoreReference) {
    Lines.lock?.held {
      guard core.identity.value.handles.load(ordering: .sequentiallyConsistent) <= 0,
        core.value.viewsOpen.load(ordering: .sequentiallyConsistent) <= 0,
        let keeper = core.keeper
      else { return }
      core.value.state.store(CoreRecord.closed, ordering: .sequentiallyConsistent)
      core.identity.value.threaded.store(0, ordering: .relaxed)
      core.identity.value.copies.store(0, ordering: .relaxed)
      keeper.close()
    }
  }

  /// Has the core running, and a keeper thread if one is wanted.
  private static func start(_ core: CoreReference, threaded: Bool) throws(TurnoutError) {
    let keeper = prepare(core)
    let wasRunning = core.value.state.load(ordering: .acquiring) == CoreRecord.running
    if !wasRunning {
      if let error = keeper.look(forced: true), !keeper.serves {
        keeper.close()
        throw error
      }
      core.value.state.store(CoreRecord.running, ordering: .releasing)
    }
    if threaded, !keeper.startThread() {
      if !wasRunning {
        core.value.state.store(CoreRecord.closed, ordering: .sequentiallyConsistent)
        keeper.close()
      }
      throw TurnoutError(
        .outOfMemory,
        "The system gives no thread for the keeper. Raise its limit, or open without a thread.")
    }
  }

  /// The core's keeper, made at the core's first start in this process.
  private static func prepare(_ core: CoreReference) -> Keeper {
    if core.value.viewsEver.load(ordering: .relaxed) == 0 {
      // Later than every number that a parent gave: its views are not taken for this process's.
      core.value.viewsEver.store(UInt64(clamping: SystemClock.monotonic), ordering: .relaxed)
    }
    let keeper = core.keeper ?? Keeper(core)
    if core.value.keeper.load(ordering: .relaxed) == 0 {
      core.value.keeper.store(Kept.keep(keeper), ordering: .releasing)
    }
    keeper.reopen()
    return keeper
  }

  /// One that has the store open before one that nobody has open: a folder may have got the number of
  /// one that is gone.
  private static func find(_ identity: FileStatus.Identity) -> CoreReference? {
    var closed: CoreReference?
    var bits = ThreadLine.root.value.atomic.load(ordering: .acquiring)
    while bits != 0 {
      let core = CoreReference(bits: bits)
      if core.identity.value.device.load(ordering: .relaxed) == identity.device,
        core.identity.value.inode.load(ordering: .relaxed) == identity.inode
      {
        switch leads(core, to: identity) {
        case true: return core
        case false: break
        case nil: closed = closed ?? core
        }
      }
      bits = core.identity.value.next.load(ordering: .acquiring)
    }
    return closed
  }

  /// Whether the path that a core follows still leads to its store. That may have been renamed since the
  /// keeper looked: whoever has it open by that path goes on there, whatever comes in its place. Nil for
  /// a core that nobody has open: it takes any path.
  private static func leads(_ core: CoreReference, to identity: FileStatus.Identity) -> Bool? {
    let kept = core.identity
    guard kept.value.handles.load(ordering: .sequentiallyConsistent) > 0,
      let path = Kept<StorePath>.object(kept.value.path.load(ordering: .acquiring))?.path
    else { return nil }
    return (try? Directory.status(path))?.identity == identity
  }

  /// A new core at the head of the list. Only under the lock, so that nobody else adds one.
  private static func make(_ identity: FileStatus.Identity) -> CoreReference? {
    guard let core = CoreReference.make() else { return nil }
    core.identity.value.device.store(identity.device, ordering: .relaxed)
    core.identity.value.inode.store(identity.inode, ordering: .relaxed)
    let root = ThreadLine.root
    core.identity.value.next.store(root.value.atomic.load(ordering: .acquiring), ordering: .relaxed)
    root.value.atomic.store(core.bits, ordering: .releasing)
    return core
  }

  private static func noMemory(_ path: String) -> TurnoutError {
    TurnoutError(.outOfMemory, "There is no memory to open the store at \(path).")
  }
}

extension Cell where Value == CoreRecord {
  /// Gives back a handle that ``Cores/open(path:noThread:)`` gave. With the last one, and the last
  /// view, the keeper ends and the tables go once their readers are out. False: none is open.
  @discardableResult
  package func close() -> Bool {
    let left = identity.value.handles.wrappingSubtract(1, ordering: .sequentiallyConsistent)
      .newValue
    if left < 0 {
      identity.value.handles.wrappingAdd(1, ordering: .sequentiallyConsistent)
      return false
    }
    if left == 0 { Cores.stopUnused(self) }
    return true
  }

  /// Looks at the store now and adopts its head, in the calling thread. Throws why head is not served
  /// afterwards.
  package func refresh() throws(TurnoutError) {
    if value.state.load(ordering: .acquiring) == CoreRecord.unknown { Cores.restart(self) }
    guard let keeper else { throw TurnoutError(.closed, "The engine has been closed.") }
    if let error = keeper.look(forced: true) { throw error }
  }

  /// For tests: puts new snapshots over the table in force.
  package func renew(times: Int) throws(TurnoutError) { try keeper?.renew(times: times) }

  /// For tests: puts an overlay over the table in force.
  package func put(_ overlay: [OverlayEntry], generation: UInt64) throws(TurnoutError) {
    try keeper?.put(overlay, generation: generation)
  }

  /// The overlay in force: its generation, and the entries that hold.
  package func overlay() -> (generation: UInt64, entries: [OverlayEntry]) {
    if value.state.load(ordering: .acquiring) == CoreRecord.unknown { Cores.restart(self) }
    return keeper?.overlay() ?? (0, [])
  }

  /// What is served, and why.
  package func status() -> EngineStatus {
    if value.state.load(ordering: .acquiring) == CoreRecord.unknown { Cores.restart(self) }
    return keeper?.status() ?? EngineStatus()
  }

  /// One view less is open, or being opened.
  func viewsOpenFell() {
    let left = value.viewsOpen.wrappingSubtract(1, ordering: .sequentiallyConsistent).newValue
    if left <= 0, identity.value.handles.load(ordering: .sequentiallyConsistent) <= 0 {
      Cores.stopUnused(self)
    }
  }

  /// A view of `snapshot` was closed. Where no keeper comes by, this thread ends what only it held.
  func viewClosed(_ snapshot: UInt) {
    if value.head.load(ordering: .acquiring) != snapshot, let keeper, !keeper.isRunning {
      keeper.sweep()
    }
    viewsOpenFell()
  }
}
