/// What a use case's rules came to.
struct Answer {
  var status: Status
  /// The deciding rule's record; of an override, one of zeros.
  var rule: Place
  var version: UInt32 = 0
  var shard: UInt32 = 0
  /// ``fallback`` or ``degraded``, as in a decision.
  var flags: UInt32 = 0
  /// The model version's record has all texts of where it goes.
  var isDirect = false

  static var fallback: UInt32 { 1 }
  static var degraded: UInt32 { 2 }

  init(_ status: Status, rule: Place) {
    self.status = status
    self.rule = rule
  }
}

/// The hot path: a request's context is bound, the use case found, and here is the decision list.
extension Context {
  @inline(always)
  func decide() -> Answer {
    let useCase = self.useCase
    if isDisabled(useCase) { return Answer(.disabled, rule: useCase) }
    if useCase.u16(Layout.UseCase.requireCount) != 0, lacksRequired(useCase) {
      return Answer(.missingRequired, rule: useCase)
    }
    observer.checked(useCase, .answers)
    // Validation found the last rule to be an unconditional route or split, so that something decides.
    guard let found = search() else {
      return Answer(.unavailable, rule: useCase)
    }
    let answer = place(found.version, found.rule)
    if useCase.u32(Layout.UseCase.shadows) != 0, answer.status == .ok {
      addShadows()
    }
    return answer
  }

  /// What the override or the first rule that decides decides for. An override has a rule that says
  /// nothing.
  @inline(always)
  private func search(
    
  ) -> (version: UInt32, rule: Place)? {
    let useCase = self.useCase
    if useCase.u32(Layout.UseCase.overrides) != 0, let version = searchOverrides() {
      return (version, image.zeros)
    }
    let rules = useCase + useCase.u32(Layout.UseCase.rules)
    let count = Int(useCase.u16(Layout.UseCase.ruleCount))
    var number = 0
    while number < count {
      let rule = rules + number &* Layout.Rule.bytes
      observer.tries(rule: number, rule)
      let held = holds(rule)
      observer.found(rule: number, rule, held: held)
      if held {
        let target = rule.u32(Layout.Rule.target)
        let kind = rule.u8(Layout.Rule.kind)
        if kind == RuleKind.route.rawValue { return (target, rule) }
        if kind == RuleKind.split.rawValue {
          let version = draw(
            useCase + target, unit: rule.u8(Layout.Rule.unit),
            Drawn(
              kind: .split, owner: useCase.u32(Layout.UseCase.ordinal),
              part: UInt32(truncatingIfNeeded: number)))
          return (version, rule)
        }
        let version =
          kind == RuleKind.lookup.rawValue
          ? lookUp(rule, map: target) : enter(rule, number: number)
        if let version { return (version, rule) }
      }
      number &+= 1
    }
    return nil
  }

  @inline(always)
  private func isDisabled(_ useCase: Place) -> Bool {
    if useCase.u8(Layout.UseCase.flags) & Layout.UseCase.flagDisabled != 0 {
      observer.checked(useCase, .disabled)
      return true
    }
    if !overlay.isEmpty, overlay.isOff(useCase: useCase.u32(Layout.UseCase.ordinal)) {
      observer.checked(useCase, .switchedOff)
      return true
    }
    return false
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
  private func probe(_ rule: Place, map: UInt32) -> UInt32? {
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
