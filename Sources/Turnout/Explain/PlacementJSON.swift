/// The walk from version to address, and shadows.
extension JSONWriter {
  mutating func placement(_ placement: Evaluation.Placement?) {
    guard let placement else { return null() }
    beginObject()
    list("walks", placement.walks) { $0.walk($1) }
    switch placement.end {
    case .up(let version, let key, let isFallback): end("up", version, key, isFallback: isFallback)
    case .degraded(let version, let key): end("degraded", version, key, isFallback: false)
    case .unavailable: end("unavailable", nil, nil, isFallback: false)
    }
    endObject()
  }

  private mutating func end(
    _ name: StaticString, _ version: String?, _ routingKey: String?, isFallback: Bool
  ) {
    field("end", "\(name)")
    field("version", version)
    field("routing_key", routingKey)
    field("fallback", isFallback)
  }

  private mutating func walk(_ walk: Evaluation.Walk) {
    beginObject()
    field("version", walk.version)
    field("reason", walk.reason.rawValue)
    list("choices", walk.choices) { writer, choice in
      writer.beginObject()
      writer.field("held", choice.held)
      writer.tests(choice.tests)
      writer.endObject()
    }
    draw(walk.draw)
    list("clusters", walk.clusters) { $0.cluster($1) }
    endObject()
  }

  private mutating func cluster(_ cluster: Evaluation.Cluster) {
    beginObject()
    field("cluster", cluster.name)
    field("state", cluster.state.rawValue)
    field("shard", cluster.shard?.name)
    field("shard_state", cluster.shard?.state.rawValue)
    draw(cluster.shard?.draw)
    list("sibling_draws", cluster.siblings) { $0.drawn($1) }
    field("sibling", cluster.sibling)
    field("up", cluster.isUp)
    endObject()
  }

  mutating func shadow(_ shadow: Evaluation.Shadow) {
    beginObject()
    field("name", shadow.name)
    field("version", shadow.version)
    list("gates", shadow.gates) { $0.gate($1) }
    key("walk")
    if let walk = shadow.walk { self.walk(walk) } else { null() }
    field("added", shadow.isAdded)
    endObject()
  }

  private mutating func gate(_ gate: Evaluation.Shadow.Gate) {
    beginObject()
    field("gate", "\(gate.kind.name)")
    field("passes", gate.passes)
    switch gate.kind {
    case .traffic(let traffic): self.traffic(traffic)
    case .when(let tests): self.tests(tests)
    case .sample(let hasSource, let draw):
      field("has_source", hasSource)
      self.draw(draw)
    case .switchedOn, .cluster: break
    }
    endObject()
  }
}

extension Evaluation.Shadow.Gate.Kind {
  var name: StaticString {
    switch self {
    case .traffic: "traffic"
    case .when: "when"
    case .sample: "sample"
    case .switchedOn: "switched_on"
    case .cluster: "cluster"
    }
  }
}
