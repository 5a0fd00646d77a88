import Foundation
import Synchronization
import Testing
import Turnout
import TurnoutCompiler

/// The overlay as Swift programs set and read it.
struct OverlayAPITests {
  private final class Published: Sendable {
    let path: String

    init(clusters: String...) throws {
      path = NSTemporaryDirectory() + "turnout-overlay-\(UUID().uuidString)"
      _ = try Store.create(path)
      try publish(clusters)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func publish(_ clusters: [String]) throws {
      let declared = clusters.map { "  \($0): { address: \"\($0):1\" }" }.joined(separator: "\n")
      let text = """
        turnout: 1
        unit: user
        clusters:
        \(declared)
        models: { m: { v: { cluster: [\(clusters.joined(separator: ", "))] } } }
        use_cases: { Search: { rules: [ { route: m@v } ] } }
        """
      try Store.open(path).write { transaction in
        let table = CompiledTable([Source(name: "a", text: text)], against: nil)
        let bytes = try #require(table.image, "\(table.diagnostics)")
        _ = try transaction.publish(
          image: bytes, sources: [], action: .publish,
          by: Signature(author: "test", message: "", time: 1))
      }
    }
  }

  private static func down(_ name: String) -> OverlayEntry {
    OverlayEntry(kind: .cluster, state: .down, name: name)
  }

  @Test func whatIsSetIsSeenByEveryEngine() throws {
    let published = try Published(clusters: "a", "b")
    let engine = try Engine(path: published.path)
    let still = try Engine(path: published.path, noThread: true)
    let off = OverlayEntry(kind: .useCase, state: .off, name: "Search")
    let generation = try Overlay.set([off, Self.down("b")], path: published.path, author: "ada")
    #expect(generation == 1)
    #expect(eventually { engine.overlay == [Self.down("b"), off] })
    try still.refresh()
    #expect(still.overlay == engine.overlay && engine.status.overlayGeneration == 1)
    #expect(engine.status.revision == 1)
    let up = OverlayEntry(kind: .cluster, state: .up, name: "b")
    #expect(try Overlay.set([up], path: published.path) == 2)
    #expect(eventually { engine.overlay == [off] })
    let store = try Store.open(published.path)
    #expect(try store.history().map(\.action) == [.set, .set, .publish])
    #expect(try store.history().map(\.author) == ["", "ada", "test"])
  }

  /// What threads saw while the overlay changed.
  private final class Flips: Sendable {
    let areDone = Atomic(false)
    let seen = Mutex<Set<String>>([])
  }

  /// Of `a` and `b` one is down at any time, never both and never neither. A decision made of two
  /// overlays would come to `c`.
  @Test func everyDecisionIsOfOneOverlay() throws {
    let published = try Published(clusters: "a", "b", "c")
    let engine = try Engine(path: published.path)
    try Overlay.set([Self.down("a")], path: published.path)
    #expect(eventually { engine.overlay == [Self.down("a")] })
    let flips = Flips()
    let readers = DispatchGroup()
    for _ in 0..<3 {
      readers.enter()
      Thread.detachNewThread {
        var seen: Set<String> = []
        while !flips.areDone.load(ordering: .relaxed) {
          let decision = engine.resolve(Request("Search", unit: "u"))
          seen.insert(decision.status == .ok ? decision.cluster : "\(decision.status)")
          if decision.isDegraded { seen.insert("degraded") }
        }
        flips.seen.withLock { $0.formUnion(seen) }
        readers.leave()
      }
    }
    for round in 0..<200 {
      let (one, other) = round % 2 == 0 ? ("b", "a") : ("a", "b")
      let up = OverlayEntry(kind: .cluster, state: .up, name: other)
      try Overlay.set([Self.down(one), up], path: published.path)
    }
    flips.areDone.store(true, ordering: .relaxed)
    readers.wait()
    #expect(flips.seen.withLock { $0 } == ["a", "b"])
    #expect(eventually { engine.status.overlayGeneration == 201 })
  }

  @Test func aNameThatTheTableDoesNotKnowIsRefusedButMayGo() throws {
    let published = try Published(clusters: "a", "b")
    for name in ["c", "a/b", "A"] {
      let error = #expect(throws: TurnoutError.self) {
        try Overlay.set([Self.down("a"), Self.down(name)], path: published.path)
      }
      #expect(error?.status == .invalidArgument && error?.message.contains("`\(name)`") == true)
    }
    #expect(try Overlay.set([Self.down("b")], path: published.path) == 1)
    try published.publish(["a", "c"])
    let engine = try Engine(path: published.path, noThread: true)
    #expect(engine.overlay == [Self.down("b")])
    let up = OverlayEntry(kind: .cluster, state: .up, name: "b")
    #expect(try Overlay.set([up], path: published.path) == 2)
    #expect(throws: TurnoutError.self) { try Overlay.set([up], path: published.path) }
  }

  @Test func aDamagedTableIsNoReasonNotToDrain() throws {
    let published = try Published(clusters: "a", "b")
    let engine = try Engine(path: published.path, noThread: true)
    try FileManager.default.removeItem(atPath: published.path + "/tables/00000001.mdb")
    #expect(try Overlay.set([Self.down("a")], path: published.path) == 1)
    try engine.refresh()
    #expect(engine.overlay == [Self.down("a")])
  }

  @Test func aStoreThatIsNotThereOrEmptyIsRefused() throws {
    let none = #expect(throws: TurnoutError.self) {
      try Overlay.set([Self.down("a")], path: "/nothing/here")
    }
    #expect(none?.status == .noStore)
    let path = NSTemporaryDirectory() + "turnout-overlay-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    _ = try Store.create(path)
    let empty = #expect(throws: TurnoutError.self) {
      try Overlay.set([Self.down("a")], path: path)
    }
    #expect(empty?.status == .noTable)
  }
}
