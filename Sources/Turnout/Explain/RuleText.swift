/// Rules, and the gates of their experiments.
extension TextPage {
  mutating func rule(_ rule: Evaluation.Rule) {
    let isNamed = rule.name != rule.experiment?.name
    let name = rule.name.map { isNamed ? ", \($0)" : "" } ?? ""
    let experiment = rule.experiment.map { " \($0.name) in layer \($0.layer)" } ?? ""
    begin("rule \(rule.number)\(name)", ": \(rule.kind.name)\(experiment)")
    tests(rule.tests, 0)
    draw(rule.draw, 0)
    align(0)
    if let lookup = rule.lookup {
      row(
        0, Mark(lookup.version != nil),
        ["\(lookup.attribute) is \(lookup.value?.words ?? "missing")"], isAligned: false)
    }
    if let experiment = rule.experiment {
      for gate in experiment.gates { self.gate(gate) }
      if let cell = experiment.cell { self.cell(cell) }
    }
    row(0, .result, [outcome(rule)], isAligned: false)
  }

  private func outcome(_ rule: Evaluation.Rule) -> String {
    switch rule.outcome {
    case .skipped: "skipped"
    case .decided: style.bold("decides for \(rule.version ?? "?")")
    case .contributed: "contributes its cell; the next rule is tried"
    case .passed:
      rule.kind == .experiment
        ? "in no cell; the next rule is tried" : "no such key; the next rule is tried"
    }
  }

  private mutating func cell(_ cell: Evaluation.Cell) {
    let version = cell.version.map { ", which names \($0)" } ?? ", which names no model here"
    row(0, .yes, ["cell", "\(cell.name) by \(cell.by.name)\(version)"])
    draw(cell.draw, 1)
  }

  private mutating func gate(_ gate: Evaluation.Gate) {
    let mark = Mark(gate.way != .out)
    switch gate.kind {
    case .enabled: row(0, mark, ["enabled", gate.way == .out ? "the document says no" : "yes"])
    case .switchedOn:
      row(0, mark, ["switched on", gate.way == .out ? "the overlay says off" : "yes"])
    case .window(let now, let starts, let ends):
      let from = starts.map { "from \(Instant(nanoseconds: $0).whole) " } ?? ""
      let until = ends.map { "until \(Instant(nanoseconds: $0).whole), " } ?? ""
      row(0, mark, ["window", "\(from)\(until)now \(Instant(nanoseconds: now).whole)"])
    case .traffic(let traffic): self.traffic(traffic, mark)
    case .assignment(let assignment): row(0, mark, ["assignment", words(assignment)])
    case .override:
      row(0, mark, ["override", gate.way == .into ? "gives the cell" : "none"])
    case .assignedByHash:
      row(0, mark, ["assigned by hash", gate.way == .out ? "only from outside" : "yes"])
    case .layerFree(let takenBy):
      row(0, mark, ["layer is free", takenBy.map { "taken by \($0)" } ?? "yes"])
    case .holdout(let name, let finding, let draw):
      row(0, mark, ["holdout \(name)", words(finding)])
      self.draw(draw, 1)
    case .when(let tests):
      row(0, mark, ["when", tests.isEmpty ? "always" : gate.way == .out ? "fails" : "holds"])
      if !tests.isEmpty { self.tests(tests, 1) }
    case .layer(let hasUnit, let draw):
      let place = gate.way == .out ? "the position is not this experiment's" : "the position is its"
      row(0, mark, ["layer", hasUnit ? place : "its unit is missing"])
      self.draw(draw, 1)
    }
  }

  private func words(_ assignment: Evaluation.Gate.Assignment) -> String {
    switch assignment {
    case .none: "none"
    case .cell: "gives the cell"
    case .keptOut: "null, which keeps the unit out"
    case .unknown(let cell): "\(cell.words), which is no cell, keeps the unit out"
    }
  }

  private func words(_ finding: Evaluation.Gate.Holdout) -> String {
    switch finding {
    case .otherTraffic: "for other traffic"
    case .noUnit: "its unit is missing"
    case .outside: "does not have the unit"
    case .inside: "has the unit"
    }
  }
}
