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
    var unit = "user"

    var text: String {
      """
      turnout: 1
      unit: \(unit)
      units: { session: {} }
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
    return table.redraws
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
    #expect(split.count == 1 && split.first?.line == 13)
    #expect(split.first?.suggestion?.contains("`salt: split:U/canary`") == true)
    let cells = try warnings {
      $0.experiment =
        "best: { layer: ranking, share: 10%, cells: { control: {}, treatment: {} } }"
    }
    #expect(cells.map(\.line) == [10])
    let layer = try warnings {
      $0.layer = "order"
      $0.experiment =
        "test: { layer: order, share: 10%, cells: { control: {}, treatment: {} } }"
    }
    #expect(layer.map(\.line) == [8])
    #expect(try warnings { $0.holdout = "k: { share: 1%, layers: all }" }.map(\.line) == [9])
    #expect(
      try warnings { $0.shadow = "{ name: grey, model: m@v2, sample: 1% }" }.map(\.line) == [14])
    // The shards are drawn again; the clusters are other arms, and so another split.
    #expect(try warnings { $0.cluster = "t" }.map(\.line) == [6])
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

  @Test func anotherSaltUnderTheSameNameIsSaidForEveryKind() throws {
    func codes(_ change: (inout Parts) -> Void) throws -> [DiagnosticCode] {
      try warnings(change).map(\.code)
    }
    let split = try warnings {
      $0.rule = "{ name: canary, salt: again, split: { m@v1: 5, m@v2: 5 } }"
    }
    #expect(split.map(\.code) == [.saltChanged] && split.first?.line == 13)
    #expect(
      split.first?.message
        == "the split `U/canary` had the salt `split:U/canary` and has `again`: all its units are"
        + " drawn again")
    #expect(try codes { $0.holdout = "h: { share: 2%, layers: all, salt: x }" } == [.saltChanged])
    #expect(
      try codes { $0.shadow = "{ name: dark, model: m@v2, sample: 1%, salt: x }" } == [.saltChanged]
    )
    #expect(
      try codes {
        $0.rule =
          "{ name: canary, salt: again, allow: [salt-changed], split: { m@v1: 9, m@v2: 1 } }"
      } == [])
    // Where nothing was drawn, nothing is drawn again.
    #expect(
      try codes { $0.shadow = "{ name: dark, model: m@v2, sample: 100%, salt: x }" } == [])
    // An experiment is known in its layer by the salt of its cells, and moves there too.
    #expect(
      try codes {
        $0.experiment =
          "test: { layer: ranking, share: 10%, salt: x, cells: { control: {}, treatment: {} } }"
      } == [.saltChanged])
  }

  @Test func anotherUnitIsSaidOnceForAllThatItDraws() throws {
    var both = Parts()
    both.others = "V: { rules: [ { name: c, split: { m@v1: 9, m@v2: 1 } } ] }"
    var new = both
    new.unit = "member"
    let found = try warnings(both, new)
    #expect(found.map(\.code) == [.unitChanged])
    #expect(
      found.first?.message
        == "`member` draws the shards of `s` and 6 other allocations, and in the table before it was"
        + " `user`: everybody is drawn again")
    let own = try warnings {
      $0.rule = "{ name: canary, unit: session, split: { m@v1: 9, m@v2: 1 } }"
    }
    #expect(own.map(\.code) == [.unitChanged] && own.first?.line == 13)
    #expect(
      try warnings {
        $0.rule =
          "{ name: canary, unit: session, allow: [unit-changed], split: { m@v1: 9, m@v2: 1 } }"
      }.isEmpty)
    // Requests draw now; no unit does, then or later.
    #expect(
      try warnings { $0.shadow = "{ name: dark, model: m@v2, sample: 1%, by: request }" }.isEmpty)
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
