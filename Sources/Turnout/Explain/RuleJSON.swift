/// Rules, and the gates of their experiments.
extension JSONWriter {
  mutating func rule(_ rule: Evaluation.Rule) {
    beginObject()
    field("number", rule.number)
    field("name", rule.name)
    field("kind", "\(rule.kind.name)")
    field("held", rule.held)
    tests(rule.tests)
    field("outcome", rule.outcome.rawValue)
    field("version", rule.version)
    draw(rule.draw)
    key("lookup")
    lookup(rule.lookup)
    key("experiment")
    experiment(rule.experiment)
    endObject()
  }

  private mutating func lookup(_ lookup: Evaluation.Lookup?) {
    guard let lookup else { return null() }
    beginObject()
    field("attribute", lookup.attribute)
    key("value")
    value(lookup.value)
    field("version", lookup.version)
    endObject()
  }

  private mutating func experiment(_ experiment: Evaluation.Experiment?) {
    guard let experiment else { return null() }
    beginObject()
    field("name", experiment.name)
    field("layer", experiment.layer)
    list("gates", experiment.gates) { $0.gate($1) }
    key("cell")
    cell(experiment.cell)
    endObject()
  }

  private mutating func cell(_ cell: Evaluation.Cell?) {
    guard let cell else { return null() }
    beginObject()
    field("name", cell.name)
    field("by", "\(cell.by.name)")
    draw(cell.draw)
    field("version", cell.version)
    endObject()
  }

  private mutating func gate(_ gate: Evaluation.Gate) {
    beginObject()
    field("gate", "\(gate.kind.name)")
    field("leads", gate.way.rawValue)
    switch gate.kind {
    case .enabled, .switchedOn, .override, .assignedByHash: break
    case .window(let now, let starts, let ends):
      field("now", Instant(nanoseconds: now).whole)
      field("starts", starts.map { Instant(nanoseconds: $0).whole })
      field("ends", ends.map { Instant(nanoseconds: $0).whole })
    case .traffic(let traffic): self.traffic(traffic)
    case .assignment(let assignment):
      field("assigned", "\(assignment.name)")
      if case .unknown(let cell) = assignment {
        key("cell")
        value(cell)
      }
    case .layerFree(let takenBy): field("taken_by", takenBy)
    case .holdout(let name, let finding, let draw):
      field("holdout", name)
      field("unit_is", finding.rawValue)
      self.draw(draw)
    case .when(let tests): self.tests(tests)
    case .layer(let hasUnit, let draw):
      field("has_unit", hasUnit)
      self.draw(draw)
    }
    endObject()
  }

  mutating func traffic(_ traffic: Evaluation.Traffic) {
    key("value")
    value(traffic.value)
    list("classes", traffic.classes) { $0.value($1) }
    field("class_count", traffic.classCount)
  }
}

extension Evaluation.Gate.Kind {
  var name: StaticString {
    switch self {
    case .enabled: "enabled"
    case .switchedOn: "switched_on"
    case .window: "window"
    case .traffic: "traffic"
    case .assignment: "assignment"
    case .override: "override"
    case .assignedByHash: "assigned_by_hash"
    case .layerFree: "layer_free"
    case .holdout: "holdout"
    case .when: "when"
    case .layer: "layer"
    }
  }
}

extension Evaluation.Gate.Assignment {
  var name: StaticString {
    switch self {
    case .none: "none"
    case .cell: "cell"
    case .keptOut: "null"
    case .unknown: "unknown_cell"
    }
  }
}
