/// A use case's rules, with their tests, their allocations and the versions of their cells.
extension Validation {
  /// Returns for each rule how many cells its experiment has; 0 for other rules.
  mutating func checkRules(_ ordinal: Int, _ record: inout Record) throws(TurnoutError) -> [Int] {
    let rules = Int(try u16(record.at + Layout.UseCase.ruleCount))
    try check((1...Format.rulesPerUseCaseMax).contains(rules), record.at, "\(rules) rules")
    try record.take(self, try u32(record.at + Layout.UseCase.rules), rules * Layout.Rule.bytes)
    let rulesAt = record.cursor - rules * Layout.Rule.bytes
    var experiments: Set<UInt32> = []
    var cells: [Int] = []
    for rule in 0..<rules {
      let at = rulesAt + rule * Layout.Rule.bytes
      try checkRule(at, of: AllocationOwner(.split, ordinal, rule), &record)
      var ownCells = 0
      if try u8(at) == RuleKind.experiment.rawValue {
        ownCells = try checkCellVersions(at, &record)
        let isNew = experiments.insert(try u32(at + Layout.Rule.target)).inserted
        try check(isNew, at, "a use case names an experiment twice")
      }
      cells.append(ownCells)
    }
    try check(experiments.count <= Format.cellsPerDecisionMax, record.at, "too many experiments")
    let lastAt = rulesAt + (rules - 1) * Layout.Rule.bytes
    let last = RuleKind(rawValue: try u8(lastAt))
    let tests = try u16(lastAt + Layout.Rule.testCount)
    let isGuarded = try u8(lastAt + Layout.Rule.guardAttributes) != Layout.Rule.noGuard
    try check(
      tests == 0 && !isGuarded && (last == .route || last == .split), lastAt,
      "the last rule does not always decide")
    return cells
  }

  private mutating func checkRule(
    _ at: Int, of owner: AllocationOwner, _ record: inout Record
  ) throws(TurnoutError) {
    try checkTests(
      try u32(at + Layout.Rule.tests), Int(try u16(at + Layout.Rule.testCount)), &record)
    try checkGuards(at, record)
    try checkUnit(at + Layout.Rule.unit)
    let placement = try u32(at + Layout.Rule.placement)
    try checkOptional(placement, in: .placements, at: at)
    let config = try u32(at + Layout.Rule.config)
    try checkOptional(config, in: .configs, at: at)
    let name = Int(try u16(at + Layout.Rule.nameBytes))
    try check(name <= Format.nameBytesMax, at, "a name has \(name) bytes")
    try record.checkText(self, try int(at + Layout.Rule.name), name, at: at)

    let target = try u32(at + Layout.Rule.target)
    let attribute = try int(at + Layout.Rule.attribute)
    let kind = RuleKind(rawValue: try u8(at))
    try check(
      attribute == 0 || kind == .lookup || kind == .experiment, at, "an attribute of no lookup")
    switch kind {
    case .route:
      try check(target, in: .versions, at: at)
    case .split:
      let size = try checkAllocation(
        record.aligned, limit: record.end, of: owner, 0..<count(.versions))
      try record.take(self, target, size)
    case .lookup:
      try check(attribute < count(.attributes), at, "no such attribute")
      let map = try takeMap(target, at: at)
      for entry in 0..<map.count {
        let valueAt = map.values + entry * Layout.Map.entryBytes
        try check(try u32(valueAt), in: .versions, at: valueAt)
      }
    case .experiment:
      try check(target, in: .experiments, at: at)
      try check(placement == 0 && config == 0, at, "an experiment with a placement or a config")
    case nil:
      throw corrupt(at, "no such kind of rule")
    }
  }

  private func checkGuards(_ at: Int, _ record: Record) throws(TurnoutError) {
    var isOver = false
    var filters = 0
    for number in 0..<Layout.Rule.guardsMax {
      let attribute = try u8(at + Layout.Rule.guardAttributes + number)
      let keyAt = at + Layout.Rule.guardKeys + number * 8
      if attribute == Layout.Rule.noGuard {
        isOver = true
        try checkZero(keyAt, keyAt + 8)
        continue
      }
      try check(!isOver, at, "a guard after none")
      try checkAttribute(Int(attribute), is: .string, at: at)
      let key = try u64(keyAt)
      if filters > 0 || key >= Format.longKey {
        try checkFilter(filters, attribute, key, of: at, record)
        filters += 1
      } else {
        try checkKey(keyAt)
      }
    }
  }

  /// A guard whose test is among the rule's, too, with this number.
  private func checkFilter(
    _ number: Int, _ attribute: UInt8, _ key: UInt64, of at: Int, _ record: Record
  ) throws(TurnoutError) {
    try check(number < Int(try u16(at + Layout.Rule.testCount)), at, "a filter without a test")
    let testAt = record.at + (try int(at + Layout.Rule.tests)) + number * Layout.Test.bytes
    try check(
      try u16(testAt + Layout.Test.attribute) == UInt16(attribute), at,
      "a filter of another attribute than its test's")
    try check(
      try u16(testAt + Layout.Test.onFalse) == Format.fails, at, "a filter of a test that may fail")
    if number > 0 {
      let before = testAt - Layout.Test.bytes
      try check(
        Int(try u16(before + Layout.Test.onTrue)) == number, at, "a filter of a test that is left out")
    }
    var own: UInt64?
    switch TestKind(rawValue: try u8(testAt)) {
    case .stringIs: own = try u64(testAt + Layout.Test.operand)
    case .stringEqual:
      let text = record.at + (try int(testAt + Layout.Test.operand))
      let count = try int(testAt + Layout.Test.operandCount)
      own = bytes.copy(text, min(count, Format.keyTextBytesMax + 1)).map(Format.key)
    default: break
    }
    try check(own == key, at, "a filter of another text than its test's")
  }

  /// Returns how many cells the rule's experiment has.
  private func checkCellVersions(_ at: Int, _ record: inout Record) throws(TurnoutError) -> Int {
    let experiment = try int(at + Layout.Rule.target)
    let cells = try int(
      offset(.experiments) + experiment * Section.experiments.stride + Layout.Experiment.cellCount)
    let versions = try u32(at + Layout.Rule.cellVersions)
    if versions == 0 { return cells }
    try record.take(self, versions, cells * 4)
    for cell in 0..<cells {
      let versionAt = record.cursor - (cells - cell) * 4
      try checkOptional(try u32(versionAt), in: .versions, at: versionAt)
    }
    return cells
  }
}
