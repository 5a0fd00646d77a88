import CProbe
import Foundation
import StatedStore
import Synchronization
import Turnout

/// What happens between two steps of one thread, brought about at the system call that lies between
/// them. A hook has no context but these.
nonisolated(unsafe) private var hookStore: StatedStore?
nonisolated(unsafe) private var hookCore: CoreReference?
private let hookCalls = Atomic<UInt64>(0)
private let hookCrew = Crew()
private let hookThread = Atomic<Int32>(0)

/// Runs `body` in a thread whose every system call of the kind is preceded by `hook`.
private func interposed(
  _ call: Int, _ argument: Int32, _ value: UInt32, _ hook: @convention(c) () -> Void,
  _ body: @escaping @Sendable () throws -> Void
) throws {
  hookCalls.store(0, ordering: .relaxed)
  let crew = Crew()
  crew.start(1) {
    let result = cprobe_before(Int32(call), argument, value, hook)
    try require(result == 0, "the kernel takes no filter: \(result)")
    try body()
  }
  try crew.join()
}

/// Steps of another thread, or of a writer, at the moments that matter.
func moments() throws {
  if cprobe_thread_sanitizer() != 0 {
    print("moments: not with the thread sanitizer, which delays the handlers of signals")
    return
  }
  try withFolder { folder in
    let store = try StatedStore(directory: folder + "/store")
    try store.publish(1)
    let core = try Cores.open(path: store.directory, noThread: true)
    // SAFETY: written before the threads whose hooks read them begin.
    unsafe (hookStore, hookCore) = (store, core)
    try twoThreadsMakeTheFirstLines(core)
    try headMovesWhileItsTableIsOpened(core, store)
    try headMovesFasterThanTablesAreOpened(core, store)
    try inChild("started by two threads") { try startInChild(core) }
    core.close()
    print("moments: each was survived")
  }
}

/// Another thread makes the first chunk of lines, and claims one, while this one has the memory for
/// it in its hands.
private func twoThreadsMakeTheFirstLines(_ core: CoreReference) throws {
  try require(Lines.made == 0, "there are lines already")
  let chunkBytes: UInt32 = 256 * 128
  try interposed(
    CPROBE_MMAP, 1, chunkBytes,
    {
      hookCalls.add(1, ordering: .relaxed)
      let crew = Crew()
      crew.start(1) {
        // SAFETY: as above.
        guard let core = unsafe hookCore else { return }
        var seen: UInt64 = 0
        _ = try readOnce(core, words: .max, seen: &seen)
      }
      try? crew.join()
    },
    {
      var seen: UInt64 = 0
      try require(try readOnce(core, words: .max, seen: &seen), "nothing to read")
      try require(hookCalls.load(ordering: .relaxed) == 1, "nobody came in between")
      try require(Lines.made == 2, "\(Lines.made) lines were made for two threads")
    })
  try require(core.status().counters.resolves == 2, "a reading was not counted")
}

/// `MADV_POPULATE_READ` comes after head is read and before the digest of its table is compared.
private let populateAdvice: UInt32 = 22

/// The table that head names is damaged, and head moves on before that is known.
private func headMovesWhileItsTableIsOpened(_ core: CoreReference, _ store: StatedStore) throws {
  try store.stage(2)
  try damage(StoreLayout.table(store.directory, 2))
  try store.stage(3)
  try store.activate(2)
  try interposed(
    CPROBE_MADVISE, 2, populateAdvice,
    {
      // SAFETY: as above.
      if hookCalls.add(1, ordering: .relaxed).oldValue == 0 { try? unsafe hookStore?.activate(3) }
    }, { try core.refresh() })
  let status = core.status()
  try require(
    status.revision == 3 && status.headRevision == 3 && status.refusal == nil,
    "the head that came is not in force: \(status)")
}

/// As above, each time that a table is opened.
private func headMovesFasterThanTablesAreOpened(
  _ core: CoreReference, _ store: StatedStore
) throws {
  for revision in [UInt64(4), 5] {
    try store.stage(revision)
    try damage(StoreLayout.table(store.directory, revision))
  }
  try store.activate(4)
  try interposed(
    CPROBE_MADVISE, 2, populateAdvice,
    {
      let call = hookCalls.add(1, ordering: .relaxed).newValue
      // SAFETY: as above.
      try? unsafe hookStore?.activate(4 + call % 2)
    },
    {
      do { try core.refresh() } catch let error as TurnoutError {
        return try require(error.status == .conflict, "refused otherwise: \(error)")
      }
      throw ProbeFailure("a damaged table is in force")
    })
  let status = core.status()
  try require(
    status.revision == 3 && status.refusal?.status == .conflict,
    "what was in force is not: \(status)")
  try store.publish(6)
  try core.refresh()
  try require(core.status().revision == 6, "what is published later is not taken")
}

/// A thread asks, while another one is about to start the core.
private func startInChild(_ core: CoreReference) throws {
  try interposed(
    CPROBE_MADVISE, 2, populateAdvice,
    {
      guard hookCalls.add(1, ordering: .relaxed).oldValue == 0 else { return }
      hookCrew.start(1) {
        hookThread.store(cprobe_thread(), ordering: .relaxed)
        // SAFETY: as above.
        guard let core = unsafe hookCore else { return }
        try require(core.status().revision == 6, "nothing is in force")
      }
      // It can but wait for this thread.
      let end = now() + 20
      while cprobe_sleeps(hookThread.load(ordering: .relaxed)) == 0, now() < end { usleep(200) }
    },
    {
      var seen: UInt64 = 0
      try require(try readOnce(core, words: .max, seen: &seen), "nothing to read")
      try require(seen == 6, "another revision than head's")
    })
  try hookCrew.join()
  try require(hookThread.load(ordering: .relaxed) != 0, "nobody asked meanwhile")
  try require(core.status().tablesValidated == 1, "the core was started twice")
}
