/// A use case's shadows and overrides.
extension Validation {
  mutating func checkShadows(_ ordinal: Int, _ record: inout Record) throws(TurnoutError) {
    let shadows = try int(record.at + Layout.UseCase.shadowCount)
    try check(shadows <= Format.shadowsPerUseCaseMax, record.at, "\(shadows) shadows")
    try record.take(
      self, try u32(record.at + Layout.UseCase.shadows), shadows * Layout.Shadow.bytes)
    let shadowsAt = record.cursor - shadows * Layout.Shadow.bytes
    for shadow in 0..<shadows {
      let at = shadowsAt + shadow * Layout.Shadow.bytes
      try checkNameBytes(at + Layout.Shadow.nameBytes)
      let name = Int(try u16(at + Layout.Shadow.nameBytes))
      try record.checkText(self, try int(at + Layout.Shadow.name), name, at: at)
      try checkUnit(at + Layout.Shadow.unit)
      let flags = try u8(at + Layout.Shadow.flags)
      try check(flags & ~Layout.Shadow.flagByRequest == 0, at, "unknown flags")
      try check(try u32(at + Layout.Shadow.version), in: .versions, at: at)
      _ = try checkCondition(at + Layout.Shadow.condition)
      try checkTraffic(at + Layout.Shadow.traffic)
      try check(try int(at + Layout.Shadow.number) == shadowCount, at, "a shadow out of order")
      shadowCount += 1
      try checkZero(at + 28, at + Layout.Shadow.bytes)

      let size = try checkAllocation(
        record.aligned, limit: record.end, of: AllocationOwner(.sample, ordinal, shadow), 0..<1)
      try record.take(self, try u32(at + Layout.Shadow.allocation), size)
    }
  }

  /// `cells` says of each rule how many cells its experiment has; 0 of other rules.
  mutating func checkOverrides(_ cells: [Int], _ record: inout Record) throws(TurnoutError) {
    let reference = try u32(record.at + Layout.UseCase.overrides)
    if reference == 0 { return }
    let map = try takeMap(reference - 1, at: record.at)
    // A list is a part of the record where the first entry names it; later ones may name it again.
    var lists: Set<UInt32> = []
    for entry in 0..<map.count {
      let valueAt = map.values + entry * Layout.Map.entryBytes
      let value = try u32(valueAt)
      if value & Layout.Override.isList == 0 {
        try check(value, in: .versions, at: valueAt)
      } else if lists.insert(value).inserted {
        try takeList(value & ~Layout.Override.isList, cells, &record)
      }
    }
  }

  private func takeList(
    _ offset: UInt32, _ cells: [Int], _ record: inout Record
  ) throws(TurnoutError) {
    let at = record.aligned
    try check(at <= record.end - Layout.Override.entries, at, "a list of overrides reaches outside")
    let entries = try int(at + Layout.Override.count)
    try check(entries <= Format.cellsPerDecisionMax, at, "a list of \(entries) overrides")
    try record.take(
      self, offset, Layout.Override.entries + entries * Layout.Override.entryBytes)
    var least = 0
    for entry in 0..<entries {
      let entryAt = at + Layout.Override.entries + entry * Layout.Override.entryBytes
      let rule = Int(try u16(entryAt + Layout.Override.rule))
      try check(rule >= least && rule < cells.count, entryAt, "rules are not in order")
      let cell = Int(try u16(entryAt + Layout.Override.cell))
      try check(cell < cells[rule], entryAt, "no such cell")
      least = rule + 1
    }
  }
}
