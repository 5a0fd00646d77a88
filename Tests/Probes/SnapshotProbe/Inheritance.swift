import CProbe
import Foundation
import StatedStore
import Synchronization
import Turnout

/// What a forked child makes of what its parent had: in each order of its first calls, with threads
/// that make them at once, and from threads that end.
func inheritance() throws {
  if cprobe_thread_sanitizer() != 0 {
    print("inherited: not with the thread sanitizer, whose forked children hang")
    return
  }
  try withFolder { folder in
    let store = try StatedStore(directory: folder + "/store", words: 64)
    try store.stage(1)
    try store.activate(1, overlay: [OverlayEntry(kind: .cluster, state: .down, name: "c1")])
    let core = try Cores.open(path: store.directory, noThread: true)
    var seen: UInt64 = 0
    try require(try readOnce(core, words: .max, seen: &seen), "nothing to read")
    try store.activate(1, overlay: [OverlayEntry(kind: .cluster, state: .down, name: "c2")])

    try inChild("refresh first") {
      try core.refresh()
      try require(core.status().revision == 1, "nothing is in force")
    }
    try inChild("status first") {
      try require(core.status().revision == 1, "nothing is in force")
      try require(!core.status().keeperRunning, "a keeper that no handle wants")
    }
    try inChild("overlay first") {
      let overlay = core.overlay()
      try require(overlay.entries.map(\.name) == ["c2"], "another overlay than head's: \(overlay)")
      try require(overlay.generation == 2, "another generation than head's")
    }
    try inChild("threads at once") { try startTogether(core) }
    try endsInChild(core)
    try require(core.close(), "the engine is not open")
    try inChild("closed before") { try findsItClosed(core) }
    try inChild("closed before, refresh first") {
      do { try core.refresh() } catch let error as TurnoutError {
        return try require(error.status == .closed, "refused otherwise: \(error)")
      }
      throw ProbeFailure("a closed engine is refreshed")
    }
    print("inherited: each child found its own")
  }
}

/// The first thread starts the core; those that come meanwhile wait for it and read what it did.
private func startTogether(_ core: CoreReference) throws {
  let ready = Atomic(0)
  let crew = Crew()
  let count = 8
  crew.start(count) {
    ready.add(1, ordering: .relaxed)
    while ready.load(ordering: .relaxed) < count { sched_yield() }
    var seen: UInt64 = 0
    try require(try readOnce(core, words: .max, seen: &seen), "nothing to read")
  }
  try crew.join()
  let status = core.status()
  try require(status.tablesValidated == 1, "the table was read \(status.tablesValidated) times")
  try require(status.counters.resolves == UInt64(count), "a reading was not counted")
}

private func findsItClosed(_ core: CoreReference) throws {
  try require(core.status().revision == 0, "something is in force")
  try require(core.overlay().entries.isEmpty, "an overlay is in force")
  try require(core.enter().status == .closed, "a closed core answers")
  do { _ = try core.openView() } catch {
    try require(error.status == .closed, "a view is refused otherwise: \(error)")
    return try require(!core.close(), "a handle is left")
  }
  throw ProbeFailure("a view is open")
}

/// A thread that has a line forks, and in the child it ends without having read there: the line is
/// not its own any more, and may not come to two threads.
private func endsInChild(_ core: CoreReference) throws {
  let child = Atomic<Int32>(0)
  let crew = Crew()
  crew.start(1) {
    var seen: UInt64 = 0
    try require(try readOnce(core, words: .max, seen: &seen), "nothing to read")
    let thread = pthread_self()
    let process = cprobe_fork()
    if process != 0 { return child.store(process, ordering: .relaxed) }
    Crew().start(1) {
      pthread_join(thread, nil)
      endChild {
        try require(Lines.made == 0, "the child has lines before it read")
        try startTogether(core)
        try require(Lines.made <= 8, "\(Lines.made) lines for 8 threads")
      }
    }
  }
  try crew.join()
  let result = end(ofChild: child.load(ordering: .relaxed))
  try require(result == 0, "the child whose thread ended ended with \(result)")
}
