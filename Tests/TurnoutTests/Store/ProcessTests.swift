import Glibc
import StoreProbe
import Testing

@testable import Turnout

/// What holds between processes. These run as root, here and in CI: without it they fail and say so.
@Suite(.serialized) struct ProcessTests {
  private func requireRoot() throws {
    try #require(geteuid() == 0, "this test mounts file systems and changes users: run it as root")
  }

  /// Looks every millisecond, for at most ten seconds; what should have come is then expected.
  private func wait(until done: () throws -> Bool) rethrows {
    for _ in 0..<10_000 {
      if try done() { return }
      usleep(1000)
    }
  }

  /// What a reader must find after any crash: head's table whole, and head the catalog's.
  private func expectWhole(_ directory: String, _ comment: Comment) throws {
    let store = try Store.open(directory)
    _ = try store.write { _ in }
    let status = try store.status()
    let head = try Head.read(directory: directory)
    #expect(head?.revision == status.head?.number, comment)
    #expect(head?.generation ?? 0 == status.generation, comment)
    #expect(head?.overlay.count ?? 0 == status.overlayEntries, comment)
    for revision in status.revisions {
      let table = try store.table(revision.number)
      #expect(ProbeImage.digest(table.image) == revision.imageDigest, comment)
      table.unmap()
    }
    #expect(
      try Directory.names(StoreLayout.tables(directory))
        == status.revisions.map { StoreLayout.tableName($0.number) }, comment)
    #expect(!(try Directory.names(directory)).contains("head.new"), comment)
    #expect(try store.history().allSatisfy { $0.revision < status.nextRevision }, comment)
  }

  @Test(arguments: Store.Step.allCases)
  func aWriterKilledAfterAnyStepLeavesAStoreThatTheNextOneRepairs(step: Store.Step) throws {
    let folder = try TemporaryFolder()
    // The store is never open in this process while the other writes.
    for seed in 1...5 { try Store.create(folder.store).publish(seed: UInt64(seed)) }
    let killed = try Child.probe(
      ["publish", folder.store, "77", "9000", step.rawValue], in: folder.path
    ).wait()
    #expect(killed.signal == SIGKILL, "\(killed)")

    // Readers go on without repair: with the old head, or with the new one.
    let reader = try Child.probe(["read", folder.store], in: folder.path).wait()
    #expect(reader.last.hasPrefix("head "))

    let committed = [.committed, .headRenamed, .rung].contains(step)
    try expectWhole(folder.store, "killed after \(step)")
    // `swept` is also reached by the repair with which the publish begins.
    #expect(try Head.read(directory: folder.store)?.revision == (committed ? 6 : 5))
    let next = try Store.open(folder.store).publish(seed: 78)
    #expect(next.revision == (committed ? 7 : 6))
  }

  @Test(arguments: [Store.Step.repaired, .headWritten, .committed, .headRenamed, .rung, .swept])
  func aSetKilledAfterAnyStepHappensWhollyOrNotAtAll(step: Store.Step) throws {
    let folder = try TemporaryFolder()
    try Store.create(folder.store).publish(seed: 1)
    _ = try Store.open(folder.store).write { transaction in
      try transaction.set([OverlayEntry(kind: .cluster, state: .draining, name: "a")], by: .test)
    }
    let killed = try Child.probe(
      ["set", folder.store, "b", "down", step.rawValue], in: folder.path
    )
    .wait()
    #expect(killed.signal == SIGKILL, "\(killed)")

    let reader = try Child.probe(["read", folder.store], in: folder.path).wait()
    #expect(reader.last.hasPrefix("head 1"))
    let committed = [.committed, .headRenamed, .rung].contains(step)
    try expectWhole(folder.store, "killed after \(step)")
    let head = try #require(try Head.read(directory: folder.store))
    #expect(head.revision == 1 && head.generation == (committed ? 2 : 1))
    #expect(head.overlay.map(\.name) == (committed ? ["a", "b"] : ["a"]))
    let sets = try Store.open(folder.store).history().filter { $0.action == .set }
    #expect(sets.count == (committed ? 2 : 1))
  }

  @Test func writersKilledAtAnyTimeLoseNothingThatTheySaidWasDone() throws {
    let folder = try TemporaryFolder()
    _ = try Store.create(folder.store)
    var kills = 0
    var round = 0
    var published = 0
    let clock = ContinuousClock()
    let start = clock.now
    func goesOn() -> Bool {
      let seconds = clock.now - start
      return kills < 300 && seconds < .seconds(10)
        || (kills < 100 || published < 50) && seconds < .seconds(100)
    }
    while goesOn() {
      let writers = try (0..<2).map { _ in
        try Child.probe(
          ["churn", folder.store, "\(UInt64.random(in: .min ... .max))"], in: folder.path)
      }
      // Every other round waits for work to be under way, so that a slow start is not all it kills.
      if round.isMultiple(of: 2) {
        try wait { try writers.contains { try !$0.lines().isEmpty } }
      }
      round += 1
      usleep(UInt32.random(in: 0...30_000))
      var said: [(UInt64, String)] = []
      for writer in writers.shuffled() {
        let ended = try writer.killAndWait()
        #expect(ended.signal == SIGKILL, "\(ended.lines)")
        for line in ended.lines {
          let words = line.split(separator: " ")
          guard words.count == 3, let revision = UInt64(words[1]) else { continue }
          said.append((revision, String(words[2])))
        }
        kills += 1
        if Bool.random() { usleep(UInt32.random(in: 0...5000)) }
      }
      published += said.count
      let reader = try Child.probe(["read", folder.store], in: folder.path).wait()
      #expect(reader.exit == 0, "\(reader.lines)")
      try expectWhole(folder.store, "after \(kills) kills")
      let store = try Store.open(folder.store)
      let known = Set(try store.history().map { "\($0.revision) \($0.digest)" })
      for (revision, digest) in said {
        #expect(known.contains("\(revision) \(digest)"), "revision \(revision) was lost")
      }
    }
    let made = try Store.open(folder.store).history()
      .filter { $0.action == .publish || $0.action == .stage }.map(\.revision)
    #expect(Set(made).count == made.count, "a number was used twice")
    #expect(kills >= 100 && published >= 50, "\(kills) kills, \(published) publishes")
  }

  @Test func readingNeedsNoWritePermission() throws {
    try requireRoot()
    let folder = try TemporaryFolder()
    try Store.create(folder.store).publish(seed: 1)
    #expect(unsafe chmod(StoreLayout.tables(folder.store), 0o555) == 0)
    #expect(unsafe chmod(folder.store, 0o555) == 0)
    #expect(unsafe chmod(folder.path, 0o755) == 0)
    let reader = try Child.probe(["read-as-nobody", folder.store], in: folder.path).wait()
    #expect(reader.last.hasPrefix("head 1 "), "\(reader.lines)")
    let writer = try Child.probe(["write-as-nobody", folder.store], in: folder.path).wait()
    #expect(writer.last.hasPrefix("error permission_denied "), "\(writer.lines)")
  }

  @Test func aFolderThatMayNotBeReadSaysSo() throws {
    try requireRoot()
    let folder = try TemporaryFolder()
    try Store.create(folder.store).publish(seed: 1)
    #expect(unsafe chmod(folder.store, 0o700) == 0)
    let reader = try Child.probe(["read-as-nobody", folder.store], in: folder.path).wait()
    #expect(reader.last.hasPrefix("error permission_denied "), "\(reader.lines)")
  }

  @Test func whoMayNotReadAllOfAStoreIsToldWhatWasNotLookedAt() throws {
    try requireRoot()
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    for number in 1...2 { try store.publishStated(UInt64(number)) }
    #expect(unsafe chmod(folder.path, 0o755) == 0)
    func examined() throws -> Child.Ended {
      try Child.probe(["examine-as-nobody", folder.store], in: folder.path).wait()
    }
    let closed = try examined()
    #expect(closed.exit == 0 && closed.lines.contains("tables 2"), "\(closed.lines)")
    #expect(closed.lines.first?.hasPrefix("note The catalog's records were not read") == true)

    // A catalog that everybody may read is read without its lock; what is wrong stays wrong.
    #expect(unsafe chmod(StoreLayout.catalog(folder.store), 0o644) == 0)
    let open = try examined()
    #expect(open.exit == 0 && open.lines.first == "tables 2", "\(open.lines)")
    let transaction = try store.catalog.begin()
    try transaction.setNextRevision(1)
    try store.catalog.commit(transaction)
    let wrong = try examined()
    #expect(wrong.lines.first?.hasPrefix("found catalog.mdb it has revision 2") == true)

    #expect(unsafe chmod(StoreLayout.table(folder.store, 1), 0o400) == 0)
    let refused = try examined()
    #expect(refused.exit == 1)
    #expect(
      refused.lines.first?.hasPrefix("error permission_denied Cannot open") == true,
      "\(refused.lines)")
  }

  /// A probe in a mount namespace of its own that sees the store read-only at the same path.
  private func readOnly(_ folder: TemporaryFolder, _ verb: String) throws -> Child {
    let probe = Child.path(of: "StoreProbe")
    let script = """
      mount --bind '\(folder.store)' '\(folder.store)' &&
      mount -o remount,ro,bind '\(folder.store)' && exec '\(probe)' \(verb) '\(folder.store)'
      """
    return try Child.start("unshare", ["-m", "sh", "-c", script], in: folder.path)
  }

  @Test func aReadOnlyMountReadsAndHearsTheBell() throws {
    try requireRoot()
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    try store.publish(seed: 1)
    let reader = try readOnly(folder, "read").wait()
    #expect(reader.last.hasPrefix("head 1 "), "\(reader.lines)")
    let writer = try readOnly(folder, "publish").wait()
    #expect(writer.last.hasPrefix("error permission_denied "), "\(writer.lines)")

    let waiting = try readOnly(folder, "await-bell")
    try wait { try !waiting.lines().isEmpty }
    #expect(try waiting.lines() == ["waiting"])
    try store.publish(seed: 2)
    #expect(try waiting.wait().last == "bell changed")
  }

  @Test func aFullDiskRefusesAPublishAndChangesNothing() throws {
    try requireRoot()
    let folder = try TemporaryFolder()
    let probe = Child.path(of: "StoreProbe")
    let script = """
      mkdir '\(folder.path)/small' && mount -t tmpfs -o size=1m tmpfs '\(folder.path)/small' &&
      exec '\(probe)' fill '\(folder.path)/small/store'
      """
    let ended = try Child.start("unshare", ["-m", "sh", "-c", script], in: folder.path).wait()
    #expect(ended.exit == 0, "\(ended.lines)")
    let words = ended.last.split(separator: " ").compactMap { Int($0) }
    #expect(words.count == 2 && words.allSatisfy { $0 >= 5 }, "\(ended.lines)")
  }

  @Test func aProcessThatMayOpenNoMoreFilesSaysSoAndChangesNothing() throws {
    let folder = try TemporaryFolder()
    let ended = try Child.probe(["starve", folder.store], in: folder.path).wait()
    #expect(ended.exit == 0, "\(ended.lines)")
    let refused = ended.lines.map { $0.split(separator: " ").last.flatMap { Int($0) } ?? 0 }
    #expect(refused.count == 9 && refused.allSatisfy { $0 > 0 }, "\(ended.lines)")
  }

  @Test func aChildIsRefusedWhatItInheritedAndOpensTheStoreAnew() throws {
    let folder = try TemporaryFolder()
    let ended = try Child.probe(["fork", folder.store], in: folder.path).wait()
    let refused = try #require(ended.lines.first { $0.hasPrefix("child closed ") })
    #expect(refused.hasSuffix("was opened before a fork. Open it again here."))
    #expect(
      ended.lines.filter { $0 != refused } == [
        "parent published 1", "child published 2", "child published 3", "child ended 0",
        "parent published 4",
      ])
    try expectWhole(folder.store, "after a fork")
  }

  @Test func twoProcessesThatPublishAtOnceGetDifferentNumbers() throws {
    let folder = try TemporaryFolder()
    _ = try Store.create(folder.store)
    let writers = try (0..<8).map {
      try Child.probe(["publish", folder.store, "\($0 + 1)", "3000"], in: folder.path)
    }
    let said = try writers.map { try $0.wait().last }
    #expect(Set(said) == Set((1...8).map { "published \($0)" }))
    try expectWhole(folder.store, "eight writers")
  }

  @Test func writersInContainersThatAreEachTheirFirstProcessTakeTurns() throws {
    try requireRoot()
    let folder = try TemporaryFolder()
    _ = try Store.create(folder.store)
    let probe = Child.path(of: "StoreProbe")
    for _ in 0..<5 {
      let writers = try (1...2).map {
        // Each probe is pid 1 of a PID namespace, and dies with the `unshare` that holds it.
        try Child.start(
          "unshare", ["-p", "-f", "--kill-child", probe, "churn", folder.store, "\($0)"],
          in: folder.path)
      }
      try wait { try writers.allSatisfy { try $0.lines().count >= 3 } }
      for writer in writers {
        let ended = try writer.killAndWait()
        #expect(ended.lines.count >= 3 && !ended.last.hasPrefix("error"), "\(ended.lines)")
      }
    }
    try expectWhole(folder.store, "two containers")
  }

  @Test func manyProcessesMayMakeTheSameStoreAtOnce() throws {
    for _ in 0..<10 {
      let folder = try TemporaryFolder()
      let makers = try (0..<8).map { _ in
        try Child.probe(["create", folder.store], in: folder.path)
      }
      for maker in makers {
        let ended = try maker.wait()
        #expect(ended.exit == 0, "\(ended.lines)")
      }
      #expect(try Store.open(folder.store).publish(seed: 1).revision == 1)
    }
  }
}
