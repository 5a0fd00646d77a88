import Turnout

/// A condition as its tests need it: segments written out, long lists of texts in maps, and no part
/// left that always or never holds.
indirect enum ReducedCondition {
  case always
  case never
  /// Not empty, and without `always` and `never`, as are the parts of the others.
  case all([ReducedCondition])
  case any([ReducedCondition])
  case not(ReducedCondition)
  case test(TestProgram.Test)
}

/// Reduces the conditions of a document, each segment once however many conditions name it.
struct ConditionReducer {
  private let attributes: [String: UInt16]
  private let segments: [String: Condition]
  private var reduced: [String: ReducedCondition] = [:]

  init(_ segments: [Segment], attributes: [String: UInt16]) {
    self.attributes = attributes
    self.segments = Dictionary(
      segments.map { ($0.name, $0.condition) }, uniquingKeysWith: { first, _ in first })
  }

  mutating func reduce(
    _ condition: Condition, _ maps: inout MapEncoder
  ) -> ReducedCondition {
    switch condition {
    case .all(let parts):
      var kept: [ReducedCondition] = []
      for part in parts {
        switch reduce(part, &maps) {
        case .always: break
        case .never: return .never
        case let part: kept.append(part)
        }
      }
      return kept.isEmpty ? .always : .all(kept)
    case .any(let parts):
      var kept: [ReducedCondition] = []
      for part in parts {
        switch reduce(part, &maps) {
        case .always: return .always
        case .never: break
        case let part: kept.append(part)
        }
      }
      return kept.isEmpty ? .never : .any(kept)
    case .not(let part):
      switch reduce(part, &maps) {
      case .always: return .never
      case .never: return .always
      case let part: return .not(part)
      }
    case .segment(let name):
      if let known = reduced[name] { return known }
      // The checked document has every segment that it names, and no circles.
      let found = segments[name].map { reduce($0, &maps) } ?? .never
      reduced[name] = found
      return found
    case .units(let units):
      let isLong =
        units.count > Format.inlineListMax || units.contains { $0.count > Format.valueBytesMax }
      return .test(
        TestProgram.Test(
          kind: isLong ? .stringInMap : .stringIn, attribute: Layout.Test.unit,
          operand: isLong
            ? .map(maps.addSet(units))
            : .texts(units.map { Text(String(decoding: $0, as: UTF8.self)) })))
    case .test(let test):
      return .test(self.test(test, &maps))
    }
  }

  private func test(
    _ test: ConditionTest, _ maps: inout MapEncoder
  ) -> TestProgram.Test {
    let attribute =
      switch test.subject {
      case .attribute(let name, _): attributes[name] ?? 0
      case .unit: Layout.Test.unit
      }
    switch test.operation {
    case .among(let values):
      if case .string = values.first {
        return among(values.texts, .stringIn, .stringInMap, of: attribute, &maps)
      }
    case .notAmong(let values):
      if case .string = values.first {
        return among(values.texts, .stringNotIn, .stringNotInMap, of: attribute, &maps)
      }
    default: break
    }
    let (kind, operand) = test.operation.encoded
    if kind == .stringEqual, case .text(let text) = operand,
      text.utf8.count <= Format.keyTextBytesMax, attribute < Format.keyedAttributesMax
    {
      return TestProgram.Test(
        kind: .stringIs, attribute: attribute, operand: .key(Format.key(Array(text.utf8))))
    }
    return TestProgram.Test(kind: kind, attribute: attribute, operand: operand)
  }

  /// Whether a text is, or is not, one of several.
  private func among(
    _ values: [Text], _ inline: TestKind, _ map: TestKind, of attribute: UInt16,
    _ maps: inout MapEncoder
  ) -> TestProgram.Test {
    values.count > Format.inlineListMax
      ? TestProgram.Test(
        kind: map, attribute: attribute, operand: .map(maps.addSet(values.map(\.utf8))))
      : TestProgram.Test(kind: inline, attribute: attribute, operand: .texts(values))
  }
}
