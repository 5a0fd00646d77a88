/// `unreachable-rule`, as far as it takes no proof: one above always decides, or decides under the same
/// `when`.
extension Warnings {
  /// For each use case the indexes of the rules that it said this of.
  func checkOrder() -> [Set<Int>] {
    document.useCases.map { useCase in
      var unreached: Set<Int> = []
      guard useCase.rules.count > 1 else { return unreached }
      var above = RulesAbove()
      for (index, rule) in useCase.rules.enumerated() {
        if let why = above.taking(rule) {
          warnUnreached(
            rule, "the one at \(report.place(why.mark)) \(why.words)",
            "put it above that one, or take it away")
          unreached.insert(index)
        }
        above.add(rule)
      }
      return unreached
    }
  }

  func warnUnreached(_ rule: Rule, _ why: String, _ suggestion: String) {
    warn(.unreachableRule, at: rule.mark, "the rule is never reached: \(why)", suggestion)
  }
}

/// The rules above another one that decide whenever their `when` holds.
private struct RulesAbove {
  private var always: SourceMark?
  private var deciding: [(condition: Condition, mark: SourceMark)] = []

  mutating func add(_ rule: Rule) {
    switch rule.action {
    // These decide for those in the experiment's cells, or with one of the lookup's values.
    case .experiment, .lookup: return
    case .route, .split: break
    }
    if rule.condition.isAlways {
      always = always ?? rule.mark
    } else {
      deciding.append((rule.condition.withoutNeedlessParts, rule.mark))
    }
  }

  func taking(_ rule: Rule) -> (mark: SourceMark, words: String)? {
    if let always { return (always, "always decides") }
    guard !deciding.isEmpty, !rule.condition.isAlways else { return nil }
    let condition = rule.condition.withoutNeedlessParts
    return deciding.first { $0.condition == condition }
      .map { ($0.mark, "decides under the same `when`") }
  }
}
