import Foundation
import StatedStore
import Turnout

/// Runs `body` in a thread of its own, to its end.
private func elsewhere(_ body: @escaping @Sendable () throws -> Void) throws {
  let crew = Crew()
  crew.start(1, body)
  try crew.join()
}

/// More threads than lines: whoever has none is answered as everybody is, protects what it reads, is
/// counted, and gets a line once there is one.
func lineless() throws {
  try withFolder { folder in
    Lines.limit(to: 1)
    let store = try StatedStore(directory: folder + "/store")
    let core = try Cores.open(path: store.directory, noThread: true)
    try require(core.enter().status == .noTable, "there is something to read")
    try elsewhere {
      try require(core.enter().status == .noTable, "there is something to read without a line")
      try refusesAView(core, .noTable)
    }
    try store.publish(1)
    try core.refresh()
    try protectsWhatItReads(core, store)
    try isCounted(core)
    try readsAView(core, store)
    try require(Lines.made == 1, "more lines than there may be")
    try getsALine(core)
    try require(core.close(), "the engine is not open")
    Lines.limit(to: 2)
    try require(core.enter().status == .closed, "a closed core answers")
    try elsewhere {
      try require(core.enter().status == .closed, "a closed core answers without a line")
      try refusesAView(core, .closed)
    }
    print("lineless: as with a line")
  }
}

private func refusesAView(_ core: CoreReference, _ status: Status) throws {
  do { _ = try core.openView() } catch {
    return try require(error.status == status, "a view is refused otherwise: \(error)")
  }
  throw ProbeFailure("a view is open")
}

private func protectsWhatItReads(_ core: CoreReference, _ store: StatedStore) throws {
  let (reads, published) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
  let crew = Crew()
  crew.start(1) {
    let reading = core.enter()
    reads.signal()
    published.wait()
    defer { reading.leave() }
    try require(reading.status == .ok, "a reading without a line is refused: \(reading.status)")
    try require(reading.snapshot.value.revision == 1, "another revision is read than announced")
    try require(reading.snapshot.isWhole(), "what was read went")
  }
  reads.wait()
  try store.publish(2)
  try core.refresh()
  let retired = core.status().retired
  published.signal()
  try crew.join()
  try require(retired == 1, "a reading without a line protects nothing")
  try core.refresh()
  try require(core.status().retired == 0, "what nobody reads stays")
}

private func isCounted(_ core: CoreReference) throws {
  let before = core.status().counters
  try elsewhere {
    let reading = core.enter()
    for (index, counter) in Counter.allCases.enumerated() {
      reading.count(counter, UInt64(index + 1))
    }
    reading.leave()
  }
  let after = core.status().counters
  let grown = [
    after.resolves - before.resolves, after.refused - before.refused,
    after.undeclaredAttributes - before.undeclaredAttributes,
    after.mistypedAttributes - before.mistypedAttributes,
    after.shadowsLeftOut - before.shadowsLeftOut,
    after.unknownAssignments - before.unknownAssignments,
  ]
  try require(grown == [1, 2, 3, 4, 5, 6], "counted is \(grown)")
}

/// Through a view that another thread opened, and one of its own; and not through a closed one.
private func readsAView(_ core: CoreReference, _ store: StatedStore) throws {
  let view = try core.openView()
  try store.publish(3)
  try core.refresh()
  try elsewhere {
    let own = try core.openView()
    for (view, revision) in [(view, UInt64(2)), (own, 3)] {
      let reading = view.enter()
      try require(reading.status == .ok, "a view is refused: \(reading.status)")
      try require(
        reading.snapshot.value.revision == revision && reading.snapshot.isWhole(),
        "a view gives another revision")
      reading.leave()
    }
    try require(own.close() && own.enter().status == .closed, "a closed view answers")
  }
  try require(view.close(), "the view was closed")
  try elsewhere { try require(view.enter().status == .closed, "a closed view answers") }
  try core.refresh()
  try require(core.status().retired == 0, "what nobody holds stays")
}

/// The same thread, once the limit allows it.
private func getsALine(_ core: CoreReference) throws {
  try elsewhere {
    var seen: UInt64 = 0
    try require(try readOnce(core, words: .max, seen: &seen), "nothing to read")
    try require(Lines.made == 1, "a line beyond the limit")
    Lines.limit(to: 2)
    try require(try readOnce(core, words: .max, seen: &seen), "nothing to read")
    try require(Lines.made == 2, "no line although there is one")
    Lines.limit(to: 1)
  }
}
