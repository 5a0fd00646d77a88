/// The gates of experiments and shadows.
extension Recorder {
  func passed(_ gate: Observation.ExperimentGate, experiment: UInt32, _ way: Observation.Way) {
    let way: Evaluation.Gate.Way =
      switch way {
      case .on: .on
      case .out: .out
      case .into: .into
      }
    note(Evaluation.Gate(kind(gate, names.image.record(.experiments, experiment)), way))
  }

  private func kind(
    _ gate: Observation.ExperimentGate, _ record: Place
  ) -> Evaluation.Gate.Kind {
    switch gate {
    case .enabled: .enabled
    case .switchedOn: .switchedOn
    case .window(let now, let starts, let ends):
      .window(
        now: now, starts: starts == Int64.min ? nil : starts, ends: ends == Int64.max ? nil : ends)
    case .traffic: .traffic(traffic(record.u32(Layout.Experiment.traffic)))
    case .assignment(let assignment): .assignment(Self.assignment(assignment))
    case .override: .override
    case .assignedByHash: .assignedByHash
    case .layerFree(let takenBy): .layerFree(takenBy: takenBy.map(names.experiment))
    case .holdout(let number, let finding):
      .holdout(names.holdout(number), Self.holdout(finding), takeDraw())
    case .condition: .when(takeTests())
    case .layer(let hasUnit): .layer(hasUnit: hasUnit, takeDraw())
    }
  }

  private static func assignment(
    _ assignment: Observation.Assignment
  ) -> Evaluation.Gate.Assignment {
    switch assignment {
    case .none: .none
    case .cell: .cell
    case .kept: .keptOut
    case .unknown(let cell): .unknown(Evaluation.Value(cell))
    }
  }

  private static func holdout(_ finding: Observation.Holdout) -> Evaluation.Gate.Holdout {
    switch finding {
    case .otherTraffic: .otherTraffic
    case .noUnit: .noUnit
    case .outside: .outside
    case .inside: .inside
    }
  }

  func entered(experiment: UInt32, cell: UInt32, by: UInt32, _ version: UInt32?) {
    let entered = Evaluation.Cell(
      name: names.cell(cell, of: experiment), by: Decision.Cell.Source(rawValue: by) ?? .hash,
      draw: takeDraw(), version: version.map(names.version))
    changeRule {
      $0.experiment?.cell = entered
      $0.outcome = .contributed
    }
  }

  func passed(_ gate: Observation.ShadowGate, shadow index: Int, _ record: Place, passes: Bool) {
    let kind: Evaluation.Shadow.Gate.Kind =
      switch gate {
      case .traffic: .traffic(traffic(record.u32(Layout.Shadow.traffic)))
      case .condition: .when(takeTests())
      case .sample(let hasSource): .sample(hasSource: hasSource, takeDraw())
      case .switchedOn: .switchedOn
      case .cluster: .cluster
      }
    note(Evaluation.Shadow.Gate(kind, passes: passes), shadow: index) {
      Evaluation.Shadow(
        name: useCase.map { names.shadow(record, of: $0) } ?? "",
        version: names.version(record.u32(Layout.Shadow.version)))
    }
  }
}
