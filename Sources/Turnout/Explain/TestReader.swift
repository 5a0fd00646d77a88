/// The tests of a table as the document has them: attribute, operator and values.
struct TestReader {
  let names: TableNames

  /// `base` is where the operands' offsets count from.
  func read(
    _ test: Place, in base: Place, value: Observation.Value, held: Bool
  ) -> Evaluation.Test {
    let kind = TestKind(rawValue: test.u8(Layout.Test.kind)) ?? .exists
    let attribute = test.u16(Layout.Test.attribute)
    let (values, count) = operands(kind, test, base)
    let next = held ? test.u16(Layout.Test.onTrue) : test.u16(Layout.Test.onFalse)
    return Evaluation.Test(
      attribute: attribute == Layout.Test.unit ? "unit" : names.attribute(UInt32(attribute)),
      op: Self.name(kind, mask: test.u8(Layout.Test.operand)), operands: values,
      operandCount: count, value: Evaluation.Value(value), held: held,
      leads: next == Format.holds ? .holds : next == Format.fails ? .fails : .next)
  }

  /// A guard of a rule.
  func guarding(
    _ attribute: UInt8, _ key: UInt64, isLast: Bool, value: Observation.Value, held: Bool
  ) -> Evaluation.Test {
    Evaluation.Test(
      attribute: names.attribute(UInt32(attribute)), op: Self.name(.stringIs, mask: 0),
      operands: [text(ofKey: key)], operandCount: 1, value: Evaluation.Value(value), held: held,
      leads: !held ? .fails : isLast ? .holds : .next)
  }

  private func text(ofKey key: UInt64) -> Evaluation.Value {
    let bytes = (0..<min(Int(key &>> 56), Format.keyTextBytesMax)).map {
      UInt8(truncatingIfNeeded: key &>> UInt64($0 &* 8))
    }
    return .text(bytes, count: bytes.count)
  }

  /// Where a test leads that stands for a condition which is decided whatever the request; nil for a
  /// test that the document has.
  func constantEnd(of test: Place) -> UInt16? {
    let end = test.u16(Layout.Test.onTrue)
    guard test.u8(Layout.Test.kind) == TestKind.exists.rawValue,
      test.u16(Layout.Test.attribute) == 0, end >= Format.fails,
      end == test.u16(Layout.Test.onFalse)
    else { return nil }
    return end
  }

  /// A condition that never holds, as the test of which that is true: every request has a class of
  /// traffic.
  func never(_ value: Observation.Value) -> Evaluation.Test {
    Evaluation.Test(
      attribute: names.attribute(0), op: "exists", operands: [.boolean(false)], operandCount: 1,
      value: Evaluation.Value(value), held: false, leads: .fails)
  }

  /// The operator as documents spell it.
  private static func name(_ kind: TestKind, mask: UInt8) -> String {
    switch kind {
    case .exists, .absent: "exists"
    case .boolean: mask == 1 || mask == 2 ? "==" : "in"
    case .stringEqual, .stringIs, .numberEqual, .versionEqual: "=="
    case .stringNotEqual, .numberNotEqual, .versionNotEqual: "!="
    case .stringLess, .numberLess, .versionLess: "<"
    case .stringLessOrEqual, .numberLessOrEqual, .versionLessOrEqual: "<="
    case .stringGreater, .numberGreater, .versionGreater: ">"
    case .stringGreaterOrEqual, .numberGreaterOrEqual, .versionGreaterOrEqual: ">="
    case .stringPrefix: "prefix"
    case .stringSuffix: "suffix"
    case .stringContains: "contains"
    case .stringIn, .stringInMap, .numberIn, .versionIn: "in"
    case .stringNotIn, .stringNotInMap, .numberNotIn, .versionNotIn: "not_in"
    }
  }

  private func operands(
    _ kind: TestKind, _ test: Place, _ base: Place
  ) -> (values: [Evaluation.Value], count: Int) {
    let first = test.u32(Layout.Test.operand)
    let count = test.u32(Layout.Test.operandCount)
    switch kind.operand {
    case .none: return ([.boolean(kind == .exists)], 1)
    case .mask:
      let values = [false, true].filter { first &>> ($0 ? 1 : 0) & 1 != 0 }
      return (values.map { .boolean($0) }, values.count)
    case .text: return ([Evaluation.Value((base + first).text(Int(count)))], 1)
    case .number: return ([.number(test.f64(Layout.Test.operand))], 1)
    case .key: return ([text(ofKey: test.u64(Layout.Test.operand))], 1)
    case .texts:
      return list(Int(count)) { i in
        let pair = base + first + i &* 8
        return Evaluation.Value((base + pair.u32(0)).text(Int(pair.u32(4))))
      }
    case .numbers: return list(Int(count)) { .number((base + first).f64($0 &* 8)) }
    case .map: return texts(ofSet: first)
    }
  }

  private func list(
    _ count: Int, _ value: (Int) -> Evaluation.Value
  ) -> (values: [Evaluation.Value], count: Int) {
    (count > Evaluation.Limit.operands ? [] : (0..<count).map(value), count)
  }

  /// The texts of a set in the order of their bytes, if there are few.
  func texts(ofSet set: UInt32) -> (values: [Evaluation.Value], count: Int) {
    let directory = names.image.record(.maps, set)
    let count = Int(directory.u32(Layout.Map.entryCount))
    guard count <= Evaluation.Limit.operands else { return ([], count) }
    let start = names.image.section(.mapData) + directory.u32(Layout.Map.slots)
    // The texts lie side by side from where the first bucket's begin.
    var next = Int(start.u32(0))
    var texts: [Text] = []
    while texts.count < count {
      let size = Int((start + next).u16(0))
      texts.append((start + next + Layout.Map.setTextBytes).text(size))
      next &+= Layout.Map.setTextBytes &+ size
    }
    return (texts.sorted { $0.compare($1) < 0 }.map { Evaluation.Value($0) }, count)
  }
}

extension Evaluation.Value {
  /// A copy of a text, of no more than ``Evaluation/Limit/textBytes``. One that is UTF-8 is cut at
  /// a character.
  init(_ text: Text) {
    var bytes = text.bytes(atMost: Evaluation.Limit.textBytes)
    if bytes.count < text.count, text.isUTF8 {
      var end = bytes.count
      while end > 0, text.byte(end) & 0xC0 == 0x80 { end &-= 1 }
      bytes.removeLast(bytes.count &- end)
    }
    self = .text(bytes, count: text.count)
  }

  /// Nil if it is missing.
  init?(_ value: Observation.Value) {
    switch value {
    case .missing: return nil
    case .text(let text): self.init(text)
    case .number(let number): self = .number(number)
    case .boolean(let boolean): self = .boolean(boolean)
    }
  }
}
