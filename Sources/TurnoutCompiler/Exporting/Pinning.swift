package import Turnout

extension MergedDocument {
  /// Pins every allocation to where it lies in a table: puts `ranges:` beside what each concerns, in
  /// the place of those that are there. Returns how many allocations one of the two lacks: 0 where
  /// the table is one that these documents gave.
  package mutating func pin(to table: Image) -> Int {
    var pins = Pins(TableAllocations(table).all)
    root.at("clusters") { clusters in
      clusters.eachEntry { name, cluster in
        if cluster["shards"] != nil { pins.put(.shards, name, &cluster) }
      }
    }
    root.at("models") { models in
      models.eachEntry { model, versions in
        versions.eachEntry { version, node in
          guard !Shape.modelNotes.keys.contains(version) else { return }
          pins.putPlacement("\(model)@\(version)", &node)
        }
      }
    }
    let layersInUse = layersInUse
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

  /// A layer without experiments divides nothing.
  private var layersInUse: Set<Text> {
    guard case .mapping(let experiments)? = root["experiments"]?.content else { return [] }
    return Set(experiments.compactMap { $0.value["layer"]?.text.map { Text($0) } })
  }
}

private struct Pins {
  private struct Key: Hashable {
    var kind: AllocationKind
    var owner: Text
    var salt: Text
  }

  /// Those of one key in the table's order, which is that of the documents.
  private var left: [Key: [TableAllocation]] = [:]
  private var lackingCount = 0

  /// Allocations of documents without ranges, and ranges without allocations.
  var unmatchedCount: Int { lackingCount + left.values.reduce(0) { $0 + $1.count } }

  init(_ allocations: [TableAllocation]) {
    for one in allocations.reversed() {
      let key = Key(kind: one.kind, owner: Text(one.owner), salt: Text(one.salt))
      left[key, default: []].append(one)
    }
  }

  /// Puts the ranges into `node`, the mapping beside whose `salt:` they belong.
  mutating func put(_ kind: AllocationKind, _ owner: String, _ node: inout Node) {
    let salt = node["salt"]?.text ?? "\(kind.saltPrefix):\(owner)"
    let key = Key(kind: kind, owner: Text(owner), salt: Text(salt))
    guard let allocation = left[key]?.popLast() else {
      lackingCount += 1
      return
    }
    let ranges = allocation.arms.map { arm in
      let intervals = arm.intervals.map { interval in
        Node.list([
          .scalar(String(interval.lowerBound), isPlain: true),
          .scalar(String(interval.upperBound), isPlain: true),
        ])
      }
      return Node.Entry(key: arm.name, keyMark: node.mark, value: .list(intervals))
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
