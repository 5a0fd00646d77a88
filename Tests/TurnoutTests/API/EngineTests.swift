import Foundation
import Testing
import Turnout
import TurnoutCompiler

/// The Swift API against a real store that is published to meanwhile.
struct EngineTests {
  /// A store in a folder of its own, and a way to publish into it.
  private final class Published: Sendable {
    let path: String
    let store: Store

    init() throws {
      path = NSTemporaryDirectory() + "turnout-engine-\(UUID().uuidString)"
      store = try Store.create(path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Publishes a table in which everything says `version`.
    @discardableResult
    func publish(_ version: String) throws -> UInt64 {
      let text = """
        turnout: 1
        unit: user
        attributes: { region: string, tier: number }
        clusters: { c-\(version): { address: "\(version):1" } }
        models: { m: { \(version): { cluster: c-\(version), config: { v: \(version) } } } }
        use_cases:
          A: { rules: [ { name: eu, when: { region: eu }, route: m@\(version) }, { route: m@\(version) } ] }
          B: { rules: [ { name: s, split: { m@\(version): 1 } } ] }
        """
      return try store.write { transaction in
        let earlier = try transaction.headTable()
        let image = try earlier.map { try Image.validate($0.image) }
        let table = CompiledTable([Source(name: "a", text: text)], against: image)
        let bytes = try #require(table.image, "\(table.diagnostics)")
        return try transaction.publish(
          image: bytes, sources: [], action: .publish,
          by: Signature(author: "test", message: "", time: 1)
        ).revision
      }
    }
  }

  @Test func aStoreWithoutATableOpensAndSaysSo() throws {
    let published = try Published()
    let engine = try Engine(path: published.path, noThread: true)
    #expect(engine.resolve(Request("A")).status == .noTable)
    #expect(
      engine.resolve(Request("A", attributes: ["x": .number(.infinity)])).status
        == .invalidArgument)
    #expect(
      engine.resolve(Request("A", attributes: ["traffic": 5])).status == .invalidArgument)
    #expect(engine.resolve(Request("A"), units: ["u", "v"]).map(\.status) == [.noTable, .noTable])
    #expect(throws: TurnoutError.self) { try engine.view() }
    #expect(engine.status.revision == 0 && !engine.status.keeperRunning)
  }

  @Test func refreshAdoptsWhatWasPublished() throws {
    let published = try Published()
    let engine = try Engine(path: published.path, noThread: true)
    try published.publish("v1")
    #expect(engine.resolve(Request("A")).status == .noTable)
    try engine.refresh()
    let decision = engine.resolve(Request("A", unit: "u", wantsConfig: true))
    #expect(decision.version == "v1" && decision.address == "v1:1" && decision.revision == 1)
    #expect(decision.config == #"{"v":"v1"}"# && decision.reason == .route && decision.rule == nil)
    #expect(engine.resolve(Request("A")).config == nil)
  }

  @Test func aRoutingKeyLeadsToItsDestination() throws {
    let published = try Published()
    let engine = try Engine(path: published.path, noThread: true)
    #expect(throws: TurnoutError.self) { try engine.destination(routingKey: "c-v1") }
    try published.publish("v1")
    try engine.refresh()
    let view = try engine.view()
    let first = try #require(try engine.destination(routingKey: "c-v1"))
    #expect(first.cluster == "c-v1" && first.shard == nil && first.address == "v1:1")
    #expect(first.routingKey == "c-v1" && first.state == .up && first.revision == 1)
    #expect(try view.destination(routingKey: "c-v1") == first)
    for key in ["c-v2", "C-V1", "\u{e9}", String(repeating: "x", count: 65_536)] {
      #expect(try engine.destination(routingKey: key) == nil)
    }
    for key in ["", String(repeating: "x", count: 65_537)] {
      #expect(throws: TurnoutError.self) { try engine.destination(routingKey: key) }
    }
    try Overlay.set(
      [OverlayEntry(kind: .cluster, state: .draining, name: "c-v1")], path: published.path)
    try engine.refresh()
    #expect(try engine.destination(routingKey: "c-v1")?.state == .draining)
    #expect(try view.destination(routingKey: "c-v1")?.state == .up)
    try published.publish("v2")
    try engine.refresh()
    #expect(try engine.destination(routingKey: "c-v1") == nil)
    #expect(try engine.destination(routingKey: "c-v2")?.revision == 2)
    #expect(try view.destination(routingKey: "c-v1") == first)
  }

  @Test func theKeeperAdoptsWithoutBeingAsked() throws {
    let published = try Published()
    try published.publish("v1")
    let engine = try Engine(path: published.path)
    #expect(engine.status.keeperRunning)
    try published.publish("v2")
    let deadline = ContinuousClock.now + .seconds(20)
    while engine.resolve(Request("A")).version != "v2", ContinuousClock.now < deadline {
      Thread.sleep(forTimeInterval: 0.001)
    }
    #expect(engine.resolve(Request("A")).version == "v2")
    #expect(engine.status.revision == 2 && engine.status.refusal == nil)
  }

  @Test func aViewAgreesWithItselfAcrossAPublish() throws {
    let published = try Published()
    try published.publish("v1")
    let engine = try Engine(path: published.path, noThread: true)
    let view = try engine.view()
    try published.publish("v2")
    try engine.refresh()
    #expect(view.revision == 1 && view.resolve(Request("A")).version == "v1")
    #expect(engine.resolve(Request("A")).version == "v2")
    #expect(view.resolve(Request("B"), units: ["a", "b"]).allSatisfy { $0.version == "v1" })
    let both = view.resolve(Request("-"), useCases: ["A", "B", "C"])
    #expect(both.map(\.status) == [.ok, .ok, .unknownUseCase])
    #expect(engine.status.views.map(\.revision) == [1])
  }

  @Test func constantsHoldUnlessTheRequestSaysOtherwise() throws {
    let published = try Published()
    try published.publish("v1")
    let engine = try Engine(path: published.path, constants: ["region": "eu"], noThread: true)
    #expect(engine.resolve(Request("A")).rule == "eu")
    #expect(engine.resolve(Request("A", attributes: ["region": "us"])).rule == nil)
    #expect(engine.resolve(Request("A", attributes: ["region": nil])).rule == nil)
    #expect(throws: TurnoutError.self) {
      try Engine(path: published.path, constants: ["tier": .number(.nan)], noThread: true)
    }
  }

  @Test func aConstantTrafficClassIsNoLongerThanARequests() throws {
    let published = try Published()
    try published.publish("v1")
    let longest = String(repeating: "x", count: 128)
    let engine = try Engine(
      path: published.path, constants: ["traffic": .string(longest)], noThread: true)
    #expect(engine.resolve(Request("A")).traffic == longest)
    let error = try #require(throws: TurnoutError.self) {
      try Engine(
        path: published.path, constants: ["traffic": .string(longest + "x")], noThread: true)
    }
    #expect(error.status == .invalidArgument)
  }

  @Test func whatIsNoStoreIsSaidInWords() throws {
    for (path, status) in [("/nowhere/at/all", Status.noStore), ("/proc", .notAStore)] {
      let error = try #require(throws: TurnoutError.self) { try Engine(path: path) }
      #expect(error.status == status && error.message.contains(path))
    }
  }

  @Test func manyThreadsResolveOneEngineWithoutSetUp() async throws {
    let published = try Published()
    try published.publish("v1")
    let engine = try Engine(path: published.path)
    await withTaskGroup(of: Int.self) { group in
      for task in 0..<8 {
        group.addTask {
          (0..<500).count { i in
            let decision = engine.resolve(Request("B", unit: Request.Unit("\(task)-\(i)")))
            return decision.status == .ok && decision.address == decision.version + ":1"
          }
        }
      }
      for await whole in group { #expect(whole == 500) }
    }
  }
}
