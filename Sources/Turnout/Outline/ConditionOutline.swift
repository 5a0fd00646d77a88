/// A condition as an expression again. Tables have it as tests that lead to each other, with segments
/// written out.
package indirect enum ConditionOutline: Sendable, Equatable {
  case always
  case never
  case test(Evaluation.Test)
  case all([ConditionOutline])
  case any([ConditionOutline])
  case not(ConditionOutline)
  /// Tests that no expression gives: a table that this compiler did not write.
  case tangled(testCount: Int)

  package var isAlways: Bool { self == .always }

  /// In words, in the spelling of documents: `country in [CA, US] and not (kids == true)`.
  package var text: String { text(within: .nothing) }

  private enum Surrounding { case nothing, all, any, not }

  private func text(within outer: Surrounding) -> String {
    switch self {
    case .always: return "always"
    case .never: return "never"
    case .test(let test): return test.words
    case .tangled(let count): return "a condition of \(count) tests"
    case .all(let parts):
      let text = parts.map { $0.text(within: .all) }.joined(separator: " and ")
      return outer == .any || outer == .not ? "(\(text))" : text
    case .any(let parts):
      let text = parts.map { $0.text(within: .any) }.joined(separator: " or ")
      return outer == .all || outer == .not ? "(\(text))" : text
    case .not(let part):
      if case .test = part { return "not (\(part.text))" }
      return "not " + part.text(within: .not)
    }
  }

  static func both(_ left: ConditionOutline, _ right: ConditionOutline) -> ConditionOutline {
    .all(left.conjuncts + right.conjuncts)
  }

  static func either(_ left: ConditionOutline, _ right: ConditionOutline) -> ConditionOutline {
    .any(left.alternatives + right.alternatives)
  }

  private var conjuncts: [ConditionOutline] {
    if case .all(let parts) = self { parts } else { [self] }
  }

  private var alternatives: [ConditionOutline] {
    if case .any(let parts) = self { parts } else { [self] }
  }

  var negated: ConditionOutline {
    if case .not(let part) = self { part } else { .not(self) }
  }

  /// The same with as few `not` as the rules of De Morgan give, part by part.
  var tidied: ConditionOutline {
    switch self {
    case .always, .never, .test, .tangled: return self
    case .not(let part):
      let part = part.tidied
      let flipped = part.flipped ?? part.negated
      return flipped.negations <= part.negated.negations ? flipped : part.negated
    case .all(let parts):
      let kept = parts.map(\.tidied).reduce(ConditionOutline.all([]), Self.both)
      return kept.orFewer
    case .any(let parts):
      let kept = parts.map(\.tidied).reduce(ConditionOutline.any([]), Self.either)
      return kept.orFewer
    }
  }

  private var orFewer: ConditionOutline {
    guard let flipped, 1 + flipped.negations < negations else { return self }
    return .not(flipped)
  }

  /// What holds where `all` or `any` does not; nil for others.
  private var flipped: ConditionOutline? {
    switch self {
    case .all(let parts): parts.map(\.negated).reduce(.any([]), Self.either)
    case .any(let parts): parts.map(\.negated).reduce(.all([]), Self.both)
    default: nil
    }
  }

  /// How many `not` there are in it.
  private var negations: Int {
    switch self {
    case .not(let part): 1 + part.negations
    case .all(let parts), .any(let parts): parts.reduce(0) { $0 + $1.negations }
    default: 0
    }
  }
}

extension Evaluation.Test {
  /// Attribute, operator and values: `country in [CA, US]`.
  fileprivate var words: String {
    guard op != "exists" else {
      return operands == [.boolean(false)] ? "\(attribute) is missing" : "\(attribute) is given"
    }
    if operandCount > operands.count {
      return "\(attribute) \(op) \(operandCount) values"
    }
    let values = operands.map(\.words)
    if op == "in" || op == "not_in" {
      return "\(attribute) \(op) [\(values.joined(separator: ", "))]"
    }
    return "\(attribute) \(op) \(values.joined(separator: ", "))"
  }
}
