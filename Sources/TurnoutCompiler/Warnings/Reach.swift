internal import Turnout

/// What can never happen, proved from conditions. One for a whole document: what it may cost in all is
/// bounded, and beyond that it proves nothing more.
struct Reach {
  private var formulas: FormulaMaker
  private var refutation = Refutation()

  /// Something that takes every request for which its formula is true, so that it goes no further.
  struct Taker {
    var formula: Formula
    var negation: Formula
    var mark: SourceMark
  }

  /// What every request has: a class of traffic, and what is required of it.
  struct Domain {
    fileprivate var state: Refutation.State
  }

  init(_ document: RoutingDocument) {
    formulas = FormulaMaker(document.segments)
  }

  private static let traffic = ConditionTest.Subject.attribute(
    name: RoutingDocument.traffic, type: .string)

  /// Any request.
  mutating func domain() -> Domain {
    var domain = Domain(state: [:])
    require(Self.traffic, in: &domain)
    return domain
  }

  /// A request that the use case answers.
  mutating func domain(of useCase: UseCase, _ types: [String: AttributeType]) -> Domain {
    var domain = domain()
    for name in useCase.requiredAttributes {
      guard let type = types[name] else { continue }
      require(.attribute(name: name, type: type), in: &domain)
    }
    if useCase.requiredUnits.contains(useCase.unit) { require(.unit, in: &domain) }
    return domain
  }

  private mutating func require(_ test: ConditionTest.Subject, in domain: inout Domain) {
    domain.state[formulas.subject(test)] = ValueSet(allOf: test, canBeMissing: false)
  }

  mutating func formula(_ condition: Condition, negated: Bool = false) -> Formula {
    let before = formulas.steps
    defer { refutation.spend(formulas.steps - before) }
    return formulas.formula(condition, negated: negated)
  }

  mutating func taker(_ condition: Condition, at mark: SourceMark) -> Taker {
    Taker(formula: formula(condition), negation: formula(condition, negated: true), mark: mark)
  }

  /// That the request's traffic is of one of the classes.
  mutating func formula(_ traffic: TrafficClasses) -> Formula {
    formula(
      .test(
        ConditionTest(
          subject: Self.traffic, operation: .among(traffic.classes.map { .string($0) }))))
  }

  mutating func isNever(_ formulas: [Formula], in domain: Domain) -> Bool {
    refutation.contradict(formulas, within: domain.state)
  }

  /// Whether no request for which the formulas are true gets past the takers.
  mutating func isTaken(_ formulas: [Formula], by takers: [Taker], in domain: Domain) -> Bool {
    refutation.contradict(formulas + takers.map(\.negation), within: domain.state)
  }

  /// As few of the takers, which take all of them, as are easily found.
  mutating func fewest(_ takers: [Taker], taking formulas: [Formula], in domain: Domain) -> [Taker]
  {
    var kept = takers
    for index in takers.indices.reversed() {
      var fewer = kept
      fewer.remove(at: index)
      if isTaken(formulas, by: fewer, in: domain) { kept = fewer }
    }
    return kept
  }
}
