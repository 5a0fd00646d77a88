import Turnout

/// Reads allocations and the names of their arms from an image.
struct AllocationReader {
  private let image: Image
  /// By experiment: what the arms of layers are known by.
  private var cellSalts: [Int: String] = [:]
  private var units: [String] = []

  struct Lineage {
    var kind: AllocationKind
    var owner: Int
    var part: Int
    var salt: String
    var ownerName: String
  }

  init(_ image: Image) {
    self.image = image
    for number in 0..<image.count(.lineage) {
      guard let found = lineage(number), found.kind == .cells else { continue }
      cellSalts[found.owner] = found.salt
    }
    for number in 0..<image.count(.units) {
      let at = offset(.units, number)
      let size = image.bytes.u16(at + Layout.Unit.nameBytes).map(Int.init) ?? 0
      units.append(text(at, 0, size) ?? "")
    }
  }

  func lineage(_ number: Int) -> Lineage? {
    let at = offset(.lineage, number)
    guard
      let kind = u32(at).flatMap({ AllocationKind(rawValue: UInt8(truncatingIfNeeded: $0)) }),
      let owner = int(at + Layout.Lineage.owner), let part = int(at + Layout.Lineage.part),
      let salt = text(at + Layout.Lineage.salt, at + Layout.Lineage.saltBytes),
      let name = text(at + Layout.Lineage.ownerName, at + Layout.Lineage.ownerNameBytes)
    else { return nil }
    return Lineage(kind: kind, owner: owner, part: part, salt: salt, ownerName: name)
  }

  /// Where the block of an allocation stands.
  func block(_ found: Lineage) -> Int? {
    switch found.kind {
    case .split:
      return part(
        found, of: Layout.UseCase.rules, bytes: Layout.Rule.bytes, target: Layout.Rule.target)
    case .sample:
      return part(
        found, of: Layout.UseCase.shadows, bytes: Layout.Shadow.bytes,
        target: Layout.Shadow.allocation)
    case .shards: return block(.clusters, found, Layout.Cluster.allocation)
    case .layer: return block(.layers, found, Layout.Layer.allocation)
    case .cells: return block(.experiments, found, Layout.Experiment.allocation)
    case .holdout: return block(.holdouts, found, Layout.Holdout.allocation)
    case .placement: return block(.placements, found, Layout.Placement.split)
    }
  }

  /// The unit that it draws by; nil of a split of clusters, which draws by that of whichever use case
  /// it serves, and of a sample of requests.
  func unit(of found: Lineage) -> String? {
    let at: Int? =
      switch found.kind {
      case .split:
        part(found, of: Layout.UseCase.rules, bytes: Layout.Rule.bytes).map {
          $0 + Layout.Rule.unit
        }
      case .sample:
        part(found, of: Layout.UseCase.shadows, bytes: Layout.Shadow.bytes).flatMap { shadow in
          guard let flags = image.bytes.u8(shadow + Layout.Shadow.flags),
            flags & Layout.Shadow.flagByRequest == 0
          else { return nil }
          return shadow + Layout.Shadow.unit
        }
      case .shards: offset(.clusters, found.owner) + Layout.Cluster.unit
      case .layer: offset(.layers, found.owner) + Layout.Layer.unit
      case .cells: offset(.experiments, found.owner) + Layout.Experiment.unit
      case .holdout: offset(.holdouts, found.owner) + Layout.Holdout.unit
      case .placement: nil
      }
    guard let at, let number = image.bytes.u8(at).map(Int.init), units.indices.contains(number)
    else { return nil }
    return units[number]
  }

  private func part(_ found: Lineage, of parts: Int, bytes: Int, target: Int) -> Int? {
    guard let record = int(offset(.useCaseOrder, found.owner)),
      let block = part(found, of: parts, bytes: bytes).flatMap({ int($0 + target) })
    else { return nil }
    return record + block
  }

  /// Where the rule or the shadow stands.
  private func part(_ found: Lineage, of parts: Int, bytes: Int) -> Int? {
    guard let record = int(offset(.useCaseOrder, found.owner)), let start = int(record + parts)
    else { return nil }
    return record + start + found.part * bytes
  }

  private func block(_ section: Section, _ found: Lineage, _ field: Int) -> Int? {
    guard let reference = int(offset(section, found.owner) + field), reference > 0 else {
      return nil
    }
    return offset(.allocations, 0) + reference - 1
  }

  /// Arms by name and by what they are known by, and their intervals. Positions of nobody lead to an
  /// arm that is none.
  func read(
    _ block: Int, of found: Lineage
  ) -> (arms: [(name: String, key: String)], intervals: [Allocation.Interval])? {
    guard let intervals = int(block + Layout.Allocation.intervalCount),
      let count = image.bytes.u16(block + Layout.Allocation.armCount).map(Int.init)
    else { return nil }
    let lasts = block + Layout.Allocation.lasts
    let targets = lasts + intervals * 4
    let armsAt = targets + count * 4
    var arms: [(name: String, key: String)] = []
    for number in 0..<count {
      guard let target = u32(targets + number * 4) else { return nil }
      if target == Format.nobody { continue }
      guard let name = name(of: Int(target), in: found) else { return nil }
      guard found.kind == .layer else {
        arms.append((name, name))
        continue
      }
      guard let key = cellSalts[Int(target)] else { return nil }
      arms.append((name, key))
    }
    var list: [Allocation.Interval] = []
    var lower: UInt64 = 0
    for i in 0..<intervals {
      guard let last = u32(lasts + i * 4), let arm = image.bytes.u16(armsAt + i * 2) else {
        return nil
      }
      let upper = UInt64(last) + 1
      // Nobody's arm is the last one.
      if Int(arm) < arms.count {
        list.append(Allocation.Interval(lower: lower, upper: upper, arm: Int(arm)))
      }
      lower = upper
    }
    return (arms, list)
  }

  /// What an arm that leads to `target` is called in a document.
  private func name(of target: Int, in found: Lineage) -> String? {
    switch found.kind {
    case .split:
      let at = offset(.versions, target)
      guard let model = image.bytes.u16(at + Layout.Version.modelBytes),
        let version = image.bytes.u16(at + Layout.Version.versionBytes),
        let modelName = text(at, 0, Int(model)), let name = text(at, Int(model), Int(version))
      else { return nil }
      return "\(modelName)@\(name)"
    case .shards:
      let at = offset(.shards, target)
      guard let cluster = image.bytes.u16(at + Layout.Shard.clusterBytes),
        let shard = image.bytes.u16(at + Layout.Shard.shardBytes)
      else { return nil }
      return text(at, Int(cluster), Int(shard))
    case .placement:
      guard let shard = int(offset(.clusters, target) + Layout.Cluster.firstShard),
        let cluster = image.bytes.u16(offset(.shards, shard) + Layout.Shard.clusterBytes)
      else { return nil }
      return text(offset(.shards, shard), 0, Int(cluster))
    case .layer:
      let at = offset(.experiments, target)
      return image.bytes.u16(at + Layout.Experiment.nameBytes).flatMap { text(at, 0, Int($0)) }
    case .cells:
      guard let first = int(offset(.experiments, found.owner) + Layout.Experiment.firstCell) else {
        return nil
      }
      let at = offset(.cells, first + target)
      return image.bytes.u16(at + Layout.Cell.nameBytes).flatMap { text(at, 0, Int($0)) }
    case .holdout, .sample: return "in"
    }
  }

  private func offset(_ section: Section, _ record: Int) -> Int {
    (int(Format.sectionTable + section.rawValue * 8) ?? 0) + record * section.stride
  }

  private func u32(_ offset: Int) -> UInt32? { image.bytes.u32(offset) }
  private func int(_ offset: Int) -> Int? { image.bytes.u32(offset).map(Int.init) }

  /// A part of the text that the field at `offsetAt` names.
  private func text(_ offsetAt: Int, _ skipped: Int, _ count: Int) -> String? {
    guard let start = int(offsetAt) else { return nil }
    return image.bytes.string(offset(.text, 0) + start + skipped, count)
  }

  private func text(_ offsetAt: Int, _ countAt: Int) -> String? {
    int(countAt).flatMap { text(offsetAt, 0, $0) }
  }
}
