import CProbe
import Foundation
import StatedStore
import Synchronization
import Turnout

private let handlerCalls = Atomic(0)
private let handlerReentrant = Atomic(0)
private let handlerOther = Atomic(0)

/// A signal handler that reads, in the middle of readings: it is refused, and harms nothing.
func signals(seconds: Int) throws {
  try withFolder { folder in
    let store = try StatedStore(directory: folder + "/store", words: 512)
    for revision in UInt64(1)...8 { try store.stage(revision) }
    try store.activate(1)
    let core = try Cores.open(path: store.directory, noThread: false)
    // SAFETY: written before the first signal, read by handlers only.
    unsafe interrupted = core
    cprobe_signals(
      {
        handlerCalls.add(1, ordering: .relaxed)
        // SAFETY: as above.
        guard let core = unsafe interrupted else { return }
        let reading = core.enter()
        switch reading.status {
        case .reentrant: handlerReentrant.add(1, ordering: .relaxed)
        case .ok: break
        default: handlerOther.add(1, ordering: .relaxed)
        }
        reading.leave()
      }, 200)
    let end = now() + Double(seconds)
    var count = 0
    var seen: UInt64 = 0
    while now() < end {
      for _ in 0..<200 {
        try require(try readOnce(core, words: .max, seen: &seen), "nothing to read")
        count += 1
      }
      try store.activate(UInt64(count / 200) % 8 + 1)
    }
    cprobe_signals_stop()
    core.close()
    let calls = handlerCalls.load(ordering: .relaxed)
    let reentrant = handlerReentrant.load(ordering: .relaxed)
    try require(handlerOther.load(ordering: .relaxed) == 0, "a handler got another status")
    try require(calls > 0 && reentrant > 0, "no signal came inside a reading")
    print("signals: \(calls) handlers during \(count) reads, \(reentrant) refused as reentrant")
  }
}

/// What the signal handler reads.
nonisolated(unsafe) private var interrupted: CoreReference?

/// Children of a process whose keeper is busy: with an engine opened before the fork, after it, and
/// both; each reads, sees publishes of its own keeper, and ends its core.
func forks(rounds: Int) throws {
  if cprobe_thread_sanitizer() != 0 {
    print("fork: not with the thread sanitizer, whose forked children hang when they start threads")
    return
  }
  try withFolder { folder in
    let store = try StatedStore(directory: folder + "/store", words: 256)
    for revision in UInt64(1)...8 { try store.stage(revision) }
    try store.activate(1)
    let core = try Cores.open(path: store.directory, noThread: false)
    let held = try core.openView()
    let stop = Atomic(false)
    let crew = Crew()
    // The keeper adopts, and other threads claim lines, read and open views, all the while.
    let viewed = Atomic(0)
    crew.start(1) {
      while !stop.load(ordering: .relaxed) {
        let view = try core.openView()
        view.close()
        var seen: UInt64 = 0
        try require(try readOnce(core, words: 4, seen: &seen), "nothing to read")
        viewed.add(1, ordering: .relaxed)
      }
    }
    try haveAllDoneOnce(core, store, viewed)
    var publishes = 0
    for round in 0..<rounds {
      var seen: UInt64 = 0
      if round % 2 == 0 { _ = try readOnce(core, words: 4, seen: &seen) }
      let child = cprobe_fork()
      if child == 0 {
        endChild { try live(core, held, store.directory, opens: round % 3) }
      }
      let end = now() + 60
      var result: Int32 = -1
      while result < 0, now() < end {
        try store.activate(UInt64(publishes) % 8 + 1)
        publishes += 1
        usleep(300)
        result = cprobe_ended(child)
      }
      try require(result == 0, "round \(round): the child ended with \(result)")
    }
    stop.store(true, ordering: .relaxed)
    try crew.join()
    try require(held.close(), "the parent's view is gone")
    core.close()
    print("fork: \(rounds) children, \(publishes) publishes")
  }
}

/// What the Swift runtime knows of a type it makes at its first use, under a lock that a fork in that
/// moment would leave held in the child. So all that other threads do is done before.
private func haveAllDoneOnce(
  _ core: CoreReference, _ store: StatedStore, _ viewed: borrowing Atomic<Int>
) throws {
  for revision in UInt64(2)...8 {
    try store.activate(revision)
    let (before, end) = (viewed.load(ordering: .relaxed), now() + 30)
    var seen: UInt64 = 0
    while seen != revision || viewed.load(ordering: .relaxed) < before + 2, now() < end {
      _ = try readOnce(core, words: 4, seen: &seen)
    }
  }
}

/// - Parameter opens: 0 uses the parent's engine only, 1 opens its own only, 2 uses both.
private func live(
  _ inherited: CoreReference, _ held: HeldView, _ directory: String, opens: Int
) throws {
  try require(cprobe_keepers() == 0, "the keeper came along")
  try require(held.enter().status == .closed, "a view crossed the fork")
  try require(!held.close(), "a view of the parent was closed")
  var cores: [CoreReference] = []
  if opens != 1 { cores.append(inherited) }
  if opens != 0 { cores.append(try Cores.open(path: directory, noThread: false)) }
  for core in cores {
    var seen: UInt64 = 0
    var revisions: Set<UInt64> = []
    let end = now() + 30
    while revisions.count < 3, now() < end {
      try require(try readOnce(core, words: .max, seen: &seen), "nothing to read in the child")
      revisions.insert(seen)
    }
    try require(revisions.count >= 3, "the child's keeper follows nothing: \(core.status())")
    let view = try core.openView()
    let reading = view.enter()
    try require(reading.status == .ok, "a view of the child does not answer")
    reading.leave()
    try require(view.close(), "a view of the child does not close")
  }
  try require(cprobe_keepers() == 1, "not one keeper in the child")
  let crew = Crew()
  let core = cores[0]
  crew.start(3) {
    var seen: UInt64 = 0
    for _ in 0..<100 { try require(try readOnce(core, words: 4, seen: &seen), "nothing to read") }
  }
  try crew.join()
  // The child has its parent's handle, whether it used it or not.
  if opens != 0 { inherited.close() }
  try require(inherited.close(), "the child has not its parent's handle")
  try require(inherited.enter().status == .closed, "a closed core answers")
  try require(cprobe_keepers() == 0, "a keeper is left in the child")
}
