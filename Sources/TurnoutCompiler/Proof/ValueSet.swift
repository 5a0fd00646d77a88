internal import Turnout

/// Which values of one attribute, or of the unit, some tests allow, and whether it may be missing.
struct ValueSet: Equatable, Sendable {
  private var canBeMissing: Bool
  private var values: Values

  private enum Values: Equatable, Sendable {
    /// Booleans are the numbers 0 and 1.
    case numbers(Intervals<Double>)
    case versions(Intervals<VersionCut>)
    case texts(TextSet)

    var numbers: [Intervals<Double>.Interval] {
      if case .numbers(let numbers) = self { numbers.list } else { [] }
    }
    var versions: [Intervals<VersionCut>.Interval] {
      if case .versions(let versions) = self { versions.list } else { [] }
    }
    var texts: [Intervals<TextCut>.Interval] {
      if case .texts(let texts) = self { texts.intervals.list } else { [] }
    }
  }

  /// Longer lists are compared as wholes: as intervals they would take too long.
  static let valuesMax = 512

  /// If true there is none. If false there may be none all the same.
  var isEmpty: Bool {
    if canBeMissing { return false }
    return switch values {
    case .numbers(let numbers): numbers.isEmpty
    case .versions(let versions): versions.isEmpty
    case .texts(let texts): texts.isEmpty
    }
  }

  /// How many intervals and patterns: what looking at it costs.
  var size: Int {
    switch values {
    case .numbers(let numbers): numbers.list.count
    case .versions(let versions): versions.list.count
    case .texts(let texts): texts.intervals.list.count * (1 + texts.patterns.count)
    }
  }

  func intersection(_ other: ValueSet) -> ValueSet {
    let both = canBeMissing && other.canBeMissing
    switch (values, other.values) {
    case (.numbers(let one), .numbers(let two)):
      return ValueSet(canBeMissing: both, values: .numbers(one.intersection(two)))
    case (.versions(let one), .versions(let two)):
      return ValueSet(canBeMissing: both, values: .versions(one.intersection(two)))
    case (.texts(let one), .texts(let two)):
      return ValueSet(canBeMissing: both, values: .texts(one.intersection(two)))
    // One attribute has one type.
    default: return self
    }
  }

  /// All values of either; nil where that is no set of this kind.
  func union(_ other: ValueSet, of subject: ConditionTest.Subject) -> ValueSet? {
    guard let outside = complement(of: subject), let others = other.complement(of: subject) else {
      return nil
    }
    return outside.intersection(others).complement(of: subject)
  }

  /// Everything that is not in it, and missing if it cannot be; nil with patterns.
  private func complement(of subject: ConditionTest.Subject) -> ValueSet? {
    switch values {
    case .numbers(let numbers):
      return ValueSet(
        canBeMissing: !canBeMissing, values: .numbers(numbers.complement(in: subject.numbers)))
    case .versions(let versions):
      return ValueSet(
        canBeMissing: !canBeMissing, values: .versions(versions.complement(in: Self.allVersions)))
    case .texts(let texts):
      guard texts.patterns.isEmpty else { return nil }
      return ValueSet(
        canBeMissing: !canBeMissing,
        values: .texts(TextSet(texts.intervals.complement(in: subject.texts))))
    }
  }

  /// Whatever there is; `canBeMissing` also where there is nothing.
  init(allOf subject: ConditionTest.Subject, canBeMissing: Bool) {
    self.canBeMissing = canBeMissing
    switch subject.type {
    case .number, .boolean: values = .numbers(Intervals(ordered: [subject.numbers]))
    case .version: values = .versions(Intervals(ordered: [Self.allVersions]))
    case .string: values = .texts(TextSet(Intervals(ordered: [subject.texts])))
    }
  }

  /// What passes the test, or with `negated` what does not: every test of what is missing fails but
  /// that for being so. Where a list is too long, a set that holds it.
  init(_ test: ConditionTest, negated: Bool) {
    let subject = test.subject
    self.init(allOf: subject, canBeMissing: negated)
    switch test.operation {
    case .suffix(let text): add(.suffix(Array(text.utf8)), negated)
    case .contains(let text): add(.contains(Array(text.utf8)), negated)
    case .among(let list) where list.count > Self.valuesMax: add(.values(list), negated)
    case .notAmong(let list) where list.count > Self.valuesMax: add(.values(list), !negated)
    default:
      var passing = Self.passing(test.operation, subject)
      if case .exists(false) = test.operation { passing.canBeMissing = true }
      self = negated ? passing.complement(of: subject) ?? self : passing
    }
  }

  /// The values, without what is missing, of a test that is none for patterns.
  private static func passing(
    _ operation: ConditionTest.Operation, _ subject: ConditionTest.Subject
  ) -> ValueSet {
    let values: Values
    switch operation {
    case .suffix, .contains, .exists(true):
      return ValueSet(allOf: subject, canBeMissing: false)
    case .exists: values = list([], of: subject)
    case .prefix(let text):
      let first = TextCut(bytes: Array(text.utf8))
      let prefixed = Intervals(from: first, to: first.afterPrefixed)
      values = .texts(TextSet(prefixed.intersection(Intervals(ordered: [subject.texts]))))
    case .among(let among): values = list(among, of: subject)
    case .equal(let value): values = list([value], of: subject)
    case .notAmong(let among): return others(than: among, of: subject)
    case .notEqual(let value): return others(than: [value], of: subject)
    case .less(let value): values = interval(nil, value, isThrough: false, of: subject)
    case .lessOrEqual(let value): values = interval(nil, value, of: subject)
    case .greater(let value): values = interval(value, nil, isFrom: false, of: subject)
    case .greaterOrEqual(let value): values = interval(value, nil, of: subject)
    }
    return ValueSet(canBeMissing: false, values: values)
  }

  private static func others(
    than list: [AttributeValue], of subject: ConditionTest.Subject
  ) -> ValueSet {
    var others = ValueSet(canBeMissing: true, values: Self.list(list, of: subject))
    others = others.complement(of: subject) ?? ValueSet(allOf: subject, canBeMissing: false)
    return others
  }

  /// The units that a condition lists, or with `negated` all others, and none.
  init(_ units: UnitSet, negated: Bool) {
    self.init(allOf: .unit, canBeMissing: negated)
    guard units.count <= Self.valuesMax else {
      add(.units(units), negated)
      return
    }
    let listed = Intervals(
      ascending: units.map { unit in
        let text = TextCut(bytes: Array(unit))
        return Intervals<TextCut>.Interval(lower: text, upper: text.next)
      })
    values = .texts(
      TextSet(negated ? listed.complement(in: ConditionTest.Subject.unit.texts) : listed))
  }

  private init(canBeMissing: Bool, values: Values) {
    self.canBeMissing = canBeMissing
    self.values = values
  }

  private static let allVersions = Intervals<VersionCut>.Interval(
    lower: VersionCut(version: nil), upper: nil)

  /// Of what is no text, everything stays as it is.
  private mutating func add(_ kind: TextPattern.Kind, _ isNegated: Bool) {
    guard case .texts(var texts) = values else { return }
    texts.add(TextPattern(kind: kind, isNegated: isNegated))
    values = .texts(texts)
  }

  private static func list(_ list: [AttributeValue], of subject: ConditionTest.Subject) -> Values {
    let sets = list.sorted(by: precedes).map { interval($0, $0, of: subject) }
    return switch subject.type {
    case .number, .boolean: .numbers(Intervals(ascending: sets.flatMap(\.numbers)))
    case .version: .versions(Intervals(ascending: sets.flatMap(\.versions)))
    case .string: .texts(TextSet(Intervals(ascending: sets.flatMap(\.texts))))
    }
  }

  private static func precedes(_ one: AttributeValue, _ two: AttributeValue) -> Bool {
    if let one = one.version, let two = two.version { return VersionOrder.compare(one, two) < 0 }
    return one < two
  }

  /// From one value to another, both included unless it says otherwise; nil is without end.
  private static func interval(
    _ first: AttributeValue?, _ last: AttributeValue?, isFrom: Bool = true, isThrough: Bool = true,
    of subject: ConditionTest.Subject
  ) -> Values {
    switch subject.type {
    case .number, .boolean:
      let whole = subject.numbers
      let step = { (number: Double) in subject.type == .boolean ? number + 1 : number.nextUp }
      let lower = first?.number.map { isFrom ? $0 : step($0) } ?? whole.lower
      let upper = last?.number.map { isThrough ? step($0) : $0 } ?? whole.upper
      return .numbers(
        Intervals(from: lower, to: upper).intersection(Intervals(ordered: [whole])))
    case .version:
      let lower = first?.version.map { VersionCut(version: $0, isAfter: !isFrom) }
      let upper = last?.version.map { VersionCut(version: $0, isAfter: isThrough) }
      return .versions(Intervals(from: lower ?? allVersions.lower, to: upper))
    case .string:
      let whole = subject.texts
      let lower = first?.text.map { isFrom ? $0 : $0.next } ?? whole.lower
      let upper = last?.text.map { isThrough ? $0.next : $0 }
      return .texts(
        TextSet(Intervals(from: lower, to: upper).intersection(Intervals(ordered: [whole]))))
    }
  }
}

extension ConditionTest.Subject {
  var type: AttributeType {
    switch self {
    case .attribute(_, let type): type
    case .unit: .string
    }
  }

  fileprivate var numbers: Intervals<Double>.Interval {
    type == .boolean
      ? Intervals.Interval(lower: 0, upper: 2)
      : Intervals.Interval(lower: -.greatestFiniteMagnitude, upper: .infinity)
  }

  /// An empty unit is a missing one.
  fileprivate var texts: Intervals<TextCut>.Interval {
    Intervals.Interval(lower: TextCut(bytes: self == .unit ? [0] : []), upper: nil)
  }
}

extension AttributeValue {
  fileprivate var number: Double? {
    switch self {
    case .number(let number): number
    case .boolean(let value): value ? 1 : 0
    case .string, .version: nil
    }
  }

  fileprivate var version: [UInt8]? {
    if case .version(let version) = self { Array(version.text.utf8) } else { nil }
  }

  fileprivate var text: TextCut? {
    if case .string(let text) = self { TextCut(bytes: Array(text.utf8)) } else { nil }
  }
}
