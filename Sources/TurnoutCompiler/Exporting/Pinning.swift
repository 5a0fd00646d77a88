package import Turnout

extension MergedDocument {
  /// Pins every allocation to where it lies in a table: puts `ranges:` beside what each concerns, in
  /// the place of those that are there. Returns how many allocations one of the two lacks: 0 where
  /// the table is one that these documents gave.
  package mutating func pin(to table: Image) -> Int {
    var pins = Pins(EarlierTable(table).allocations(), experiments: experimentsBySalt)
    root.at("clusters") { clusters in
      clusters.eachEntry { name, cluster in
        if cluster["shards"] != nil { pins.put(.shards, name, &cluster) }
      }
    }
    root.at("models") { models in
      models.eachEntry { model, versions in
        versions.eachEntry { version, node in
          guard !Shape.notes.contains(version) else { return }
          pins.putPlacement("\(model)@\(version)", &node)
        }
      }
    }
    // A layer without experiments divides nothing.
    let layersInUse = Set(experiments.compactMap { $0.value["layer"]?.text.map { Text($0) } })
    root.at("layers") { layers in
      layers.eachEntry { name, layer in
        if layersInUse.contains(Text(name)) { pins.put(.layer, name, &layer) }
      }
    }
    root.at("holdouts") { holdouts in
      holdouts.eachEntry { name, holdout in pins.put(.holdout, name, &holdout) }
    }
    root.at("experiments") { experiments in
      experiments.eachEntry { name, experiment in pins.put(.cells, name, &experiment) }
    }
    root.at("use_cases") { useCases in
      useCases.eachEntry { name, useCase in
        useCase.at("rules") { rules in
          rules.eachNode { rule in pins.putRule(of: name, &rule) }
        }
        useCase.at("shadows") { shadows in
          shadows.eachNode { shadow in
            guard let own = shadow["name"]?.text else { return }
            pins.put(.sample, "\(name)/\(own)", &shadow)
          }
        }
      }
    }
    return pins.unmatchedCount
  }

  private var experiments: [Node.Entry] {
    guard case .mapping(let experiments)? = root["experiments"]?.content else { return [] }
    return experiments
  }

  /// By the salt of their cells, which is what a table knows a layer's arms by, the experiments of
  /// each layer.
  private var experimentsBySalt: [Text: [Text: String]] {
    var names: [Text: [Text: String]] = [:]
    for experiment in experiments {
      guard let layer = experiment.value["layer"]?.text else { continue }
      let salt = Pins.salt(.cells, experiment.key, experiment.value)
      names[Text(layer), default: [:]][salt] = experiment.key
    }
    return names
  }
}

private struct Pins {
  private struct Key: Hashable {
    var kind: AllocationKind
    var owner: Text
    var salt: Text
  }

  /// Those of one key in the table's order, which is that of the documents.
  private var left: [Key: [Allocation]] = [:]
  private let experiments: [Text: [Text: String]]
  private var lackingCount = 0

  /// Allocations of documents without ranges, and ranges without allocations.
  var unmatchedCount: Int { lackingCount + left.values.reduce(0) { $0 + $1.count } }

  init(_ allocations: [EarlierAllocation], experiments: [Text: [Text: String]]) {
    self.experiments = experiments
    for one in allocations.reversed() {
      let key = Key(kind: one.kind, owner: Text(one.owner), salt: Text(one.salt))
      left[key, default: []].append(one.allocation)
    }
  }

  /// The salt that `node` says, else the default.
  static func salt(_ kind: AllocationKind, _ owner: String, _ node: Node) -> Text {
    Text(node["salt"]?.text ?? "\(kind.saltPrefix):\(owner)")
  }

  /// Puts the ranges into `node`, the mapping beside whose `salt:` they belong.
  mutating func put(_ kind: AllocationKind, _ owner: String, _ node: inout Node) {
    let key = Key(kind: kind, owner: Text(owner), salt: Self.salt(kind, owner, node))
    guard let allocation = left[key]?.popLast() else {
      lackingCount += 1
      return
    }
    var intervals = [[Node]](repeating: [], count: allocation.arms.count)
    for interval in allocation.intervals {
      intervals[interval.arm].append(
        .list([
          .scalar(String(interval.lower), isPlain: true),
          .scalar(String(interval.upper), isPlain: true),
        ]))
    }
    let ranges = zip(allocation.arms, intervals).map { arm, intervals in
      let name = kind == .layer ? experiments[Text(owner)]?[Text(arm.key)] : arm.key
      return Node.Entry(key: name ?? arm.key, keyMark: node.mark, value: .list(intervals))
    }
    node.set("ranges", .mapping(ranges))
  }

  mutating func putRule(of useCase: String, _ rule: inout Node) {
    guard let name = rule["name"]?.text else { return }
    if rule["split"] != nil { put(.split, "\(useCase)/\(name)", &rule) }
    putPlacement("\(useCase)/\(name)", &rule)
  }

  /// The splits of clusters in `cluster:`, or in the choices of `placement:`.
  mutating func putPlacement(_ owner: String, _ node: inout Node) {
    node.at("cluster") { cluster in putClusterSplit(owner, &cluster) }
    node.at("placement") { placement in
      placement.eachNode { choice in
        choice.at("cluster") { cluster in putClusterSplit(owner, &cluster) }
      }
    }
  }

  private mutating func putClusterSplit(_ owner: String, _ cluster: inout Node) {
    if cluster["split"] != nil { put(.placement, owner, &cluster) }
  }
}
