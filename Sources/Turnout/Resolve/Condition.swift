/// Conditions: tests that each lead to a later test or to the end, so that `all`, `any` and `not`
/// of any depth are one loop without a stack.
extension Context {
  /// Whether the rule's condition holds.
  @inline(always)
  func holds(_ rule: Place, _ slots: Slots) -> Bool {
    if Watching.listens {
      guard toldGuardsHold(of: rule) else { return false }
    } else {
      guard
        slots.key(rule.u8(Layout.Rule.guardAttributes)) == rule.u64(Layout.Rule.guardKeys),
        slots.key(rule.u8(Layout.Rule.guardAttributes &+ 1))
          == rule.u64(Layout.Rule.guardKeys &+ 8)
      else { return false }
    }
    return rule.u16(Layout.Rule.testCount) == 0 || holdsFurther(rule)
  }

  /// The rest of a rule's condition.
  @inline(never)
  private func holdsFurther(_ rule: Place) -> Bool {
    holds(tests: useCase + rule.u32(Layout.Rule.tests), in: useCase)
  }

  /// Whether the guards of a rule hold that are whole tests, told up to the one that does not. Others are
  /// told when their tests are.
  private func toldGuardsHold(of rule: Place) -> Bool {
    for number in 0..<Layout.Rule.guardsMax {
      let attribute = rule.u8(Layout.Rule.guardAttributes &+ number)
      let key = rule.u64(Layout.Rule.guardKeys &+ number &* 8)
      if attribute == Layout.Rule.noGuard || key >= Format.longKey { return true }
      let held = slots.key(attribute) == key
      let next = number &+ 1
      let isLast =
        rule.u16(Layout.Rule.testCount) == 0
        && (next == Layout.Rule.guardsMax
          || rule.u8(Layout.Rule.guardAttributes &+ next) == Layout.Rule.noGuard)
      observer.guarded(
        by: attribute, key, isLast: isLast, value(ofAttribute: UInt32(attribute)), held)
      if !held { return false }
    }
    return true
  }

  /// Whether a block of the section of conditions holds, whose offset counts from 1; 0 always does.
  @inline(always)
  func holds(condition: UInt32) -> Bool { condition == 0 || holdsWritten(condition) }

  @inline(never)
  private func holdsWritten(_ condition: UInt32) -> Bool {
    let block = image.section(.conditions) + (condition &- 1)
    return holds(tests: block + Layout.Condition.tests, in: block)
  }

  /// `base` is where the offsets of the tests' operands count from.
  @inline(always)
  private func holds(tests: Place, in base: Place) -> Bool {
    var index = 0
    while true {
      let test = tests + index &* Layout.Test.bytes
      let held = holds(test, base)
      if Watching.listens { observer.tested(test, in: base, value(of: test), held) }
      let next = held ? test.u16(Layout.Test.onTrue) : test.u16(Layout.Test.onFalse)
      if next >= Format.fails { return next == Format.holds }
      index = Int(next)
    }
  }

  @inline(always)
  private func holds(_ test: Place, _ base: Place) -> Bool {
    let kind = test.u8(Layout.Test.kind)
    let attribute = test.u16(Layout.Test.attribute)
    if kind == TestKind.stringIs.rawValue {
      return slots.key(attribute) == test.u64(Layout.Test.operand)
    }
    if attribute == Layout.Test.unit { return holdsForUnit(kind, test, base) }
    let slot = slots[UInt32(attribute)]
    if slot == Slots.missing { return kind == TestKind.absent.rawValue }
    if kind == TestKind.stringEqual.rawValue { return operand(test, base) == text(slot) }
    return holds(kind, test, base, slot)
  }

  /// What a test looks at, to be told.
  private func value(of test: Place) -> Observation.Value {
    let attribute = test.u16(Layout.Test.attribute)
    if attribute != Layout.Test.unit { return value(ofAttribute: UInt32(attribute)) }
    let unit = unit(unitOfUseCase)
    return unit.isEmpty ? .missing : .text(unit)
  }

  func value(ofAttribute number: UInt32) -> Observation.Value {
    let slot = slots[number]
    if slot == Slots.missing { return .missing }
    if slot == Slots.defaultTraffic { return .text(defaultTraffic) }
    let attribute = attribute(slot)
    switch attribute.type {
    case AttributeReference.numeric: return .number(attribute.number)
    case AttributeReference.bool: return .boolean(attribute.boolean != 0)
    default: return .text(attribute.text)
    }
  }

  @inline(never)
  private func holdsForUnit(
    _ kind: UInt8, _ test: Place, _ base: Place
  ) -> Bool {
    let value = unit(unitOfUseCase)
    if value.isEmpty { return kind == TestKind.absent.rawValue }
    return holds(kind, value, test, base)
  }

  /// A test of a value that is there.
  private func holds(_ kind: UInt8, _ test: Place, _ base: Place, _ slot: UInt8) -> Bool {
    switch TestKind(rawValue: kind) {
    case .exists: true
    case .boolean: test.u8(Layout.Test.operand) &>> UInt8(attribute(slot).boolean & 1) & 1 != 0
    case .numberEqual: attribute(slot).number == test.f64(Layout.Test.operand)
    case .numberNotEqual: attribute(slot).number != test.f64(Layout.Test.operand)
    case .numberLess: attribute(slot).number < test.f64(Layout.Test.operand)
    case .numberLessOrEqual: attribute(slot).number <= test.f64(Layout.Test.operand)
    case .numberGreater: attribute(slot).number > test.f64(Layout.Test.operand)
    case .numberGreaterOrEqual: attribute(slot).number >= test.f64(Layout.Test.operand)
    case .numberIn: contains(attribute(slot).number, test, base)
    case .numberNotIn: !contains(attribute(slot).number, test, base)
    default: holds(kind, text(slot), test, base)
    }
  }

  /// A test of a text that is there.
  private func holds(_ kind: UInt8, _ value: Text, _ test: Place, _ base: Place) -> Bool {
    switch TestKind(rawValue: kind) {
    case .exists: true
    case .stringEqual: value == operand(test, base)
    case .stringNotEqual: !(value == operand(test, base))
    case .stringLess: value.compare(operand(test, base)) < 0
    case .stringLessOrEqual: value.compare(operand(test, base)) <= 0
    case .stringGreater: value.compare(operand(test, base)) > 0
    case .stringGreaterOrEqual: value.compare(operand(test, base)) >= 0
    case .stringPrefix: value.starts(with: operand(test, base))
    case .stringSuffix: value.ends(with: operand(test, base))
    case .stringContains: value.contains(operand(test, base))
    case .stringIn: isAmong(value, test, base)
    case .stringNotIn: !isAmong(value, test, base)
    case .stringInMap: image.contains(set: test.u32(Layout.Test.operand), value)
    case .stringNotInMap: !image.contains(set: test.u32(Layout.Test.operand), value)
    case .versionEqual: value.compareVersion(operand(test, base)) == 0
    case .versionNotEqual: value.compareVersion(operand(test, base)) != 0
    case .versionLess: value.compareVersion(operand(test, base)) < 0
    case .versionLessOrEqual: value.compareVersion(operand(test, base)) <= 0
    case .versionGreater: value.compareVersion(operand(test, base)) > 0
    case .versionGreaterOrEqual: value.compareVersion(operand(test, base)) >= 0
    case .versionIn: isAmongVersions(value, test, base)
    case .versionNotIn: !isAmongVersions(value, test, base)
    default: false
    }
  }

  @inline(always)
  private func operand(_ test: Place, _ base: Place) -> Text {
    (base + test.u32(Layout.Test.operand)).text(Int(test.u32(Layout.Test.operandCount)))
  }

  private func isAmong(_ value: Text, _ test: Place, _ base: Place) -> Bool {
    let list = base + test.u32(Layout.Test.operand)
    var left = Int(test.u32(Layout.Test.operandCount))
    while left > 0 {
      left &-= 1
      let pair = list + left &* 8
      if (base + pair.u32(0)).text(Int(pair.u32(4))) == value { return true }
    }
    return false
  }

  /// The versions are in ascending order.
  private func isAmongVersions(_ value: Text, _ test: Place, _ base: Place) -> Bool {
    let list = base + test.u32(Layout.Test.operand)
    var low = 0
    var high = Int(test.u32(Layout.Test.operandCount))
    while low < high {
      let middle = (low &+ high) &>> 1
      let pair = list + middle &* 8
      let order = value.compareVersion((base + pair.u32(0)).text(Int(pair.u32(4))))
      if order == 0 { return true }
      if order > 0 { low = middle &+ 1 } else { high = middle }
    }
    return false
  }

  /// Whether the number is among the test's, which are in ascending order.
  private func contains(_ number: Double, _ test: Place, _ base: Place) -> Bool {
    let list = base + test.u32(Layout.Test.operand)
    var low = 0
    var high = Int(test.u32(Layout.Test.operandCount))
    while low < high {
      let middle = (low &+ high) &>> 1
      let candidate = list.f64(middle &* 8)
      if candidate == number { return true }
      if candidate < number { low = middle &+ 1 } else { high = middle }
    }
    return false
  }
}
