import Foundation
import StatedStore
import Synchronization
import Turnout

/// Overlays in turn: each gives the clusters states that only it gives, so that whoever reads them
/// knows which one it is. The last says nothing.
private let turns: [[OverlayEntry]] = (0..<8).map { turn in
  guard turn < 7 else { return [] }
  return (0..<StatedImage.clusters).compactMap { cluster in
    let state: OverlayEntry.State = [.up, .draining, .down][
      (cluster + turn) % 3 == 0 ? 0 : turn % 2 + 1]
    guard state != .up else { return nil }
    return OverlayEntry(kind: .cluster, state: state, name: "c\(cluster)")
  }
}

private func expected(_ generation: UInt64, _ cluster: Int) -> UInt8 {
  let entries = turns[Int(generation % UInt64(turns.count))]
  switch entries.first(where: { $0.name == "c\(cluster)" })?.state {
  case .down: return OverlayStates.down
  case .draining: return OverlayStates.draining
  default: return OverlayStates.up
  }
}

/// Threads read, some through views, while the overlay changes as fast as it can; what is reclaimed is
/// poisoned. Every state that a reading finds must be that of the generation that it found.
func overlayRace(seconds: Int, threads: Int) throws {
  try withFolder { folder in
    Poison.reclaim(true)
    let store = try StatedStore(directory: folder + "/store", words: 64)
    for revision in 1...2 as ClosedRange<UInt64> { try store.stage(revision) }
    try store.activate(1)
    let core = try Cores.open(path: store.directory, noThread: true)
    let table = (0..<UInt64(turns.count)).map { generation in
      (0..<StatedImage.clusters).map { expected(generation, $0) }
    }
    try core.put(turns[0], generation: 0)
    let stop = Atomic(false)
    let reads = Atomic(0)
    let crew = Crew()
    @Sendable func check(_ reading: Reading) throws {
      try require(reading.status == .ok, "a reading was refused: \(reading.status)")
      let snapshot = reading.snapshot
      let wanted = table[Int(snapshot.value.overlayGeneration % UInt64(turns.count))]
      for cluster in 0..<StatedImage.clusters {
        try require(
          snapshot.clusterState(UInt32(cluster)) == wanted[cluster],
          "the state of c\(cluster) is not that of its generation")
      }
      try require(snapshot.isWhole(words: 2), "a table states another revision than its own")
    }
    crew.start(threads) {
      var count = 0
      while !stop.load(ordering: .relaxed) {
        let reading = core.enter()
        defer { reading.leave() }
        try check(reading)
        count += 1
      }
      reads.add(count, ordering: .relaxed)
    }
    crew.start(1) {
      while !stop.load(ordering: .relaxed) {
        let view = try core.openView()
        for _ in 0..<20 {
          let reading = view.enter()
          defer { reading.leave() }
          try check(reading)
        }
        view.close()
      }
    }
    let end = now() + Double(seconds)
    var generation: UInt64 = 0
    while now() < end {
      generation += 1
      try core.put(turns[Int(generation % UInt64(turns.count))], generation: generation)
    }
    stop.store(true, ordering: .relaxed)
    try crew.join()
    try core.refresh()
    try core.refresh()
    let retired = core.status().retired
    try require(retired == 0, "\(retired) snapshots were never reclaimed")
    core.close()
    print(
      "overlay: \(threads) threads, \(reads.load(ordering: .relaxed)) reads, \(generation) overlays"
    )
  }
}

/// How long until a change of the overlay by another process is in force here.
func overlayLatency() throws {
  try withFolder { folder in
    let directory = folder + "/store"
    let child = try spawn([program, "switch", directory])
    while !FileManager.default.fileExists(atPath: directory + "/head") { usleep(1000) }
    let core = try Cores.open(path: directory, noThread: false)
    var taken: [Double] = []
    var last: UInt64 = 0
    let end = now() + 30
    while taken.count < 20, now() < end {
      let reading = core.enter()
      let generation = reading.status == .ok ? reading.snapshot.value.overlayGeneration : 0
      reading.leave()
      if generation != last {
        // The other process leaves the time of each change beside the store.
        let path = folder + "/moved-\(generation)"
        if last != 0, let moved = Double((try? String(contentsOfFile: path, encoding: .utf8)) ?? "")
        {
          taken.append(now() - moved)
        }
        last = generation
      }
      usleep(50)
    }
    core.close()
    SnapshotProbe.end(child)
    try require(taken.count == 20, "only \(taken.count) changes of the overlay were seen")
    taken.sort()
    let milliseconds = taken.map { ($0 * 1e6).rounded() / 1e3 }
    print("latency: overlay: median \(milliseconds[10]) ms, worst \(milliseconds[19]) ms")
  }
}

/// Changes the overlay every 100 ms and leaves the time beside the store.
func switchForLatency(_ directory: String) throws {
  let folder = (directory as NSString).deletingLastPathComponent
  let store = try StatedStore(directory: directory)
  try store.publish(1)
  for generation in UInt64(2)...30 {
    usleep(100_000)
    let path = folder + "/moved-\(generation)"
    try "\(now())".write(toFile: path, atomically: true, encoding: .utf8)
    let moved = now()
    try store.activate(1, overlay: turns[Int(generation % 7)])
    try "\(moved)".write(toFile: path, atomically: true, encoding: .utf8)
  }
  usleep(2_000_000)
}
