import Turnout

/// Where model versions run: chains of records, those without splits once for equal placements.
struct PlacementEncoder {
  private(set) var records = ByteWriter()
  private(set) var lists = ByteWriter()
  private var shared: [[Choice]: UInt32] = [:]

  /// One record before it has a place.
  struct Choice: Hashable {
    var condition: UInt32
    /// The allocation's offset plus 1; 0 without a split.
    var split: UInt32
    var clusters: [UInt32]
  }

  /// The number that the next record will have.
  var next: Int { records.count / Section.placements.stride }

  /// The number of the first record of the chain. A split has an offset of its own, so that no chain
  /// with one equals another.
  mutating func add(_ choices: [Choice]) -> UInt32 {
    if let number = shared[choices] { return number }
    let number = UInt32(truncatingIfNeeded: next)
    shared[choices] = number
    for choice in choices {
      records.append(u32: lists.count / Section.clusterLists.stride)
      records.append(u32: choice.clusters.count)
      records.append(choice.split)
      records.append(choice.condition)
      records.append(u32: choice.condition == 0 ? 0 : next + 1)
      records.align(Section.placements.stride)
      for cluster in choice.clusters { lists.append(cluster) }
    }
    return number
  }
}

extension ImageEncoder {
  /// The number of a placement's first record; `mark` is the place of what carries it.
  mutating func addPlacement(_ placement: Placement, at mark: SourceMark) -> UInt32 {
    var choices: [PlacementEncoder.Choice] = []
    let first = placements.next
    for (index, choice) in placement.choices.enumerated() {
      let isLast = index == placement.choices.count - 1
      // A condition leads to the next record if it fails, so all but the last have one.
      let condition = isLast ? 0 : addCondition(choice.condition, isWritten: true, at: mark)
      switch choice.clusters {
      case .list(let names):
        choices.append(
          PlacementEncoder.Choice(
            condition: condition, split: 0, clusters: names.map(numbers.cluster)))
      case .split(let split):
        let targets = split.allocation.arms.map { numbers.cluster($0.name) }
        let offset = appendAllocation(split.allocation, targets: targets, owner: first + index)
        choices.append(
          PlacementEncoder.Choice(
            condition: condition, split: offset, clusters: split.then.map(numbers.cluster)))
      }
    }
    return placements.add(choices)
  }
}
