/// What a use case's rules came to.
struct Answer {
  var status: Status
  /// The deciding rule's record; of an override, one of zeros.
  var rule: Place
  var version: UInt32 = 0
  var shard: UInt32 = 0
  /// ``fallback`` or ``degraded``, as in a decision.
  var flags: UInt32 = 0

  static var fallback: UInt32 { 1 }
  static var degraded: UInt32 { 2 }

  init(_ status: Status, rule: Place) {
    self.status = status
    self.rule = rule
  }
}

/// What a use case's rules decide for; `rule` is the deciding one's record, or one of zeros.
struct Found {
  let version: UInt32
  let rule: Place
}

/// The hot path: a request's context is bound, the use case found, and here is the decision list.
extension Context {
  /// Why the use case may not be answered; ok if it may.
  @inline(always)
  func refusal() -> Status {
    let useCase = self.useCase
    let isDisabled = useCase.u8(Layout.UseCase.flags) & Layout.UseCase.flagDisabled != 0
    if isDisabled || !overlay.isEmpty || useCase.u16(Layout.UseCase.requireCount) != 0 {
      let refusal = refusal(of: useCase)
      if refusal != .ok { return refusal }
    }
    observer.checked(useCase, .answers)
    return .ok
  }

  @inline(never)
  private func refusal(of useCase: Place) -> Status {
    if useCase.u8(Layout.UseCase.flags) & Layout.UseCase.flagDisabled != 0 {
      observer.checked(useCase, .disabled)
      return .disabled
    }
    if overlay.isOff(useCase: useCase.u32(Layout.UseCase.ordinal)) {
      observer.checked(useCase, .switchedOff)
      return .disabled
    }
    return lacksRequired(useCase) ? .missingRequired : .ok
  }

  /// What the override or the first rule that decides decides for.
  @inline(always)
  func search() -> Found {
    let useCase = self.useCase
    if useCase.u32(Layout.UseCase.overrides) != 0 {
      let version = searchOverrides() ?? Format.nobody
      if version != Format.nobody { return Found(version: version, rule: image.zeros) }
    }
    let slots = self.slots
    let rules = useCase + useCase.u32(Layout.UseCase.rules)
    var rule = rules
    // Validation found the last rule to be an unconditional route or split, so that this ends.
    while true {
      if Watching.listens { observer.tries(rule: Self.number(rule, rules), rule) }
      let held = holds(rule, slots)
      if Watching.listens { observer.found(rule: Self.number(rule, rules), rule, held: held) }
      if held {
        let target = rule.u32(Layout.Rule.target)
        let kind = rule.u8(Layout.Rule.kind)
        if kind == RuleKind.route.rawValue { return Found(version: target, rule: rule) }
        if kind == RuleKind.split.rawValue {
          let version = draw(
            useCase + target, unit: rule.u8(Layout.Rule.unit),
            Drawn(
              kind: .split, owner: useCase.u32(Layout.UseCase.ordinal),
              part: UInt32(truncatingIfNeeded: Self.number(rule, rules))))
          return Found(version: version, rule: rule)
        }
        let version =
          kind == RuleKind.lookup.rawValue
          ? lookUp(rule, map: target) : enter(rule, number: Self.number(rule, rules))
        if let version { return Found(version: version, rule: rule) }
      }
      rule = rule + Layout.Rule.bytes
    }
  }

  /// A rule's number in its use case.
  @inline(always)
  private static func number(_ rule: Place, _ rules: Place) -> Int {
    (rule - rules) / Layout.Rule.bytes
  }

  @inline(always)
  private func lookUp(_ rule: Place, map: UInt32) -> UInt32? {
    let version = probe(rule, map: map)
    if Watching.listens {
      let attribute = rule.u32(Layout.Rule.attribute)
      observer.probed(rule: rule, value(ofAttribute: attribute), version)
    }
    return version
  }

  @inline(never)
  func probe(_ rule: Place, map: UInt32) -> UInt32? {
    let number = rule.u32(Layout.Rule.attribute)
    let slot = slots[number]
    if slot == Slots.missing { return nil }
    switch AttributeType(rawValue: image.record(.attributes, number).u8(Layout.Attribute.type)) {
    case .string: return image.value(map: map, text(slot))
    case .version:
      return ScratchText.with { key in
        text(slot).writeCanonicalVersion(to: &key) ? image.value(map: map, key.text) : nil
      }
    case .number:
      // Adding 0 makes -0 the same key as 0.
      var bits = (attribute(slot).number + 0).bitPattern
      return ScratchText.with { key in
        for _ in 0..<8 {
          _ = key.append(UInt8(truncatingIfNeeded: bits))
          bits &>>= 8
        }
        return image.value(map: map, key.text)
      }
    case .boolean:
      return ScratchText.with { key in
        _ = key.append(UInt8(truncatingIfNeeded: attribute(slot).boolean))
        return image.value(map: map, key.text)
      }
    case nil: return nil
    }
  }

  /// Whether the request lacks an attribute or a unit that the use case requires, before any
  /// replacement.
  @inline(never)
  private func lacksRequired(_ useCase: Place) -> Bool {
    let requires = useCase + useCase.u32(Layout.UseCase.requires)
    var left = Int(useCase.u16(Layout.UseCase.requireCount))
    while left > 0 {
      left &-= 1
      let entry = requires.u16(left &* 2)
      let number = entry & ~Layout.UseCase.requireUnit
      if entry & Layout.UseCase.requireUnit != 0 {
        if given(unit: Int(number), primary: primary).isEmpty {
          observer.checked(useCase, .lacksUnit(UInt32(number)))
          return true
        }
      } else if slots[UInt32(number)] == Slots.missing
        || (number == 0 && slots[0] == Slots.defaultTraffic)
      {
        observer.checked(useCase, .lacksAttribute(UInt32(number)))
        return true
      }
    }
    return false
  }
}
