/// The walk from version to address, and shadows.
extension TextPage {
  mutating func placement(_ placement: Evaluation.Placement) {
    for walk in placement.walks {
      begin("placement of \(walk.version)", reason(walk.reason))
      self.walk(walk, 0)
    }
    switch placement.end {
    case .up(_, let key, let isFallback):
      row(
        0, .result, [self.key(key) + (isFallback ? ", a fallback" : "")], isAligned: false)
    case .degraded(_, let key):
      row(0, .result, [self.key(key) + ", degraded: none is up"], isAligned: false)
    case .unavailable:
      row(0, .result, ["unavailable: none is up, and the use case refuses"], isAligned: false)
    }
  }

  private func key(_ routingKey: String) -> String {
    style.bold(Evaluation.Value(routingKey).words(atMost: 256))
  }

  private func reason(_ reason: Evaluation.Walk.Reason) -> String {
    switch reason {
    case .decided, .shadow: ""
    case .rule: ", by the rule's own clusters"
    case .otherwise: ", tried otherwise"
    }
  }

  private mutating func walk(_ walk: Evaluation.Walk, _ indent: Int) {
    let isByContext = walk.choices.count > 1 || walk.choices.contains { !$0.tests.isEmpty }
    if isByContext {
      for (index, choice) in walk.choices.enumerated() {
        row(indent, Mark(choice.held), ["choice \(index &+ 1)"], isAligned: false)
        tests(choice.tests, indent &+ 1)
      }
    }
    draw(walk.draw, indent)
    align(indent)
    for cluster in walk.clusters { self.cluster(cluster, indent) }
  }

  private mutating func cluster(_ cluster: Evaluation.Cluster, _ indent: Int) {
    var name = cluster.name
    var states = cluster.state.rawValue
    if let shard = cluster.shard {
      name += "/" + shard.name
      states = "cluster \(states), shard \(shard.state.rawValue)"
      if let sibling = cluster.sibling { states += "; \(sibling) stands in" }
    }
    row(indent, Mark(cluster.isUp), ["cluster \(name)", states])
    draw(cluster.shard?.draw, indent &+ 1)
    for sibling in cluster.siblings { draw(sibling, indent &+ 1) }
  }

  mutating func shadow(_ shadow: Evaluation.Shadow) {
    begin("shadow \(shadow.name)", ": \(shadow.version)")
    for gate in shadow.gates {
      let mark = Mark(gate.passes)
      switch gate.kind {
      case .traffic(let traffic): self.traffic(traffic, mark)
      case .when(let tests):
        row(0, mark, ["when", tests.isEmpty ? "always" : gate.passes ? "holds" : "fails"])
        if !tests.isEmpty { self.tests(tests, 1) }
      case .sample(let hasSource, let draw):
        let place = gate.passes ? "has the request" : "does not have the request"
        row(0, mark, ["sample", hasSource ? place : "nothing to draw by"])
        self.draw(draw, 1)
      case .switchedOn:
        row(0, mark, ["switched on", gate.passes ? "yes" : "the overlay says off"])
      case .cluster:
        row(0, mark, ["first cluster", gate.passes ? "up" : "not up"])
        if let walk = shadow.walk { self.walk(walk, 1) }
      }
    }
    row(0, .result, [shadow.isAdded ? style.bold("added") : "left out"], isAligned: false)
  }
}
