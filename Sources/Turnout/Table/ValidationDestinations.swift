/// What decisions lead to: configs, maps, model versions, placements, clusters and shards.
extension Validation {
  func checkMaps() throws(TurnoutError) {
    var next = 0
    for index in 0..<count(.maps) {
      let at = offset(.maps) + index * Section.maps.stride
      let slots = try int(at + Layout.Map.slots)
      let log2 = try int(at + Layout.Map.slotCountLog2)
      let entries = try int(at + Layout.Map.entryCount)
      try check(slots == next && log2 >= 1 && log2 <= 31, at, "maps do not follow each other")
      try checkZero(at + 12, at + 16)
      let slotBytes = 8 << log2
      let total = slotBytes + entries * Layout.Map.entryBytes
      try check(total <= size(.mapData) - slots, at, "a map reaches outside")
      let base = offset(.mapData) + slots
      for entry in 0..<entries {
        let entryAt = base + slotBytes + entry * Layout.Map.entryBytes
        let textBytes = try int(entryAt + Layout.Map.entryTextBytes)
        // Keys may overlap and each is hashed: a bound keeps validation linear.
        try check(textBytes <= Format.textBytesMax, entryAt, "a key has \(textBytes) bytes")
        try checkText(try int(entryAt), textBytes, at: entryAt)
        try checkZero(entryAt + 12, entryAt + 16)
      }
      try checkSlots(at: base, count: 1 << log2, records: entries) { (entry) throws(TurnoutError) in
        let number = Int(entry) - 1
        try check(number >= 0 && number < entries, base, "no such entry in a map")
        let entryAt = base + slotBytes + number * Layout.Map.entryBytes
        return (
          number,
          try hash(int(entryAt), int(entryAt + Layout.Map.entryTextBytes), at: entryAt)
        )
      }
      next = slots + total
    }
    try check(next == size(.mapData), offset(.mapData), "map data that no map owns")
  }

  /// Every value of a map is an index into `section`. Each lookup rule owns its map, so that this
  /// reads each map once.
  func checkMapValues(_ map: Int, in section: Section) throws(TurnoutError) {
    let at = offset(.maps) + map * Section.maps.stride
    let entries =
      offset(.mapData) + (try int(at + Layout.Map.slots))
      + 8 << (try int(at + Layout.Map.slotCountLog2))
    for entry in 0..<(try int(at + Layout.Map.entryCount)) {
      let valueAt = entries + entry * Layout.Map.entryBytes + Layout.Map.entryValue
      try check(try u32(valueAt), in: section, at: valueAt)
    }
  }

  func checkConfigs() throws(TurnoutError) {
    for key in 0..<count(.configKeys) {
      let at = offset(.configKeys) + key * Section.configKeys.stride
      try checkText(try int(at), try int(at + 4), at: at)
    }
    for entry in 0..<count(.configEntries) {
      let at = offset(.configEntries) + entry * Section.configEntries.stride
      try check(try u32(at + Layout.ConfigEntry.key), in: .configKeys, at: at)
      try checkText(
        try int(at + Layout.ConfigEntry.value), try int(at + Layout.ConfigEntry.valueBytes), at: at)
      try checkZero(at + 12, at + 16)
    }
    var next = 0
    for config in 0..<count(.configs) {
      let at = offset(.configs) + config * Section.configs.stride
      let first = try int(at)
      let entries = try int(at + 4)
      try check(first == next, at, "configs do not follow each other")
      try check(
        entries <= Format.configEntriesMax && entries <= count(.configEntries) - first, at,
        "a config reaches outside")
      next += entries
      // Merging walks several configs side by side, so each must be in the order of its keys.
      for entry in first..<next where entry > first {
        let entryAt = offset(.configEntries) + entry * Section.configEntries.stride
        try check(
          try u32(entryAt - Section.configEntries.stride) < (try u32(entryAt)), entryAt,
          "a config's keys are not in order")
      }
    }
    try check(next == count(.configEntries), offset(.configEntries), "entries of no config")
  }

  func checkDestinations() throws(TurnoutError) {
    for shard in 0..<count(.shards) {
      let at = offset(.shards) + shard * Section.shards.stride
      let texts =
        Int(try u16(at + Layout.Shard.clusterBytes)) + Int(try u16(at + Layout.Shard.shardBytes))
        + Int(try u16(at + Layout.Shard.addressBytes)) + Int(try u16(at + Layout.Shard.keyBytes))
      try checkText(try int(at), texts, at: at)
      try checkName(at + Layout.Shard.clusterBytes)
      try check(
        Int(try u16(at + Layout.Shard.shardBytes)) <= Format.nameBytesMax, at, "a shard's name")
      try check(try u32(at + Layout.Shard.cluster), in: .clusters, at: at)
      try checkZero(at + 16, at + 32)
    }
    var nextShard = 0
    var nextAllocation = 0
    for cluster in 0..<count(.clusters) {
      let at = offset(.clusters) + cluster * Section.clusters.stride
      let first = try int(at + Layout.Cluster.firstShard)
      let shards = try int(at + Layout.Cluster.shardCount)
      let allocation = try int(at + Layout.Cluster.allocation)
      try check(first == nextShard && shards >= 1, at, "clusters do not share out the shards")
      try check(shards <= count(.shards) - first, at, "a cluster's shards reach outside")
      nextShard += shards
      try check(
        try u8(at + Layout.Cluster.flags) & ~Layout.Cluster.flagSiblings == 0, at, "unknown flags")
      try check(Int(try u8(at + Layout.Cluster.unit)) < count(.units), at, "no such unit")
      try checkZero(at + 14, at + 32)
      for shard in first..<nextShard {
        let shardAt = offset(.shards) + shard * Section.shards.stride
        try check(
          try int(shardAt + Layout.Shard.cluster) == cluster, shardAt, "a shard of another cluster")
      }
      if allocation == 0 {
        try check(shards == 1, at, "several shards and no allocation")
      } else {
        try check(allocation - 1 == nextAllocation, at, "allocations do not follow each other")
        nextAllocation += try checkAllocation(
          offset(.allocations) + nextAllocation, limit: end(.allocations)
        ) { target in Int(target) >= first && Int(target) < nextShard }
      }
    }
    try check(nextShard == count(.shards), offset(.shards), "shards of no cluster")
    try check(
      nextAllocation == size(.allocations), offset(.allocations), "allocations of no cluster")

    for entry in 0..<count(.clusterLists) {
      let at = offset(.clusterLists) + entry * Section.clusterLists.stride
      try check(try u32(at), in: .clusters, at: at)
    }
    for placement in 0..<count(.placements) {
      let at = offset(.placements) + placement * Section.placements.stride
      let first = try int(at + Layout.Placement.firstCluster)
      let clusters = try int(at + Layout.Placement.clusterCount)
      try check(
        (1...Format.listPerPlacementMax).contains(clusters) && first <= count(.clusterLists)
          && clusters <= count(.clusterLists) - first, at, "a placement's list reaches outside")
      try checkZero(at + 8, at + 32)
    }
    for version in 0..<count(.versions) {
      let at = offset(.versions) + version * Section.versions.stride
      let texts =
        Int(try u16(at + Layout.Version.modelBytes))
        + Int(try u16(at + Layout.Version.versionBytes))
      try checkText(try int(at), texts, at: at)
      try checkName(at + Layout.Version.modelBytes)
      try checkName(at + Layout.Version.versionBytes)
      try check(try u32(at + Layout.Version.placement), in: .placements, at: at)
      try checkOptional(try u32(at + Layout.Version.config), in: .configs, at: at)
      try checkZero(at + 16, at + 32)
    }
  }

  /// The size of a name. That a decision has bytes is what its buffer relies on.
  private func checkName(_ sizeAt: Int) throws(TurnoutError) {
    let count = Int(try u16(sizeAt))
    try check((1...Format.nameBytesMax).contains(count), sizeAt, "a name has \(count) bytes")
  }

  /// An allocation block; returns its size.
  func checkAllocation(
    _ at: Int, limit: Int, _ isTarget: (UInt32) -> Bool
  ) throws(TurnoutError) -> Int {
    try check(at % 8 == 0, at, "an allocation is not aligned")
    let intervals = try int(at + Layout.Allocation.intervalCount)
    let arms = Int(try u16(at + Layout.Allocation.armCount))
    try check(
      (1...Format.armsMax).contains(arms) && intervals >= 1, at, "an allocation without arms")
    let size = Layout.Allocation.bytes(intervals: intervals, arms: arms)
    try check(at <= limit && size <= limit - at, at, "an allocation reaches outside")
    try check(Int(try u16(at + Layout.Allocation.heaviest)) < arms, at, "no such arm")
    let lastsAt = at + Layout.Allocation.lasts
    let targetsAt = lastsAt + 4 * intervals
    let armsAt = targetsAt + 4 * arms
    for arm in 0..<arms {
      try check(isTarget(try u32(targetsAt + 4 * arm)), targetsAt + 4 * arm, "no such target")
    }
    for interval in 0..<intervals {
      let lastAt = lastsAt + 4 * interval
      let armAt = armsAt + 2 * interval
      try check(Int(try u16(armAt)) < arms, armAt, "no such arm")
      if interval > 0 {
        try check(try u32(lastAt - 4) < (try u32(lastAt)), lastAt, "intervals are not in order")
        try check(try u16(armAt - 2) != (try u16(armAt)), armAt, "neighbours of one arm")
      }
    }
    try check(
      try u32(targetsAt - 4) == UInt32.max, targetsAt - 4, "the intervals end before the ring does")
    try checkZero(armsAt + 2 * intervals, at + size)
    return size
  }
}
