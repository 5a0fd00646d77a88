/// Use-case records: contiguous, one after the other, each laid out in one order.
extension Validation {
  mutating func checkUseCases() throws(TurnoutError) {
    let records = count(.useCaseOrder)
    var next = offset(.useCases)
    var nextLookup = 0
    for ordinal in 0..<records {
      let orderAt = offset(.useCaseOrder) + ordinal * Section.useCaseOrder.stride
      try check(try int(orderAt) == next, orderAt, "use cases do not follow each other")
      useCases.append(next)
      next += try checkUseCase(next, ordinal: ordinal, &nextLookup)
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
  private func checkUseCase(
    _ at: Int, ordinal: Int, _ nextLookup: inout Int
  ) throws(TurnoutError) -> Int {
    let size = try int(at)
    try check(size >= 64 && size % 64 == 0 && size <= end(.useCases) - at, at, "a use case's size")
    let name = Int(try u16(at + Layout.UseCase.nameBytes))
    try check((1...Format.nameBytesMax).contains(name), at, "a name has \(name) bytes")
    let flags = try u8(at + Layout.UseCase.flags)
    let knownFlags = Layout.UseCase.flagDisabled | Layout.UseCase.flagRefuse
    try check(flags & ~knownFlags == 0, at, "unknown flags")
    try check(Int(try u8(at + Layout.UseCase.unit)) < count(.units), at, "no such unit")
    try check(try int(at + Layout.UseCase.ordinal) == ordinal, at, "a use case out of order")
    try checkOptional(try u32(at + Layout.UseCase.config), in: .configs, at: at)
    try checkZero(at + 28, at + Layout.UseCase.name)

    var record = Record(at: at, end: at + size, cursor: at + Layout.UseCase.name + name)
    let requires = Int(try u16(at + Layout.UseCase.requireCount))
    try check(requires <= Format.requiresMax, at, "too many requires")
    try record.take(self, try u32(at + Layout.UseCase.requires), requires * 2)
    for i in 0..<requires {
      let entryAt = record.cursor - (requires - i) * 2
      let entry = try u16(entryAt)
      let number = Int(entry & ~Layout.UseCase.requireUnit)
      let limit = entry & Layout.UseCase.requireUnit != 0 ? count(.units) : count(.attributes)
      try check(number < limit, entryAt, "no such attribute or unit")
    }
    let rules = Int(try u16(at + Layout.UseCase.ruleCount))
    try check((1...Format.rulesPerUseCaseMax).contains(rules), at, "\(rules) rules")
    try record.take(self, try u32(at + Layout.UseCase.rules), rules * Layout.Rule.bytes)
    let rulesAt = record.cursor - rules * Layout.Rule.bytes
    for rule in 0..<rules {
      try checkRule(
        rulesAt + rule * Layout.Rule.bytes, isLast: rule == rules - 1, &record, &nextLookup)
    }
    return size
  }

  private func checkRule(
    _ at: Int, isLast: Bool, _ record: inout Record, _ nextLookup: inout Int
  ) throws(TurnoutError) {
    let tests = Int(try u16(at + Layout.Rule.testCount))
    try check(tests <= Format.testsPerRuleMax, at, "too many tests")
    try record.take(self, try u32(at + Layout.Rule.tests), tests * Layout.Test.bytes)
    let testsAt = record.cursor - tests * Layout.Test.bytes
    for test in 0..<tests {
      try checkTest(testsAt + test * Layout.Test.bytes, index: test, of: tests, &record)
    }
    let unit = try u8(at + Layout.Rule.unit)
    try check(Int(unit) < count(.units), at, "no such unit")
    try checkOptional(try u32(at + Layout.Rule.placement), in: .placements, at: at)
    try checkOptional(try u32(at + Layout.Rule.config), in: .configs, at: at)
    let name = Int(try u16(at + Layout.Rule.nameBytes))
    try check(name <= Format.nameBytesMax, at, "a name has \(name) bytes")
    try record.checkText(self, try int(at + Layout.Rule.name), name, at: at)
    try checkZero(at + 28, at + Layout.Rule.bytes)

    let target = try u32(at + Layout.Rule.target)
    let attribute = try u16(at + Layout.Rule.attribute)
    switch RuleKind(rawValue: try u8(at)) {
    case .route:
      try check(target, in: .versions, at: at)
      try check(attribute == 0, at, "a route with an attribute")
    case .split:
      let blockAt = record.aligned
      let size = try checkAllocation(blockAt, limit: record.end) { Int($0) < count(.versions) }
      try record.take(self, target, size)
      try check(attribute == 0, at, "a split with an attribute")
    case .lookup:
      try check(!isLast, at, "the last rule does not always decide")
      try check(Int(target) >= nextLookup, at, "lookups do not have maps of their own, in order")
      try check(target, in: .maps, at: at)
      nextLookup = Int(target) + 1
      try checkMapValues(Int(target), in: .versions)
      try check(Int(attribute) < count(.attributes), at, "no such attribute")
    case .experiment, nil:
      throw corrupt(at, "no such kind of rule")
    }
    try check(!isLast || tests == 0, at, "the last rule does not always decide")
  }

  private func checkAttribute(
    _ number: Int, is type: AttributeType, at: Int
  ) throws(TurnoutError) {
    try check(number < count(.attributes), at, "no such attribute")
    let typeAt = offset(.attributes) + number * Section.attributes.stride + Layout.Attribute.type
    try check(AttributeType(rawValue: try u8(typeAt)) == type, at, "an attribute of another type")
  }

  private func checkTest(
    _ at: Int, index: Int, of tests: Int, _ record: inout Record
  ) throws(TurnoutError) {
    guard let kind = TestKind(rawValue: try u8(at)) else {
      throw corrupt(at, "no such kind of test")
    }
    try checkZero(at + 1, at + 2)
    for side in [Layout.Test.onTrue, Layout.Test.onFalse] {
      let next = try u16(at + side)
      // Only forwards, so that every condition is decided.
      let decided = next == Format.holds || next == Format.fails
      try check(decided || (Int(next) > index && Int(next) < tests), at + side, "no such test")
    }
    let attribute = Int(try u16(at + Layout.Test.attribute))
    let operand = try u32(at + Layout.Test.operand)
    let operandCount = try int(at + Layout.Test.operandCount)
    if attribute == Int(Layout.Test.unit) {
      try check(kind.type == .string || kind.type == nil, at, "a unit is bytes")
    } else if let type = kind.type {
      try checkAttribute(attribute, is: type, at: at)
    } else {
      try check(attribute < count(.attributes), at, "no such attribute")
    }
    switch kind.operand {
    case .none: try check(operand == 0 && operandCount == 0, at, "an operand of nothing")
    case .mask: try check(operand <= 3 && operandCount == 0, at, "a boolean's operand")
    case .number:
      let number = Double(bitPattern: try u64(at + Layout.Test.operand))
      try check(number.isFinite, at, "a number that is not finite")
    case .text:
      try record.checkText(self, Int(operand), operandCount, at: at)
      if kind.type == .version { try checkVersion(record.at + Int(operand), operandCount) }
    case .key:
      let key = try u64(at + Layout.Test.operand)
      let size = key >> 56
      try check(size <= Format.keyTextBytesMax, at, "a key of too many bytes")
      try check(
        (key & 0x00FF_FFFF_FFFF_FFFF) >> (size * 8) == 0, at, "a key with more bytes than it says")
      try check(attribute < Format.keyedAttributesMax, at, "an attribute that has no key")
    case .map:
      try check(operand, in: .maps, at: at)
      try check(operandCount == 0, at, "a map's operand")
    case .numbers:
      try record.take(self, operand, operandCount * 8)
      var previous = -Double.infinity
      for i in 0..<operandCount {
        let numberAt = record.cursor - (operandCount - i) * 8
        let number = Double(bitPattern: try u64(numberAt))
        try check(number.isFinite && number > previous, numberAt, "numbers are not in order")
        previous = number
      }
    case .texts:
      try record.take(self, operand, operandCount * 8)
      for i in 0..<operandCount {
        let pairAt = record.cursor - (operandCount - i) * 8
        let (start, size) = (try int(pairAt), try int(pairAt + 4))
        try record.checkText(self, start, size, at: pairAt)
        if kind.type == .version { try checkVersion(record.at + start, size) }
      }
    }
  }

  private func checkVersion(_ at: Int, _ count: Int) throws(TurnoutError) {
    try check(count <= Format.versionTextBytesMax, at, "a version is too long")
    guard let text = bytes.slice(at, count)?.text, text.isVersion else {
      throw corrupt(at, "this is not a version")
    }
  }

  /// Which allocations the next table may carry from here, and under which salts.
  func checkLineage() throws(TurnoutError) {
    for index in 0..<count(.lineage) {
      let at = offset(.lineage) + index * Section.lineage.stride
      let owner = try int(at + Layout.Lineage.owner)
      let part = try int(at + Layout.Lineage.part)
      try checkText(
        try int(at + Layout.Lineage.salt), try int(at + Layout.Lineage.saltBytes), at: at)
      try checkText(
        try int(at + Layout.Lineage.ownerName), try int(at + Layout.Lineage.ownerNameBytes), at: at)
      try checkZero(at + 28, at + 32)
      switch AllocationKind(rawValue: UInt8(truncatingIfNeeded: try u32(at))) {
      case .split where owner < useCases.count:
        let record = useCases[owner]
        let rules = Int(try u16(record + Layout.UseCase.ruleCount))
        try check(part < rules, at, "no such rule")
        let rule =
          record + (try int(record + Layout.UseCase.rules)) + part * Layout.Rule.bytes
        try check(try u8(rule) == RuleKind.split.rawValue, at, "a rule that is no split")
      case .shards where owner < count(.clusters):
        let cluster = offset(.clusters) + owner * Section.clusters.stride
        let allocation = try u32(cluster + Layout.Cluster.allocation)
        try check(part == 0 && allocation != 0, at, "a cluster without shards")
      default:
        throw corrupt(at, "no such allocation")
      }
      try check(try u32(at) <= 255, at, "no such kind of allocation")
    }
  }
}

/// A use case's record while it is checked. Its parts stand in one order with nothing between
/// them, each aligned to 8, so that no part can be claimed twice.
private struct Record {
  let at: Int
  let end: Int
  var cursor: Int

  var aligned: Int { (cursor + 7) & ~7 }

  /// The part of `size` bytes that `offset` names is the next one. Empty parts have offset 0.
  mutating func take(
    _ validation: Validation, _ offset: UInt32, _ size: Int
  ) throws(TurnoutError) {
    if size == 0 {
      try validation.check(offset == 0, at, "an empty part with an offset")
      return
    }
    let start = aligned
    try validation.check(
      Int(offset) == start - at && size <= end - start, at, "a part of a use case is misplaced")
    try validation.checkZero(cursor, start)
    cursor = start + size
  }

  func checkText(
    _ validation: Validation, _ start: Int, _ count: Int, at: Int
  ) throws(TurnoutError) {
    try validation.check(
      count <= Format.textBytesMax && start <= end - self.at && count <= end - self.at - start, at,
      "a text lies outside its use case")
  }
}
