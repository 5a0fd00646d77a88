internal import Turnout

/// The rules above another one, as far as they decide.
struct RulesAbove {
  fileprivate(set) var takers: [Reach.Taker] = []
  /// One that decides for every request, if there is one.
  fileprivate(set) var always: Rule?
  fileprivate var deciding: [(condition: Condition, mark: SourceMark)] = []

  /// An experiment decides for those who are in its cells, which no condition tells.
  mutating func add(_ rule: Rule, _ reach: inout Reach) {
    guard always == nil else { return }
    switch rule.action {
    case .experiment: return
    case .lookup(let lookup):
      takers.append(reach.taker(.all([rule.condition, lookup.condition]), at: rule.mark))
    case .route, .split:
      if rule.condition.isAlways {
        always = rule
        return
      }
      deciding.append((rule.condition.withoutNeedlessParts, rule.mark))
      takers.append(reach.taker(rule.condition, at: rule.mark))
    }
  }
}

/// `unreachable-rule` and `unreachable-values`
extension Warnings {
  func check(
    _ rule: Rule, isLast: Bool, _ above: RulesAbove, in domain: Reach.Domain, _ reach: inout Reach
  ) {
    func never(_ why: String, _ suggestion: String) {
      warn(.unreachableRule, at: rule.mark, "the rule is never reached: \(why)", suggestion)
    }
    if let always = above.always {
      return never(
        "the one at \(report.place(always.mark)) always decides",
        "put it above that one, or take it away")
    }
    let condition = rule.condition.withoutNeedlessParts
    if let same = above.deciding.first(where: { $0.condition == condition }) {
      return never(
        "the one at \(report.place(same.mark)) decides under the same `when`",
        "put it above that one, or take it away")
    }
    let formula = reach.formula(rule.condition)
    if !rule.condition.isAlways, reach.isNever([formula], in: domain) {
      return never("its `when` never holds", "mend the condition, or take the rule away")
    }
    if !above.takers.isEmpty, reach.isTaken([formula], by: above.takers, in: domain) {
      let found = reach.fewest(above.takers, taking: [formula], in: domain)
      let decide = found.count == 1 ? "decides" : "decide"
      return never(
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
      guard reach.isTaken([formula, classes], by: above.takers, in: domain) else { return }
      let names = experiment.traffic.classes.map { Printable.quoted($0.string) }
      never(
        "the experiment `\(name)` is for \(names.joined(separator: ", ")) traffic, of which none gets"
          + " here", "put it above the rules that take that traffic, or say `traffic:` at `\(name)`"
      )
    case .route, .split: break
    }
  }

  /// Of a lookup with more values, only whether all are taken is asked.
  private static let valuesMax = 64

  private func check(
    _ lookup: Lookup, of rule: Rule, _ formula: Formula, _ above: RulesAbove,
    in domain: Reach.Domain, _ reach: inout Reach
  ) {
    guard !above.takers.isEmpty || !rule.condition.isAlways else { return }
    func say(_ what: String, _ them: String) {
      warn(
        .unreachableValues, at: rule.mark,
        "\(what) here: rules above decide for \(them), or the rule's own `when` keeps \(them) out",
        "put the lookup above those, or take \(them) away")
    }
    let all = "the values of the lookup of `\(lookup.attribute)`"
    if reach.isTaken([formula, reach.formula(lookup.condition)], by: above.takers, in: domain) {
      return say("none of \(all) gets", "them")
    }
    guard lookup.routes.count <= Self.valuesMax, lookup.routes.count > 1 else { return }
    let taken = lookup.routes.filter { route in
      let test = ConditionTest(subject: lookup.subject, operation: .equal(route.value))
      return reach.isTaken([formula, reach.formula(.test(test))], by: above.takers, in: domain)
    }
    guard !taken.isEmpty else { return }
    let names = taken.prefix(4).map { Printable.quoted($0.value.readable) }
    let more = taken.count > names.count ? " and \(taken.count - names.count) more" : ""
    say(
      "of \(all), \(names.joined(separator: ", "))\(more) never get\(taken.count == 1 ? "s" : "")",
      taken.count == 1 ? "it" : "them")
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
