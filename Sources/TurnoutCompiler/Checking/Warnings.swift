internal import Turnout

/// What is doubtful in documents without an error, and is not silenced where it stands. That an
/// allocation goes while another like it comes is the encoder's to say, who knows the table before.
struct Warnings {
  private let document: RoutingDocument
  private let allocations: [AllocationSpec]
  private let experiments: [String: Experiment]
  private let experimentsWithoutShare: Set<String>
  private let allowedByRules: [String: [Int: Set<DiagnosticCode>]]
  private let report: Report

  /// Reports all of `document`, the model that `checker` has made without an error.
  static func report(_ document: RoutingDocument, _ checker: Checker) {
    let warnings = Warnings(document, checker)
    for allocation in warnings.allocations {
      warnings.checkSum(allocation)
      warnings.checkArms(allocation)
    }
    for useCase in document.useCases {
      warnings.checkReach(useCase)
      warnings.checkExperiments(useCase)
    }
    warnings.checkUnits()
  }

  private init(_ document: RoutingDocument, _ checker: Checker) {
    self.document = document
    allocations = checker.allocations
    experiments = Dictionary(document.experiments.map { ($0.name, $0) }) { first, _ in first }
    experimentsWithoutShare = checker.experimentsWithoutShare
    allowedByRules = checker.allowedByRules
    report = checker.report
  }

  private func isAllowed(_ code: DiagnosticCode, by experiment: String) -> Bool {
    experiments[experiment]?.allocation.allowed.contains(code) ?? false
  }

  private func isAllowed(_ code: DiagnosticCode, by rule: Int, of useCase: UseCase) -> Bool {
    allowedByRules[useCase.name]?[rule]?.contains(code) ?? false
  }

  /// `weights-not-100`: who writes 90 and 9 has probably percentages in mind.
  private func checkSum(_ allocation: AllocationSpec) {
    guard allocation.kind == .split || allocation.kind == .placement,
      !allocation.allowed.contains(.weightsNot100)
    else { return }
    var sum = UInt128(0)
    for arm in allocation.arms {
      if case .weight(let weight) = arm.size { sum += UInt128(weight.units) }
    }
    let hundred = UInt128(Percentage.whole)
    guard sum != hundred, sum >= hundred / 100 * 95, sum <= hundred / 100 * 105 else { return }
    report.warning(
      .weightsNot100, at: allocation.mark,
      "the weights add up to \(Decimal.text(sum)), not to 100",
      "each is a share of that sum; if percentages are meant, make it 100")
  }

  /// `empty-arm`
  private func checkArms(_ allocation: AllocationSpec) {
    guard !allocation.allowed.contains(.emptyArm), allocation.mayHaveEmptyArm else { return }
    let pinned = try? allocation.pinnedByName()
    let arms = pinned?.arms ?? allocation.lengthsByName()?.arms ?? []
    let empty = Set(arms.filter { $0.length == 0 }.map(\.key))
    guard !empty.isEmpty else { return }
    for arm in allocation.arms where empty.contains(arm.name) {
      if allocation.kind == .layer,
        experimentsWithoutShare.contains(arm.name) || isAllowed(.emptyArm, by: arm.name)
      {
        continue
      }
      report.warning(
        .emptyArm, at: arm.mark,
        "the arm `\(arm.name)` of \(allocation.kind.what) `\(allocation.owner)` has no positions",
        "no unit is drawn for it; give it more, or take it away")
    }
  }

  /// `unreachable-rule`
  private func checkReach(_ useCase: UseCase) {
    var deciding: [(condition: Condition, mark: SourceMark)] = []
    for (index, rule) in useCase.rules.enumerated() {
      let condition = rule.condition.withoutNeedlessParts
      let earlier = deciding.first { $0.condition.isAlways || $0.condition == condition }
      if let earlier, !isAllowed(.unreachableRule, by: index, of: useCase) {
        report.warning(
          .unreachableRule, at: rule.mark,
          "the rule is never reached: the one at \(report.place(earlier.mark)) "
            + (earlier.condition.isAlways
              ? "always decides" : "decides under the same `when`"),
          "put it above that one, or take it away")
      }
      switch rule.action {
      case .route, .split: deciding.append((condition, rule.mark))
      case .lookup, .experiment: break
      }
    }
  }

  /// `starved-experiment` and `partial-models`
  private func checkExperiments(_ useCase: UseCase) {
    var deciding: [Experiment] = []
    for (index, rule) in useCase.rules.enumerated() {
      guard case .experiment(let name) = rule.action, let experiment = experiments[name] else {
        continue
      }
      func isAllowed(_ code: DiagnosticCode) -> Bool {
        self.isAllowed(code, by: index, of: useCase) || self.isAllowed(code, by: name)
      }
      if let first = deciding.first(where: { $0.layer != experiment.layer }),
        !isAllowed(.starvedExperiment)
      {
        report.warning(
          .starvedExperiment, at: rule.mark,
          "the experiment `\(name)` sees only the units that `\(first.name)`, of the layer"
            + " `\(first.layer)`, leaves: its cells decide",
          "put `\(name)` above it, or both into one layer")
      }
      let silent = experiment.cells.filter { $0.model(for: useCase.name) == nil }
      guard silent.count < experiment.cells.count else { continue }
      deciding.append(experiment)
      guard let cell = silent.first, !isAllowed(.partialModels) else { continue }
      report.warning(
        .partialModels, at: experiment.mark,
        "for the use case `\(useCase.name)` only some cells of `\(name)` name a model:"
          + " `\(cell.name)` names none",
        "units of that cell go on to the next rule; name a model for each cell, or for none")
    }
  }

  /// `mixed-units`
  private func checkUnits() {
    var first: [String: UseCase] = [:]
    var warned: Set<String> = []
    for useCase in document.useCases {
      for case .experiment(let name) in useCase.rules.map(\.action) {
        guard let other = first[name] else {
          first[name] = useCase
          continue
        }
        guard other.unit != useCase.unit, let experiment = experiments[name],
          !isAllowed(.mixedUnits, by: name), warned.insert(name).inserted
        else { continue }
        report.warning(
          .mixedUnits, at: experiment.mark,
          "the experiment `\(name)` is used by use cases with different units: `\(other.name)` has"
            + " `\(other.unit)`, `\(useCase.name)` has `\(useCase.unit)`",
          "its cells are drawn by the layer's unit, its overrides and `unit` conditions by the use"
            + " case's")
      }
    }
  }
}

extension AllocationSpec {
  /// False if every arm has a position for certain: a share of the whole that is not rounded to
  /// nothing. Most are like that, and their lengths need not be computed to know it.
  fileprivate var mayHaveEmptyArm: Bool {
    guard ranges == nil else { return true }
    var whole = UInt128(Percentage.whole)
    if case .weight = arms.first?.size {
      whole = arms.reduce(0) { sum, arm in
        if case .weight(let weight) = arm.size { sum + UInt128(weight.units) } else { sum }
      }
    }
    return arms.contains { arm in
      switch arm.size {
      case .weight(let weight): UInt128(weight.units) << 32 < whole
      case .share(let share): UInt128(share.units) << 32 < whole
      }
    }
  }
}

extension Condition {
  fileprivate var isAlways: Bool {
    if case .all(let parts) = self { parts.isEmpty } else { false }
  }

  /// Whether `withoutNeedlessParts` is another one.
  private var hasNeedlessParts: Bool {
    switch self {
    case .all(let parts):
      parts.count == 1 || parts.contains { $0.isAlways || $0.hasNeedlessParts }
    case .any(let parts):
      parts.count == 1 || parts.contains { $0.isAlways || $0.hasNeedlessParts }
    case .not(let part): part.hasNeedlessParts
    case .segment, .test, .units: false
    }
  }

  /// The same condition without parts that always hold, so that two ways of writing it are equal.
  fileprivate var withoutNeedlessParts: Condition {
    guard hasNeedlessParts else { return self }
    switch self {
    case .all(let parts):
      let kept = parts.map(\.withoutNeedlessParts).filter { !$0.isAlways }
      return kept.count == 1 ? kept[0] : .all(kept)
    case .any(let parts):
      let kept = parts.map(\.withoutNeedlessParts)
      if kept.contains(where: \.isAlways) { return .always }
      return kept.count == 1 ? kept[0] : .any(kept)
    case .not(let part): return .not(part.withoutNeedlessParts)
    case .segment, .test, .units: return self
    }
  }
}
