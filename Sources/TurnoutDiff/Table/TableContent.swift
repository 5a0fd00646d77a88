import Turnout

/// What the records of a table say, freed of the numbers that it gives them: equal contents answer alike,
/// whatever the request and whichever table they stand in. Two tables share one numbering of contents, and
/// contents are compared whole, so that nothing rests on a hash.
///
/// Left out is what does not change destinations, nor copies: addresses, configs, notes and the names of
/// rules.
final class TableContent {
  let records: TableRecords
  private let numbering: Numbering<[UInt8]>
  private var known: [Key: Int] = [:]
  private let attributes: [Int]
  private let units: [Int]

  private enum Kind: Hashable {
    case shard
    case cluster
    case placement
    case version
    case condition
    case set
    case holdout
    case experiment
  }

  private struct Key: Hashable {
    var kind: Kind
    var number: Int
  }

  init(_ records: TableRecords, _ numbering: Numbering<[UInt8]>) {
    self.records = records
    self.numbering = numbering
    attributes = (0..<records.image.count(.attributes)).map { number in
      let type = records.u8(records.record(.attributes, number) + Layout.Attribute.type)
      return numbering.number(Array(records.name(.attributes, number).utf8) + [0, UInt8(type)])
    }
    let names = (0..<records.image.count(.units)).map { records.name(.units, $0) }
    units = names.indices.map { number in
      // The unit with all that stand in for it.
      var chain = ContentBytes()
      var next = number
      for _ in names.indices {
        chain.add(next == 0 ? "" : names[next])
        next = records.u16(records.record(.units, next) + Layout.Unit.missing)
        if next == Int(Format.none16) { break }
      }
      return numbering.number(chain.bytes)
    }
  }

  private func content(
    _ kind: Kind, _ number: Int, _ build: (inout ContentBytes) -> Void
  ) -> Int {
    let key = Key(kind: kind, number: number)
    if let known = known[key] { return known }
    // Chains of versions end, and nothing else leads back to itself.
    var content = ContentBytes()
    build(&content)
    let found = numbering.number(content.bytes)
    known[key] = found
    return found
  }

  private func unit(_ number: Int) -> Int { number < units.count ? units[number] : -1 }
  private func attribute(_ number: Int) -> Int {
    number < attributes.count ? attributes[number] : -1
  }

  // MARK: Destinations

  private func shard(_ number: Int) -> Int {
    content(.shard, number) { content in
      let shard = records.shard(number)
      content.add(shard.cluster)
      content.add(shard.shard ?? "")
      content.add(shard.routingKey)
    }
  }

  private func cluster(_ number: Int) -> Int {
    content(.cluster, number) { content in
      let record = records.record(.clusters, number)
      let allocation = records.u32(record + Layout.Cluster.allocation)
      content.add(records.u8(record + Layout.Cluster.flags))
      if allocation == 0 {
        content.add(shard(records.u32(record + Layout.Cluster.firstShard)))
      } else {
        content.add(unit(records.u8(record + Layout.Cluster.unit)))
        add(records.allocation(allocation), to: &content, shard)
      }
    }
  }

  private func placement(_ number: Int) -> Int {
    content(.placement, number) { content in
      let record = records.record(.placements, number)
      let split = records.u32(record + Layout.Placement.split)
      if split != 0 { add(records.allocation(split), to: &content, cluster) }
      let first = records.u32(record + Layout.Placement.firstCluster)
      let count = records.u32(record + Layout.Placement.clusterCount)
      content.add(count)
      for entry in first..<first + count {
        content.add(cluster(records.u32(records.record(.clusterLists, entry))))
      }
      let reference = records.u32(record + Layout.Placement.condition)
      content.add(condition(reference))
      if reference != 0 {
        content.add(placement(records.u32(record + Layout.Placement.next)))
      }
    }
  }

  private func version(_ number: Int) -> Int {
    content(.version, number) { content in
      let record = records.record(.versions, number)
      content.add(records.model(number))
      content.add(records.version(number))
      content.add(placement(records.u32(record + Layout.Version.placement)))
      let otherwise = records.u32(record + Layout.Version.otherwise)
      content.add(otherwise == 0 ? -1 : version(otherwise - 1))
    }
  }

  /// An allocation; what its arms lead to, by `content`.
  private func add(
    _ block: Int, to bytes: inout ContentBytes, _ content: (Int) -> Int
  ) {
    bytes.add(records.seed(block))
    // A request without a unit takes the largest arm, of which ties depend on names.
    bytes.add(content(records.heaviest(block)))
    let intervals = records.intervals(block)
    bytes.add(intervals.count)
    for interval in intervals {
      bytes.add(interval.upper)
      bytes.add(interval.target == Int(Format.nobody) ? -1 : content(interval.target))
    }
  }

  /// The positions of an allocation that lead to one target.
  private func add(_ block: Int, of target: Int, to bytes: inout ContentBytes) {
    bytes.add(records.seed(block))
    var lower: UInt64 = 0
    for interval in records.intervals(block) {
      if interval.target == target {
        bytes.add(lower)
        bytes.add(interval.upper)
      }
      lower = interval.upper
    }
    bytes.add(-1)
  }

  // MARK: Conditions

  private func set(_ number: Int) -> Int {
    content(.set, number) { content in
      let directory = records.record(.maps, number)
      let start = records.start(.mapData) + records.u32(directory + Layout.Map.slots)
      let buckets = 1 << records.u32(directory + Layout.Map.slotCountLog2)
      content.add(records.copy(start, records.u32(start + buckets * 4)))
    }
  }

  private func traffic(_ reference: Int) -> Int { reference == 0 ? -1 : set(reference - 1) }

  /// A condition by the reference to its block.
  private func condition(_ reference: Int) -> Int {
    if reference == 0 { return -1 }
    return content(.condition, reference) { content in
      let block = records.start(.conditions) + reference - 1
      add(
        tests: block + Layout.Condition.tests,
        records.u16(block + Layout.Condition.testCount), in: block, to: &content)
    }
  }

  private func add(tests: Int, _ count: Int, in base: Int, to content: inout ContentBytes) {
    content.add(count)
    for number in 0..<count {
      let test = tests + number * Layout.Test.bytes
      let kind = records.u8(test)
      let attribute = records.u16(test + Layout.Test.attribute)
      content.add(kind)
      content.add(attribute == Int(Layout.Test.unit) ? -1 : self.attribute(attribute))
      content.add(records.u16(test + Layout.Test.onTrue))
      content.add(records.u16(test + Layout.Test.onFalse))
      let operand = records.u32(test + Layout.Test.operand)
      let size = records.u32(test + Layout.Test.operandCount)
      switch TestKind(rawValue: UInt8(kind))?.operand {
      case .text: content.add(records.copy(base + operand, size))
      case .texts:
        content.add(size)
        for pair in 0..<size {
          let at = base + operand + pair * 8
          content.add(records.copy(base + records.u32(at), records.u32(at + 4)))
        }
      case .map: content.add(set(operand))
      case .numbers: content.add(records.copy(base + operand, size * 8))
      default: content.add(records.u64(test + Layout.Test.operand))
      }
    }
  }

  // MARK: Experiments

  private func holdout(_ number: Int) -> Int {
    content(.holdout, number) { content in
      let record = records.record(.holdouts, number)
      content.add(unit(records.u8(record + Layout.Holdout.unit)))
      content.add(traffic(records.u32(record + Layout.Holdout.traffic)))
      add(
        records.allocation(records.u32(record + Layout.Holdout.allocation)), of: 0, to: &content)
    }
  }

  /// Everything that says which units are in which cell of an experiment.
  func experiment(_ number: Int) -> Int {
    content(.experiment, number) { content in
      let record = records.record(.experiments, number)
      let first = records.u32(record + Layout.Experiment.firstCell)
      content.add(records.name(.experiments, number))
      content.add(records.u8(record + Layout.Experiment.flags))
      content.add(condition(records.u32(record + Layout.Experiment.condition)))
      content.add(traffic(records.u32(record + Layout.Experiment.traffic)))
      content.add(records.u64(record + Layout.Experiment.starts))
      content.add(records.u64(record + Layout.Experiment.ends))
      let count = records.u32(record + Layout.Experiment.cellCount)
      let cells = (0..<count).map { cell in
        let name = records.name(.cells, first + cell)
        content.add(name)
        return numbering.number(Array(name.utf8))
      }
      add(
        records.allocation(records.u32(record + Layout.Experiment.allocation)), to: &content
      ) { cells[$0] }
      let layer = records.u32(record + Layout.Experiment.layer)
      let layerRecord = records.record(.layers, layer)
      content.add(records.name(.layers, layer))
      content.add(unit(records.u8(layerRecord + Layout.Layer.unit)))
      add(
        records.allocation(records.u32(layerRecord + Layout.Layer.allocation)), of: number,
        to: &content)
      // By content: the two tables may number them in another order.
      for holdout in records.holdouts(ofLayer: layerRecord).map(holdout).sorted() {
        content.add(holdout)
      }
    }
  }
}

// MARK: Use cases

extension TableContent {
  /// All that decides where requests for a use case go; `useCase` is where its record begins.
  func useCase(_ useCase: Int) -> Int {
    var content = ContentBytes()
    content.add(records.u8(useCase + Layout.UseCase.flags))
    content.add(unit(records.u8(useCase + Layout.UseCase.unit)))
    let requires = useCase + records.u32(useCase + Layout.UseCase.requires)
    for index in 0..<records.u16(useCase + Layout.UseCase.requireCount) {
      let entry = records.u16(requires + index * 2)
      let number = entry & ~Int(Layout.UseCase.requireUnit)
      content.add(number == entry ? attribute(number) : unit(number))
    }
    content.add(records.ruleCount(useCase))
    for number in 0..<records.ruleCount(useCase) {
      add(rule: records.rule(number, of: useCase), of: useCase, to: &content)
    }
    for number in 0..<records.shadowCount(useCase) {
      let shadow = records.shadow(number, of: useCase)
      content.add(records.shadowName(shadow, of: useCase))
      content.add(unit(records.u8(shadow + Layout.Shadow.unit)))
      content.add(records.u8(shadow + Layout.Shadow.flags))
      content.add(version(records.u32(shadow + Layout.Shadow.version)))
      content.add(condition(records.u32(shadow + Layout.Shadow.condition)))
      content.add(traffic(records.u32(shadow + Layout.Shadow.traffic)))
      add(useCase + records.u32(shadow + Layout.Shadow.allocation), of: 0, to: &content)
    }
    let overrides = records.u32(useCase + Layout.UseCase.overrides)
    if overrides != 0 { add(overrides: overrides - 1, of: useCase, to: &content) }
    return numbering.number(content.bytes)
  }

  private func add(rule: Int, of useCase: Int, to content: inout ContentBytes) {
    let kind = RuleKind(rawValue: UInt8(records.u8(rule))) ?? .route
    let target = records.u32(rule + Layout.Rule.target)
    content.add(Int(kind.rawValue))
    for guarding in 0..<Layout.Rule.guardsMax {
      let attribute = records.u8(rule + Layout.Rule.guardAttributes + guarding)
      content.add(attribute == Int(Layout.Rule.noGuard) ? -1 : self.attribute(attribute))
      content.add(records.u64(rule + Layout.Rule.guardKeys + guarding * 8))
    }
    add(
      tests: useCase + records.u32(rule + Layout.Rule.tests),
      records.u16(rule + Layout.Rule.testCount), in: useCase, to: &content)
    let own = records.u32(rule + Layout.Rule.placement)
    content.add(own == 0 ? -1 : placement(own - 1))
    switch kind {
    case .route: content.add(version(target))
    case .split:
      content.add(unit(records.u8(rule + Layout.Rule.unit)))
      add(useCase + target, to: &content, version)
    case .lookup:
      content.add(attribute(records.u32(rule + Layout.Rule.attribute)))
      content.add(map: TableMap(target, of: records)) { self.version($0) }
    case .experiment:
      content.add(experiment(target))
      let versions = records.u32(rule + Layout.Rule.cellVersions)
      if versions != 0 {
        let count = records.u32(records.record(.experiments, target) + Layout.Experiment.cellCount)
        for cell in 0..<count {
          let version = records.u32(useCase + versions + cell * 4)
          content.add(version == 0 ? -1 : self.version(version - 1))
        }
      }
    }
  }

  private func add(overrides map: Int, of useCase: Int, to content: inout ContentBytes) {
    content.add(map: TableMap(map, of: records)) { value in
      let isList = UInt32(truncatingIfNeeded: value) & Layout.Override.isList != 0
      guard isList else { return self.version(value) }
      let list = useCase + (value & ~Int(Layout.Override.isList))
      let bytes = Layout.Override.entries + records.u32(list) * Layout.Override.entryBytes
      return self.numbering.number(records.copy(list, bytes))
    }
  }
}
