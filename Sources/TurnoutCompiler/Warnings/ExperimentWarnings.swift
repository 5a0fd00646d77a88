internal import Turnout

/// Experiments that will not measure what they seem to.
extension Warnings {
  /// `starved-experiment` and `partial-models`
  func checkExperiments(_ useCase: UseCase) {
    var deciding: [Experiment] = []
    for rule in useCase.rules {
      guard case .experiment(let name) = rule.action, let experiment = experiments[name] else {
        continue
      }
      func isAllowed(_ code: DiagnosticCode) -> Bool {
        self.isAllowed(code, at: rule.mark) || self.isAllowed(code, at: experiment.mark)
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
  func checkUnitsOfExperiments() {
    var first: [String: UseCase] = [:]
    var warned: Set<String> = []
    for useCase in document.useCases {
      for case .experiment(let name) in useCase.rules.lazy.map(\.action) {
        guard let other = first[name] else {
          first[name] = useCase
          continue
        }
        guard other.unit != useCase.unit, let experiment = experiments[name],
          !isAllowed(.mixedUnits, at: experiment.mark), warned.insert(name).inserted
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

  /// `experiment-over`: it enters nobody any more, and keeps its positions from the others.
  func checkWindows(_ now: Int64) {
    for experiment in document.experiments {
      guard let ends = experiment.ends, ends <= now else { continue }
      warn(
        .experimentOver, at: experiment.mark,
        "the experiment `\(experiment.name)` is over: it ended at"
          + " \(Instant(nanoseconds: ends).readable) UTC",
        "take it and its rules away, so that its part of the layer is free, or give it more time")
    }
  }
}
