import Turnout

/// One test of a condition, with its values read.
struct ContextTest: Hashable {
  var subject: Subject
  var kind: TestKind
  var values: [Request.Value]
  /// The values of one that has many.
  private var members: Set<Request.Value>?
  var onTrue: UInt16
  var onFalse: UInt16

  init(
    subject: Subject, kind: TestKind, values: [Request.Value], onTrue: UInt16, onFalse: UInt16
  ) {
    self.subject = subject
    self.kind = kind
    self.values = values
    self.onTrue = onTrue
    self.onFalse = onFalse
    if kind.operand == .map { members = Set(values) }
  }

  /// Whether it asks if a text is one of some.
  var isMembership: Bool {
    switch kind {
    case .stringEqual, .stringNotEqual, .stringIs, .stringIn, .stringNotIn, .stringInMap,
      .stringNotInMap:
      true
    default: false
    }
  }

  /// Whether it asks the same, wherever it leads.
  func isAlike(_ other: ContextTest) -> Bool {
    kind == other.kind && values == other.values
  }

  /// What is tested.
  enum Subject: Hashable {
    case attribute(String)
    /// The use case's unit.
    case unit
  }

  /// Whether the test holds of a value; nil is missing. Only finds values to try: what a class does is
  /// the evaluator's word.
  func holds(of value: Request.Value?) -> Bool {
    guard let value, value != .null else { return kind == .absent }
    switch (kind, value) {
    case (.exists, _): return true
    case (.absent, _): return false
    case (.boolean, _): return values.contains(value)
    case (.stringInMap, _): return members?.contains(value) ?? false
    case (.stringNotInMap, _): return !(members?.contains(value) ?? false)
    case (_, .number(let number)):
      let others = values.compactMap { if case .number(let other) = $0 { other } else { nil } }
      return holds(number, others, <)
    case (_, .string(let text)):
      let others = values.compactMap { if case .string(let other) = $0 { other } else { nil } }
      if kind.type == .version {
        return holds(VersionWords(text), others.map(VersionWords.init), <)
      }
      switch kind {
      case .stringPrefix: return others.contains { text.hasPrefix($0) }
      case .stringSuffix: return others.contains { text.hasSuffix($0) }
      case .stringContains: return others.contains { text.contains($0) }
      default:
        return holds(Array(text.utf8), others.map { Array($0.utf8) }) {
          $0.lexicographicallyPrecedes($1)
        }
      }
    default: return false
    }
  }

  private func holds<Operand: Equatable>(
    _ one: Operand, _ others: [Operand], _ precedes: (Operand, Operand) -> Bool
  ) -> Bool {
    guard let first = others.first else { return false }
    switch kind {
    case .stringNotEqual, .stringNotIn, .stringNotInMap, .numberNotEqual, .numberNotIn,
      .versionNotEqual, .versionNotIn:
      return !others.contains(one)
    case .stringLess, .numberLess, .versionLess: return precedes(one, first)
    case .stringLessOrEqual, .numberLessOrEqual, .versionLessOrEqual:
      return precedes(one, first) || one == first
    case .stringGreater, .numberGreater, .versionGreater:
      return !precedes(one, first) && one != first
    case .stringGreaterOrEqual, .numberGreaterOrEqual, .versionGreaterOrEqual:
      return !precedes(one, first)
    default: return others.contains(one)
    }
  }
}

/// The numbers of a version, and whether a suffix makes it an earlier one.
private struct VersionWords: Comparable {
  var numbers: [Int]
  var suffix: String

  init(_ text: String) {
    let core = text.prefix { $0 != "-" && $0 != "+" }
    numbers = core.split(separator: ".").map { Int($0) ?? 0 }
    while numbers.last == 0 { numbers.removeLast() }
    suffix = String(text.dropFirst(core.count).prefix { $0 != "+" })
  }

  static func < (one: VersionWords, other: VersionWords) -> Bool {
    if one.numbers != other.numbers { return one.numbers.lexicographicallyPrecedes(other.numbers) }
    if one.suffix.isEmpty || other.suffix.isEmpty {
      return !one.suffix.isEmpty && other.suffix.isEmpty
    }
    return one.suffix < other.suffix
  }
}

extension ContextTest {
  /// Texts of one set that are tried.
  static let valuesMax = 2_000

  /// Whether it asks for a part of a text.
  var isOfParts: Bool { [.stringPrefix, .stringSuffix, .stringContains].contains(kind) }

  /// The tests of a condition.
  static func read(
    _ tests: Int, count: Int, in base: Int, _ records: TableRecords
  ) -> [ContextTest] {
    (0..<count).map { number in
      let test = tests + number * Layout.Test.bytes
      let kind = TestKind(rawValue: UInt8(records.u8(test))) ?? .exists
      let attribute = records.u16(test + Layout.Test.attribute)
      return ContextTest(
        subject: attribute == Int(Layout.Test.unit)
          ? .unit : .attribute(records.name(.attributes, attribute)),
        kind: kind, values: values(kind, test, base, records),
        onTrue: UInt16(records.u16(test + Layout.Test.onTrue)),
        onFalse: UInt16(records.u16(test + Layout.Test.onFalse)))
    }
  }

  private static func values(
    _ kind: TestKind, _ test: Int, _ base: Int, _ records: TableRecords
  ) -> [Request.Value] {
    let operand = records.u32(test + Layout.Test.operand)
    let count = records.u32(test + Layout.Test.operandCount)
    switch kind.operand {
    case .none: return []
    case .mask:
      return [false, true].filter { operand >> ($0 ? 1 : 0) & 1 != 0 }.map { .boolean($0) }
    case .text: return [.string(records.string(base + operand, count))]
    case .texts:
      return (0..<count).map { pair in
        let at = base + operand + pair * 8
        return .string(records.string(base + records.u32(at), records.u32(at + 4)))
      }
    case .map:
      return TableSet(operand, of: records).prefix(valuesMax)
        .map { .string(String(decoding: $0, as: UTF8.self)) }
    case .key: return text(ofKey: records.u64(test + Layout.Test.operand)).map { [$0] } ?? []
    case .number: return [.number(Double(bitPattern: records.u64(test + Layout.Test.operand)))]
    case .numbers:
      return (0..<count).map {
        .number(Double(bitPattern: records.u64(base + operand + $0 * 8)))
      }
    }
  }

  /// The text that a guard's key is; nil of one that is longer than a key.
  static func text(ofKey key: UInt64) -> Request.Value? {
    let count = Int(key >> 56)
    guard count <= Format.keyTextBytesMax else { return nil }
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: key >> UInt64($0 * 8)) }
    return .string(String(decoding: bytes, as: UTF8.self))
  }
}
