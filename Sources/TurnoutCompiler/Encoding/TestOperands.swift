import Turnout

extension ConditionTest.Operation {
  /// The test's kind and operand, but for what depends on the attribute or on other tests.
  var encoded: (TestKind, TestProgram.Operand) {
    switch self {
    case .exists(let exists): (exists ? .exists : .absent, .none)
    case .prefix(let text): (.stringPrefix, .text(text))
    case .suffix(let text): (.stringSuffix, .text(text))
    case .contains(let text): (.stringContains, .text(text))
    case .equal(let value):
      Self.encode(value, .stringEqual, .numberEqual, .versionEqual, mask: { $0 })
    case .notEqual(let value):
      Self.encode(value, .stringNotEqual, .numberNotEqual, .versionNotEqual, mask: { $0 ^ 3 })
    case .less(let value):
      Self.encode(value, .stringLess, .numberLess, .versionLess, mask: { _ in 0 })
    case .lessOrEqual(let value):
      Self.encode(
        value, .stringLessOrEqual, .numberLessOrEqual, .versionLessOrEqual, mask: { _ in 0 })
    case .greater(let value):
      Self.encode(value, .stringGreater, .numberGreater, .versionGreater, mask: { _ in 0 })
    case .greaterOrEqual(let value):
      Self.encode(
        value, .stringGreaterOrEqual, .numberGreaterOrEqual, .versionGreaterOrEqual,
        mask: { _ in 0 })
    case .among(let values): Self.encode(values, isIn: true)
    case .notAmong(let values): Self.encode(values, isIn: false)
    }
  }

  private static func encode(
    _ value: AttributeValue, _ string: TestKind, _ number: TestKind, _ version: TestKind,
    mask: (UInt8) -> UInt8
  ) -> (TestKind, TestProgram.Operand) {
    switch value {
    case .string(let text): (string, .text(text))
    case .number(let value): (number, .number(value))
    case .boolean(let value): (.boolean, .mask(mask(value ? 2 : 1)))
    case .version(let value): (version, .text(value.text))
    }
  }

  /// Values of one list have one type.
  private static func encode(
    _ values: [AttributeValue], isIn: Bool
  ) -> (TestKind, TestProgram.Operand) {
    var numbers: [Double] = []
    var mask: UInt8 = 0
    for value in values {
      switch value {
      case .number(let number): numbers.append(number)
      case .boolean(let value): mask |= value ? 2 : 1
      case .string, .version: break
      }
    }
    switch values.first {
    case .string: return (isIn ? .stringIn : .stringNotIn, .texts(values.texts))
    case .version:
      // Ascending, so that a search may halve the list.
      let versions = values.texts.map { (text: $0, utf8: Array($0.utf8)) }
        .sorted { VersionOrder.compare($0.utf8, $1.utf8) < 0 }
      return (isIn ? .versionIn : .versionNotIn, .texts(versions.map(\.text)))
    case .number: return (isIn ? .numberIn : .numberNotIn, .numbers(numbers))
    case .boolean, nil: return (.boolean, .mask(isIn ? mask : mask ^ 3))
    }
  }
}

extension [AttributeValue] {
  /// Those of them that are written as texts.
  var texts: [Text] {
    compactMap { value in
      switch value {
      case .string(let text): text
      case .version(let version): version.text
      case .number, .boolean: nil
      }
    }
  }
}
