extension JSONWriter {
  /// The fields of a decision as programs read it, in an object that is open. With any status but
  /// ok all others are null, empty or false, and so is a config that was not asked for.
  package mutating func fields(_ decision: Decision, useCase: String) {
    field("status", "\(decision.status.name)")
    if decision.status == .ok {
      answer(decision, useCase: useCase)
    } else {
      noAnswer()
    }
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
    field("config", raw: decision.config)
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
    field("config", raw: shadow.config)
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
  /// As JSON spells it.
  package var name: StaticString {
    switch self {
    case .hash: "hash"
    case .override: "override"
    case .assignment: "assignment"
    }
  }
}

extension Decision {
  /// The decision as one JSON object, as `turnout resolve --json` writes it. `useCase` is the one that
  /// was asked for, which a decision does not repeat.
  public func json(useCase: String) -> String {
    var writer = JSONWriter()
    writer.beginObject()
    writer.fields(self, useCase: useCase)
    writer.endObject()
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
