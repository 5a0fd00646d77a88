import Turnout

/// What clusters and shards have to serve, added up.
struct LoadTally {
  private var loads: [Place: (before: Load, after: Load)] = [:]

  private struct Place: Hashable {
    var cluster: String
    var shard: String?
  }

  enum Time {
    case before
    case after
  }

  mutating func add(_ endpoint: Destination.Endpoint, _ share: Share, _ time: Time, isShadow: Bool)
  {
    add(Place(cluster: endpoint.cluster, shard: nil), share, time, isShadow)
    if let shard = endpoint.shard {
      add(Place(cluster: endpoint.cluster, shard: shard), share, time, isShadow)
    }
  }

  private mutating func add(_ place: Place, _ share: Share, _ time: Time, _ isShadow: Bool) {
    var both = loads[place] ?? (Load(), Load())
    switch (time, isShadow) {
    case (.before, false): both.before.primary += share
    case (.before, true): both.before.shadow += share
    case (.after, false): both.after.primary += share
    case (.after, true): both.after.shadow += share
    }
    loads[place] = both
  }

  /// Every cluster and shard of both tables, in order; `total` is what 1 is.
  func changes(
    before: TableRecords, after: TableRecords, total: UInt64?
  ) -> [LoadChange] {
    var found: [Place: LoadChange] = [:]
    for (isBefore, records) in [(true, before), (false, after)] {
      for number in 0..<records.image.count(.shards) {
        let shard = records.shard(number)
        for name in shard.shard == nil ? [nil] : [nil, shard.shard] {
          let place = Place(cluster: shard.cluster, shard: name)
          var change =
            found[place]
            ?? LoadChange(cluster: shard.cluster, shard: name, before: Load(), after: Load())
          let hasAddress = name != nil || shard.shard == nil
          if isBefore {
            change.addressBefore = hasAddress ? shard.address : nil
          } else {
            change.addressAfter = hasAddress ? shard.address : nil
          }
          found[place] = change
        }
      }
    }
    for (place, load) in loads {
      found[place]?.before = load.before.divided(by: total)
      found[place]?.after = load.after.divided(by: total)
    }
    return found.values.sorted {
      ($0.cluster, $0.shard ?? "") < ($1.cluster, $1.shard ?? "")
    }
  }
}

extension Load {
  fileprivate func divided(by total: UInt64?) -> Load {
    guard let total, total > 0 else { return self }
    return Load(primary: primary.divided(by: total), shadow: shadow.divided(by: total))
  }
}
