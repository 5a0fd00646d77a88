/// The guards of a rule: the tests for equality with a text that stand in the rule itself.
extension Validation {
  /// Of a rule whose other tests have been checked. What is not used comes after what is, and has no key.
  @inline(__always)
  func checkGuards(_ rule: Int, _ record: borrowing Record) throws(Fault) {
    let first = u8(rule &+ Layout.Rule.guardAttributes)
    let second = u8(rule &+ Layout.Rule.guardAttributes &+ 1)
    let keysAt = rule &+ Layout.Rule.guardKeys
    if first == Layout.Rule.noGuard {
      try check(
        second == Layout.Rule.noGuard && image.isZero(keysAt, keysAt &+ 16), rule,
        "a guard after none, or a key of none")
      return
    }
    let isFilter = try checkGuard(first, keysAt, filters: 0, of: rule, record)
    if second == Layout.Rule.noGuard {
      try check(u64(keysAt &+ 8) == 0, keysAt &+ 8, "a key of no guard")
    } else {
      _ = try checkGuard(second, keysAt &+ 8, filters: isFilter ? 1 : 0, of: rule, record)
    }
  }

  /// A guard whose key is at `keyAt`. It is a filter if its text is longer than a key, or if another
  /// came before; returns that.
  @inline(__always)
  private func checkGuard(
    _ attribute: UInt8, _ keyAt: Int, filters: Int, of rule: Int, _ record: borrowing Record
  ) throws(Fault) -> Bool {
    guard filters > 0 || u64(keyAt) >= Format.longKey else {
      try checkKey(keyAt, ofAttribute: Int(attribute))
      return false
    }
    try checkKeyed(Int(attribute), at: keyAt)
    try checkFilter(filters, attribute, u64(keyAt), of: rule, record)
    return true
  }

  /// A guard whose test is among the rule's, too, with this number.
  private func checkFilter(
    _ number: Int, _ attribute: UInt8, _ key: UInt64, of rule: Int, _ record: borrowing Record
  ) throws(Fault) {
    try check(
      number < Int(u16(rule &+ Layout.Rule.testCount)), rule, "a filter without a test")
    let testAt = record.at &+ int(rule &+ Layout.Rule.tests) &+ number &* Layout.Test.bytes
    try check(
      u16(testAt &+ Layout.Test.attribute) == UInt16(attribute), rule,
      "a filter of another attribute than its test's")
    try check(
      u16(testAt &+ Layout.Test.onFalse) == Format.fails, rule, "a filter of a test that may fail")
    if number > 0 {
      let before = testAt &- Layout.Test.bytes
      try check(
        Int(u16(before &+ Layout.Test.onTrue)) == number, rule,
        "a filter of a test that is left out")
    }
    let isSame =
      switch u8(testAt) {
      case TestKind.stringIs.rawValue: u64(testAt &+ Layout.Test.operand) == key
      case TestKind.stringEqual.rawValue:
        image.text(
          record.at &+ int(testAt &+ Layout.Test.operand), int(testAt &+ Layout.Test.operandCount)
        ).key == key
      default: false
      }
    try check(isSame, rule, "a filter of another text than its test's")
  }
}
