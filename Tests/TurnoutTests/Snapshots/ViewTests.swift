import Foundation
import StatedStore
import Synchronization
import Testing

@testable import Turnout

@Suite struct ViewTests {
  @Test func aViewKeepsItsRevisionAcrossManyPublishes() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    let core = try Cores.open(path: stage.store.directory, noThread: false)
    defer { core.close() }
    let view = try core.openView()
    for number in UInt64(2)...60 {
      try stage.store.publish(number)
      try core.refresh()
      let reading = view.enter()
      #expect(reading.status == .ok)
      #expect(reading.snapshot.value.revision == 1)
      #expect(reading.snapshot.isWhole())
      reading.leave()
    }
    #expect(revision(core) == 60)
    let status = core.status()
    #expect(status.views.map(\.revision) == [1])
    #expect(status.views.first?.bytes == status.viewBytes)
    #expect((status.views.first?.age ?? 0) > 0)
    #expect(eventually { core.status().retired == 1 })
    #expect(view.close())
    #expect(eventually { core.status().retired == 0 })
    #expect(core.status().views.isEmpty)
  }

  @Test func aClosedViewAnswersClosedAndClosesOnce() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    let core = try Cores.open(path: stage.store.directory, noThread: true)
    defer { core.close() }
    let view = try core.openView()
    #expect(view.close())
    #expect(!view.close())
    #expect(view.enter().status == .closed)
    try stage.store.publish(2)
    try core.refresh()
    #expect(view.enter().status == .closed)
  }

  @Test func aReadingOfAViewOutlivesItsClose() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    let core = try Cores.open(path: stage.store.directory, noThread: true)
    defer { core.close() }
    let view = try core.openView()
    try stage.store.publish(2)
    try core.refresh()
    let reading = view.enter()
    #expect(view.close())
    try core.refresh()
    #expect(core.status().retired == 1)
    #expect(reading.snapshot.isWhole())
    reading.leave()
    try core.refresh()
    #expect(core.status().retired == 0)
  }

  @Test func viewsAreBoundedAndTheBoundHealsWithAClose() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    let core = try Cores.open(path: stage.store.directory, noThread: true)
    defer { core.close() }
    var views: [HeldView] = []
    for _ in 0..<CoreReference.viewsMax { views.append(try core.openView()) }
    let error = #expect(throws: TurnoutError.self) { try core.openView() }
    #expect(error?.status == .limitExceeded)
    #expect(views.removeLast().close())
    views.append(try core.openView())
    #expect(core.status().views.count == CoreReference.viewsMax)
    for view in views { #expect(view.close()) }
    #expect(core.status().views.isEmpty)
  }

  @Test func aViewOutlivesTheLastHandleAndThenTheCoreEnds() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    let core = try Cores.open(path: stage.store.directory, noThread: false)
    let view = try core.openView()
    core.close()
    let reading = view.enter()
    #expect(reading.status == .ok)
    #expect(reading.snapshot.isWhole())
    reading.leave()
    #expect(core.status().keeperRunning)
    #expect(view.close())
    #expect(!core.status().keeperRunning)
    #expect(core.status().retired == 0)
    #expect(core.enter().status == .closed)
  }

  @Test func aSnapshotThatIsPinnedDuringTheLooksIsKept() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    let core = try Cores.open(path: stage.store.directory, noThread: true)
    defer { core.close() }
    let keeper = try #require(core.keeper)
    let reading = core.enter()
    let pins = reading.snapshot
    try stage.store.publish(2)
    try core.refresh()
    // As openView() does it: pin, then leave. Whoever reads the pins before the lines sees neither.
    var looks = 0
    keeper.sweep {
      if looks == 0 {
        pins.pins.value.views.add(1, ordering: .sequentiallyConsistent)
        reading.leave()
      }
      looks += 1
    }
    #expect(looks == 0)
    #expect(core.status().retired == 1)
    reading.leave()
    try core.refresh()
    #expect(core.status().retired == 0)
  }

  @Test func aSnapshotWhoseViewIsReadAndClosedDuringTheLooksIsKept() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    let core = try Cores.open(path: stage.store.directory, noThread: false)
    defer { core.close() }
    let keeper = try #require(core.keeper)
    let view = try core.openView()
    try stage.store.publish(2)
    try core.refresh()
    #expect(core.status().retired == 1)
    var looks = 0
    var reading: Reading?
    keeper.sweep {
      if looks == 0 {
        reading = view.enter()
        view.close()
      }
      looks += 1
    }
    #expect(looks == 2)
    #expect(reading?.status == .ok)
    #expect(reading?.snapshot.isWhole() == true)
    #expect(core.status().retired == 1)
    reading?.leave()
    #expect(eventually { core.status().retired == 0 })
  }

  @Test func aViewInsideAReadingIsRefused() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    let core = try Cores.open(path: stage.store.directory, noThread: true)
    defer { core.close() }
    let view = try core.openView()
    let outer = core.enter()
    #expect(view.enter().status == .reentrant)
    outer.leave()
    let reading = view.enter()
    #expect(reading.status == .ok && reading.snapshot.isWhole())
    #expect(view.enter().status == .reentrant)
    reading.leave()
    #expect(view.close())
  }

  @Test func aClosedEngineOpensNoView() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    let core = try Cores.open(path: stage.store.directory, noThread: true)
    core.close()
    let error = #expect(throws: TurnoutError.self) { try core.openView() }
    #expect(error?.status == .closed)
    #expect(core.status().views.isEmpty)
  }

  @Test func withoutATableThereIsNoView() throws {
    let stage = try Stage()
    let core = try Cores.open(path: stage.store.directory, noThread: true)
    defer { core.close() }
    let error = #expect(throws: TurnoutError.self) { try core.openView() }
    #expect(error?.status == .noTable)
  }
}
