import CProbe
import Foundation
import StatedStore
import Synchronization
import Turnout

private let stagedRevisions: UInt64 = 8
private let renewals = 1000

/// Stores that miss every cache. A processor's stores become visible in order, so that an announcement
/// behind these becomes visible late, unless it waits for them: what a reading has to do.
private struct StoreTraffic {
  private var words = [UInt64](repeating: 1, count: 1 << 22)
  private var state: UInt64 = 88_172_645_463_325_252

  mutating func go() {
    for _ in 0..<8 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      words[Int(truncatingIfNeeded: state) & (words.count - 1)] = state
    }
  }
}

/// Threads read while head moves as fast as it can; what is reclaimed is poisoned. `lines` lowers the
/// number of lines, so that the other threads read without one.
func race(seconds: Int, threads: Int, lines: Int) throws {
  try withFolder { folder in
    if lines > 0 { Lines.limit(to: lines) }
    Poison.reclaim(true)
    let store = try StatedStore(directory: folder + "/store", words: 64)
    for revision in 1...stagedRevisions { try store.stage(revision) }
    try store.activate(1)
    let core = try Cores.open(path: store.directory, noThread: true)
    let stop = Atomic(false)
    let reads = Atomic(0)
    let crew = Crew()
    crew.start(threads) {
      var count = 0
      var seen: UInt64 = 0
      var traffic = StoreTraffic()
      while !stop.load(ordering: .relaxed) {
        traffic.go()
        _ = try readOnce(core, words: count % 64 == 0 ? .max : 2, seen: &seen)
        count += 1
      }
      reads.add(count, ordering: .relaxed)
    }
    let end = now() + Double(seconds)
    var publishes = 0
    while now() < end {
      try store.activate(UInt64(publishes) % stagedRevisions + 1, ring: false)
      try core.refresh()
      // Snapshots over the same table change hands in less than a microsecond.
      try core.renew(times: renewals)
      publishes += 1
    }
    stop.store(true, ordering: .relaxed)
    try crew.join()
    try core.refresh()
    let status = core.status()
    try require(status.retired == 0, "\(status.retired) snapshots were never reclaimed")
    try require(
      status.counters.resolves == UInt64(reads.load(ordering: .relaxed)), "counters were lost")
    core.close()
    print(
      "race: \(threads) threads, \(reads.load(ordering: .relaxed)) reads, \(publishes) publishes with \(renewals) renewals each"
    )
  }
}

/// Views are opened, read and closed by several threads while head moves and others close them.
func viewRace(seconds: Int) throws {
  try withFolder { folder in
    Poison.reclaim(true)
    let store = try StatedStore(directory: folder + "/store", words: 64)
    for revision in 1...stagedRevisions { try store.stage(revision) }
    try store.activate(1)
    let core = try Cores.open(path: store.directory, noThread: true)
    let stop = Atomic(false)
    let shared = Shared<HeldView?>(nil)
    let reads = Atomic(0)
    let opened = Atomic(0)
    let late = Atomic(0)
    let crew = Crew()
    crew.start(2) {
      while !stop.load(ordering: .relaxed) {
        let view = try core.openView()
        opened.add(1, ordering: .relaxed)
        let before = shared.withLock { held in
          let before = held
          held = view
          return before
        }
        for _ in 0..<8 {
          let reading = view.enter()
          if reading.status == .ok {
            try require(
              reading.snapshot.isWhole(words: 2)
                && reading.snapshot.value.revision == view.revision,
              "a view gave another revision")
          } else {
            try require(reading.status == .closed, "a view was refused: \(reading.status)")
          }
          reading.leave()
        }
        before?.close()
      }
    }
    crew.start(2) {
      var count = 0
      var traffic = StoreTraffic()
      while !stop.load(ordering: .relaxed) {
        guard let view = shared.withLock({ $0 }) else { continue }
        traffic.go()
        let reading = view.enter()
        if reading.status == .ok {
          try require(
            reading.snapshot.isWhole(words: 2) && reading.snapshot.value.revision == view.revision,
            "a view gave another revision")
          count += 1
        } else {
          late.add(1, ordering: .relaxed)
        }
        reading.leave()
      }
      reads.add(count, ordering: .relaxed)
    }
    let end = now() + Double(seconds)
    var publishes = 0
    while now() < end {
      try store.activate(UInt64(publishes) % stagedRevisions + 1, ring: false)
      try core.refresh()
      // Snapshots over the same table change hands in less than a microsecond.
      try core.renew(times: renewals)
      publishes += 1
    }
    stop.store(true, ordering: .relaxed)
    try crew.join()
    shared.withLock { $0 }?.close()
    try core.refresh()
    let status = core.status()
    try require(status.retired == 0, "\(status.retired) snapshots were never reclaimed")
    try require(status.views.isEmpty, "a view is left")
    core.close()
    print(
      "views: \(opened.load(ordering: .relaxed)) opened, \(reads.load(ordering: .relaxed)) foreign "
        + "reads, \(late.load(ordering: .relaxed)) of closed ones, \(publishes) publishes")
  }
}

/// Many short-lived threads, some dozens at once: their lines are used again.
func threadsThatComeAndGo(_ total: Int) throws {
  try withFolder { folder in
    let store = try StatedStore(directory: folder + "/store")
    try store.publish(1)
    let core = try Cores.open(path: store.directory, noThread: false)
    let atOnce = 50
    var done = 0
    while done < total {
      let crew = Crew()
      let ready = Atomic(0)
      crew.start(atOnce) {
        var seen: UInt64 = 0
        try require(try readOnce(core, words: 4, seen: &seen), "nothing to read")
        // They end at once, and give back their lines at once.
        ready.add(1, ordering: .relaxed)
        while ready.load(ordering: .relaxed) < atOnce { sched_yield() }
      }
      try store.activate(1)
      try crew.join()
      done += atOnce
    }
    let resolves = core.status().counters.resolves
    try require(resolves == UInt64(done), "\(resolves) resolves counted, \(done) made")
    // A thread may start before the system has told an ended one's destructor.
    try require(Lines.made <= 4 * atOnce, "\(Lines.made) lines were made for \(atOnce) threads")
    core.close()
    print("threads: \(done) came and went on \(Lines.made) lines")
  }
}

/// Handles are opened and closed while other threads read through their own.
func closing(rounds: Int) throws {
  try withFolder { folder in
    Poison.reclaim(true)
    let store = try StatedStore(directory: folder + "/store", words: 64)
    for revision in 1...stagedRevisions { try store.stage(revision) }
    try store.activate(1)
    let stop = Atomic(false)
    let refused = Atomic(0)
    let reads = Atomic(0)
    let crew = Crew()
    let directory = store.directory
    // This one misuses its handle on purpose: it reads on after the close.
    let stale = try Cores.open(path: store.directory, noThread: false)
    stale.close()
    crew.start(2) {
      while !stop.load(ordering: .relaxed) {
        let reading = stale.enter()
        if reading.status == .ok {
          try require(reading.snapshot.isWhole(words: 8), "a table states another revision")
          reads.add(1, ordering: .relaxed)
        } else {
          refused.add(1, ordering: .relaxed)
        }
        reading.leave()
      }
    }
    crew.start(1) {
      while !stop.load(ordering: .relaxed) {
        let core = try Cores.open(path: directory, noThread: false)
        var seen: UInt64 = 0
        for _ in 0..<50 {
          try require(try readOnce(core, words: 8, seen: &seen), "nothing to read")
        }
        core.close()
      }
    }
    for round in 0..<rounds {
      let core = try Cores.open(path: store.directory, noThread: round % 2 == 0)
      try store.activate(UInt64(round) % stagedRevisions + 1)
      var seen: UInt64 = 0
      try require(try readOnce(core, words: 8, seen: &seen), "nothing to read")
      core.close()
    }
    stop.store(true, ordering: .relaxed)
    try crew.join()
    try require(stale.enter().status == .closed, "a closed core answers")
    try require(cprobe_keepers() == 0, "a keeper is left")
    print(
      "close: \(rounds) rounds, \(reads.load(ordering: .relaxed)) stale reads served, "
        + "\(refused.load(ordering: .relaxed)) refused")
  }
}
