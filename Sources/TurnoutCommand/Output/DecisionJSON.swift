import Turnout

extension JSONWriter {
  /// A decision as programs read it. With any status but ok all other fields are null, empty or
  /// false.
  mutating func decision(_ decision: Decision, useCase: String, timing: Timing? = nil) {
    beginObject()
    field("status", "\(decision.status.name)")
    if decision.status == .ok {
      answer(decision, useCase: useCase)
    } else {
      noAnswer()
    }
    if let timing {
      key("timing")
      beginObject()
      field("resolves", timing.resolves)
      field("ns_min", raw: Figures.tenth(timing.minimum, grouped: false))
      field("ns_median", raw: Figures.tenth(timing.median, grouped: false))
      endObject()
    }
    endObject()
  }

  private mutating func answer(_ decision: Decision, useCase: String) {
    field("use_case", useCase)
    field("revision", decision.revision)
    field("digest", decision.digest.description)
    field("model", decision.model)
    field("version", decision.version)
    field("cluster", decision.cluster)
    field("shard", decision.shard)
    field("address", decision.address)
    field("routing_key", decision.routingKey)
    field("config", raw: decision.config ?? "{}")
    key("cells")
    beginArray()
    for cell in decision.cells {
      beginObject()
      field("experiment", cell.experiment)
      field("cell", cell.cell)
      field("by", "\(cell.by.name)")
      endObject()
    }
    endArray()
    key("holdouts")
    beginArray()
    for holdout in decision.holdouts { string(holdout) }
    endArray()
    key("shadows")
    beginArray()
    for shadow in decision.shadows { self.shadow(shadow) }
    endArray()
    key("reason")
    beginObject()
    field("kind", decision.reason.map { "\($0.name)" })
    field("rule", decision.rule)
    endObject()
    field("traffic", decision.traffic)
    field("fallback", decision.isFallback)
    field("degraded", decision.isDegraded)
  }

  private mutating func shadow(_ shadow: Decision.Shadow) {
    beginObject()
    field("name", shadow.name)
    field("model", shadow.model)
    field("version", shadow.version)
    field("cluster", shadow.cluster)
    field("shard", shadow.shard)
    field("address", shadow.address)
    field("routing_key", shadow.routingKey)
    field("config", raw: shadow.config ?? "{}")
    endObject()
  }

  private mutating func noAnswer() {
    let absent: [StaticString] = [
      "use_case", "revision", "digest", "model", "version", "cluster", "shard", "address",
      "routing_key", "config",
    ]
    for name in absent { field(name, raw: "null") }
    let empty: [StaticString] = ["cells", "holdouts", "shadows"]
    for name in empty { field(name, raw: "[]") }
    field("reason", raw: "null")
    field("traffic", raw: "null")
    field("fallback", false)
    field("degraded", false)
  }
}

extension Decision.Cell.Source {
  /// As the command's JSON spells it.
  var name: StaticString {
    switch self {
    case .hash: "hash"
    case .override: "override"
    case .assignment: "assignment"
    }
  }
}
