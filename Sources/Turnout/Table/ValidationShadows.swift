/// A use case's shadows.
extension Validation {
  @inline(__always)
  func checkShadows(
    _ ordinal: Int, _ record: inout Record, _ taken: inout Taken
  ) throws(Fault) {
    let shadows = int(record.at &+ Layout.UseCase.shadowCount)
    try check(shadows <= Format.shadowsPerUseCaseMax, record.at, "too many shadows")
    let start = try record.take(
      u32(record.at &+ Layout.UseCase.shadows), shadows &* Layout.Shadow.bytes)
    for part in 0..<shadows {
      try checkShadow(start &+ part &* Layout.Shadow.bytes, ordinal, part, &record, &taken)
    }
  }

  private func checkShadow(
    _ at: Int, _ ordinal: Int, _ part: Int, _ record: inout Record, _ taken: inout Taken
  ) throws(Fault) {
    try checkNameBytes(at &+ Layout.Shadow.nameBytes)
    let name = Int(u16(at &+ Layout.Shadow.nameBytes))
    try record.checkText(int(at &+ Layout.Shadow.name), name, at: at)
    try checkUnit(at &+ Layout.Shadow.unit)
    let flags = u8(at &+ Layout.Shadow.flags)
    try check(flags & ~Layout.Shadow.flagByRequest == 0, at, "unknown flags")
    try check(u32(at &+ Layout.Shadow.version), in: .versions, at: at)
    _ = try checkCondition(at &+ Layout.Shadow.condition, taken)
    try checkTraffic(at &+ Layout.Shadow.traffic)
    try check(int(at &+ Layout.Shadow.number) == taken.shadows, at, "a shadow out of order")
    taken.shadows &+= 1
    try checkZero(at &+ 28, at &+ Layout.Shadow.bytes)

    let size = try checkAllocation(
      record.aligned, limit: record.end, of: AllocationOwner(.sample, ordinal, part), 0..<1)
    _ = try record.take(u32(at &+ Layout.Shadow.allocation), size)
    try takeLineage(.sample, ordinal, part, at: at, &taken)
  }
}
