extension UseCaseOutline {
  /// Reads a use case of a validated table; nil if it has none of this name.
  package init?(_ name: String, of image: Image) {
    let outline = Array(name.utf8).withBytes { bytes -> UseCaseOutline? in
      let text = bytes.text
      guard let found = image.useCase(text, hash: text.hash64) else { return nil }
      var reader = OutlineReader(image, found)
      reader.read()
      return reader.outline
    }
    guard let outline else { return nil }
    self = outline
  }
}

/// Reads one use case and all that it leads to.
private struct OutlineReader {
  private let image: Image
  private let names: TableNames
  private let tests: TestReader
  private let useCase: Place
  var outline = UseCaseOutline()

  init(_ image: Image, _ useCase: Place) {
    self.image = image
    self.useCase = useCase
    names = TableNames(image: image)
    tests = TestReader(names: names)
  }

  mutating func read() {
    let flags = useCase.u8(Layout.UseCase.flags)
    outline.name = names.useCase(useCase)
    outline.isEnabled = flags & Layout.UseCase.flagDisabled == 0
    outline.refusesWhenAllDown = flags & Layout.UseCase.flagRefuse != 0
    outline.unit = names.unit(useCase.u8(Layout.UseCase.unit))
    readOverrides()
    let rules = useCase + useCase.u32(Layout.UseCase.rules)
    for number in 0..<Int(useCase.u16(Layout.UseCase.ruleCount)) {
      read(rule: rules + number &* Layout.Rule.bytes)
    }
    let shadows = useCase + useCase.u32(Layout.UseCase.shadows)
    for number in 0..<Int(useCase.u32(Layout.UseCase.shadowCount)) {
      read(shadow: shadows + number &* Layout.Shadow.bytes)
    }
  }

  private mutating func readOverrides() {
    let map = useCase.u32(Layout.UseCase.overrides)
    guard map != 0 else { return }
    for entry in entries(ofMap: map &- 1) {
      if entry.value & Layout.Override.isList != 0 {
        outline.overrides.toCells &+= 1
      } else {
        outline.overrides.toVersions[entry.value, default: 0] &+= 1
        read(version: entry.value)
      }
    }
  }

  // MARK: Rules

  private mutating func read(rule: Place) {
    let target = rule.u32(Layout.Rule.target)
    let action: UseCaseOutline.Action
    switch RuleKind(rawValue: rule.u8(Layout.Rule.kind)) {
    case .split:
      let arms = arms(of: useCase + target)
      for arm in arms { read(version: arm.target) }
      action = .split(unit: names.unit(rule.u8(Layout.Rule.unit)), arms)
    case .lookup: action = lookup(target, rule.u32(Layout.Rule.attribute))
    case .experiment: action = .experiment(experiment(target, rule))
    case .route, nil:
      read(version: target)
      action = .route(target)
    }
    let own = rule.u32(Layout.Rule.placement)
    outline.rules.append(
      UseCaseOutline.Rule(
        name: names.rule(rule, of: useCase), condition: condition(ofRule: rule), action: action,
        placement: own == 0 ? nil : placement(own &- 1)))
  }

  private mutating func lookup(_ map: UInt32, _ attribute: UInt32) -> UseCaseOutline.Action {
    let type = image.record(.attributes, attribute).u8(Layout.Attribute.type)
    var byVersion: [UInt32: [Text]] = [:]
    for entry in entries(ofMap: map) { byVersion[entry.value, default: []].append(entry.key) }
    let routes = byVersion.keys.sorted().map { version in
      read(version: version)
      let keys = (byVersion[version] ?? []).sorted { $0.compare($1) < 0 }
      return UseCaseOutline.LookupRoute(
        version: version,
        values: keys.prefix(UseCaseOutline.valuesMax).map {
          value($0, of: AttributeType(rawValue: type))
        },
        valueCount: keys.count)
    }
    return .lookup(attribute: names.attribute(attribute), routes)
  }

  /// The value whose key in a map this is.
  private func value(_ key: Text, of type: AttributeType?) -> Evaluation.Value {
    switch type {
    case .number where key.count == 8:
      let bits = (0..<8).reduce(UInt64(0)) { $0 | UInt64(key.byte($1)) &<< UInt64($1 &* 8) }
      return .number(Double(bitPattern: bits))
    case .boolean where key.count == 1: return .boolean(key.byte(0) != 0)
    default: return Evaluation.Value(key)
    }
  }

  private mutating func experiment(_ number: UInt32, _ rule: Place) -> UseCaseOutline.Experiment {
    let record = image.record(.experiments, number)
    let flags = record.u8(Layout.Experiment.flags)
    let layer = record.u32(Layout.Experiment.layer)
    let layerRecord = image.record(.layers, layer)
    let inLayer = layerRecord.u32(Layout.Layer.allocation)
    let share = inLayer == 0 ? [] : arms(at: inLayer)
    let cells = byTarget(arms(at: record.u32(Layout.Experiment.allocation)))
    let firstCell = record.u32(Layout.Experiment.firstCell)
    let decisions = rule.u32(Layout.Rule.cellVersions)
    let isWindowed = flags & Layout.Experiment.flagWindow != 0
    func moment(_ at: Int) -> Int64? {
      let moment = Int64(bitPattern: record.u64(at))
      return isWindowed && moment != .min && moment != .max ? moment : nil
    }
    var outlines: [UseCaseOutline.Cell] = []
    for cell in 0..<record.u32(Layout.Experiment.cellCount) {
      let named = decisions == 0 ? 0 : (useCase + decisions).u32(Int(cell) &* 4)
      if named != 0 { read(version: named &- 1) }
      outlines.append(
        UseCaseOutline.Cell(
          name: names.cell(cell, of: number),
          positions: cells[cell] ?? 0,
          version: named == 0 ? nil : named &- 1,
          hasConfig: image.record(.cells, firstCell &+ cell).u32(Layout.Cell.config) != 0))
    }
    let held = layerRecord.u64(Layout.Layer.holdouts)
    return UseCaseOutline.Experiment(
      name: names.experiment(number), layer: names.layer(layer),
      unit: names.unit(layerRecord.u8(Layout.Layer.unit)),
      positions: share.first { $0.target == number }?.positions ?? 0,
      holdouts: (0..<UInt32(Format.holdoutsMax)).filter { held &>> UInt64($0) & 1 != 0 }.map {
        let holdout = image.record(.holdouts, $0)
        return UseCaseOutline.Holdout(
          name: names.holdout($0),
          positions: inside(arms(at: holdout.u32(Layout.Holdout.allocation))))
      },
      condition: condition(record.u32(Layout.Experiment.condition)),
      isEnabled: flags & Layout.Experiment.flagDisabled == 0,
      isAssignedOutside: flags & Layout.Experiment.flagOutside != 0,
      starts: moment(Layout.Experiment.starts), ends: moment(Layout.Experiment.ends),
      cells: outlines)
  }

  private mutating func read(shadow: Place) {
    let version = shadow.u32(Layout.Shadow.version)
    read(version: version)
    outline.shadows.append(
      UseCaseOutline.Shadow(
        name: names.shadow(shadow, of: useCase), version: version,
        condition: condition(shadow.u32(Layout.Shadow.condition)),
        positions: inside(arms(of: useCase + shadow.u32(Layout.Shadow.allocation))),
        isByRequest: shadow.u8(Layout.Shadow.flags) & Layout.Shadow.flagByRequest != 0,
        unit: names.unit(shadow.u8(Layout.Shadow.unit))))
  }

  // MARK: Versions and clusters

  private mutating func read(version number: UInt32) {
    guard outline.versions[number] == nil else { return }
    let record = image.record(.versions, number)
    let otherwise = record.u32(Layout.Version.otherwise)
    outline.versions[number] = UseCaseOutline.Version(
      name: names.version(number), placement: placement(record.u32(Layout.Version.placement)),
      otherwise: otherwise == 0 ? nil : otherwise &- 1)
    if otherwise != 0 { read(version: otherwise &- 1) }
  }

  private mutating func placement(_ first: UInt32) -> [UseCaseOutline.PlacementChoice] {
    var choices: [UseCaseOutline.PlacementChoice] = []
    var number = first
    // Validation has seen that each leads to a later one, and that the last has no condition.
    while choices.count < Format.choicesPerPlacementMax {
      let record = image.record(.placements, number)
      let split = record.u32(Layout.Placement.split)
      let list = record.u32(Layout.Placement.firstCluster)
      let choice = UseCaseOutline.PlacementChoice(
        condition: condition(record.u32(Layout.Placement.condition)),
        split: split == 0 ? [] : arms(at: split),
        list: (0..<record.u32(Layout.Placement.clusterCount)).map {
          image.record(.clusterLists, list &+ $0).u32(0)
        })
      for arm in choice.split { read(cluster: arm.target) }
      for cluster in choice.list { read(cluster: cluster) }
      choices.append(choice)
      guard record.u32(Layout.Placement.condition) != 0 else { break }
      number = record.u32(Layout.Placement.next)
    }
    return choices
  }

  private mutating func read(cluster number: UInt32) {
    guard outline.clusters[number] == nil else { return }
    let record = image.record(.clusters, number)
    let first = record.u32(Layout.Cluster.firstShard)
    let allocation = record.u32(Layout.Cluster.allocation)
    let positions = allocation == 0 ? [:] : byTarget(arms(at: allocation))
    var shards: [UseCaseOutline.Shard] = []
    if allocation != 0 {
      for shard in first..<(first &+ record.u32(Layout.Cluster.shardCount)) {
        shards.append(
          UseCaseOutline.Shard(
            name: names.shard(shard) ?? "", address: names.address(shard),
            positions: positions[shard] ?? 0))
      }
    }
    outline.clusters[number] = UseCaseOutline.Cluster(
      name: names.cluster(number), routingKey: names.routingKey(first),
      address: allocation == 0 ? names.address(first) : nil,
      unit: names.unit(record.u8(Layout.Cluster.unit)),
      standsInForSiblings: record.u8(Layout.Cluster.flags) & Layout.Cluster.flagSiblings != 0,
      shards: shards)
  }

  // MARK: Allocations and maps

  private func arms(at reference: UInt32) -> [UseCaseOutline.Arm] {
    arms(of: image.section(.allocations) + (reference &- 1))
  }

  /// The arms of a block by number of their targets, without nobody's.
  private func arms(of block: Place) -> [UseCaseOutline.Arm] {
    var positions: [UInt32: UInt64] = [:]
    let intervals = Int(block.u32(Layout.Allocation.intervalCount))
    let targets = block + Layout.Allocation.lasts + intervals &* 4
    for arm in 0..<Int(block.u16(Layout.Allocation.armCount)) {
      positions[targets.u32(arm &* 4)] = 0
    }
    var lower: UInt64 = 0
    for interval in 0..<intervals {
      let upper = UInt64((block + Layout.Allocation.lasts).u32(interval &* 4)) &+ 1
      positions[Image.target(block, interval: interval), default: 0] &+= upper &- lower
      lower = upper
    }
    positions[Format.nobody] = nil
    return positions.keys.sorted().map {
      UseCaseOutline.Arm(target: $0, positions: positions[$0] ?? 0)
    }
  }

  private func byTarget(_ arms: [UseCaseOutline.Arm]) -> [UInt32: UInt64] {
    Dictionary(arms.map { ($0.target, $0.positions) }, uniquingKeysWith: { first, _ in first })
  }

  /// What a holdout or a sample has.
  private func inside(_ arms: [UseCaseOutline.Arm]) -> UInt64 {
    arms.first { $0.target == 0 }?.positions ?? 0
  }

  private func entries(ofMap map: UInt32) -> some Sequence<(key: Text, value: UInt32)> {
    let directory = image.record(.maps, map)
    let slots = image.section(.mapData) + directory.u32(Layout.Map.slots)
    let slotCount = UInt64(1) &<< UInt64(directory.u32(Layout.Map.slotCountLog2))
    let entries = slots + Int(truncatingIfNeeded: slotCount) &* 8
    return (0..<Int(directory.u32(Layout.Map.entryCount))).lazy.map { number in
      let entry = entries + number &* Layout.Map.entryBytes
      let text = image.section(.text) + entry.u32(Layout.Map.entryText)
      return (
        text.text(Int(entry.u32(Layout.Map.entryTextBytes))), entry.u32(Layout.Map.entryValue)
      )
    }
  }

  // MARK: Conditions

  private func condition(ofRule rule: Place) -> ConditionOutline {
    var whole: ConditionOutline?
    for number in 0..<Layout.Rule.guardsMax {
      let attribute = rule.u8(Layout.Rule.guardAttributes &+ number)
      let key = rule.u64(Layout.Rule.guardKeys &+ number &* 8)
      // Guards of longer texts, and those after them, are among the tests, too.
      if attribute == Layout.Rule.noGuard || key >= Format.longKey { break }
      let test = ConditionOutline.test(
        tests.guarding(attribute, key, isLast: false, value: .missing, held: false))
      whole = whole.map { .both($0, test) } ?? test
    }
    let count = Int(rule.u16(Layout.Rule.testCount))
    guard count > 0 else { return whole ?? .always }
    let rest = condition(useCase + rule.u32(Layout.Rule.tests), count, in: useCase)
    guard let whole else { return rest }
    return rest.isAlways ? whole : rest == .never ? .never : .both(whole, rest)
  }

  /// A block of the section of conditions, counted from 1; 0 always holds.
  private func condition(_ reference: UInt32) -> ConditionOutline {
    guard reference != 0 else { return .always }
    let block = image.section(.conditions) + (reference &- 1)
    return condition(
      block + Layout.Condition.tests, Int(block.u16(Layout.Condition.testCount)), in: block)
  }

  private func condition(_ first: Place, _ count: Int, in base: Place) -> ConditionOutline {
    if let end = tests.constantEnd(of: first) { return end == Format.holds ? .always : .never }
    return TestStructure.condition(
      (0..<count).map { number in
        let test = first + number &* Layout.Test.bytes
        return (
          .test(tests.read(test, in: base, value: .missing, held: false)),
          test.u16(Layout.Test.onTrue), test.u16(Layout.Test.onFalse)
        )
      }
    ).tidied
  }
}
