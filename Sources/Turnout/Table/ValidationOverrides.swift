/// A use case's overrides: a map from units to model versions and to lists of cells.
extension Validation {
  @inline(__always)
  func checkOverrides(
    _ rules: Rules, _ record: inout Record, _ taken: inout Taken
  ) throws(Fault) {
    let reference = u32(record.at &+ Layout.UseCase.overrides)
    if reference != 0 { try checkOverrides(reference &- 1, rules, &record, &taken) }
  }

  private func checkOverrides(
    _ map: UInt32, _ rules: Rules, _ record: inout Record, _ taken: inout Taken
  ) throws(Fault) {
    let map = try takeMap(map, at: record.at, &taken)
    let firstList = record.aligned
    for entry in 0..<map.count {
      let valueAt = map.values &+ entry &* Layout.Map.entryBytes
      let value = u32(valueAt)
      if value & Layout.Override.isList == 0 {
        try check(value, in: .versions, at: valueAt)
        continue
      }
      let listAt = record.at &+ Int(value & ~Layout.Override.isList)
      // A list is a part of the record where the first entry names it. Later ones may name it again, and
      // then it is read again, which is sooner done than remembered: it is short.
      if listAt >= record.aligned {
        let size = try checkList(record.aligned, end: record.end, rules)
        _ = try record.take(value & ~Layout.Override.isList, size)
      } else {
        try check(
          listAt >= firstList && listAt % 8 == 0, valueAt, "no such list of overrides")
        _ = try checkList(listAt, end: record.cursor, rules)
      }
    }
  }

  /// The list at `at`, which ends by `end`; returns its size.
  private func checkList(_ at: Int, end: Int, _ rules: Rules) throws(Fault) -> Int {
    try check(
      Layout.Override.entries <= end &- at, at, "a list of overrides reaches outside")
    let entries = int(at &+ Layout.Override.count)
    try check(entries <= Format.cellsPerDecisionMax, at, "a list of too many overrides")
    let size = Layout.Override.entries &+ entries &* Layout.Override.entryBytes
    try check(size <= end &- at, at, "a list of overrides reaches outside")
    var least = 0
    for entry in 0..<entries {
      let entryAt = at &+ Layout.Override.entries &+ entry &* Layout.Override.entryBytes
      let part = Int(u16(entryAt &+ Layout.Override.rule))
      try check(part >= least && part < rules.count, entryAt, "rules are not in order")
      let rule = rules.at &+ part &* Layout.Rule.bytes
      try check(u8(rule) == RuleKind.experiment.rawValue, entryAt, "no such cell")
      let cell = Int(u16(entryAt &+ Layout.Override.cell))
      try check(cell < cellCount(int(rule &+ Layout.Rule.target)), entryAt, "no such cell")
      least = part &+ 1
    }
    return size
  }
}
