internal import Turnout

/// Rules, values and entries of placements that no request gets to, and conditions that never or always
/// hold.
extension Warnings {
  /// All but what is said of the rules in `unreached` already.
  func checkReach(but unreached: [Set<Int>]) {
    var reach = Reach(document)
    let types = Dictionary(document.attributes.map { ($0.name, $0.type) }) { first, _ in first }
      .merging([RoutingDocument.traffic: .string]) { first, _ in first }
    let anyRequest = reach.domain()
    for segment in document.segments {
      check(
        segment.condition, "the segment `\(segment.name)`", at: segment.mark, in: anyRequest,
        &reach)
    }
    for model in document.models {
      for version in model.versions { check(version.placement, in: anyRequest, &reach) }
    }
    for experiment in document.experiments {
      check(
        experiment.condition, "the `when` of the experiment `\(experiment.name)`",
        at: experiment.mark, for: experiment.traffic, in: anyRequest, &reach)
    }
    for (useCase, unreached) in zip(document.useCases, unreached) {
      check(useCase, types, but: unreached, &reach)
    }
  }

  /// `never-holds` and `always-holds`; false if it never does.
  @discardableResult
  private func check(
    _ condition: Condition, _ what: String, at mark: SourceMark,
    for traffic: TrafficClasses? = nil, in domain: Reach.Domain, _ reach: inout Reach
  ) -> Bool {
    if condition == .always { return true }
    let formula = reach.formula(condition)
    if reach.isNever([formula], in: domain) {
      warn(
        .neverHolds, at: mark, "\(what) never holds: its tests contradict each other",
        "mend the condition, or take it away with what it is for")
      return false
    }
    if let traffic {
      let classes = reach.formula(traffic)
      if reach.isNever([formula, classes], in: domain) {
        let names = traffic.classes.map { Printable.quoted($0.string) }.joined(separator: ", ")
        warn(
          .neverHolds, at: mark, "\(what) never holds for the traffic that it is for: \(names)",
          "say `traffic:` beside it, or mend the condition")
        return false
      }
    }
    checkAlways(condition, what, at: mark, in: domain, &reach)
    return true
  }

  func checkAlways(
    _ condition: Condition, _ what: String, at mark: SourceMark, in domain: Reach.Domain,
    _ reach: inout Reach
  ) {
    guard reach.isNever([reach.formula(condition, negated: true)], in: domain) else { return }
    warn(
      .alwaysHolds, at: mark, "\(what) always holds, whatever the request says",
      "leave it out, or mend the condition")
  }

  /// The entries of a placement: `unreachable-placement`.
  private func check(_ placement: Placement, in domain: Reach.Domain, _ reach: inout Reach) {
    guard placement.choices.count > 1 else { return }
    var takers: [Reach.Taker] = []
    for (index, choice) in placement.choices.enumerated() {
      let isLast = index == placement.choices.count - 1
      let holds =
        isLast
        || check(
          choice.condition, "the `when` of this entry of `placement`", at: choice.mark, in: domain,
          &reach)
      guard holds else { continue }
      let formula = [reach.formula(choice.condition)]
      if reach.isTaken(formula, by: takers, in: domain) {
        let found = reach.fewest(takers, taking: formula, in: domain)
        warn(
          .unreachablePlacement, at: choice.mark,
          "this entry of `placement` never counts: \(places(found)) \(found.count == 1 ? "does" : "do")"
            + (isLast ? " for every request" : " whenever its `when` holds"),
          isLast
            ? "take it away, and the `when` of the one above it"
            : "put it above \(found.count == 1 ? "that one" : "those"), or take it away")
      }
      if !isLast { takers.append(reach.taker(choice.condition, at: choice.mark)) }
    }
  }

  private func check(
    _ useCase: UseCase, _ types: [String: AttributeType], but unreached: Set<Int>,
    _ reach: inout Reach
  ) {
    if useCase.rules.count == 1, useCase.shadows.allSatisfy(\.condition.isAlways) { return }
    let domain = reach.domain(of: useCase, types)
    for shadow in useCase.shadows {
      check(
        shadow.condition, "the `when` of the shadow `\(shadow.name)`", at: shadow.mark,
        for: shadow.traffic, in: domain, &reach)
    }
    var above: [Reach.Taker] = []
    for (index, rule) in useCase.rules.enumerated() where !unreached.contains(index) {
      check(rule, isLast: index == useCase.rules.count - 1, above, in: domain, &reach)
      if let taker = rule.taker(&reach) { above.append(taker) }
    }
  }

  /// `a`, `a and b` or `a, b and c`; not more than a few.
  func places(_ takers: [Reach.Taker]) -> String {
    let shown = takers.prefix(4).map { report.place($0.mark) }
    let names = shown + (takers.count > 4 ? ["\(takers.count - 4) more"] : [])
    guard let last = names.last, names.count > 1 else { return "the one at \(names.first ?? "")" }
    return "those at " + names.dropLast().joined(separator: ", ") + " and " + last
  }
}
