import Turnout

/// Document and earlier table to image: a pure function, and equal inputs give equal bytes.
struct ImageEncoder {
  private let document: RoutingDocument
  private var plan: AllocationPlan
  private var texts = TextPool()
  private var maps = MapEncoder()
  private var configs: ConfigEncoder
  private var placements = PlacementEncoder()

  private var attributeNumbers: [String: UInt16] = [:]
  private var unitNumbers: [String: UInt8] = [:]
  private var clusterNumbers: [String: UInt32] = [:]
  private var versionNumbers: [ModelReference: UInt32] = [:]
  private var segments: [String: Condition] = [:]
  private var sections: [Section: ByteWriter] = [:]
  /// By ordinal: where the record begins in its section, and its name's hash.
  private var useCaseStarts: [Int] = []
  private var useCaseHashes: [UInt64] = []

  private init(_ document: RoutingDocument, against earlier: Image?) {
    self.document = document
    plan = AllocationPlan(against: earlier)
    var all = document.models.flatMap { $0.versions.map(\.config) }
    for useCase in document.useCases {
      all.append(useCase.config)
      all.append(contentsOf: useCase.rules.map(\.config))
    }
    configs = ConfigEncoder(all, &texts)
    for segment in document.segments { segments[segment.name] = segment.condition }
  }

  struct Result {
    /// Nil if there are faults.
    var image: [UInt8]?
    var faults: [CompileFault]
    var changes: [AllocationChange]
  }

  static func encode(_ document: RoutingDocument, against earlier: Image?) -> Result {
    var encoder = ImageEncoder(document, against: earlier)
    encoder.encodeNames()
    encoder.encodeClusters()
    encoder.encodeVersions()
    encoder.encodeUseCases()
    let (faults, changes) = (encoder.plan.faults, encoder.plan.changes)
    guard faults.isEmpty else { return Result(image: nil, faults: faults, changes: changes) }
    return Result(image: encoder.assemble(), faults: [], changes: changes)
  }

  private mutating func append<T: FixedWidthInteger>(_ value: T, to section: Section) {
    sections[section, default: ByteWriter()].append(value)
  }

  private mutating func encodeNames() {
    var index: [(hash: UInt64, value: UInt32)] = []
    let traffic = (name: RoutingDocument.traffic, code: Turnout.AttributeType.string)
    let declared = document.attributes.map { (name: $0.name, code: $0.type.code) }
    for (number, attribute) in ([traffic] + declared).enumerated() {
      attributeNumbers[attribute.name] = UInt16(truncatingIfNeeded: number)
      append(texts.add(attribute.name.utf8), to: .attributes)
      append(UInt16(truncatingIfNeeded: attribute.name.utf8.count), to: .attributes)
      append(UInt16(attribute.code.rawValue), to: .attributes)
      index.append(
        (XXH3.hash64(Array(attribute.name.utf8)), UInt32(truncatingIfNeeded: number + 1)))
    }
    for slot in HashIndex.encode(index) { append(slot, to: .attributeIndex) }

    // The primary unit is number 0.
    let units =
      document.units.filter { $0.name == document.primaryUnit }
      + document.units.filter { $0.name != document.primaryUnit }
    for (number, unit) in units.enumerated() {
      unitNumbers[unit.name] = UInt8(truncatingIfNeeded: number)
    }
    for unit in units {
      append(texts.add(unit.name.utf8), to: .units)
      append(UInt16(truncatingIfNeeded: unit.name.utf8.count), to: .units)
      append(
        unit.missing.flatMap { unitNumbers[$0] }.map(UInt16.init) ?? Format.none16, to: .units)
    }
  }

  private mutating func encodeClusters() {
    var shardCount: UInt32 = 0
    for (number, cluster) in document.clusters.enumerated() {
      let number = UInt32(truncatingIfNeeded: number)
      clusterNumbers[cluster.name] = number
      append(shardCount, to: .clusters)
      switch cluster.site {
      case .address(let address):
        append(UInt32(1), to: .clusters)
        append(UInt32(0), to: .clusters)
        append(UInt32(0), to: .clusters)
        appendShard(cluster, number, shard: "", address: address, key: cluster.routingKey)
        shardCount += 1
      case .shards(let shards):
        let first = shardCount
        append(UInt32(truncatingIfNeeded: shards.shards.count), to: .clusters)
        let at = sections[.allocations]?.count ?? 0
        append(UInt32(truncatingIfNeeded: at + 1), to: .clusters)
        append(
          shards.whenDown == .siblings ? Layout.Cluster.flagSiblings : UInt8(0), to: .clusters)
        append(unitNumbers[shards.allocation.unit] ?? 0, to: .clusters)
        append(UInt16(0), to: .clusters)
        for shard in shards.shards {
          appendShard(
            cluster, number, shard: shard.name, address: shard.address, key: shard.routingKey)
          shardCount += 1
        }
        appendLineage(shards.allocation, owner: number, part: 0)
        if let allocation = plan.allocate(shards.allocation) {
          let block = allocation.encoded(
            salt: shards.allocation.salt.string, targets: Array(first..<shardCount))
          sections[.allocations, default: ByteWriter()].append(block)
        }
      }
      sections[.clusters]?.align(Section.clusters.stride)
    }
  }

  private mutating func appendShard(
    _ cluster: Cluster, _ number: UInt32, shard: String, address: String, key: String
  ) {
    let parts = [cluster.name, shard, address, key]
    append(texts.addOwn(parts.flatMap(\.utf8)), to: .shards)
    for part in parts { append(UInt16(truncatingIfNeeded: part.utf8.count), to: .shards) }
    append(number, to: .shards)
    sections[.shards]?.align(Section.shards.stride)
  }

  private mutating func appendLineage(_ spec: AllocationSpec, owner: UInt32, part: Int) {
    append(UInt32(spec.kind.rawValue), to: .lineage)
    append(owner, to: .lineage)
    append(UInt32(truncatingIfNeeded: part), to: .lineage)
    append(texts.add(spec.salt.utf8), to: .lineage)
    append(UInt32(truncatingIfNeeded: spec.salt.utf8.count), to: .lineage)
    append(texts.add(spec.owner.utf8), to: .lineage)
    append(UInt32(truncatingIfNeeded: spec.owner.utf8.count), to: .lineage)
    append(UInt32(0), to: .lineage)
  }

  private mutating func encodeVersions() {
    for model in document.models {
      for version in model.versions {
        let reference = ModelReference(model: model.name, version: version.name)
        versionNumbers[reference] = UInt32(truncatingIfNeeded: versionNumbers.count)
        append(texts.addOwn(Array((model.name + version.name).utf8)), to: .versions)
        append(UInt16(truncatingIfNeeded: model.name.utf8.count), to: .versions)
        append(UInt16(truncatingIfNeeded: version.name.utf8.count), to: .versions)
        append(placements.add(version.placement, clusterNumbers), to: .versions)
        append(configs.add(version.config, &texts), to: .versions)
        sections[.versions]?.align(Section.versions.stride)
      }
    }
  }

  private mutating func encodeUseCases() {
    for (ordinal, useCase) in document.useCases.enumerated() {
      var rules: [UseCaseEncoder.EncodedRule] = []
      for (part, rule) in useCase.rules.enumerated() {
        if case .split(let split) = rule.action {
          appendLineage(split.allocation, owner: UInt32(truncatingIfNeeded: ordinal), part: part)
        }
        rules.append(encoded(rule, of: useCase))
      }
      let attributes = useCase.requiredAttributes.compactMap { attributeNumbers[$0] }
      let units = useCase.requiredUnits.compactMap { unitNumbers[$0] }
      let refuse = useCase.whenAllDown == .refuse ? Layout.UseCase.flagRefuse : 0
      let head = UseCaseEncoder.Head(
        name: Array(useCase.name.utf8),
        flags: (useCase.isEnabled ? 0 : Layout.UseCase.flagDisabled) | refuse,
        unit: unitNumbers[useCase.unit] ?? 0, ordinal: UInt32(truncatingIfNeeded: ordinal),
        requires: attributes + units.map { UInt16($0) | Layout.UseCase.requireUnit },
        config: configs.add(useCase.config, &texts))
      useCaseStarts.append(sections[.useCases]?.count ?? 0)
      useCaseHashes.append(XXH3.hash64(head.name))
      let record = UseCaseEncoder.encode(head, rules, &maps, &texts)
      sections[.useCases, default: ByteWriter()].append(record)
    }
  }

  private mutating func encoded(
    _ rule: Rule, of useCase: UseCase
  ) -> UseCaseEncoder.EncodedRule {
    var encoded = UseCaseEncoder.EncodedRule(
      name: Array((rule.name ?? "").utf8), kind: .route, unit: unitNumbers[useCase.unit] ?? 0,
      steps: TestProgram(rule.condition, attributes: attributeNumbers, segments: segments).steps,
      target: 0, allocation: nil, attribute: 0,
      placement: rule.placement.map { placements.add($0, clusterNumbers) + 1 } ?? 0,
      config: configs.add(rule.config, &texts))
    if encoded.steps.count > Format.testsPerRuleMax {
      plan.report(
        .limit,
        "the condition has \(encoded.steps.count) tests, with its segments written out; at most "
          + "\(Format.testsPerRuleMax) are possible", at: rule.mark)
    }
    switch rule.action {
    case .route(let version):
      encoded.target = versionNumbers[version] ?? 0
    case .split(let split):
      encoded.kind = .split
      encoded.unit = unitNumbers[split.allocation.unit] ?? 0
      encoded.allocation = plan.allocate(split.allocation)?.encoded(
        salt: split.allocation.salt.string,
        targets: split.versions.map { versionNumbers[$0] ?? 0 })
    case .lookup(let lookup):
      encoded.kind = .lookup
      encoded.attribute = attributeNumbers[lookup.attribute] ?? 0
      let routes = lookup.routes.map { route in
        (key: route.value.lookupKey, value: versionNumbers[route.version] ?? 0)
      }
      encoded.target = maps.addMap(routes, &texts)
    case .experiment:
      // No document gets here yet: the checker does not read experiments.
      plan.report(.unsupported, "experiments cannot be encoded", at: rule.mark)
    }
    return encoded
  }

  private mutating func assemble() -> [UInt8] {
    for entry in placements.records { append(entry, to: .placements) }
    for entry in placements.lists { append(entry, to: .clusterLists) }
    sections[.maps] = maps.directory
    sections[.mapData] = maps.data
    sections[.configKeys] = configs.keys
    sections[.configs] = configs.configs
    sections[.configEntries] = configs.entries
    sections[.text] = texts.writer
    // Sizes first: the index and the order name offsets from the image's start.
    let slots = HashIndex.slotCount(useCaseStarts.count)
    func size(_ section: Section) -> Int {
      switch section {
      case .useCaseIndex: slots * 8
      case .useCaseOrder: useCaseStarts.count * 4
      default: sections[section]?.count ?? 0
      }
    }
    var offsets: [Section: Int] = [:]
    var next = Format.headerBytes
    for section in Section.allCases {
      offsets[section] = next
      next = (next + size(section) + 63) & ~63
    }
    let base = offsets[.useCases] ?? 0
    let starts = useCaseStarts.map { UInt32(truncatingIfNeeded: base + $0) }
    for slot in HashIndex.encode(zip(useCaseHashes, starts).map { (hash: $0, value: $1) }) {
      append(slot, to: .useCaseIndex)
    }
    for start in starts { append(start, to: .useCaseOrder) }

    var image = ByteWriter()
    image.append(Format.magic)
    image.append(Format.version)
    image.append(UInt32(Format.headerBytes))
    image.appendZeros(16)
    image.append(UInt64(next + Format.tailBytes))
    image.append(Format.hashName)
    image.appendZeros(Format.sectionTable - image.count)
    for section in Section.allCases {
      image.append(UInt32(truncatingIfNeeded: offsets[section] ?? 0))
      image.append(UInt32(truncatingIfNeeded: size(section)))
    }
    image.appendZeros(Format.headerBytes - image.count)
    for section in Section.allCases {
      image.append(sections[section]?.bytes ?? [])
      image.align(64)
    }
    image.appendZeros(Format.tailBytes)
    let digest = image.bytes.withBytes { $0.digest(from: Format.digestFrom) }
    image.patch(digest.low, at: 16)
    image.patch(digest.high, at: 24)
    return image.bytes
  }
}

/// Where model versions run: lists of clusters, each once.
private struct PlacementEncoder {
  private(set) var records: [UInt32] = []
  private(set) var lists: [UInt32] = []
  private var numbers: [[UInt32]: UInt32] = [:]

  mutating func add(_ placement: Placement, _ clusters: [String: UInt32]) -> UInt32 {
    guard case .list(let names) = placement.choices.last?.clusters else { return 0 }
    let list = names.compactMap { clusters[$0] }
    if let number = numbers[list] { return number }
    let number = UInt32(truncatingIfNeeded: numbers.count)
    numbers[list] = number
    records.append(UInt32(truncatingIfNeeded: lists.count))
    records.append(UInt32(truncatingIfNeeded: list.count))
    records.append(contentsOf: [0, 0, 0, 0, 0, 0])
    lists.append(contentsOf: list)
    return number
  }
}

extension AttributeType {
  fileprivate var code: Turnout.AttributeType {
    switch self {
    case .string: .string
    case .number: .number
    case .boolean: .boolean
    case .version: .version
    }
  }
}
