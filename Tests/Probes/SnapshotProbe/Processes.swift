import CProbe
import Foundation
import StatedStore
import Synchronization
import Turnout

private let stagedRevisions: UInt64 = 32

/// A reading process: opens the store, reads with several threads, and checks every reading.
func read(_ directory: String, _ threads: Int, seconds: Int) throws {
  Poison.reclaim(true)
  let core = try Cores.open(path: directory, noThread: false)
  let reads = Atomic(0)
  let changes = Atomic(0)
  let end = now() + Double(seconds)
  let crew = Crew()
  crew.start(threads) {
    var count = 0
    var seen: UInt64 = 0
    var last: UInt64 = 0
    var moved = 0
    while count % 64 != 0 || now() < end {
      try require(
        try readOnce(core, words: count % 16 == 0 ? .max : 4, seen: &seen), "nothing to read")
      if seen != last { moved += 1 }
      last = seen
      count += 1
    }
    reads.add(count, ordering: .relaxed)
    changes.add(moved, ordering: .relaxed)
  }
  try crew.join()
  let status = core.status()
  core.close()
  print(
    "read: pid \(getpid()), \(reads.load(ordering: .relaxed)) reads, "
      + "\(changes.load(ordering: .relaxed)) changes of revision seen, refusal "
      + "\(status.refusal.map { $0.message } ?? "none")")
  try require(changes.load(ordering: .relaxed) > threads, "no publish was seen")
}

/// A writer that publishes, moves head and removes old tables, while reading processes come, go and
/// are killed.
func processes(seconds: Int) throws {
  try withFolder { folder in
    let store = try StatedStore(directory: folder + "/store", words: 4096)
    for revision in 1...stagedRevisions { try store.stage(revision) }
    try store.activate(1)
    let readers = try (0..<3).map { _ in
      try spawn([program, "read", store.directory, "2", "\(seconds)"])
    }
    var victim = try spawn([program, "read", store.directory, "2", "60"])
    let end = now() + Double(seconds) + 0.2
    var publishes = 0
    var kills = 0
    var next = stagedRevisions + 1
    while now() < end {
      try store.activate(next - 1 - UInt64(publishes) % 16)
      publishes += 1
      if publishes % 64 == 0 {
        try store.publish(next)
        try store.remove(next - stagedRevisions)
        next += 1
      }
      if publishes % 200 == 0 {
        SnapshotProbe.end(victim)
        kills += 1
        victim = try spawn([program, "read", store.directory, "2", "60"])
      }
      usleep(1000)
    }
    SnapshotProbe.end(victim)
    for reader in readers {
      let result = wait(reader)
      try require(result == 0, "a reader ended with \(result)")
    }
    print("processes: \(publishes) publishes, \(kills) readers killed")
  }
}

/// Two readers, each process 1 of a PID namespace of its own, one on a read-only mount.
func namespaces(seconds: Int) throws {
  try withFolder { folder in
    let store = try StatedStore(directory: folder + "/store", words: 1024)
    for revision in 1...stagedRevisions { try store.stage(revision) }
    try store.activate(1)
    let mounted = folder + "/mounted"
    try FileManager.default.createDirectory(atPath: mounted, withIntermediateDirectories: true)
    let one = try spawn([
      "unshare", "-pf", "--mount-proc", program, "read", store.directory, "2", "\(seconds)",
    ])
    let script =
      "mount --bind \(store.directory) \(mounted) && mount -o remount,ro,bind \(mounted) && "
      + "! touch \(mounted)/x 2>/dev/null && exec \(program) read \(mounted) 2 \(seconds)"
    let two = try spawn(["unshare", "-pfm", "--mount-proc", "sh", "-c", script])
    let end = now() + Double(seconds) + 0.2
    var publishes = 0
    while now() < end {
      try store.activate(UInt64(publishes) % stagedRevisions + 1)
      publishes += 1
      usleep(2000)
    }
    for reader in [one, two] {
      let result = wait(reader)
      try require(result == 0, "a reader ended with \(result)")
    }
    print("namespaces: \(publishes) publishes seen by two processes 1, one on a read-only mount")
  }
}

/// How long after another process's publish this one serves it.
func latency() throws {
  for words in [512, 128 * 1024, 5 * 128 * 1024] {
    try withFolder { folder in
      let directory = folder + "/store"
      let child = try spawn([program, "publish", directory, "\(words)"])
      while !FileManager.default.fileExists(atPath: directory + "/head") { usleep(1000) }
      let core = try Cores.open(path: directory, noThread: false)
      var taken: [Double] = []
      var last: UInt64 = 0
      let end = now() + 30
      while taken.count < 20, now() < end {
        let reading = core.enter()
        let revision = reading.status == .ok ? reading.snapshot.value.revision : 0
        reading.leave()
        if revision != last {
          // The publisher leaves the time of each move of head beside the store.
          let path = folder + "/moved-\(revision)"
          if last != 0,
            let moved = Double((try? String(contentsOfFile: path, encoding: .utf8)) ?? "")
          {
            taken.append(now() - moved)
          }
          last = revision
        }
        usleep(50)
      }
      core.close()
      SnapshotProbe.end(child)
      try require(taken.count == 20, "only \(taken.count) publishes were seen")
      taken.sort()
      let milliseconds = taken.map { ($0 * 1e6).rounded() / 1e3 }
      print(
        "latency: \(words * 8 / 1024) KiB: median \(milliseconds[10]) ms, worst \(milliseconds[19]) ms"
      )
    }
  }
}

/// Moves head back and forth every 100 ms and leaves the time beside the store.
func publishForLatency(_ directory: String, words: Int) throws {
  let folder = (directory as NSString).deletingLastPathComponent
  let store = try StatedStore(directory: directory, words: words)
  for revision in UInt64(1)...30 { try store.stage(revision) }
  for revision in UInt64(1)...30 {
    usleep(100_000)
    try "\(now())".write(toFile: folder + "/moved-\(revision)", atomically: true, encoding: .utf8)
    let moved = now()
    try store.activate(revision)
    try "\(moved)".write(toFile: folder + "/moved-\(revision)", atomically: true, encoding: .utf8)
  }
  usleep(2_000_000)
}
