import Turnout

/// Clusters, their shards, and model versions.
extension ImageEncoder {
  mutating func encodeClusters() {
    for (number, cluster) in document.clusters.enumerated() {
      let first = count(.shards)
      append(UInt32(truncatingIfNeeded: first), to: .clusters)
      switch cluster.site {
      case .address(let address):
        append(UInt32(1), to: .clusters)
        soleShards[cluster.name] = (
          UInt32(truncatingIfNeeded: first + 1), [cluster.name, address, cluster.routingKey]
        )
        appendShard(cluster, number, shard: "", address: address, key: cluster.routingKey)
      case .shards(let shards):
        append(UInt32(truncatingIfNeeded: shards.shards.count), to: .clusters)
        let targets = shards.shards.indices.map { UInt32(truncatingIfNeeded: first + $0) }
        append(
          appendAllocation(shards.allocation, targets: targets, owner: number), to: .clusters)
        if shards.whenDown == .siblings {
          append(Layout.Cluster.flagSiblings, to: .clusters)
          appendSiblingSeeds(salt: shards.allocation.salt)
        } else {
          append(UInt8(0), to: .clusters)
        }
        append(numbers.unit(shards.allocation.unit), to: .clusters)
        for shard in shards.shards {
          appendShard(
            cluster, number, shard: shard.name, address: shard.address, key: shard.routingKey)
        }
      }
      endRecord(.clusters)
    }
  }

  /// What a shard that is not up is drawn again by.
  private mutating func appendSiblingSeeds(salt: Text) {
    for draw in 1...Format.siblingDraws {
      append(Ring.seed(salt: "\(salt)#\(draw)"), to: .allocations)
    }
  }

  private mutating func appendShard(
    _ cluster: Cluster, _ number: Int, shard: String, address: String, key: String
  ) {
    let parts = [cluster.name, shard, address, key]
    routingKeys.append(
      (XXH3.hash64(Array(key.utf8)), UInt32(truncatingIfNeeded: count(.shards) + 1)))
    append(texts.addOwn(parts.flatMap(\.utf8)), to: .shards)
    for part in parts { append(UInt16(truncatingIfNeeded: part.utf8.count), to: .shards) }
    append(UInt32(truncatingIfNeeded: number), to: .shards)
    endRecord(.shards)
  }

  /// The shard that a placement comes to unless something says otherwise, and its texts: where it is
  /// one list whose first cluster has no shards.
  private func direct(_ placement: Placement) -> (reference: UInt32, texts: [String])? {
    guard placement.choices.count == 1, case .list(let names) = placement.choices[0].clusters,
      let name = names.first, let shard = soleShards[name]
    else { return nil }
    return shard
  }

  mutating func encodeVersions() {
    for model in document.models {
      for version in model.versions {
        if isFull(at: version.mark) { return }
        let direct = direct(version.placement)
        let parts = [model.name, version.name] + (direct?.texts ?? [])
        append(texts.addOwn(parts.flatMap(\.utf8)), to: .versions)
        append(UInt16(truncatingIfNeeded: model.name.utf8.count), to: .versions)
        append(UInt16(truncatingIfNeeded: version.name.utf8.count), to: .versions)
        append(addPlacement(version.placement, at: version.mark), to: .versions)
        append(configs.add(version.config, &texts), to: .versions)
        append(version.otherwise.map { numbers.version($0) + 1 } ?? 0, to: .versions)
        append(direct?.reference ?? 0, to: .versions)
        if let direct {
          for text in direct.texts {
            append(UInt16(truncatingIfNeeded: text.utf8.count), to: .versions)
          }
          let bytes = parts.reduce(0) { $0 + $1.utf8.count }
          append(UInt16(truncatingIfNeeded: bytes), to: .versions)
        }
        endRecord(.versions)
      }
    }
  }
}
