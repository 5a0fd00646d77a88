/// Use-case records: contiguous, one after the other, each laid out in one order.
extension Validation {
  mutating func checkUseCases() throws(TurnoutError) {
    let records = count(.useCaseOrder)
    var next = offset(.useCases)
    for ordinal in 0..<records {
      let orderAt = offset(.useCaseOrder) + ordinal * Section.useCaseOrder.stride
      try check(try int(orderAt) == next, orderAt, "use cases do not follow each other")
      useCases.append(next)
      next += try checkUseCase(next, ordinal: ordinal)
    }
    try check(next == end(.useCases), next, "use cases that the order lacks")
    try checkIndex(.useCaseIndex, records: records) { (entry) throws(TurnoutError) in
      let at = Int(entry)
      try check(
        at % 64 == 0 && at >= offset(.useCases) && at < end(.useCases), offset(.useCaseIndex),
        "no such use case")
      let ordinal = try int(at + Layout.UseCase.ordinal)
      try check(ordinal < records && useCases[ordinal] == at, at, "no such use case")
      let name = Int(try u16(at + Layout.UseCase.nameBytes))
      guard let hash = bytes.hash64(at + Layout.UseCase.name, name) else {
        throw corrupt(at, "it ends too early")
      }
      return (ordinal, hash)
    }
  }

  /// Returns the record's size.
  private mutating func checkUseCase(_ at: Int, ordinal: Int) throws(TurnoutError) -> Int {
    let size = try int(at)
    try check(size >= 64 && size % 64 == 0 && size <= end(.useCases) - at, at, "a use case's size")
    try checkNameBytes(at + Layout.UseCase.nameBytes)
    let name = Int(try u16(at + Layout.UseCase.nameBytes))
    let flags = try u8(at + Layout.UseCase.flags)
    let knownFlags = Layout.UseCase.flagDisabled | Layout.UseCase.flagRefuse
    try check(flags & ~knownFlags == 0, at, "unknown flags")
    try checkUnit(at + Layout.UseCase.unit)
    try check(try int(at + Layout.UseCase.ordinal) == ordinal, at, "a use case out of order")
    try checkOptional(try u32(at + Layout.UseCase.config), in: .configs, at: at)

    var record = Record(at: at, end: at + size, cursor: at + Layout.UseCase.name + name)
    try checkRequires(&record)
    let cells = try checkRules(ordinal, &record)
    try checkShadows(ordinal, &record)
    try checkOverrides(cells, &record)
    try record.finish(self, stride: Section.useCases.stride)
    return size
  }

  private func checkRequires(_ record: inout Record) throws(TurnoutError) {
    let requires = Int(try u16(record.at + Layout.UseCase.requireCount))
    try check(requires <= Format.requiresMax, record.at, "too many requires")
    try record.take(self, try u32(record.at + Layout.UseCase.requires), requires * 2)
    for i in 0..<requires {
      let entryAt = record.cursor - (requires - i) * 2
      let entry = try u16(entryAt)
      let number = Int(entry & ~Layout.UseCase.requireUnit)
      let limit = entry & Layout.UseCase.requireUnit != 0 ? count(.units) : count(.attributes)
      try check(number < limit, entryAt, "no such attribute or unit")
    }
  }
}
