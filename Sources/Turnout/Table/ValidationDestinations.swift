/// What decisions lead to: clusters and their shards, placements, model versions.
extension Validation {
  mutating func checkClusters() throws(TurnoutError) {
    for shard in 0..<count(.shards) {
      let at = offset(.shards) + shard * Section.shards.stride
      let texts =
        Int(try u16(at + Layout.Shard.clusterBytes)) + Int(try u16(at + Layout.Shard.shardBytes))
        + Int(try u16(at + Layout.Shard.addressBytes)) + Int(try u16(at + Layout.Shard.keyBytes))
      try checkText(try int(at), texts, at: at)
      try checkNameBytes(at + Layout.Shard.clusterBytes)
      try check(
        Int(try u16(at + Layout.Shard.shardBytes)) <= Format.nameBytesMax, at, "a shard's name")
      try check(try u32(at + Layout.Shard.cluster), in: .clusters, at: at)
      try checkZero(at + 16, at + Section.shards.stride)
    }
    var nextShard = 0
    for cluster in 0..<count(.clusters) {
      let at = offset(.clusters) + cluster * Section.clusters.stride
      let first = try int(at + Layout.Cluster.firstShard)
      let shards = try int(at + Layout.Cluster.shardCount)
      try check(first == nextShard && shards >= 1, at, "clusters do not share out the shards")
      try check(shards <= count(.shards) - first, at, "a cluster's shards reach outside")
      nextShard += shards
      let flags = try u8(at + Layout.Cluster.flags)
      try check(flags & ~Layout.Cluster.flagSiblings == 0, at, "unknown flags")
      try checkUnit(at + Layout.Cluster.unit)
      try checkZero(at + 14, at + Section.clusters.stride)
      for shard in first..<nextShard {
        let shardAt = offset(.shards) + shard * Section.shards.stride
        try check(
          try int(shardAt + Layout.Shard.cluster) == cluster, shardAt, "a shard of another cluster")
      }
      if try u32(at + Layout.Cluster.allocation) == 0 {
        try check(shards == 1 && flags == 0, at, "several shards and no allocation")
        continue
      }
      try takeAllocation(
        at + Layout.Cluster.allocation, of: AllocationOwner(.shards, cluster), first..<nextShard)
      if flags & Layout.Cluster.flagSiblings != 0 {
        let seeds = Format.siblingDraws * 8
        try check(
          seeds <= size(.allocations) - nextAllocation, at, "siblings' seeds reach outside")
        nextAllocation += seeds
      }
    }
    try check(nextShard == count(.shards), offset(.shards), "shards of no cluster")
  }

  mutating func checkPlacements() throws(TurnoutError) {
    for entry in 0..<count(.clusterLists) {
      let at = offset(.clusterLists) + entry * Section.clusterLists.stride
      try check(try u32(at), in: .clusters, at: at)
    }
    for placement in 0..<count(.placements) {
      let at = offset(.placements) + placement * Section.placements.stride
      let first = try int(at + Layout.Placement.firstCluster)
      let clusters = try int(at + Layout.Placement.clusterCount)
      let hasSplit = try u32(at + Layout.Placement.split) != 0
      try check(
        clusters <= Format.listPerPlacementMax && first <= count(.clusterLists)
          && clusters <= count(.clusterLists) - first, at, "a placement's list reaches outside")
      try check(clusters >= 1 || hasSplit, at, "a placement without clusters")
      if hasSplit {
        try takeAllocation(
          at + Layout.Placement.split, of: AllocationOwner(.placement, placement),
          0..<count(.clusters))
      }
      // Only onwards and one by one, so that every chain comes to an end.
      let next = try int(at + Layout.Placement.next)
      if try checkCondition(at + Layout.Placement.condition) {
        try check(
          next == placement + 1 && next < count(.placements), at,
          "a conditional placement is not followed by another")
      } else {
        try check(next == 0, at, "a placement after one that always holds")
      }
      try checkZero(at + 20, at + Section.placements.stride)
    }
  }

  /// Where the version at `at` goes unless something says otherwise: what its placement comes to, and
  /// that shard's texts behind its own, which take `texts` bytes.
  private func checkDirect(_ at: Int, behind texts: Int) throws(TurnoutError) {
    let placement =
      offset(.placements) + (try int(at + Layout.Version.placement)) * Section.placements.stride
    var direct = 0
    let split = try u32(placement + Layout.Placement.split)
    let condition = try u32(placement + Layout.Placement.condition)
    if split | condition == 0 {
      let entry = try int(placement + Layout.Placement.firstCluster)
      let number = try int(offset(.clusterLists) + entry * Section.clusterLists.stride)
      let cluster = offset(.clusters) + number * Section.clusters.stride
      if try u32(cluster + Layout.Cluster.allocation) == 0 {
        direct = try int(cluster + Layout.Cluster.firstShard) + 1
      }
    }
    try check(
      try int(at + Layout.Version.direct) == direct, at + Layout.Version.direct,
      "a model version goes elsewhere than its placement says")
    guard direct > 0 else {
      return try checkZero(at + Layout.Version.clusterBytes, at + Section.versions.stride)
    }
    let shard = offset(.shards) + (direct - 1) * Section.shards.stride
    let sizes = [
      (Layout.Version.clusterBytes, Layout.Shard.clusterBytes),
      (Layout.Version.addressBytes, Layout.Shard.addressBytes),
      (Layout.Version.keyBytes, Layout.Shard.keyBytes),
    ]
    var behind = 0
    for (own, other) in sizes {
      let size = try u16(shard + other)
      try check(try u16(at + own) == size, at + own, "a text of another size than its shard's")
      behind += Int(size)
    }
    try check(
      Int(try u16(at + Layout.Version.textBytes)) == texts + behind, at + Layout.Version.textBytes,
      "texts of another size than all together")
    // A cluster without shards has a shard without a name, so that its texts are these three.
    try check(
      try u16(shard + Layout.Shard.shardBytes) == 0, shard, "a shard of no cluster's has a name")
    let text = try int(at)
    try checkText(text, texts + behind, at: at)
    let own = bytes.slice(offset(.text) + text + texts, behind)
    try check(
      own?.holds(bytes, at: offset(.text) + (try int(shard))) ?? false, at,
      "a model version's texts are not its shard's")
  }

  func checkVersions() throws(TurnoutError) {
    for version in 0..<count(.versions) {
      let at = offset(.versions) + version * Section.versions.stride
      let texts =
        Int(try u16(at + Layout.Version.modelBytes))
        + Int(try u16(at + Layout.Version.versionBytes))
      try checkText(try int(at), texts, at: at)
      try checkNameBytes(at + Layout.Version.modelBytes)
      try checkNameBytes(at + Layout.Version.versionBytes)
      try check(try u32(at + Layout.Version.placement), in: .placements, at: at)
      try checkOptional(try u32(at + Layout.Version.config), in: .configs, at: at)
      try checkOptional(try u32(at + Layout.Version.otherwise), in: .versions, at: at)
      try checkDirect(at, behind: texts)
    }
    for version in 0..<count(.versions) {
      // A circle is longer than every chain may be.
      var at = offset(.versions) + version * Section.versions.stride
      var steps = 0
      while case let next = try int(at + Layout.Version.otherwise), next != 0 {
        steps += 1
        try check(
          steps <= Format.otherwiseChainMax, at,
          "more than \(Format.otherwiseChainMax) model versions follow one another")
        at = offset(.versions) + (next - 1) * Section.versions.stride
      }
    }
  }
}
