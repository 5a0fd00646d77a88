import Turnout

/// What of a request the answers of a use case depend on: the tests that it makes anywhere between the
/// rules and the shards, what it looks up, when its experiments begin and end, and which units it names.
struct ContextSurvey {
  /// Conditions as lists of tests, each once for each place.
  private(set) var conditions: [[ContextTest]] = []
  /// What is tested or looked up, in the order in which it comes.
  private(set) var subjects: [ContextTest.Subject] = []
  private(set) var tests: [ContextTest.Subject: [ContextTest]] = [:]
  /// What the values of a subject that is looked up lead to, for each side.
  private(set) var lookups: [ContextTest.Subject: [[Request.Value: String]]] = [:]
  private(set) var types: [String: Turnout.AttributeType] = [:]
  /// When windows open or close.
  private(set) var times: Set<Int64> = []
  /// Units other than the primary one by which something is drawn.
  private(set) var otherUnits: [String] = []
  /// Whether anything concerns production alone, or other classes.
  private(set) var hasTraffic = false
  private(set) var required: [String] = []
  /// The units that are named, in overrides and conditions.
  private(set) var listedUnits: Set<[UInt8]> = []
  private(set) var overriddenUnits: Set<[UInt8]> = []
  private(set) var omittedUnitCount = 0

  /// Whether values may be told apart by more than is tried.
  private(set) var isPartial = false

  static let listedUnitsMax = 100_000
  private let unitsMax: Int

  /// A part of what was read already, so that it is read once.
  private var seenPlacements: Set<Int> = []
  private var seenVersions: Set<Int> = []

  /// Reads what both tables have of a use case; nil where there is none. No more units are listed than
  /// `unitsMax`.
  init(_ sides: [(records: TableRecords, useCase: Int?)], unitsMax: Int) {
    self.unitsMax = min(unitsMax, Self.listedUnitsMax)
    for (index, side) in sides.enumerated() {
      seenPlacements = []
      seenVersions = []
      if let useCase = side.useCase { read(useCase, side.records, index) }
    }
  }

  private mutating func read(_ useCase: Int, _ records: TableRecords, _ side: Int) {
    let requires = useCase + records.u32(useCase + Layout.UseCase.requires)
    for index in 0..<records.u16(useCase + Layout.UseCase.requireCount) {
      let entry = records.u16(requires + index * 2)
      if entry & Int(Layout.UseCase.requireUnit) == 0 {
        let name = records.name(.attributes, entry)
        if !required.contains(name) { required.append(name) }
        note(attribute: entry, records)
      }
    }
    read(unit: records.u8(useCase + Layout.UseCase.unit), records)
    for number in 0..<records.ruleCount(useCase) {
      read(rule: records.rule(number, of: useCase), of: useCase, records, side)
    }
    for number in 0..<records.shadowCount(useCase) {
      let shadow = records.shadow(number, of: useCase)
      read(condition: records.u32(shadow + Layout.Shadow.condition), records)
      read(traffic: records.u32(shadow + Layout.Shadow.traffic), records)
      read(unit: records.u8(shadow + Layout.Shadow.unit), records)
      read(version: records.u32(shadow + Layout.Shadow.version), records)
    }
    let overrides = records.u32(useCase + Layout.UseCase.overrides)
    if overrides != 0 {
      hasTraffic = true
      for entry in TableMap(overrides - 1, of: records) {
        list(entry.key, isOverridden: true)
        if UInt32(truncatingIfNeeded: entry.value) & Layout.Override.isList == 0 {
          read(version: entry.value, records)
        }
      }
    }
  }

  private mutating func list(_ unit: [UInt8], isOverridden: Bool = false) {
    guard listedUnits.count < unitsMax || listedUnits.contains(unit) else {
      omittedUnitCount += 1
      return
    }
    listedUnits.insert(unit)
    if isOverridden { overriddenUnits.insert(unit) }
  }

  private mutating func note(attribute number: Int, _ records: TableRecords) {
    if let attribute = records.attribute(number) { types[attribute.name] = attribute.type }
  }

  // MARK: Rules

  private mutating func read(
    rule: Int, of useCase: Int, _ records: TableRecords, _ side: Int
  ) {
    let target = records.u32(rule + Layout.Rule.target)
    var tests: [ContextTest] = []
    for guarding in 0..<Layout.Rule.guardsMax {
      let attribute = records.u8(rule + Layout.Rule.guardAttributes + guarding)
      guard attribute != Int(Layout.Rule.noGuard),
        let text = ContextTest.text(
          ofKey: records.u64(rule + Layout.Rule.guardKeys + guarding * 8))
      else { continue }
      note(attribute: attribute, records)
      let subject = ContextTest.Subject.attribute(records.name(.attributes, attribute))
      tests.append(
        ContextTest(
          subject: subject, kind: .stringEqual, values: [text], onTrue: 0, onFalse: Format.fails))
    }
    let count = records.u16(rule + Layout.Rule.testCount)
    let written = read(
      tests: useCase + records.u32(rule + Layout.Rule.tests), count, in: useCase, records)
    add(guards: tests, written)
    let own = records.u32(rule + Layout.Rule.placement)
    if own != 0 { read(placement: own - 1, records) }
    switch RuleKind(rawValue: UInt8(records.u8(rule))) {
    case .route: read(version: target, records)
    case .split:
      read(unit: records.u8(rule + Layout.Rule.unit), records)
      for version in Set(records.intervals(useCase + target).map(\.target)) {
        read(version: version, records)
      }
    case .lookup:
      let attribute = records.u32(rule + Layout.Rule.attribute)
      note(attribute: attribute, records)
      read(lookup: target, records.name(.attributes, attribute), records, side)
    case .experiment:
      read(experiment: target, records)
      let versions = records.u32(rule + Layout.Rule.cellVersions)
      if versions != 0 {
        let cells = records.u32(records.record(.experiments, target) + Layout.Experiment.cellCount)
        for cell in 0..<cells {
          let version = records.u32(useCase + versions + cell * 4)
          if version != 0 { read(version: version - 1, records) }
        }
      }
    case nil: break
    }
  }

  private mutating func read(
    lookup map: Int, _ attribute: String, _ records: TableRecords, _ side: Int
  ) {
    let subject = ContextTest.Subject.attribute(attribute)
    note(subject)
    var lists = lookups[subject] ?? [[:], [:]]
    for entry in TableMap(map, of: records) {
      read(version: entry.value, records)
      guard let value = Self.value(entry.key, types[attribute]) else { continue }
      // Several rules may look up one attribute: together they say where a value leads.
      lists[side][value, default: ""] += records.target(entry.value) + " "
    }
    lookups[subject] = lists
  }

  /// The value that is a map's key.
  private static func value(
    _ key: [UInt8], _ type: Turnout.AttributeType?
  ) -> Request.Value? {
    switch type {
    case .string, .version: return .string(String(decoding: key, as: UTF8.self))
    case .boolean: return key.first.map { .boolean($0 != 0) }
    case .number:
      return .number(
        Double(bitPattern: key.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }))
    case nil: return nil
    }
  }

  private mutating func note(_ subject: ContextTest.Subject) {
    if tests[subject] != nil { return }
    subjects.append(subject)
    tests[subject] = []
  }

  private mutating func read(experiment number: Int, _ records: TableRecords) {
    hasTraffic = true
    let record = records.record(.experiments, number)
    let flags = UInt8(records.u8(record + Layout.Experiment.flags))
    if flags & Layout.Experiment.flagWindow != 0 {
      times.insert(Int64(bitPattern: records.u64(record + Layout.Experiment.starts)))
      times.insert(Int64(bitPattern: records.u64(record + Layout.Experiment.ends)))
    }
    read(condition: records.u32(record + Layout.Experiment.condition), records)
    read(traffic: records.u32(record + Layout.Experiment.traffic), records)
    let layer = records.record(.layers, records.u32(record + Layout.Experiment.layer))
    read(unit: records.u8(layer + Layout.Layer.unit), records)
    for number in records.holdouts(ofLayer: layer) {
      let holdout = records.record(.holdouts, number)
      read(traffic: records.u32(holdout + Layout.Holdout.traffic), records)
      read(unit: records.u8(holdout + Layout.Holdout.unit), records)
    }
  }

  // MARK: Placements

  private mutating func read(version: Int, _ records: TableRecords) {
    guard seenVersions.insert(version).inserted else { return }
    let record = records.record(.versions, version)
    read(placement: records.u32(record + Layout.Version.placement), records)
  }

  private mutating func read(placement: Int, _ records: TableRecords) {
    guard seenPlacements.insert(placement).inserted else { return }
    let record = records.record(.placements, placement)
    let split = records.u32(record + Layout.Placement.split)
    if split != 0 {
      for cluster in Set(records.intervals(records.allocation(split)).map(\.target)) {
        read(cluster: cluster, records)
      }
    } else {
      let list = records.u32(record + Layout.Placement.firstCluster)
      read(cluster: records.u32(records.record(.clusterLists, list)), records)
    }
    let condition = records.u32(record + Layout.Placement.condition)
    guard condition != 0 else { return }
    read(condition: condition, records)
    read(placement: records.u32(record + Layout.Placement.next), records)
  }

  private mutating func read(cluster: Int, _ records: TableRecords) {
    let record = records.record(.clusters, cluster)
    if records.u32(record + Layout.Cluster.allocation) != 0 {
      read(unit: records.u8(record + Layout.Cluster.unit), records)
    }
  }

  private mutating func read(unit: Int, _ records: TableRecords) {
    if unit == 0 { return }
    let name = records.name(.units, unit)
    if !otherUnits.contains(name) { otherUnits.append(name) }
  }

  private mutating func read(traffic reference: Int, _ records: TableRecords) {
    hasTraffic = true
    guard reference != 0 else { return }
    add(
      ContextTest(
        subject: .attribute(RequestWords.traffic), kind: .stringInMap,
        values: TableSet(reference - 1, of: records)
          .map { .string(String(decoding: $0, as: UTF8.self)) },
        onTrue: Format.holds, onFalse: Format.fails))
  }

  // MARK: Conditions

  private mutating func read(condition reference: Int, _ records: TableRecords) {
    guard reference != 0 else { return }
    let block = records.start(.conditions) + reference - 1
    let tests = read(
      tests: block + Layout.Condition.tests, records.u16(block + Layout.Condition.testCount),
      in: block, records)
    add(guards: [], tests)
  }

  private mutating func read(
    tests: Int, _ count: Int, in base: Int, _ records: TableRecords
  ) -> [ContextTest] {
    for number in 0..<count {
      let attribute = records.u16(tests + number * Layout.Test.bytes + Layout.Test.attribute)
      if attribute != Int(Layout.Test.unit) { note(attribute: attribute, records) }
    }
    let read = ContextTest.read(tests, count: count, in: base, records)
    for (number, test) in read.enumerated() where test.subject == .unit && test.isMembership {
      guard test.kind.operand == .map else {
        for case .string(let text) in test.values { list(Array(text.utf8)) }
        continue
      }
      let operand = records.u32(tests + number * Layout.Test.bytes + Layout.Test.operand)
      let units = TableSet(operand, of: records)
      for unit in units.prefix(unitsMax) { list(unit) }
      omittedUnitCount += max(0, units.count - unitsMax)
    }
    return read
  }

  private mutating func add(guards: [ContextTest], _ tests: [ContextTest]) {
    for test in guards + tests { add(test) }
    guard !guards.isEmpty || !tests.isEmpty else { return }
    var all = guards
    for (index, _) in guards.enumerated() {
      let isLast = index == guards.count - 1 && tests.isEmpty
      all[index].onTrue = isLast ? Format.holds : UInt16(index + 1)
    }
    for var test in tests {
      if test.onTrue < Format.fails { test.onTrue += UInt16(guards.count) }
      if test.onFalse < Format.fails { test.onFalse += UInt16(guards.count) }
      all.append(test)
    }
    conditions.append(all)
  }

  private mutating func add(_ test: ContextTest) {
    // Units that are named are resolved one by one.
    if test.subject == .unit, test.isMembership { return }
    note(test.subject)
    let known = tests[test.subject] ?? []
    isPartial =
      isPartial || test.values.count >= ContextTest.valuesMax
      || (test.isOfParts || known.contains(where: \.isOfParts)) && !known.isEmpty
      || test.kind.type == .version
        && test.values.contains { value in
          if case .string(let text) = value { return text.contains("-") }
          return false
        }
    if tests[test.subject]?.contains(where: { $0.isAlike(test) }) != true {
      tests[test.subject]?.append(test)
    }
  }
}
