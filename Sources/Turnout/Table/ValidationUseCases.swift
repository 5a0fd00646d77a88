/// Use-case records: contiguous, one after the other, each laid out in one order.
extension Validation {
  func checkUseCases(_ taken: inout Taken) throws(Fault) {
    let records = count(.useCaseOrder)
    let end = end(.useCases)
    let slots = try slots(
      at: offset(.useCaseIndex), count: count(.useCaseIndex), records: records)
    var next = offset(.useCases)
    for ordinal in 0..<records {
      let orderAt = record(.useCaseOrder, ordinal)
      try check(
        int(orderAt) == next && next < end, orderAt, "use cases do not follow each other")
      let size = try checkUseCase(next, ordinal: ordinal, sectionEnd: end, &taken)
      let name = Int(u16(next &+ Layout.UseCase.nameBytes))
      try check(next, hash: image.hash64(next &+ Layout.UseCase.name, name), in: slots)
      next &+= size
    }
    try check(next == end, next, "use cases that the order lacks")
  }

  /// Returns the record's size. The section has 64 bytes more at `at`, as the smallest record has.
  @inline(__always)
  private func checkUseCase(
    _ at: Int, ordinal: Int, sectionEnd: Int, _ taken: inout Taken
  ) throws(Fault) -> Int {
    let size = int(at)
    try check(
      size >= 64 && size % 64 == 0 && size <= sectionEnd &- at, at, "a use case's size")
    try checkNameBytes(at &+ Layout.UseCase.nameBytes)
    let name = Int(u16(at &+ Layout.UseCase.nameBytes))
    try check(Layout.UseCase.name &+ name <= size, at, "a name lies outside its use case")
    let flags = u8(at &+ Layout.UseCase.flags)
    let knownFlags = Layout.UseCase.flagDisabled | Layout.UseCase.flagRefuse
    try check(flags & ~knownFlags == 0, at, "unknown flags")
    try checkUnit(at &+ Layout.UseCase.unit)
    try check(int(at &+ Layout.UseCase.ordinal) == ordinal, at, "a use case out of order")
    try checkOptional(u32(at &+ Layout.UseCase.config), in: .configs, at: at)

    var record = Record(
      image, at: at, end: at &+ size, cursor: at &+ Layout.UseCase.name &+ name)
    try checkRequires(&record)
    let rules = try checkRules(ordinal, &record, &taken)
    try checkShadows(ordinal, &record, &taken)
    try checkOverrides(rules, &record, &taken)
    try record.finish(stride: Section.useCases.stride)
    return size
  }

  @inline(__always)
  private func checkRequires(_ record: inout Record) throws(Fault) {
    let requires = Int(u16(record.at &+ Layout.UseCase.requireCount))
    try check(requires <= Format.requiresMax, record.at, "too many requires")
    let start = try record.take(u32(record.at &+ Layout.UseCase.requires), requires &* 2)
    for i in 0..<requires {
      let entryAt = start &+ i &* 2
      let entry = u16(entryAt)
      let number = Int(entry & ~Layout.UseCase.requireUnit)
      let limit = entry & Layout.UseCase.requireUnit != 0 ? count(.units) : count(.attributes)
      try check(number < limit, entryAt, "no such attribute or unit")
    }
  }
}
