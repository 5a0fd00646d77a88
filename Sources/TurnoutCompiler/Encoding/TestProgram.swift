import Turnout

/// A condition as the table has it: tests that lead forward to each other or to the end.
struct TestProgram {
  struct Test {
    var kind: TestKind
    var attribute: UInt16
    var operand: Operand
  }

  /// What a test compares with, before it has a place.
  enum Operand {
    case none
    case mask(UInt8)
    case number(Double)
    case text(Text)
    case texts([Text])
    /// A map's number.
    case map(UInt32)
    case key(UInt64)
    case numbers([Double])
  }

  struct Step {
    var test: Test
    var onTrue: UInt16 = 0
    var onFalse: UInt16 = 0
  }

  /// None for a condition that always holds; more than ``Format/testsPerRuleMax`` if it has more
  /// tests than that, and then they are not all of them.
  private(set) var steps: [Step] = []

  /// Where a test leads to: a test still to come, or the end.
  private enum Target {
    case holds
    case fails
    case label(Int)
  }
  private var labels: [Int] = []
  private var targets: [(Target, Target)] = []

  init(_ condition: ReducedCondition) {
    switch condition {
    case .always: break
    case .never: steps = [Self.decided(Format.fails)]
    default:
      emit(condition, .holds, .fails)
      for (i, (onTrue, onFalse)) in targets.enumerated() {
        steps[i].onTrue = resolve(onTrue)
        steps[i].onFalse = resolve(onFalse)
      }
    }
  }

  /// The same, but with a test that always holds where there would be none.
  static func withTests(_ condition: ReducedCondition) -> TestProgram {
    var program = TestProgram(condition)
    if program.steps.isEmpty { program.steps = [decided(Format.holds)] }
    return program
  }

  /// A test that leads to the same end either way.
  private static func decided(_ end: UInt16) -> Step {
    Step(test: Test(kind: .exists, attribute: 0, operand: .none), onTrue: end, onFalse: end)
  }

  /// A test that a rule's record has room for.
  struct Guard {
    var attribute: UInt8
    var key: UInt64
  }

  /// The condition's first tests, as many as a rule's record has room for: those without which it fails,
  /// and which compare with a text. They are taken away, up to one of a text longer than a key.
  mutating func takeGuards() -> [Guard] {
    var guards: [Guard] = []
    while guards.count < Layout.Rule.guardsMax, let first = steps.first,
      first.test.kind == .stringIs, case .key(let key) = first.test.operand,
      first.onFalse == Format.fails, first.onTrue == (steps.count == 1 ? Format.holds : 1)
    {
      guards.append(Guard(attribute: UInt8(truncatingIfNeeded: first.test.attribute), key: key))
      steps.removeFirst()
      for i in steps.indices {
        if steps[i].onTrue < Format.fails { steps[i].onTrue -= 1 }
        if steps[i].onFalse < Format.fails { steps[i].onFalse -= 1 }
      }
    }
    var kept = 0
    while guards.count < Layout.Rule.guardsMax, kept < steps.count,
      steps[kept].onFalse == Format.fails, kept == 0 || steps[kept - 1].onTrue == kept,
      let key = steps[kept].test.key
    {
      guards.append(
        Guard(attribute: UInt8(truncatingIfNeeded: steps[kept].test.attribute), key: key))
      kept += 1
    }
    return guards
  }

  private func resolve(_ target: Target) -> UInt16 {
    switch target {
    case .holds: Format.holds
    case .fails: Format.fails
    case .label(let label): UInt16(truncatingIfNeeded: labels[label])
    }
  }

  private mutating func emit(
    _ condition: ReducedCondition, _ onTrue: Target, _ onFalse: Target
  ) {
    // Segments within segments can say more tests than anybody could store.
    guard steps.count <= Format.testsPerRuleMax else { return }
    switch condition {
    case .all(let parts):
      for part in parts.dropLast() {
        let next = newLabel()
        emit(part, .label(next), onFalse)
        labels[next] = steps.count
      }
      if let last = parts.last { emit(last, onTrue, onFalse) }
    case .any(let parts):
      for part in parts.dropLast() {
        let next = newLabel()
        emit(part, onTrue, .label(next))
        labels[next] = steps.count
      }
      if let last = parts.last { emit(last, onTrue, onFalse) }
    case .not(let part):
      emit(part, onFalse, onTrue)
    case .test(let test):
      steps.append(Step(test: test))
      targets.append((onTrue, onFalse))
    case .always, .never:
      break  // A reduced condition has none inside.
    }
  }

  private mutating func newLabel() -> Int {
    labels.append(0)
    return labels.count - 1
  }
}

extension TestProgram.Test {
  /// The key of the text that it compares with, if a rule's guard can.
  fileprivate var key: UInt64? {
    guard attribute < Format.keyedAttributesMax else { return nil }
    switch (kind, operand) {
    case (.stringIs, .key(let key)): return key
    case (.stringEqual, .text(let text)): return Format.key(Array(text.utf8))
    default: return nil
    }
  }
}
