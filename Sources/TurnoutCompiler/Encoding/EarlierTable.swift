import Turnout

/// What the table compiled against says of its allocations, read back from its image.
struct EarlierTable {
  private let image: Image

  init(_ image: Image) { self.image = image }

  /// Every allocation with its kind, salt and owner.
  func allocations() -> [EarlierAllocation] {
    (0..<image.count(.lineage)).compactMap(allocation)
  }

  private func allocation(_ number: Int) -> EarlierAllocation? {
    let at = offset(.lineage, number)
    guard
      let kind = u32(at).flatMap({ AllocationKind(rawValue: UInt8(truncatingIfNeeded: $0)) }),
      let owner = int(at + Layout.Lineage.owner), let part = int(at + Layout.Lineage.part),
      let salt = text(at + Layout.Lineage.salt, at + Layout.Lineage.saltBytes),
      let name = text(at + Layout.Lineage.ownerName, at + Layout.Lineage.ownerNameBytes),
      let block = kind == .split ? split(owner, part) : shards(owner),
      let allocation = read(block, kind)
    else { return nil }
    return EarlierAllocation(kind: kind, salt: salt, owner: name, allocation: allocation)
  }

  private func split(_ useCase: Int, _ rule: Int) -> Int? {
    guard let record = int(offset(.useCaseOrder, useCase)),
      let rules = int(record + Layout.UseCase.rules),
      let target = int(record + rules + rule * Layout.Rule.bytes + Layout.Rule.target)
    else { return nil }
    return record + target
  }

  private func shards(_ cluster: Int) -> Int? {
    guard let allocation = int(offset(.clusters, cluster) + Layout.Cluster.allocation),
      allocation > 0
    else { return nil }
    return offset(.allocations, 0) + allocation - 1
  }

  private func read(_ block: Int, _ kind: AllocationKind) -> Allocation? {
    guard let intervals = int(block + Layout.Allocation.intervalCount),
      let arms = image.bytes.u16(block + Layout.Allocation.armCount).map(Int.init)
    else { return nil }
    let lasts = block + Layout.Allocation.lasts
    let targets = lasts + intervals * 4
    let armsAt = targets + arms * 4
    var keys: [String] = []
    for arm in 0..<arms {
      guard let target = int(targets + arm * 4), let key = name(of: target, kind) else {
        return nil
      }
      keys.append(key)
    }
    var list: [Allocation.Interval] = []
    var lower: UInt64 = 0
    for i in 0..<intervals {
      guard let last = u32(lasts + i * 4), let arm = image.bytes.u16(armsAt + i * 2) else {
        return nil
      }
      list.append(Allocation.Interval(lower: lower, upper: UInt64(last) + 1, arm: Int(arm)))
      lower = UInt64(last) + 1
    }
    return Allocation(keys: keys, intervals: list)
  }

  /// What an arm that leads to `target` is known by.
  private func name(of target: Int, _ kind: AllocationKind) -> String? {
    if kind == .shards {
      let at = offset(.shards, target)
      guard let start = int(at), let cluster = image.bytes.u16(at + Layout.Shard.clusterBytes),
        let size = image.bytes.u16(at + Layout.Shard.shardBytes)
      else { return nil }
      return image.bytes.string(offset(.text, 0) + start + Int(cluster), Int(size))
    }
    let at = offset(.versions, target)
    guard let start = int(at), let model = image.bytes.u16(at + Layout.Version.modelBytes),
      let version = image.bytes.u16(at + Layout.Version.versionBytes),
      let modelName = image.bytes.string(offset(.text, 0) + start, Int(model)),
      let versionName = image.bytes.string(offset(.text, 0) + start + Int(model), Int(version))
    else { return nil }
    return "\(modelName)@\(versionName)"
  }

  private func offset(_ section: Section, _ record: Int) -> Int {
    (int(Format.sectionTable + section.rawValue * 8) ?? 0) + record * section.stride
  }

  private func u32(_ offset: Int) -> UInt32? { image.bytes.u32(offset) }
  private func int(_ offset: Int) -> Int? { image.bytes.u32(offset).map(Int.init) }

  private func text(_ offsetAt: Int, _ countAt: Int) -> String? {
    guard let start = int(offsetAt), let count = int(countAt) else { return nil }
    return image.bytes.string(offset(.text, 0) + start, count)
  }
}
