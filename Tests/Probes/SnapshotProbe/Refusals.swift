import CProbe
import Foundation
import StatedStore
import Turnout

/// What the system refuses to one thread, as if it had no more of it.
private struct Refusal {
  var call: Int
  var argument: Int32
  var value: UInt32
  var error: Int32

  /// Blank memory of so many bytes.
  static func memory(_ bytes: UInt32) -> Refusal {
    Refusal(call: CPROBE_MMAP, argument: 1, value: bytes, error: ENOMEM)
  }
  /// To wipe pages in a forked child, which Linux before 4.14 cannot.
  static let wiping = Refusal(call: CPROBE_MADVISE, argument: 2, value: 18, error: EINVAL)
  static let threads = Refusal(call: CPROBE_CLONE, argument: 0, value: CPROBE_ANY, error: EAGAIN)
}

/// What each part of the engine asks the system for at once.
private enum Wanted {
  static let process: UInt32 = 4096
  static let core: UInt32 = 4096 + 1024 * 128 + 4096
  static let lines: UInt32 = 256 * 128
  static let snapshot: UInt32 = 4096 + 32 * 128
  static let overlay: UInt32 = 4096
}

/// Runs `body` in a thread that is refused something, and throws what it throws.
private func refused(_ refusal: Refusal, _ body: @escaping @Sendable () throws -> Void) throws {
  let crew = Crew()
  let (call, argument) = (Int32(refusal.call), refusal.argument)
  let (value, error) = (refusal.value, refusal.error)
  crew.start(1) {
    let result = cprobe_refuse(call, argument, value, error)
    try require(result == 0, "the kernel takes no filter: \(result)")
    try body()
  }
  try crew.join()
}

/// `body` must fail for want of memory, in these words.
private func failsForMemory(_ words: String, _ body: () throws -> Void) throws {
  do { try body() } catch let error as TurnoutError {
    return try require(
      error.status == .outOfMemory && error.message.contains(words), "failed otherwise: \(error)")
  }
  throw ProbeFailure("went on without what it was refused: \(words)")
}

/// An engine that the system refuses memory or threads says so, keeps what it has, holds on to nothing,
/// and goes on once there is some.
func refusals() throws {
  try withFolder { folder in
    let store = try StatedStore(directory: folder + "/store")
    try store.publish(1)
    let directory = store.directory
    func cannotOpen(_ refusal: Refusal, _ words: String, noThread: Bool = true) throws {
      try refused(refusal) {
        try failsForMemory(words) { _ = try Cores.open(path: directory, noThread: noThread) }
      }
    }
    // The page of the process comes first. Nothing runs without it.
    try cannotOpen(.memory(Wanted.process), "no memory to open the store")
    try refused(.memory(Wanted.process)) {
      try require(Lines.made == 0, "there are lines of no process")
    }
    try cannotOpen(.wiping, "no memory to open the store")
    try require(Lines.made == 0, "a line was made")
    try cannotOpen(.memory(Wanted.core), "no memory to open the store")
    let before = cprobe_mappings()
    for _ in 0..<20 { try cannotOpen(.wiping, "no memory to open the store") }
    try require(cprobe_mappings() < before + 20, "memory that cannot be wiped is kept")

    try cannotOpen(.threads, "The system gives no thread for the keeper", noThread: false)
    let core = try Cores.open(path: directory, noThread: true)
    try cannotOpen(.threads, "The system gives no thread for the keeper", noThread: false)
    try require(!core.status().keeperRunning, "a keeper runs")
    try readsWithoutALine(core)
    try require(core.close(), "the engine is not open")
    try require(core.enter().status == .closed, "a handle that was refused is counted")
    let kept = try Cores.open(path: directory, noThread: false)
    try require(kept.status().keeperRunning, "no keeper runs")
    kept.close()

    try keepsWhatIsInForce(folder + "/other")
    print("refused: all was said, nothing was kept")
  }
}

/// No memory for the process's first lines.
private func readsWithoutALine(_ core: CoreReference) throws {
  try refused(.memory(Wanted.lines)) {
    var seen: UInt64 = 0
    for _ in 0..<3 { try require(try readOnce(core, words: .max, seen: &seen), "nothing to read") }
    let view = try core.openView()
    let reading = view.enter()
    try require(reading.status == .ok && reading.snapshot.isWhole(), "a view does not answer")
    reading.leave()
    view.close()
    try require(Lines.made == 0, "a line was made")
  }
  var seen: UInt64 = 0
  try require(try readOnce(core, words: .max, seen: &seen), "nothing to read")
  try require(Lines.made == 1, "this thread has no line")
  try require(core.status().counters.resolves == 4, "counters were lost")
}

/// No memory for a snapshot, or for an overlay.
private func keepsWhatIsInForce(_ directory: String) throws {
  let store = try StatedStore(directory: directory)
  try store.publish(1)
  try refused(.memory(Wanted.snapshot)) {
    try failsForMemory("no memory for revision 1 to be taken into force") {
      _ = try Cores.open(path: directory, noThread: true)
    }
  }
  let core = try Cores.open(path: directory, noThread: true)
  defer { core.close() }
  // So that the memory of the snapshot in force is not used again.
  let view = try core.openView()
  try store.publish(2)
  try refused(.memory(Wanted.snapshot)) {
    try failsForMemory("Revision 1 is served until then") { try core.refresh() }
  }
  var seen: UInt64 = 0
  try require(try readOnce(core, words: .max, seen: &seen) && seen == 1, "revision 1 is gone")
  try require(core.status().refusal?.status == .outOfMemory, "the status does not say it")
  try core.refresh()
  try require(try readOnce(core, words: .max, seen: &seen) && seen == 2, "revision 2 is not taken")
  view.close()

  try store.activate(2, overlay: [OverlayEntry(kind: .cluster, state: .down, name: "c1")])
  try refused(.memory(Wanted.overlay)) {
    try failsForMemory("no memory for the overlay") { try core.refresh() }
  }
  func stateOfC1() throws -> UInt8 {
    let reading = core.enter()
    defer { reading.leave() }
    try require(reading.status == .ok, "nothing to read")
    return reading.snapshot.clusterState(1)
  }
  try require(try stateOfC1() == OverlayStates.up, "half an overlay is in force")
  try core.refresh()
  try require(try stateOfC1() == OverlayStates.down, "the overlay is not taken")
}
