import Turnout

/// One use case's record: everything of its own that a resolve reads, side by side.
struct UseCaseEncoder {
  private var record = ByteWriter()
  /// Texts come last: where in the record their offset is wanted, and what they are.
  private var texts: [(offsetAt: Int, text: [UInt8])] = []

  /// What a rule needs to know of the rest of the table.
  struct EncodedRule {
    var name: [UInt8]
    var kind: RuleKind
    var unit: UInt8
    var steps: [TestProgram.Step]
    /// A version, a map, or unused for a split.
    var target: UInt32
    var allocation: [UInt8]?
    var attribute: UInt16
    var placement: UInt32
    var config: UInt32
  }

  struct Head {
    var name: [UInt8]
    var flags: UInt8
    var unit: UInt8
    var ordinal: UInt32
    var requires: [UInt16]
    var config: UInt32
  }

  static func encode(
    _ head: Head, _ rules: [EncodedRule], _ maps: inout MapEncoder, _ pool: inout TextPool
  ) -> [UInt8] {
    var encoder = UseCaseEncoder()
    encoder.append(head, ruleCount: rules.count)
    let rulesAt = encoder.appendRules(rules)
    for (i, rule) in rules.enumerated() {
      encoder.appendParts(of: rule, at: rulesAt + i * Layout.Rule.bytes, &maps, &pool)
    }
    return encoder.finish()
  }

  private mutating func append(_ head: Head, ruleCount: Int) {
    record.append(UInt32(0))
    record.append(UInt16(truncatingIfNeeded: head.name.count))
    record.append(head.flags)
    record.append(head.unit)
    record.append(head.ordinal)
    record.append(UInt16(truncatingIfNeeded: ruleCount))
    record.append(UInt16(truncatingIfNeeded: head.requires.count))
    record.appendZeros(8)
    record.append(head.config)
    record.appendZeros(Layout.UseCase.name - record.count)
    record.append(head.name)
    if !head.requires.isEmpty {
      record.align(8)
      record.patch(UInt32(truncatingIfNeeded: record.count), at: Layout.UseCase.requires)
      for entry in head.requires { record.append(entry) }
    }
  }

  private mutating func appendRules(_ rules: [EncodedRule]) -> Int {
    record.align(8)
    let start = record.count
    record.patch(UInt32(truncatingIfNeeded: start), at: Layout.UseCase.rules)
    for rule in rules {
      record.append(rule.kind.rawValue)
      record.append(rule.unit)
      record.append(UInt16(truncatingIfNeeded: rule.steps.count))
      record.append(UInt32(0))
      record.append(rule.target)
      record.append(rule.placement)
      record.append(rule.config)
      record.append(rule.attribute)
      record.append(UInt16(truncatingIfNeeded: rule.name.count))
      if !rule.name.isEmpty { texts.append((record.count, rule.name)) }
      record.append(UInt32(0))
      record.append(UInt32(0))
    }
    return start
  }

  private mutating func appendParts(
    of rule: EncodedRule, at ruleAt: Int, _ maps: inout MapEncoder, _ pool: inout TextPool
  ) {
    if !rule.steps.isEmpty {
      record.align(8)
      let start = record.count
      record.patch(UInt32(truncatingIfNeeded: start), at: ruleAt + Layout.Rule.tests)
      for step in rule.steps {
        record.append(UInt16(step.kind.rawValue))
        record.append(step.attribute)
        record.append(step.onTrue)
        record.append(step.onFalse)
        record.appendZeros(8)
      }
      for (i, step) in rule.steps.enumerated() {
        append(step.operand, at: start + i * Layout.Test.bytes + Layout.Test.operand, &maps, &pool)
      }
    }
    if let allocation = rule.allocation {
      record.align(8)
      record.patch(UInt32(truncatingIfNeeded: record.count), at: ruleAt + Layout.Rule.target)
      record.append(allocation)
    }
  }

  private mutating func append(
    _ operand: TestProgram.Operand, at: Int, _ maps: inout MapEncoder, _ pool: inout TextPool
  ) {
    switch operand {
    case .none: break
    case .mask(let mask): record.patch(UInt32(mask), at: at)
    case .number(let number): record.patch(number.bitPattern, at: at)
    case .key(let key): record.patch(key, at: at)
    case .map(let values): record.patch(maps.addSet(values), at: at)
    case .text(let text):
      texts.append((at, text))
      record.patch(UInt32(truncatingIfNeeded: text.count), at: at + 4)
    case .texts(let values):
      startList(values.count, at: at)
      for value in values {
        texts.append((record.count, value))
        record.append(UInt32(0))
        record.append(UInt32(truncatingIfNeeded: value.count))
      }
    case .numbers(let numbers):
      startList(numbers.count, at: at)
      for number in numbers { record.append(number.bitPattern) }
    }
  }

  private mutating func startList(_ count: Int, at: Int) {
    record.align(8)
    record.patch(UInt32(truncatingIfNeeded: record.count), at: at)
    record.patch(UInt32(truncatingIfNeeded: count), at: at + 4)
  }

  private mutating func finish() -> [UInt8] {
    for (offsetAt, text) in texts {
      record.patch(UInt32(truncatingIfNeeded: record.count), at: offsetAt)
      record.append(text)
    }
    record.align(Section.useCases.stride)
    record.patch(UInt32(truncatingIfNeeded: record.count), at: Layout.UseCase.recordBytes)
    return record.bytes
  }
}
