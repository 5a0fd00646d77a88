import CProbe
import Foundation
import StatedStore
import Synchronization
import Turnout

/// What is done to a reading between two of its instructions: in the very thread that reads, from the
/// processor's trap after each of them. A hook has no context but this.
private struct Disturbance {
  var core: CoreReference
  var view: HeldView?
  /// The first instruction before which it comes, how many instructions later it comes again, and how
  /// many times.
  var first: Int32
  var every: Int32
  var times: Int
  /// How many instructions there were.
  var steps: Int32 = 0
}

nonisolated(unsafe) private var disturbance: Disturbance?

/// Runs `body` with what is to come in between. Gives how many instructions were looked at.
@inline(never)
private func disturbed(_ wanted: Disturbance, _ body: () throws -> Void) throws -> Int32 {
  // SAFETY: written and read by this thread alone, of which the handler is a part.
  unsafe disturbance = wanted
  let result = cprobe_steps { step in
    // SAFETY: as above.
    guard var now = unsafe disturbance, now.times > 0 else { return 0 }
    now.steps = step
    if step >= now.first, (step - now.first) % now.every == 0 {
      now.times -= 1
      now.view?.close()
      try? now.core.renew(times: 1)
    }
    // SAFETY: as above.
    unsafe disturbance = now
    return 1
  }
  do {
    defer { cprobe_steps_end() }
    try require(result == 0, "the processor has no trap")
    try body()
  }
  // SAFETY: as above.
  return unsafe disturbance?.steps ?? 0
}

/// Head moves, and what went out of force is ended and poisoned, before every few instructions of a
/// reading, once and over and over; so does a view's close. Every reading is whole or refused.
func instructions() throws {
  #if !arch(x86_64)
    print("instructions: not on this processor")
    return
  #else
    if cprobe_thread_sanitizer() != 0 {
      print("instructions: not with the thread sanitizer, which delays the handlers of signals")
      return
    }
    try withFolder { folder in
      Poison.reclaim(true)
      let store = try StatedStore(directory: folder + "/store", words: 64)
      try store.publish(1)
      let core = try Cores.open(path: store.directory, noThread: true)
      var seen: UInt64 = 0
      try require(try readOnce(core, words: .max, seen: &seen), "nothing to read")
      let moved = try headMoves(core)
      let closed = try viewsClose(core)
      let lines = try linesChangeHands(core)
      try core.refresh()
      try require(core.status().retired == 0, "\(core.status().retired) snapshots stay")
      core.close()
      print(
        "instructions: head moved in \(moved) readings, a view was closed in \(closed), "
          + "\(lines) threads came and went meanwhile")
    }
  #endif
}

/// Instructions of an announcement, once undisturbed. Gives how many there were.
private func announcement(_ disturbance: Disturbance, _ enter: () -> Reading) throws -> Int32 {
  var reading = Reading?.none
  let steps = try disturbed(disturbance) { reading = enter() }
  defer { reading?.leave() }
  try require(reading?.status == .ok, "a reading was refused")
  try require(reading?.snapshot.isWhole() == true, "what is read is not what was announced")
  return steps
}

/// A trap takes long where the machine is a virtual one: so many instructions are tried by themselves, of
/// about a thousand in a debug build.
private let instructionsTried: Int32 = 16

/// Gives how many readings there were.
private func headMoves(_ core: CoreReference) throws -> Int {
  let all = try announcement(Disturbance(core: core, first: .max, every: 1, times: 1)) {
    core.enter()
  }
  // Once, and then over and over, until the reading has long come to where it begins again.
  let once = Swift.stride(from: 1, to: all, by: Int(max(1, all / instructionsTried))).map { first in
    Disturbance(core: core, first: first, every: .max, times: 1)
  }
  let often = ([41, 53, 67, 97] as [Int32]).map { every in
    Disturbance(core: core, first: 1, every: every, times: Int(5 * all / every))
  }
  for disturbance in once + often { _ = try announcement(disturbance) { core.enter() } }
  return once.count + often.count
}

/// Gives how many readings there were of views that were closed meanwhile.
private func viewsClose(_ core: CoreReference) throws -> Int {
  let held = try core.openView()
  defer { held.close() }
  let all = try announcement(Disturbance(core: core, first: .max, every: 1, times: 1)) {
    held.enter()
  }
  var (readings, refused) = (0, 0)
  for first in Swift.stride(from: 1, to: all, by: Int(max(1, all / instructionsTried))) {
    let view = try core.openView()
    // So that nothing but the view holds it.
    try core.renew(times: 1)
    var reading = Reading?.none
    _ = try disturbed(Disturbance(core: core, view: view, first: first, every: .max, times: 1)) {
      reading = view.enter()
    }
    defer { reading?.leave() }
    if reading?.status == .ok {
      try require(reading?.snapshot.isWhole() == true, "what is read is not what was announced")
    } else {
      try require(reading?.status == .closed, "a view was refused otherwise")
      refused += 1
    }
    try require(!view.close(), "nobody closed the view")
    readings += 1
  }
  try require(refused > 0, "no view was closed in time")
  return readings
}

/// Threads that are to come and go while another one stands still, and how many did.
private let guestsAsked = Atomic(0)
private let guestsGone = Atomic(0)

/// Has one come and go. Not in this thread, which may hold a lock of the heap's.
private func awaitGuest() {
  let asked = guestsAsked.add(1, ordering: .sequentiallyConsistent).newValue
  let deadline = now() + 0.05
  while guestsGone.load(ordering: .sequentiallyConsistent) < asked, now() < deadline {
    sched_yield()
  }
}

/// A thread takes a line, and another one gives its own back, an instruction at a time: between these
/// others take and give back lines. Gives how many those were.
private func linesChangeHands(_ core: CoreReference) throws -> Int {
  let before = core.status().counters.resolves
  let isOver = Atomic(false)
  let crew = Crew()
  crew.start(1) {
    while !isOver.load(ordering: .relaxed) {
      guard guestsGone.load(ordering: .relaxed) < guestsAsked.load(ordering: .relaxed) else {
        sched_yield()
        continue
      }
      let guest = Crew()
      guest.start(1) {
        var seen: UInt64 = 0
        try require(try readOnce(core, words: 2, seen: &seen), "nothing to read")
      }
      try guest.join()
      guestsGone.add(1, ordering: .sequentiallyConsistent)
    }
  }
  for takes in [true, false] {
    let slow = Crew()
    slow.start(1) {
      if takes { cprobe_steps_to_the_end { slowly($0, every: 500, until: 10_000) } }
      let reading = core.enter()
      reading.count(.resolves)
      reading.leave()
      if !takes { cprobe_steps_to_the_end { slowly($0, every: 41, until: 8_000) } }
    }
    try slow.join()
  }
  isOver.store(true, ordering: .relaxed)
  try crew.join()
  let came = guestsGone.load(ordering: .relaxed)
  try require(
    core.status().counters.resolves == before + UInt64(came) + 2, "counters were lost")
  try require(Lines.made <= 5, "\(Lines.made) lines were made for 4 threads")
  return came
}

private func slowly(_ step: Int32, every: Int32, until end: Int32) -> Int32 {
  if step % every == 0 { awaitGuest() }
  return step < end ? 1 : 0
}
