/// A use case's rules, with their tests, their allocations and the versions of their cells.
extension Validation {
  /// The rules of a record that have been checked.
  struct Rules {
    let at: Int
    let count: Int
  }

  @inline(__always)
  func checkRules(
    _ ordinal: Int, _ record: inout Record, _ taken: inout Taken
  ) throws(Fault) -> Rules {
    let count = Int(u16(record.at &+ Layout.UseCase.ruleCount))
    try check(
      count >= 1 && count <= Format.rulesPerUseCaseMax, record.at, "no rules, or too many")
    let start = try record.take(
      u32(record.at &+ Layout.UseCase.rules), count &* Layout.Rule.bytes)
    var experiments = 0
    for part in 0..<count {
      let at = start &+ part &* Layout.Rule.bytes
      let isExperiment = try checkRule(at, ordinal, part, &record, &taken)
      if isExperiment {
        experiments &+= 1
        try check(experiments <= Format.cellsPerDecisionMax, record.at, "too many experiments")
        try checkIsNew(at, start)
        try checkCellVersions(at, &record)
      }
    }
    let lastAt = start &+ (count &- 1) &* Layout.Rule.bytes
    let last = u8(lastAt)
    try check(
      u16(lastAt &+ Layout.Rule.testCount) == 0
        && u8(lastAt &+ Layout.Rule.guardAttributes) == Layout.Rule.noGuard
        && (last == RuleKind.route.rawValue || last == RuleKind.split.rawValue), lastAt,
      "the last rule does not always decide")
    return Rules(at: start, count: count)
  }

  /// Returns whether the rule is an experiment.
  @inline(__always)
  private func checkRule(
    _ at: Int, _ ordinal: Int, _ part: Int, _ record: inout Record, _ taken: inout Taken
  ) throws(Fault) -> Bool {
    try checkTests(
      u32(at &+ Layout.Rule.tests), Int(u16(at &+ Layout.Rule.testCount)), &record)
    try checkGuards(at, record)
    try checkUnit(at &+ Layout.Rule.unit)
    let placement = u32(at &+ Layout.Rule.placement)
    try checkOptional(placement, in: .placements, at: at)
    let config = u32(at &+ Layout.Rule.config)
    try checkOptional(config, in: .configs, at: at)
    let name = Int(u16(at &+ Layout.Rule.nameBytes))
    try check(name <= Format.nameBytesMax, at, "a name has too many bytes")
    try record.checkText(int(at &+ Layout.Rule.name), name, at: at)

    let target = u32(at &+ Layout.Rule.target)
    let attribute = int(at &+ Layout.Rule.attribute)
    let kind = u8(at)
    try check(
      attribute == 0 || kind == RuleKind.lookup.rawValue || kind == RuleKind.experiment.rawValue,
      at, "an attribute of no lookup")
    switch kind {
    case RuleKind.route.rawValue:
      try check(target, in: .versions, at: at)
    case RuleKind.split.rawValue:
      let size = try checkAllocation(
        record.aligned, limit: record.end, of: AllocationOwner(.split, ordinal, part),
        0..<count(.versions))
      _ = try record.take(target, size)
      try takeLineage(.split, ordinal, part, at: at, &taken)
    case RuleKind.lookup.rawValue:
      try check(attribute < count(.attributes), at, "no such attribute")
      let map = try takeMap(target, at: at, &taken)
      for entry in 0..<map.count {
        let valueAt = map.values &+ entry &* Layout.Map.entryBytes
        try check(u32(valueAt), in: .versions, at: valueAt)
      }
    case RuleKind.experiment.rawValue:
      try check(target, in: .experiments, at: at)
      try check(placement == 0 && config == 0, at, "an experiment with a placement or a config")
    default: throw Fault(at, "no such kind of rule")
    }
    return kind == RuleKind.experiment.rawValue
  }

  /// No rule from `first` on and before `at` names the same experiment. A record has few rules.
  private func checkIsNew(_ at: Int, _ first: Int) throws(Fault) {
    let experiment = u32(at &+ Layout.Rule.target)
    var other = first
    while other < at {
      try check(
        u8(other) != RuleKind.experiment.rawValue || u32(other &+ Layout.Rule.target) != experiment,
        at, "a use case names an experiment twice")
      other &+= Layout.Rule.bytes
    }
  }

  private func checkCellVersions(_ at: Int, _ record: inout Record) throws(Fault) {
    let versions = u32(at &+ Layout.Rule.cellVersions)
    if versions == 0 { return }
    let cells = cellCount(int(at &+ Layout.Rule.target))
    let start = try record.take(versions, cells &* 4)
    for cell in 0..<cells {
      let versionAt = start &+ cell &* 4
      try checkOptional(u32(versionAt), in: .versions, at: versionAt)
    }
  }

  /// How many cells an experiment has.
  func cellCount(_ experiment: Int) -> Int {
    int(record(.experiments, experiment) &+ Layout.Experiment.cellCount)
  }
}
