import Testing
import Turnout

@testable import TurnoutCompiler

/// When a rename that draws all units again is warned of, and when nothing is.
struct RenameWarningTests {
  private struct Parts {
    var layer = "ranking"
    var experiment = "test: { layer: ranking, share: 10%, cells: { control: {}, treatment: {} } }"
    var holdout = "h: { share: 1%, layers: all }"
    var rule = "{ name: canary, split: { m@v1: 9, m@v2: 1 } }"
    var shadow = "{ name: dark, model: m@v2, sample: 1% }"
    var cluster = "s"
    var others = ""

    var text: String {
      """
      turnout: 1
      unit: user
      clusters:
        a: { address: "a:1" }
        \(cluster): { shards: { s0: { address: "s:0" }, s1: { address: "s:1" } } }
      models: { m: { v1: { cluster: a }, v2: { cluster: { split: { a: 1, \(cluster): 1 } } } } }
      layers: { \(layer): {} }
      holdouts: { \(holdout) }
      experiments: { \(experiment) }
      use_cases:
        U:
          rules: [ \(rule) ]
          shadows: [ \(shadow) ]
        \(others)
      """
    }
  }

  private func warnings(_ old: Parts, _ new: Parts) throws -> [Diagnostic] {
    let before = CompiledTable([Source(name: "a.yaml", text: old.text)], against: nil)
    let image: [UInt8] = try #require(before.image, "\(before.words)")
    let table = try image.withBytes {
      CompiledTable([Source(name: "a.yaml", text: new.text)], against: try Image.validate($0))
    }
    #expect(table.image != nil, "\(table.words)")
    #expect(table.diagnostics.allSatisfy { $0.severity == .warning })
    return table.diagnostics.filter { $0.code == .renameWithoutSalt }
  }

  private func warnings(_ change: (inout Parts) -> Void) throws -> [Diagnostic] {
    var new = Parts()
    change(&new)
    return try warnings(Parts(), new)
  }

  @Test func nothingThatStaysIsWarnedOf() throws {
    #expect(try warnings { _ in }.isEmpty)
    #expect(
      try warnings { $0.rule = "{ name: canary, split: { m@v1: 1, m@v2: 9 } }" }.isEmpty)
  }

  @Test func eachKindIsWarnedOfAtItsNewPlace() throws {
    let split = try warnings { $0.rule = "{ name: ramp, split: { m@v1: 9, m@v2: 1 } }" }
    #expect(split.count == 1 && split.first?.line == 12)
    #expect(split.first?.suggestion?.contains("`salt: split:U/canary`") == true)
    let cells = try warnings {
      $0.experiment =
        "best: { layer: ranking, share: 10%, cells: { control: {}, treatment: {} } }"
    }
    #expect(cells.map(\.line) == [9])
    let layer = try warnings {
      $0.layer = "order"
      $0.experiment =
        "test: { layer: order, share: 10%, cells: { control: {}, treatment: {} } }"
    }
    #expect(layer.map(\.line) == [7])
    #expect(try warnings { $0.holdout = "k: { share: 1%, layers: all }" }.map(\.line) == [8])
    #expect(
      try warnings { $0.shadow = "{ name: grey, model: m@v2, sample: 1% }" }.map(\.line) == [13])
    // The shards are drawn again; the clusters are other arms, and so another split.
    #expect(try warnings { $0.cluster = "t" }.map(\.line) == [5])
  }

  @Test func aSaltOrAllowSilencesIt() throws {
    #expect(
      try warnings {
        $0.rule = "{ name: ramp, salt: \"split:U/canary\", split: { m@v1: 9, m@v2: 1 } }"
      }.isEmpty)
    #expect(
      try warnings {
        $0.rule = "{ name: ramp, allow: [rename-without-salt], split: { m@v1: 9, m@v2: 1 } }"
      }.isEmpty)
  }

  @Test func anotherSaltUnderTheSameNameIsMeant() throws {
    #expect(
      try warnings {
        $0.rule = "{ name: canary, salt: again, split: { m@v1: 9, m@v2: 1 } }"
      }.isEmpty)
  }

  @Test func whatOnlyComesOrHasOtherArmsIsNew() throws {
    #expect(
      try warnings { $0.others = "V: { rules: [ { name: c, split: { m@v1: 9, m@v2: 1 } } ] }" }
        .isEmpty)
    #expect(try warnings { $0.rule = "{ name: ramp, split: { m@v1: 1 } }" }.isEmpty)
    #expect(try warnings { $0.rule = "{ name: ramp, split: { m@v1: 1 } }" }.isEmpty)
    #expect(try warnings { $0.holdout = "k: { share: 2%, layers: all }" }.isEmpty)
    #expect(
      try warnings { $0.shadow = "{ name: grey, model: m@v2, sample: 2% }" }.isEmpty)
  }

  @Test func whereEveryUnitHasOneArmNothingIsDrawnAgain() throws {
    var old = Parts()
    old.shadow = "{ name: dark, model: m@v2 }"
    old.rule = "{ name: canary, split: { m@v1: 1, m@v2: 0 } }"
    var new = old
    new.shadow = "{ name: grey, model: m@v2 }"
    new.rule = "{ name: ramp, split: { m@v1: 1, m@v2: 0 } }"
    #expect(try warnings(old, new).isEmpty)
  }

  @Test func oneThatWentIsTakenForOneThatCameAndOfItsOwnUseCaseFirst() throws {
    let two = try warnings {
      $0.rule = "{ name: ramp, split: { m@v1: 9, m@v2: 1 } }"
      $0.others = "A: { rules: [ { name: c, split: { m@v1: 9, m@v2: 1 } } ] }"
    }
    #expect(two.count == 1 && two.first?.message.contains("`U/ramp`") == true)
  }
}
