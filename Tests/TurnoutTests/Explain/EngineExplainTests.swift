import Foundation
import Testing
import TurnoutCompiler

@testable import Turnout

/// Explanations from an engine and its views.
struct EngineExplainTests {
  private let path = NSTemporaryDirectory() + "turnout-explain-\(UUID().uuidString)"
  private let store: Store

  init() throws { store = try Store.create(path) }

  private func publish(_ version: String) throws {
    let text = ExplainDocument.text.replacing("m@v1", with: "m@\(version)")
      .replacing("v1: {", with: "\(version): {")
    let bytes = try #require(CompiledTable([Source(name: "a", text: text)], against: nil).image)
    _ = try store.write { transaction in
      try transaction.publish(
        image: bytes, sources: [], action: .publish,
        by: Signature(author: "test", message: "", time: 1))
    }
  }

  @Test func anEngineExplainsWhatIsInForceAndAViewWhatItPins() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let engine = try Engine(path: path, constants: ["traffic": "load"], noThread: true)
    var request = Request("Home", unit: "u1", wantsConfig: true)
    #expect(engine.explain(request).decision.status == .noTable)
    #expect(engine.explain(request).text.contains("nothing has been published"))
    try publish("v1")
    try engine.refresh()
    let view = try engine.view()
    try publish("v9")
    try engine.refresh()
    var dice = Dice(3)
    for _ in 0..<300 {
      request = ExplainDocument.request(&dice)
      #expect(engine.explain(request).decision == engine.resolve(request))
      #expect(view.explain(request).decision == view.resolve(request))
    }
    let home = Request("Home", unit: "u1")
    #expect(view.explain(home).decision.revision == 1)
    #expect(engine.explain(home).decision.revision == 2)
  }

  @Test func aConstantIsARequestsValueUnlessTheRequestSaysOtherwise() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try publish("v1")
    let engine = try Engine(
      path: path, constants: ["traffic": "load", "country": "Z"], noThread: true)
    let told = engine.explain(Request("Home", unit: "u1")).evaluation
    let lookup = try #require(told.rules.first { $0.name == "by-country" }?.lookup)
    #expect(lookup.value == Evaluation.Value("Z"))
    let rival = try #require(told.rules.first { $0.experiment?.name == "rival" }?.experiment)
    guard case .traffic(let traffic) = try #require(rival.gates.last).kind else {
      return #expect(Bool(false))
    }
    #expect(traffic.value == Evaluation.Value("load"))
  }
}
