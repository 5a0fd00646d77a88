/// A condition whose negations are those of its tests, with its segments written out.
indirect enum Formula: Sendable {
  /// The subject's value is in the set.
  case literal(Subject, ValueSet)
  /// Every one; of none, true.
  case all([Formula])
  /// At least one; of none, false.
  case any([Formula])

  /// An attribute, or the unit of the use case, by its number.
  struct Subject: Hashable, Sendable {
    var number: Int
    var test: ConditionTest.Subject

    static func == (one: Subject, two: Subject) -> Bool { one.number == two.number }
    func hash(into hasher: inout Hasher) { hasher.combine(number) }
  }
}

/// Makes formulas of conditions; of each segment, and of each test of one value, once.
struct FormulaMaker {
  private let segments: [String: Condition]
  private var written: [Written: Formula] = [:]
  private var literals: [Literal: Formula] = [:]
  private var subjects: [ConditionTest.Subject: Formula.Subject] = [:]
  /// Tests and values that were made into sets: what making them costs.
  private(set) var steps = 0

  private struct Written: Hashable {
    var segment: String
    var isNegated: Bool
  }

  private struct Literal: Hashable {
    var test: ConditionTest
    var isNegated: Bool
  }

  init(_ segments: [Segment]) {
    self.segments = Dictionary(segments.map { ($0.name, $0.condition) }) { first, _ in first }
  }

  mutating func subject(_ test: ConditionTest.Subject) -> Formula.Subject {
    if let known = subjects[test] { return known }
    let subject = Formula.Subject(number: subjects.count, test: test)
    subjects[test] = subject
    return subject
  }

  mutating func formula(_ condition: Condition, negated: Bool = false) -> Formula {
    switch condition {
    case .all(let parts):
      let parts = parts.map { formula($0, negated: negated) }
      return negated ? .any(parts) : .all(parts)
    case .any(let parts):
      let parts = parts.map { formula($0, negated: negated) }
      return negated ? .all(parts) : .any(parts)
    case .not(let part): return formula(part, negated: !negated)
    case .segment(let name):
      let key = Written(segment: name, isNegated: negated)
      if let known = written[key] { return known }
      // A checked document has every segment that it names; of another one nothing is known.
      let found = segments[name].map { formula($0, negated: negated) } ?? .all([])
      written[key] = found
      return found
    case .test(let test):
      let count = test.operation.valueCount
      let key = Literal(test: test, isNegated: negated)
      if count == 1, let known = literals[key] { return known }
      steps += 1 + min(count, ValueSet.valuesMax) / 4
      let made = Formula.literal(subject(test.subject), ValueSet(test, negated: negated))
      if count == 1 { literals[key] = made }
      return made
    case .units(let units):
      steps += 1 + min(units.count, ValueSet.valuesMax) / 4
      return .literal(subject(.unit), ValueSet(units, negated: negated))
    }
  }
}

extension ConditionTest.Operation {
  fileprivate var valueCount: Int {
    switch self {
    case .among(let values), .notAmong(let values): values.count
    default: 1
    }
  }
}
