internal import Turnout

/// `unreachable-rule` and `unreachable-values`
extension Warnings {
  /// `above` are the rules before it that decide, each as far as it does.
  func check(
    _ rule: Rule, isLast: Bool, _ above: [Reach.Taker], in domain: Reach.Domain,
    _ reach: inout Reach
  ) {
    let formula = reach.formula(rule.condition)
    if !rule.condition.isAlways, reach.isNever([formula], in: domain) {
      return warnUnreached(
        rule, "its `when` never holds", "mend the condition, or take the rule away")
    }
    if !above.isEmpty, reach.isTaken([formula], by: above, in: domain) {
      let found = reach.fewest(above, taking: [formula], in: domain)
      let decide = found.count == 1 ? "decides" : "decide"
      return warnUnreached(
        rule,
        "\(places(found)) \(decide) "
          + (rule.condition.isAlways ? "for every request" : "whenever its `when` holds"),
        isLast
          ? "take it away, and the `when` of the last one above it"
          : "put it above \(found.count == 1 ? "that one" : "those"), or take it away")
    }
    if !rule.condition.isAlways {
      checkAlways(rule.condition, "the `when` of the rule", at: rule.mark, in: domain, &reach)
    }
    switch rule.action {
    case .lookup(let lookup): check(lookup, of: rule, formula, above, in: domain, &reach)
    case .experiment(let name):
      guard let experiment = experiments[name] else { return }
      let classes = reach.formula(experiment.traffic)
      guard reach.isTaken([formula, classes], by: above, in: domain) else { return }
      let names = experiment.traffic.classes.map { Printable.quoted($0.string) }
      warnUnreached(
        rule,
        "the experiment `\(name)` is for \(names.joined(separator: ", ")) traffic, of which none gets"
          + " here", "put it above the rules that take that traffic, or say `traffic:` at `\(name)`"
      )
    case .route, .split: break
    }
  }

  /// Of a lookup with more values, only whether all are taken is asked.
  private static let valuesMax = 64

  private func check(
    _ lookup: Lookup, of rule: Rule, _ formula: Formula, _ above: [Reach.Taker],
    in domain: Reach.Domain, _ reach: inout Reach
  ) {
    guard !above.isEmpty || !rule.condition.isAlways else { return }
    func say(_ what: String, _ them: String) {
      warn(
        .unreachableValues, at: rule.mark,
        "\(what) here: rules above decide for \(them), or the rule's own `when` keeps \(them) out",
        "put the lookup above those, or take \(them) away")
    }
    let all = "the values of the lookup of `\(lookup.attribute)`"
    if reach.isTaken([formula, reach.formula(lookup.condition)], by: above, in: domain) {
      return say("none of \(all) gets", "them")
    }
    guard lookup.routes.count <= Self.valuesMax, lookup.routes.count > 1 else { return }
    let taken = lookup.routes.filter { route in
      let test = ConditionTest(subject: lookup.subject, operation: .equal(route.value))
      return reach.isTaken([formula, reach.formula(.test(test))], by: above, in: domain)
    }
    guard !taken.isEmpty else { return }
    let names = taken.prefix(4).map { Printable.quoted($0.value.readable) }
    let more = taken.count > names.count ? " and \(taken.count - names.count) more" : ""
    say(
      "of \(all), \(names.joined(separator: ", "))\(more) never get\(taken.count == 1 ? "s" : "")",
      taken.count == 1 ? "it" : "them")
  }
}

extension Rule {
  /// As far as it decides by conditions; nil for an experiment, which decides for those who are in its
  /// cells.
  func taker(_ reach: inout Reach) -> Reach.Taker? {
    switch action {
    case .experiment: nil
    case .lookup(let lookup): reach.taker(.all([condition, lookup.condition]), at: mark)
    case .route, .split: reach.taker(condition, at: mark)
    }
  }
}

extension Lookup {
  fileprivate var subject: ConditionTest.Subject { .attribute(name: attribute, type: type) }

  /// That the attribute's value is one of the keys.
  fileprivate var condition: Condition {
    .test(ConditionTest(subject: subject, operation: .among(routes.map(\.value))))
  }
}

extension AttributeValue {
  fileprivate var readable: String {
    switch self {
    case .string(let text): text.string
    case .number(let number):
      number.rounded() == number && abs(number) < 1e15 ? "\(Int64(number))" : "\(number)"
    case .boolean(let value): "\(value)"
    case .version(let version): version.text.string
    }
  }
}
