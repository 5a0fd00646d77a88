import Turnout

/// A condition as the table has it: tests that lead forward to each other or to the end.
struct TestProgram {
  /// A test before its operand has a place.
  struct Step {
    var kind: TestKind
    var attribute: UInt16
    var operand: Operand
    var onTrue: UInt16 = 0
    var onFalse: UInt16 = 0
  }

  enum Operand {
    case none
    case mask(UInt8)
    case number(Double)
    case text([UInt8])
    case texts([[UInt8]])
    case map([[UInt8]])
    case key(UInt64)
    case numbers([Double])
  }

  private(set) var steps: [Step] = []
  private let attributes: [String: UInt16]
  private let segments: [String: Condition]

  /// Where a test leads to: a test still to come, or the end.
  private enum Target {
    case holds
    case fails
    case label(Int)
  }
  private var labels: [Int] = []
  private var targets: [(Target, Target)] = []

  /// `segments` are those of the document; they are written out in place.
  init(_ condition: Condition, attributes: [String: UInt16], segments: [String: Condition]) {
    self.attributes = attributes
    self.segments = segments
    switch Self.simplified(condition, segments) {
    case .always: break
    case .never:
      // A test that leads to the same end either way.
      steps = [
        Step(
          kind: .exists, attribute: 0, operand: .none, onTrue: Format.fails, onFalse: Format.fails)
      ]
    case .tree(let tree):
      emit(tree, .holds, .fails)
      for (i, (onTrue, onFalse)) in targets.enumerated() {
        steps[i].onTrue = resolve(onTrue)
        steps[i].onFalse = resolve(onFalse)
      }
    }
  }

  private func resolve(_ target: Target) -> UInt16 {
    switch target {
    case .holds: Format.holds
    case .fails: Format.fails
    case .label(let label): UInt16(truncatingIfNeeded: labels[label])
    }
  }

  /// What remains of a condition without parts that always or never hold.
  private indirect enum Simplified {
    case always
    case never
    case tree(Condition)
  }

  private static func simplified(
    _ condition: Condition, _ segments: [String: Condition]
  ) -> Simplified {
    switch condition {
    case .all(let parts), .any(let parts):
      var isAll = false
      if case .all = condition { isAll = true }
      var kept: [Condition] = []
      for part in parts {
        switch simplified(part, segments) {
        case .always: if !isAll { return .always }
        case .never: if isAll { return .never }
        case .tree(let tree): kept.append(tree)
        }
      }
      if kept.isEmpty { return isAll ? .always : .never }
      return .tree(isAll ? .all(kept) : .any(kept))
    case .not(let part):
      switch simplified(part, segments) {
      case .always: return .never
      case .never: return .always
      case .tree(let tree): return .tree(.not(tree))
      }
    case .segment(let name):
      // The checked document has every segment that it names, and no circles.
      return segments[name].map { simplified($0, segments) } ?? .never
    case .test, .units:
      return .tree(condition)
    }
  }

  private mutating func emit(_ condition: Condition, _ onTrue: Target, _ onFalse: Target) {
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
    case .units(let units):
      let values = units.map { Array($0) }
      add(
        values.count > Format.inlineListMax ? .stringInMap : .stringIn, Layout.Test.unit,
        values.count > Format.inlineListMax ? .map(values) : .texts(values), onTrue, onFalse)
    case .test(let test):
      emit(test, onTrue, onFalse)
    case .segment:
      break  // simplified() wrote them out.
    }
  }

  private mutating func newLabel() -> Int {
    labels.append(0)
    return labels.count - 1
  }

  private mutating func add(
    _ kind: TestKind, _ attribute: UInt16, _ operand: Operand, _ onTrue: Target, _ onFalse: Target
  ) {
    steps.append(Step(kind: kind, attribute: attribute, operand: operand))
    targets.append((onTrue, onFalse))
  }

  private mutating func emit(_ test: ConditionTest, _ onTrue: Target, _ onFalse: Target) {
    let attribute: UInt16
    switch test.subject {
    case .attribute(let name, _): attribute = attributes[name] ?? 0
    case .unit: attribute = Layout.Test.unit
    }
    let (kind, operand) = Self.encode(test.operation)
    if kind == .stringEqual, case .text(let text) = operand,
      text.count <= Format.keyTextBytesMax, attribute < Format.keyedAttributesMax
    {
      add(.stringIs, attribute, .key(Format.key(text)), onTrue, onFalse)
    } else {
      add(kind, attribute, operand, onTrue, onFalse)
    }
  }

  private static func encode(_ operation: ConditionTest.Operation) -> (TestKind, Operand) {
    switch operation {
    case .exists(let exists): (exists ? .exists : .absent, .none)
    case .prefix(let text): (.stringPrefix, .text(Array(text.utf8)))
    case .suffix(let text): (.stringSuffix, .text(Array(text.utf8)))
    case .contains(let text): (.stringContains, .text(Array(text.utf8)))
    case .equal(let value):
      encode(value, .stringEqual, .numberEqual, .versionEqual, mask: { $0 })
    case .notEqual(let value):
      encode(value, .stringNotEqual, .numberNotEqual, .versionNotEqual, mask: { $0 ^ 3 })
    case .less(let value):
      encode(value, .stringLess, .numberLess, .versionLess, mask: { _ in 0 })
    case .lessOrEqual(let value):
      encode(
        value, .stringLessOrEqual, .numberLessOrEqual, .versionLessOrEqual, mask: { _ in 0 })
    case .greater(let value):
      encode(value, .stringGreater, .numberGreater, .versionGreater, mask: { _ in 0 })
    case .greaterOrEqual(let value):
      encode(
        value, .stringGreaterOrEqual, .numberGreaterOrEqual, .versionGreaterOrEqual,
        mask: { _ in 0 })
    case .among(let values): encode(values, isIn: true)
    case .notAmong(let values): encode(values, isIn: false)
    }
  }

  private static func encode(
    _ value: AttributeValue, _ string: TestKind, _ number: TestKind, _ version: TestKind,
    mask: (UInt8) -> UInt8
  ) -> (TestKind, Operand) {
    switch value {
    case .string(let text): (string, .text(Array(text.utf8)))
    case .number(let value): (number, .number(value))
    case .boolean(let value): (.boolean, .mask(mask(value ? 2 : 1)))
    case .version(let value): (version, .text(Array(value.text.utf8)))
    }
  }

  /// Values of one list have one type.
  private static func encode(_ values: [AttributeValue], isIn: Bool) -> (TestKind, Operand) {
    var texts: [[UInt8]] = []
    var numbers: [Double] = []
    var mask: UInt8 = 0
    for value in values {
      switch value {
      case .string(let text): texts.append(Array(text.utf8))
      case .version(let version): texts.append(Array(version.text.utf8))
      case .number(let number): numbers.append(number)
      case .boolean(let value): mask |= value ? 2 : 1
      }
    }
    switch values.first {
    case .string where texts.count > Format.inlineListMax:
      return (isIn ? .stringInMap : .stringNotInMap, .map(texts))
    case .string: return (isIn ? .stringIn : .stringNotIn, .texts(texts))
    case .version: return (isIn ? .versionIn : .versionNotIn, .texts(texts))
    case .number: return (isIn ? .numberIn : .numberNotIn, .numbers(numbers))
    case .boolean, nil: return (.boolean, .mask(isIn ? mask : mask ^ 3))
    }
  }
}
