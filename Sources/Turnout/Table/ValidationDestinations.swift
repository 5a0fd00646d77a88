/// What decisions lead to: clusters and their shards, placements, model versions.
extension Validation {
  func checkClusters(_ taken: inout Taken) throws(Fault) {
    for shard in 0..<count(.shards) {
      let at = record(.shards, shard)
      let texts =
        Int(u16(at + Layout.Shard.clusterBytes)) + Int(u16(at + Layout.Shard.shardBytes))
        + Int(u16(at + Layout.Shard.addressBytes)) + Int(u16(at + Layout.Shard.keyBytes))
      try checkText(int(at), texts, at: at)
      try checkNameBytes(at + Layout.Shard.clusterBytes)
      try check(
        Int(u16(at + Layout.Shard.shardBytes)) <= Format.nameBytesMax
          && Int(u16(at + Layout.Shard.addressBytes)) <= Format.addressBytesMax, at,
        "a shard's name or address has too many bytes")
      try check(u32(at + Layout.Shard.cluster), in: .clusters, at: at)
      try checkZero(at + 16, at + Section.shards.stride)
    }
    try checkRoutingKeys()
    var nextShard = 0
    for cluster in 0..<count(.clusters) {
      let at = record(.clusters, cluster)
      let first = int(at + Layout.Cluster.firstShard)
      let shards = int(at + Layout.Cluster.shardCount)
      try check(first == nextShard && shards >= 1, at, "clusters do not share out the shards")
      try check(shards <= count(.shards) - first, at, "a cluster's shards reach outside")
      nextShard += shards
      let flags = u8(at + Layout.Cluster.flags)
      try check(flags & ~Layout.Cluster.flagSiblings == 0, at, "unknown flags")
      try checkUnit(at + Layout.Cluster.unit)
      try checkZero(at + 14, at + Section.clusters.stride)
      for shard in first..<nextShard {
        let shardAt = record(.shards, shard)
        try check(
          int(shardAt + Layout.Shard.cluster) == cluster, shardAt, "a shard of another cluster")
      }
      if u32(at + Layout.Cluster.allocation) == 0 {
        try check(shards == 1 && flags == 0, at, "several shards and no allocation")
        continue
      }
      try takeAllocation(
        at + Layout.Cluster.allocation, of: AllocationOwner(.shards, cluster), first..<nextShard,
        &taken)
      if flags & Layout.Cluster.flagSiblings != 0 {
        let seeds = Format.siblingDraws * 8
        try check(
          seeds <= size(.allocations) - taken.nextAllocation, at, "siblings' seeds reach outside")
        taken.nextAllocation += seeds
      }
    }
    try check(nextShard == count(.shards), offset(.shards), "shards of no cluster")
  }

  /// The index has every shard's routing key, and no two shards have one.
  private func checkRoutingKeys() throws(Fault) {
    let shards = count(.shards)
    let slots = try slots(
      at: offset(.routingKeyIndex), count: count(.routingKeyIndex), records: shards)
    for number in 0..<shards {
      let at = record(.shards, number)
      let key = routingKey(at)
      // Texts of shards may overlap and each key is hashed: a bound keeps validation linear.
      try check(
        key.count >= 1 && key.count <= Format.routingKeyBytesMax, at + Layout.Shard.keyBytes,
        "a routing key has no bytes, or too many")
      try check(number + 1, hash: key.hash64, in: slots) { value in
        // What stands before it may be no number of a shard yet.
        value >= 1 && value <= shards && routingKey(record(.shards, value - 1)) == key
      }
    }
  }

  /// The routing key of the shard at `at`, whose texts lie inside their section.
  private func routingKey(_ at: Int) -> Text {
    let before =
      Int(u16(at + Layout.Shard.clusterBytes)) + Int(u16(at + Layout.Shard.shardBytes))
      + Int(u16(at + Layout.Shard.addressBytes))
    return image.text(
      offset(.text) + int(at) + before, Int(u16(at + Layout.Shard.keyBytes)))
  }

  func checkPlacements(_ taken: inout Taken) throws(Fault) {
    for entry in 0..<count(.clusterLists) {
      let at = record(.clusterLists, entry)
      try check(u32(at), in: .clusters, at: at)
    }
    var choices = 1
    for placement in 0..<count(.placements) {
      let at = record(.placements, placement)
      let first = int(at + Layout.Placement.firstCluster)
      let clusters = int(at + Layout.Placement.clusterCount)
      let hasSplit = u32(at + Layout.Placement.split) != 0
      try check(
        clusters <= Format.listPerPlacementMax && first <= count(.clusterLists)
          && clusters <= count(.clusterLists) - first, at, "a placement's list reaches outside")
      try check(clusters >= 1 || hasSplit, at, "a placement without clusters")
      if hasSplit {
        try takeAllocation(
          at + Layout.Placement.split, of: AllocationOwner(.placement, placement),
          0..<count(.clusters), &taken)
      }
      // Only onwards and one by one, so that every chain comes to an end.
      let next = int(at + Layout.Placement.next)
      if try checkCondition(at + Layout.Placement.condition, taken) {
        try check(
          next == placement + 1 && next < count(.placements), at,
          "a conditional placement is not followed by another")
        choices += 1
        try check(
          choices <= Format.choicesPerPlacementMax, at, "a placement has too many choices")
      } else {
        choices = 1
        try check(next == 0, at, "a placement after one that always holds")
      }
      try checkZero(at + 20, at + Section.placements.stride)
    }
  }

  /// Where the version at `at` goes unless something says otherwise: what its placement comes to, and
  /// that shard's texts behind its own, which take `texts` bytes. Returns how many bytes they have.
  private func checkDirect(_ at: Int, behind texts: Int) throws(Fault) -> Int {
    let direct = direct(record(.placements, int(at + Layout.Version.placement)))
    try check(
      int(at + Layout.Version.direct) == direct, at + Layout.Version.direct,
      "a model version goes elsewhere than its placement says")
    guard direct > 0 else {
      try checkZero(at + Layout.Version.clusterBytes, at + Section.versions.stride)
      return 0
    }
    let shard = record(.shards, direct - 1)
    let cluster = u16(at + Layout.Version.clusterBytes)
    let address = u16(at + Layout.Version.addressBytes)
    let key = u16(at + Layout.Version.keyBytes)
    try check(
      cluster == u16(shard + Layout.Shard.clusterBytes)
        && address == u16(shard + Layout.Shard.addressBytes)
        && key == u16(shard + Layout.Shard.keyBytes), at, "a text of another size than its shard's")
    // A cluster without shards has a shard without a name, so that its texts are these three.
    try check(
      u16(shard + Layout.Shard.shardBytes) == 0, shard, "a shard of no cluster's has a name")
    let behind = Int(cluster) + Int(address) + Int(key)
    try check(
      Int(u16(at + Layout.Version.textBytes)) == texts + behind, at + Layout.Version.textBytes,
      "texts of another size than all together")
    try checkText(int(at), texts + behind, at: at)
    let own = image.text(offset(.text) + int(at) + texts, behind)
    let others = image.text(offset(.text) + int(shard), behind)
    try check(own == others, at, "a model version's texts are not its shard's")
    return behind
  }

  /// The shard that the placement at `at` comes to if it is one list whose first cluster has no shards:
  /// its number plus 1, or 0.
  private func direct(_ at: Int) -> Int {
    guard u32(at + Layout.Placement.split) | u32(at + Layout.Placement.condition) == 0 else {
      return 0
    }
    let entry = record(.clusterLists, int(at + Layout.Placement.firstCluster))
    let cluster = record(.clusters, int(entry))
    guard u32(cluster + Layout.Cluster.allocation) == 0 else { return 0 }
    return int(cluster + Layout.Cluster.firstShard) + 1
  }

  func checkVersions() throws(Fault) {
    var nextText = 0
    for version in 0..<count(.versions) {
      let at = record(.versions, version)
      let texts =
        Int(u16(at + Layout.Version.modelBytes))
        + Int(u16(at + Layout.Version.versionBytes))
      try checkText(int(at), texts, at: at)
      try checkNameBytes(at + Layout.Version.modelBytes)
      try checkNameBytes(at + Layout.Version.versionBytes)
      try check(u32(at + Layout.Version.placement), in: .placements, at: at)
      try checkOptional(u32(at + Layout.Version.config), in: .configs, at: at)
      try checkOptional(u32(at + Layout.Version.otherwise), in: .versions, at: at)
      // Texts are compared with those of shards: none may be another version's too, or a table could
      // say the same ones over and over.
      try check(int(at) >= nextText, at, "texts of model versions are not in order")
      nextText = int(at) + texts + (try checkDirect(at, behind: texts))
    }
    for version in 0..<count(.versions) {
      // A circle is longer than every chain may be.
      var at = record(.versions, version)
      var steps = 0
      while case let next = int(at + Layout.Version.otherwise), next != 0 {
        steps += 1
        try check(
          steps <= Format.otherwiseChainMax, at,
          "too many model versions follow one another")
        at = record(.versions, next - 1)
      }
    }
  }
}
