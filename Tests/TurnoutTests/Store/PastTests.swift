import StoreProbe
import Testing

@testable import Turnout

/// What was in force at a time, by the history.
@Suite struct PastTests {
  private static let down = OverlayEntry(kind: .cluster, state: .down, name: "a")
  private static let off = OverlayEntry(kind: .useCase, state: .off, name: "Search")

  private func entry(
    _ number: UInt64, at time: Int64, _ action: HistoryEntry.Action, _ revision: UInt64,
    before: UInt64, head: UInt64, _ changes: [OverlayEntry] = []
  ) -> HistoryEntry {
    HistoryEntry(
      number: number, action: action, revision: revision, previousHead: before, head: head,
      time: time, digest: Digest(low: 1, high: 2), bytes: 10, author: "ada", message: "",
      changes: changes)
  }

  private func past(
    _ entries: [HistoryEntry], at time: Int64, now: Int64 = 1000,
    overlay: [OverlayEntry] = []
  ) throws -> StorePast {
    try StorePast(
      at: time, now: now, history: Array(entries.reversed()), overlay: overlay, directory: "store")
  }

  @Test func eachTimeHasTheHeadAndTheOverlayOfThen() throws {
    var ending = Self.off
    ending.until = 60
    let entries = [
      entry(1, at: 10, .publish, 1, before: 0, head: 1),
      entry(2, at: 20, .publish, 2, before: 1, head: 2),
      entry(3, at: 30, .set, 2, before: 2, head: 2, [Self.down, ending]),
      entry(4, at: 40, .stage, 3, before: 2, head: 2),
      entry(5, at: 50, .rollback, 1, before: 2, head: 1),
      entry(6, at: 70, .set, 1, before: 1, head: 1, [Self.down.withoutIt]),
    ]
    func state(_ time: Int64) throws -> (UInt64, [OverlayEntry], UInt64?) {
      let found = try past(entries, at: time)
      return (found.revision, found.overlay, found.madeHead?.number)
    }
    #expect(try state(10) == (1, [], 1))
    #expect(try state(19) == (1, [], 1))
    #expect(try state(29) == (2, [], 2))
    #expect(try state(30) == (2, [Self.down, ending], 2))
    #expect(try state(45) == (2, [Self.down, ending], 2))
    #expect(try state(50) == (1, [Self.down, ending], 5))
    #expect(try state(60) == (1, [Self.down], 5))
    #expect(try state(999) == (1, [], 5))
  }

  @Test func whatNoTimeCanSayIsRefusedWithWords() throws {
    let first = entry(1, at: 10, .stage, 1, before: 0, head: 0)
    let entries = [first, entry(2, at: 20, .activate, 1, before: 0, head: 1)]
    #expect(failure { _ = try past([], at: 10) } == .noTable)
    #expect(failure { _ = try past(entries, at: 9) } == .noTable)
    #expect(failure { _ = try past(entries, at: 15) } == .noTable)
    #expect(failure { _ = try past(entries, at: 1001) } == .invalidArgument)
    #expect(failure { _ = try past([entries[1]], at: 15) } == .noRevision)
    #expect(try past(entries, at: 20).revision == 1)
  }

  /// A clock that was an hour ahead, and was set right: 30 comes before 40 by number.
  @Test func aTimeThatAClockShowedTwiceIsItsLaterOne() throws {
    let entries = [
      entry(1, at: 10, .publish, 1, before: 0, head: 1),
      entry(2, at: 40, .publish, 2, before: 1, head: 2),
      entry(3, at: 20, .publish, 3, before: 2, head: 3),
      entry(4, at: 30, .set, 3, before: 3, head: 3, [Self.down]),
    ]
    #expect(try past(entries, at: 15).revision == 1)
    #expect(try past(entries, at: 20).revision == 3)
    #expect(try past(entries, at: 29).overlay == [])
    for time in [Int64(30), 35, 40, 50] {
      let found = try past(entries, at: time)
      #expect(found.revision == 3 && found.overlay == [Self.down])
    }
  }

  @Test func whatAShortenedHistoryCannotSayOfTheOverlayIsNamed() throws {
    let kept = OverlayEntry(kind: .cluster, state: .draining, name: "b")
    let entries = [
      entry(7, at: 70, .publish, 4, before: 3, head: 4),
      entry(8, at: 80, .set, 4, before: 4, head: 4, [Self.down.withoutIt]),
    ]
    let found = try past(entries, at: 75, overlay: [kept])
    #expect(found.revision == 4 && found.madeHead?.number == 7)
    #expect(found.overlay == [kept] && found.unknown == [Self.down.withoutIt])
    #expect(try past(entries, at: 85, overlay: [kept]).unknown.isEmpty)
    // Of several, in the order of entries.
    let more =
      entries + [
        entry(9, at: 90, .set, 4, before: 4, head: 4, [Self.off, Self.down])
      ]
    #expect(try past(more, at: 75).unknown == [Self.down.withoutIt, Self.off.withoutIt])
  }

  @Test func aStoreSaysWhatItsOverlayWas() throws {
    let folder = try TemporaryFolder()
    let store = try Store.create(folder.store)
    func signature(_ time: Int64) -> Signature {
      Signature(author: "ada", message: "", time: time)
    }
    _ = try store.publish(
      image: ProbeImage.make(seed: 1, bytes: 500), sources: [], by: signature(100))
    _ = try store.write { try $0.set([Self.down], by: signature(200)) }
    _ = try store.publish(
      image: ProbeImage.make(seed: 2, bytes: 500), sources: [], by: signature(300))
    _ = try store.write { try $0.set([Self.down.withoutIt, Self.off], by: signature(400)) }
    #expect(try store.past(at: 150).overlay == [])
    #expect(try store.past(at: 250).overlay == [Self.down] && store.past(at: 250).revision == 1)
    #expect(try store.past(at: 350).overlay == [Self.down] && store.past(at: 350).revision == 2)
    #expect(try store.past(at: 450).overlay == [Self.off])
  }
}
