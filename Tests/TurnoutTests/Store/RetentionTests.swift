import StoreProbe
import Testing

@testable import Turnout

/// What a store keeps, what was pinned, and where a rollback may go.
@Suite struct RetentionTests {
  private func numbers(_ store: Store) throws -> [UInt64] { try store.revisions().map(\.number) }

  private func publish(_ store: Store, _ seeds: ClosedRange<UInt64>, at time: Int64 = 0) throws {
    for seed in seeds {
      _ = try store.publish(
        image: ProbeImage.make(seed: seed, bytes: 100), sources: [],
        by: Signature(author: "ada", message: "", time: time))
    }
  }

  private func retain(_ store: Store, keep: UInt64, span: Int64 = 0) throws -> Bool {
    try store.write { try $0.retain(Retention(keep: keep, span: span), by: .test) }
  }

  @Test func theStoreRemembersHowManyItKeeps() throws {
    let folder = try TemporaryFolder()
    var store: Store? = try Store.create(folder.store)
    try publish(try #require(store), 1...6)
    #expect(try retain(try #require(store), keep: 3))
    #expect(try numbers(try #require(store)) == [4, 5, 6])
    #expect(try !retain(try #require(store), keep: 3))
    store = nil
    let again = try Store.open(folder.store)
    try publish(again, 7...8)
    #expect(try numbers(again) == [6, 7, 8])
    #expect(try again.status().retention == Retention(keep: 3))
    // The files go, and head names no earlier one that is gone.
    #expect(try Directory.names(StoreLayout.tables(folder.store)).count == 3)
    #expect(try Head.read(directory: folder.store)?.earlier.map(\.revision) == [7, 6])
    let entry = try #require(try again.history().first { $0.action == .retention })
    #expect(entry.retention == Retention(keep: 3) && entry.head == 6 && entry.previousHead == 6)
  }

  @Test(arguments: [(0, 0), (4097, 0), (1, -1)] as [(UInt64, Int64)])
  func whatNoRetentionCanBeIsRefused(_ keep: UInt64, _ span: Int64) throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    #expect(failure { _ = try retain(store, keep: keep, span: span) } == .invalidArgument)
    #expect(try store.history().isEmpty)
  }

  /// One that counts the age of revisions to `now`.
  private func store(_ folder: TemporaryFolder, at now: Int64) throws -> Store {
    var options = Store.Options()
    options.clock = { now }
    return try Store.create(folder.store, options: options)
  }

  @Test func whatIsYoungOrWasHeadLatelyIsKept() throws {
    let folder = try TemporaryFolder()
    let store = try store(folder, at: 1000)
    try publish(store, 1...2, at: 100)
    try publish(store, 3...3, at: 200)
    // Until 950 revision 3 was head, though it is of 200.
    try publish(store, 4...4, at: 950)
    try publish(store, 5...7, at: 960)
    _ = try retain(store, keep: 1, span: 100)
    #expect(try numbers(store) == [3, 4, 5, 6, 7])
    _ = try retain(store, keep: 1, span: 45)
    #expect(try numbers(store) == [4, 5, 6, 7])
    _ = try retain(store, keep: 1)
    #expect(try numbers(store) == [6, 7])
  }

  @Test func aRevisionOfAClockThatWasAheadIsNotOld() throws {
    let folder = try TemporaryFolder()
    let store = try store(folder, at: 1000)
    try publish(store, 1...1, at: 5000)
    try publish(store, 2...2, at: 100)
    try publish(store, 3...4, at: 900)
    _ = try retain(store, keep: 1, span: 50)
    // 1 is of a time to come; of 2 the clock said that it stopped being head at 900.
    #expect(try numbers(store) == [1, 3, 4])
  }

  @Test func aPinnedRevisionIsKeptUntilItIsNot() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    try publish(store, 1...3)
    _ = try retain(store, keep: 1)
    try publish(store, 4...4)
    #expect(try numbers(store) == [3, 4])
    #expect(try !store.write { try $0.pin(3, by: .test) }.unchanged)
    #expect(try store.write { try $0.pin(3, by: .test) }.unchanged)
    try publish(store, 5...9)
    #expect(try numbers(store) == [3, 8, 9])
    let pin = try #require(try store.status().pins.first)
    #expect(pin.revision == 3 && pin.author == "tester" && pin.message == "a test")
    #expect(try store.rollback(to: 3, by: .test).head == 3)
    #expect(try store.rollback(to: 9, by: .test).head == 9)
    #expect(try !store.write { try $0.unpin(3, by: .test) }.unchanged)
    // It is the head before.
    #expect(try numbers(store) == [3, 9])
    try publish(store, 10...10)
    #expect(try numbers(store) == [9, 10])
    #expect(failure { _ = try store.write { try $0.pin(3, by: .test) } } == .noRevision)
    let actions = try store.history().map(\.action).filter { $0 == .pin || $0 == .unpin }
    #expect(actions == [.unpin, .pin])
    #expect(try StoreExamination(folder.store).findings.allSatisfy { $0.place != "catalog.mdb" })
  }

  @Test func whatIsKeptIsSaidBeforeAnythingIsHead() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    #expect(try retain(store, keep: 3))
    try store.publish(seed: 1, stage: true)
    #expect(try store.write { try $0.unpin(1, by: .test) }.unchanged)
    let pinned = try store.write { try $0.pin(1, by: .test) }
    #expect(!pinned.unchanged && pinned.revision == 1 && pinned.head == 0)
    #expect(try store.write { try $0.retention() } == Retention(keep: 3))
    let history = try store.history()
    #expect(history.map(\.action) == [.pin, .stage, .retention])
    #expect(history.map(\.head) == [0, 0, 0] && history.map(\.revision) == [1, 1, 0])
    #expect(history.last?.digest == Digest(low: 0, high: 0) && history.last?.bytes == 0)
    #expect(try StoreExamination(folder.store).findings.allSatisfy { $0.place != "catalog.mdb" })
  }

  @Test func aStoreHoldsAsManyPinsAsItSays() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    try publish(store, 1...1)
    try store.write { transaction in
      for number in 2...UInt64(StoreLayout.pinsMax + 1) {
        try transaction.catalog.put(Pin(revision: number, time: 0, author: "", message: ""))
      }
      transaction.isChanged = true
    }
    let refused = #expect(throws: TurnoutError.self) {
      _ = try store.write { try $0.pin(1, by: .test) }
    }
    #expect(refused?.status == .limitExceeded)
    #expect(refused?.message.contains("`turnout unpin` lets one go") == true)
    #expect(try store.history().count == 1 && store.status().pins.count == StoreLayout.pinsMax)
    try store.write { transaction in
      try transaction.catalog.removePin(2)
      transaction.isChanged = true
    }
    #expect(try !store.write { try $0.pin(1, by: .test) }.unchanged)
  }

  @Test func aRollbackGoesOnlyWhereHeadHasBeen() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    try publish(store, 1...3)
    try store.publish(seed: 4, stage: true)
    #expect(failure { try store.rollback(to: 4, by: .test) } == .conflict)
    #expect(failure { try store.rollback(to: 9, by: .test) } == .noRevision)
    #expect(try store.rollback(to: 3, by: .test).unchanged)
    #expect(try store.rollback(to: 1, by: .test).head == 1)
    #expect(try store.rollback(by: .test).head == 3)
    #expect(try store.activate(4, by: .test).head == 4)
    #expect(try store.rollback(to: 1, by: .test).head == 1)
    #expect(
      try store.history().prefix(4).map(\.action) == [.rollback, .activate, .rollback, .rollback])
  }

  // MARK: Records

  private static let allocations = (0..<20).map { number in
    ChangeSummary.Allocation(
      kind: .split, owner: "U/r\(number)", positions: UInt64(number % 7), minimum: 0,
      released: number == 3 ? 1 << 32 : 0)
  }
  private static let added = (0..<30).map { "Use\($0)" }
  private static let summary = ChangeSummary(
    allocations: allocations, added: added, removed: ["Gone"],
    differing: (0..<9).map { "Use\($0)" })

  @Test func whatMovedComesBackAsItWasWrittenAndIsBounded() throws {
    #expect(Self.summary.allocationCount == 20)
    #expect(Self.summary.allocations.map(\.owner).prefix(3) == ["U/r3", "U/r6", "U/r13"])
    #expect(Self.summary.allocations.count == 8 && Self.summary.added.first.count == 8)
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    let nothing = ChangeSummary(allocations: [], added: [], removed: [], differing: nil)
    for (seed, moved) in [(1, Self.summary), (2, nothing), (3, nil)] as [(UInt64, ChangeSummary?)] {
      _ = try store.write { transaction in
        try transaction.publish(
          image: ProbeImage.make(seed: seed, bytes: 100), sources: [], by: .test, moved: moved)
      }
    }
    var asked: [UInt64] = []
    _ = try store.write { transaction in
      try transaction.rollback(by: .test) { table in
        asked.append(table.revision)
        return Self.summary
      }
    }
    #expect(asked == [2])
    let found = try store.history().map(\.moved)
    #expect(found == [Self.summary, nil, nothing, Self.summary])
    #expect(found[2]?.isEmpty == true)
    // Builds before did not say which use cases differ; their entries are read, and say so.
    #expect(found[2]?.differing == nil && found[0]?.differing?.count == 9)
    #expect(found[0]?.untold.count == 9 && nothing.untold.count == 0)
  }

  @Test func entriesOfTheFirstBuildsSayNothingOfIt() throws {
    for message in ["", "why", "a message of some length"] {
      var entry = HistoryEntry(
        number: 3, action: .publish, revision: 2, previousHead: 1, head: 2, time: 5,
        digest: Digest(low: 1, high: 2), bytes: 10, author: "ada", message: message)
      let before = entry.encoded
      #expect(HistoryEntry(number: 3, parsing: before) == entry)
      entry.moved = Self.summary
      let after = entry.encoded
      #expect(after.starts(with: before))
      #expect(HistoryEntry(number: 3, parsing: after) == entry)
    }
  }

  @Test func anEntryThatIsCutShortIsRefused() throws {
    let entry = HistoryEntry(
      number: 3, action: .publish, revision: 2, previousHead: 1, head: 2, time: 5,
      digest: Digest(low: 1, high: 2), bytes: 10, author: "ada", message: "m",
      moved: Self.summary)
    let whole = entry.encoded
    var plain = entry
    plain.moved = nil
    var earlier = entry
    earlier.moved = ChangeSummary(
      allocations: Self.allocations, added: Self.added, removed: ["Gone"], differing: nil)
    // Builds before ended there.
    let ends = [plain.encoded.count, earlier.encoded.count]
    for count in 0..<whole.count where !ends.contains(count) {
      #expect(HistoryEntry(number: 3, parsing: Array(whole.prefix(count))) == nil, "\(count)")
    }
    // Nothing in it makes the reader trap.
    for offset in 0..<whole.count {
      for bit in 0..<8 {
        var damaged = whole
        damaged[offset] ^= 1 << bit
        _ = HistoryEntry(number: 3, parsing: damaged)
      }
    }
  }
}
