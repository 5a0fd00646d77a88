internal import Glibc
internal import Turnout

/// Does each thing that is done with a store while the process may open no more file, one more, two more …
/// until it succeeds. Before that it says that files are too many, and the store is what it was.
struct Starved {
  let directory: String
  private static let sparesMax = 100
  private static let signature = Signature(author: "probe", message: "", time: 1)

  private struct Act: Sendable {
    let name: String
    let work: @Sendable (String) throws -> Void
  }

  private static func image(_ seed: UInt64) -> [UInt8] { ProbeImage.make(seed: seed, bytes: 3000) }

  private static let acts: [Act] = [
    Act(name: "publish") { directory in
      _ = try Store.open(directory).publish(image: image(50), sources: [], by: signature)
    },
    // What was just published is compared with its file before it is said to be there already.
    Act(name: "stage") { directory in
      let done = try Store.open(directory).publish(
        image: image(50), sources: [], action: .stage, by: signature)
      guard done.unchanged else { throw TurnoutError(.corrupt, "it was staged twice") }
    },
    Act(name: "rollback") { directory in
      _ = try Store.open(directory).rollback(by: signature)
    },
    // Head's table is asked whether it knows the name.
    Act(name: "set") { directory in
      let entry = OverlayEntry(kind: .cluster, state: .down, name: "a")
      _ = try Store.open(directory).set([entry], by: signature)
    },
    Act(name: "verify") { directory in
      let found = try StoreExamination(directory).findings
      // A stand-in of a table has its digest and no more.
      guard found.allSatisfy({ $0.message.contains("the table is damaged") }) else {
        throw TurnoutError(.corrupt, "found \(found)")
      }
    },
    Act(name: "backup") { directory in
      let copy = directory + "-copy"
      try clear(copy)
      let done = try StoreCopy(of: directory, as: .store, to: copy)
      guard done.tables == 5, done.damaged.isEmpty else {
        throw TurnoutError(.corrupt, "copied \(done)")
      }
    },
    Act(name: "create") { directory in
      let other = directory + "-other"
      try clear(other)
      _ = try Store.create(other)
    },
    Act(name: "read") { directory in
      guard let head = try Head.read(directory: directory) else { return }
      try FrozenTable.open(
        directory: directory, revision: head.revision, expecting: head.seal, pages: .copied
      ).unmap()
    },
    Act(name: "ask") { directory in _ = try Store.openToRead(directory).history() },
  ]

  /// Removes what an act before has left at `path`.
  private static func clear(_ path: String) throws {
    for folder in [path + "/tables", path] {
      guard try Directory.status(folder) != nil else { continue }
      for name in try Directory.names(folder) { try Directory.remove(folder + "/" + name) }
      // SAFETY: the path is passed as a terminated text for the call.
      guard unsafe rmdir(folder) == 0 else { throw TurnoutError(.ioError, "\(folder) stays") }
    }
  }

  private func limit(_ files: UInt64) throws {
    var limits = rlimit()
    // SAFETY: the struct outlives both calls.
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits) == 0 else {
      throw TurnoutError(.ioError, "no limit is known")
    }
    limits.rlim_cur = min(rlim_t(files), limits.rlim_max)
    guard unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits) == 0 else {
      throw TurnoutError(.ioError, "the limit cannot be \(files)")
    }
  }

  /// How many descriptors are open; they are the lowest.
  private func opened() throws -> UInt64 {
    UInt64(try File.open("/dev/null").descriptor)
  }

  private func state() throws -> StoreState { try StoreState(try Store.open(directory)) }

  private func prepare() throws {
    let store = try Store.create(directory)
    for seed in 1...3 {
      _ = try store.publish(image: Self.image(UInt64(seed)), sources: [], by: Self.signature)
    }
    _ = try store.publish(
      image: Self.image(4), sources: [], action: .stage, by: Self.signature)
  }

  func run() throws {
    // In a function of its own, so that nothing of the store stays open.
    try prepare()
    for act in Self.acts {
      var refused = 0
      var isDone = false
      while !isDone {
        guard refused < Self.sparesMax else {
          throw TurnoutError(.corrupt, "\(act.name) never succeeds")
        }
        let before = try state()
        try limit(try opened() + UInt64(refused))
        let error: TurnoutError?
        do {
          try act.work(directory)
          error = nil
        } catch let found as TurnoutError {
          error = found
        }
        try limit(1024)
        guard let error else {
          isDone = true
          continue
        }
        guard error.status == .limitExceeded, error.message.contains("ulimit -n") else {
          throw TurnoutError(
            .corrupt, "\(act.name) with \(refused): \(error.status.name) \(error.message)")
        }
        let happened = error.message.hasPrefix("The change is committed")
        // The next writer finishes what was committed, and finds nothing otherwise.
        try Store.open(directory).repair()
        if try (state() == before) == happened {
          throw TurnoutError(.corrupt, "\(act.name) with \(refused) changed the store: \(error)")
        }
        refused += 1
        if happened { isDone = true }
      }
      Probe.say("\(act.name) refused \(refused)")
    }
  }
}
