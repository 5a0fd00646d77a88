/// Tests that lead forward to each other, put together again to the expression that they came from.
///
/// Two neighbours are one condition where nothing else leads to the second, and where the first leads to
/// it one way and, the other way, to where the second leads, too. What `all`, `any` and `not` of any
/// depth were compiled to ends as one.
struct TestStructure {
  private struct Step {
    let index: UInt16
    var condition: ConditionOutline
    var onTrue: UInt16
    var onFalse: UInt16
  }

  /// The last one is the one in front.
  private var steps: [Step] = []
  /// How many steps lead to each.
  private var arrivals: [UInt16: Int] = [:]

  /// - Parameter tests: each leads to later ones, ``Format/holds`` or ``Format/fails``.
  static func condition(
    _ tests: [(condition: ConditionOutline, onTrue: UInt16, onFalse: UInt16)]
  ) -> ConditionOutline {
    var structure = TestStructure()
    for test in tests {
      for end in Set([test.onTrue, test.onFalse]) { structure.arrivals[end, default: 0] &+= 1 }
    }
    for (index, test) in tests.enumerated().reversed() {
      structure.steps.append(
        Step(
          index: UInt16(truncatingIfNeeded: index), condition: test.condition,
          onTrue: test.onTrue, onFalse: test.onFalse))
      while structure.join() {}
    }
    guard structure.steps.count == 1, let whole = structure.steps.last else {
      return tests.isEmpty ? .always : .tangled(testCount: tests.count)
    }
    switch (whole.onTrue, whole.onFalse) {
    case (Format.holds, Format.fails): return whole.condition
    case (Format.fails, Format.holds): return whole.condition.negated
    default: return .tangled(testCount: tests.count)
    }
  }

  /// Makes one of the two in front, if they are.
  private mutating func join() -> Bool {
    guard steps.count > 1 else { return false }
    let first = steps[steps.count &- 1]
    let second = steps[steps.count &- 2]
    guard arrivals[second.index] == 1, second.onTrue != second.onFalse else { return false }
    var joined = first
    switch (first.onTrue, first.onFalse) {
    case (second.index, second.onFalse): joined.condition = .both(first.condition, second.condition)
    case (second.index, second.onTrue):
      joined.condition = .either(first.condition.negated, second.condition)
    case (second.onTrue, second.index):
      joined.condition = .either(first.condition, second.condition)
    case (second.onFalse, second.index):
      joined.condition = .both(first.condition.negated, second.condition)
    default: return false
    }
    joined.onTrue = second.onTrue
    joined.onFalse = second.onFalse
    // Both led to where only one does now.
    let shared = first.onTrue == second.index ? first.onFalse : first.onTrue
    arrivals[shared, default: 1] &-= 1
    steps.removeLast(2)
    steps.append(joined)
    return true
  }
}
