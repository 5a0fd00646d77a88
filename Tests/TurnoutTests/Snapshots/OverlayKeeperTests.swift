import Foundation
import StatedStore
import Testing

@testable import Turnout

/// How what the store says of its overlay comes into force, and goes.
@Suite struct OverlayKeeperTests {
  private static let down = OverlayEntry(kind: .cluster, state: .down, name: "c1")
  private static let draining = OverlayEntry(kind: .cluster, state: .draining, name: "c6")

  /// The states of the clusters in force, or those of a view.
  private func states(_ reading: Reading) -> [UInt8] {
    defer { reading.leave() }
    guard reading.status == .ok else { return [] }
    let states = OverlayStates(bits: reading.snapshot.value.overlay)
    return (0..<UInt32(StatedImage.clusters)).map { states.cluster($0) }
  }

  private static let allUp: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0]

  @Test func aChangeOfTheOverlayComesIntoForceOverTheSameTable() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    let core = try Cores.open(path: stage.store.directory, noThread: true)
    defer { core.close() }
    #expect(core.overlay().entries.isEmpty && states(core.enter()) == Self.allUp)
    // Nothing is mapped: the table's file is not even there.
    try FileManager.default.removeItem(atPath: StoreLayout.table(stage.store.directory, 1))
    try stage.store.activate(1, overlay: [Self.down, Self.draining])
    #expect(states(core.enter()) == Self.allUp)
    try core.refresh()
    #expect(states(core.enter()) == [0, 2, 0, 0, 0, 0, 1, 0])
    #expect(core.overlay().entries == [Self.down, Self.draining])
    #expect(core.overlay().generation == stage.store.generation)
    #expect(core.status().overlayGeneration == stage.store.generation)
    try stage.store.activate(1)
    try core.refresh()
    let reading = core.enter()
    #expect(reading.snapshot.value.overlay == 0)
    reading.leave()
    #expect(core.status().retired == 0)
  }

  @Test func theKeeperFollowsChangesOfTheOverlay() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    let core = try Cores.open(path: stage.store.directory, noThread: false)
    defer { core.close() }
    for round in 0..<20 {
      let name = "c\(round % StatedImage.clusters)"
      try stage.store.activate(
        1, overlay: [OverlayEntry(kind: .cluster, state: .down, name: name)])
      var expected = Self.allUp
      expected[round % StatedImage.clusters] = 2
      #expect(eventually { states(core.enter()) == expected })
    }
  }

  @Test func openingFindsTheOverlayInForce() throws {
    let stage = try Stage()
    try stage.store.stage(1)
    try stage.store.activate(1, overlay: [Self.draining])
    let core = try Cores.open(path: stage.store.directory, noThread: true)
    defer { core.close() }
    #expect(states(core.enter()) == [0, 0, 0, 0, 0, 0, 1, 0])
  }

  @Test func theKeeperEndsAnEntryWhenItsTimeComes() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    let core = try Cores.open(path: stage.store.directory, noThread: false)
    defer { core.close() }
    let end = SystemClock.now + 400_000_000
    var ending = Self.down
    ending.until = end
    try stage.store.activate(1, overlay: [ending, Self.draining])
    let generation = stage.store.generation
    #expect(eventually { states(core.enter()) == [0, 2, 0, 0, 0, 0, 1, 0] })
    #expect(eventually { states(core.enter()) == [0, 0, 0, 0, 0, 0, 1, 0] })
    #expect(SystemClock.now >= end)
    #expect(core.overlay().entries == [Self.draining])
    // The store has not changed.
    #expect(core.status().overlayGeneration == generation)
  }

  @Test func withoutAThreadAnEntryEndsAtTheNextRefresh() throws {
    let stage = try Stage()
    try stage.store.stage(1)
    var ending = Self.down
    ending.until = SystemClock.now + 50_000_000
    try stage.store.activate(1, overlay: [ending])
    let core = try Cores.open(path: stage.store.directory, noThread: true)
    defer { core.close() }
    #expect(eventually { SystemClock.now > ending.until ?? .max })
    try core.refresh()
    #expect(states(core.enter()) == Self.allUp && core.overlay().entries.isEmpty)
  }

  @Test func anEntryEndsAlsoWhenTheStoreIsGone() throws {
    let stage = try Stage()
    try stage.store.stage(1)
    var ending = Self.down
    ending.until = SystemClock.now + 300_000_000
    try stage.store.activate(1, overlay: [ending])
    let core = try Cores.open(path: stage.store.directory, noThread: false)
    defer { core.close() }
    try FileManager.default.removeItem(atPath: stage.store.directory)
    #expect(eventually { states(core.enter()) == Self.allUp })
    #expect(core.status().revision == 1)
  }

  @Test func theOverlayOfARefusedHeadHoldsOverTheTableInForce() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    try stage.store.stage(2)
    let core = try Cores.open(path: stage.store.directory, noThread: true)
    defer { core.close() }
    try FileManager.default.removeItem(atPath: StoreLayout.table(stage.store.directory, 2))
    try stage.store.activate(2, overlay: [Self.down])
    #expect(throws: TurnoutError.self) { try core.refresh() }
    #expect(core.status().revision == 1 && core.status().headRevision == 2)
    #expect(states(core.enter()) == [0, 2, 0, 0, 0, 0, 0, 0])
    #expect(core.status().overlayGeneration == stage.store.generation)
    try stage.store.activate(2, overlay: [Self.draining])
    #expect(throws: TurnoutError.self) { try core.refresh() }
    #expect(states(core.enter()) == [0, 0, 0, 0, 0, 0, 1, 0])
    try stage.store.activate(1)
    try core.refresh()
    #expect(states(core.enter()) == Self.allUp && core.status().refusal == nil)
  }

  @Test func aViewKeepsTheOverlayThatItWasOpenedUnder() throws {
    let stage = try Stage()
    try stage.store.stage(1)
    try stage.store.activate(1, overlay: [Self.down])
    let core = try Cores.open(path: stage.store.directory, noThread: true)
    defer { core.close() }
    let view = try core.openView()
    try stage.store.activate(1, overlay: [Self.draining])
    try core.refresh()
    #expect(states(core.enter()) == [0, 0, 0, 0, 0, 0, 1, 0])
    #expect(states(view.enter()) == [0, 2, 0, 0, 0, 0, 0, 0])
    #expect(core.status().retired == 1)
    view.close()
    #expect(core.status().retired == 0)
  }

  @Test func oneThatReadsKeepsTheBlockThatItReads() throws {
    let stage = try Stage()
    try stage.store.stage(1)
    try stage.store.activate(1, overlay: [Self.down])
    let core = try Cores.open(path: stage.store.directory, noThread: true)
    defer { core.close() }
    let reading = core.enter()
    let held = OverlayStates(bits: reading.snapshot.value.overlay)
    for _ in 0..<10 {
      try stage.store.activate(1, overlay: [Self.draining])
      try core.refresh()
    }
    #expect((0..<8).map { held.cluster($0) } == [0, 2, 0, 0, 0, 0, 0, 0])
    reading.leave()
    try core.refresh()
    #expect(core.status().retired == 0)
  }
}
