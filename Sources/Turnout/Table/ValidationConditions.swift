/// Conditions: the tests of a rule, and blocks of their own.
extension Validation {
  func checkConditions(_ taken: inout Taken) throws(Fault) {
    let start = offset(.conditions)
    let end = end(.conditions)
    var next = start
    while next < end {
      taken.conditions.mark((next &- start) / Section.conditions.stride)
      next &+= try checkBlock(next, end)
    }
  }

  /// Returns the block's size. The section has at least 8 bytes more at `at`, a block's first.
  private func checkBlock(_ at: Int, _ sectionEnd: Int) throws(Fault) -> Int {
    let size = int(at &+ Layout.Condition.blockBytes)
    try check(
      size >= Layout.Condition.tests && size % Section.conditions.stride == 0
        && size <= sectionEnd &- at, at, "a condition's size")
    let tests = Int(u16(at &+ Layout.Condition.testCount))
    try check(tests >= 1, at, "a condition without tests")
    try checkZero(at &+ 6, at &+ Layout.Condition.tests)
    var record = Record(image, at: at, end: at &+ size, cursor: at &+ Layout.Condition.tests)
    try checkTests(UInt32(Layout.Condition.tests), tests, &record)
    try record.finish(stride: Section.conditions.stride)
    return size
  }

  /// A reference to a condition; returns whether there is one.
  func checkCondition(_ at: Int, _ taken: borrowing Taken) throws(Fault) -> Bool {
    let reference = int(at)
    if reference == 0 { return false }
    let offset = reference &- 1
    try check(
      offset % Section.conditions.stride == 0
        && taken.conditions.has(offset / Section.conditions.stride), at, "no such condition")
    return true
  }

  /// The next part of the record is `count` tests, and then their lists.
  @inline(__always)
  func checkTests(_ offset: UInt32, _ count: Int, _ record: inout Record) throws(Fault) {
    try check(count <= Format.testsPerRuleMax, record.at, "too many tests")
    let testsAt = try record.take(offset, count &* Layout.Test.bytes)
    for test in 0..<count {
      let at = testsAt &+ test &* Layout.Test.bytes
      try check(u8(at &+ 1) == 0, at, "a reserved byte is not zero")
      try checkNext(at &+ Layout.Test.onTrue, index: test, of: count)
      try checkNext(at &+ Layout.Test.onFalse, index: test, of: count)
      // Most tests are of this kind.
      if u8(at) == TestKind.stringIs.rawValue {
        try checkKeyTest(at)
      } else {
        try checkTest(at, &record)
      }
    }
  }

  /// Equality with a text that is a key.
  @inline(__always)
  private func checkKeyTest(_ at: Int) throws(Fault) {
    let attribute = Int(u16(at &+ Layout.Test.attribute))
    try checkKey(at &+ Layout.Test.operand, ofAttribute: attribute)
  }

  /// The text that an attribute must be, of few bytes and their number in one word.
  @inline(__always)
  func checkKey(_ at: Int, ofAttribute attribute: Int) throws(Fault) {
    try checkKeyed(attribute, at: at)
    let key = u64(at)
    let size = key &>> 56
    try check(size <= Format.keyTextBytesMax, at, "a key of too many bytes")
    try check(
      (key & 0x00FF_FFFF_FFFF_FFFF) &>> (size &* 8) == 0, at, "a key with more bytes than it says")
  }

  /// An attribute of which a resolve has a key.
  @inline(__always)
  func checkKeyed(_ attribute: Int, at: Int) throws(Fault) {
    try check(
      attribute < Format.keyedAttributesMax && attribute < count(.attributes), at,
      "an attribute that has no key")
    try check(
      u8(record(.attributes, attribute) &+ Layout.Attribute.type) == AttributeType.string.rawValue,
      at, "an attribute of another type")
  }

  private func checkTest(_ at: Int, _ record: inout Record) throws(Fault) {
    guard let kind = TestKind(rawValue: u8(at)) else { throw Fault(at, "no such kind of test") }
    let attribute = Int(u16(at &+ Layout.Test.attribute))
    let type = kind.type
    if attribute == Int(Layout.Test.unit) {
      try check(type == .string || type == nil, at, "a unit is bytes")
    } else {
      try check(attribute < count(.attributes), at, "no such attribute")
      if let type {
        let own = u8(self.record(.attributes, attribute) &+ Layout.Attribute.type)
        try check(own == type.rawValue, at, "an attribute of another type")
      }
    }
    try checkOperand(at, kind, &record)
  }

  /// Where a test leads to: only forwards, so that every condition is decided.
  @inline(__always)
  private func checkNext(_ at: Int, index: Int, of tests: Int) throws(Fault) {
    let next = Int(u16(at))
    let isDecided = next >= Int(Format.fails)
    try check(isDecided || (next > index && next < tests), at, "no such test")
  }

  @inline(__always)
  private func checkOperand(
    _ at: Int, _ kind: TestKind, _ record: inout Record
  ) throws(Fault) {
    let operand = u32(at &+ Layout.Test.operand)
    let operandCount = int(at &+ Layout.Test.operandCount)
    switch kind.operand {
    case .none: try check(operand == 0 && operandCount == 0, at, "an operand of nothing")
    case .mask: try check(operand <= 3 && operandCount == 0, at, "a boolean's operand")
    case .number:
      let number = Double(bitPattern: u64(at &+ Layout.Test.operand))
      try check(number.isFinite, at, "a number that is not finite")
    case .text:
      try record.checkText(Int(operand), operandCount, at: at)
      if kind.type == .version { try checkVersion(record.at &+ Int(operand), operandCount) }
    case .key: try checkKeyTest(at)
    case .map:
      try checkSet(number: operand, at: at)
      try check(operandCount == 0, at, "a map's operand")
    case .numbers: try checkNumbers(operand, operandCount, &record)
    case .texts: try checkTexts(operand, operandCount, areVersions: kind.type == .version, &record)
    }
  }

  private func checkNumbers(
    _ offset: UInt32, _ count: Int, _ record: inout Record
  ) throws(Fault) {
    let start = try record.take(offset, count &* 8)
    var previous = -Double.infinity
    for i in 0..<count {
      let at = start &+ i &* 8
      let number = Double(bitPattern: u64(at))
      try check(number.isFinite && number > previous, at, "numbers are not in order")
      previous = number
    }
  }

  private func checkTexts(
    _ offset: UInt32, _ count: Int, areVersions: Bool, _ record: inout Record
  ) throws(Fault) {
    let start = try record.take(offset, count &* 8)
    try check(areVersions || count <= Format.inlineListMax, start, "a list that should be a set")
    for i in 0..<count {
      let at = start &+ i &* 8
      let (text, size) = (int(at), int(at &+ 4))
      try record.checkText(text, size, at: at)
      guard areVersions else { continue }
      try checkVersion(record.at &+ text, size)
      if i > 0 { try checkOrder(at, record.at) }
    }
  }

  /// The version of a list before the one at `at` does not come after it.
  private func checkOrder(_ at: Int, _ record: Int) throws(Fault) {
    let before = image.text(record &+ int(at &- 8), int(at &- 4))
    let order = before.compareVersion(image.text(record &+ int(at), int(at &+ 4)))
    try check(order <= 0, at, "versions are not in order")
  }

  private func checkVersion(_ at: Int, _ count: Int) throws(Fault) {
    try check(count <= Format.versionTextBytesMax, at, "a version is too long")
    try check(image.text(at, count).isVersion, at, "this is not a version")
  }
}
