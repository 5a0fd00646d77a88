/// Conditions: the tests of a rule, and blocks of their own.
extension Validation {
  mutating func checkConditions() throws(TurnoutError) {
    conditions = [Bool](repeating: false, count: count(.conditions))
    var next = offset(.conditions)
    while next < end(.conditions) {
      conditions[(next - offset(.conditions)) / Section.conditions.stride] = true
      next += try checkBlock(next)
    }
  }

  /// Returns the block's size.
  private func checkBlock(_ at: Int) throws(TurnoutError) -> Int {
    let size = try int(at + Layout.Condition.blockBytes)
    try check(
      size >= Layout.Condition.tests && size % Section.conditions.stride == 0
        && size <= end(.conditions) - at, at, "a condition's size")
    let tests = Int(try u16(at + Layout.Condition.testCount))
    try check(tests >= 1, at, "a condition without tests")
    try checkZero(at + 6, at + Layout.Condition.tests)
    var record = Record(at: at, end: at + size, cursor: at + Layout.Condition.tests)
    try checkTests(UInt32(Layout.Condition.tests), tests, &record)
    try record.finish(self, stride: Section.conditions.stride)
    return size
  }

  /// A reference to a condition; returns whether there is one.
  func checkCondition(_ at: Int) throws(TurnoutError) -> Bool {
    let reference = try int(at)
    if reference == 0 { return false }
    let (block, rest) = (reference - 1).quotientAndRemainder(
      dividingBy: Section.conditions.stride)
    try check(
      rest == 0 && block < conditions.count && conditions[block], at, "no such condition")
    return true
  }

  /// The next part of the record is `count` tests, and then their lists.
  func checkTests(
    _ offset: UInt32, _ count: Int, _ record: inout Record
  ) throws(TurnoutError) {
    try check(count <= Format.testsPerRuleMax, record.at, "too many tests")
    try record.take(self, offset, count * Layout.Test.bytes)
    let testsAt = record.cursor - count * Layout.Test.bytes
    for test in 0..<count {
      try checkTest(testsAt + test * Layout.Test.bytes, index: test, of: count, &record)
    }
  }

  func checkAttribute(
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
      try checkKey(at + Layout.Test.operand)
      try check(attribute < Format.keyedAttributesMax, at, "an attribute that has no key")
    case .map:
      try checkSet(number: operand, at: at)
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

  /// The key of a text that it holds whole.
  func checkKey(_ at: Int) throws(TurnoutError) {
    let key = try u64(at)
    let size = key >> 56
    try check(size <= Format.keyTextBytesMax, at, "a key of too many bytes")
    try check(
      (key & 0x00FF_FFFF_FFFF_FFFF) >> (size * 8) == 0, at, "a key with more bytes than it says")
  }

  private func checkVersion(_ at: Int, _ count: Int) throws(TurnoutError) {
    try check(count <= Format.versionTextBytesMax, at, "a version is too long")
    guard let text = bytes.slice(at, count)?.text, text.isVersion else {
      throw corrupt(at, "this is not a version")
    }
  }
}
