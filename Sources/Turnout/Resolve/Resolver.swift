/// What a use case's rules came to.
struct Answer {
  var status: Status
  /// The deciding rule's record.
  var rule: Place
  var version: UInt32 = 0
  var shard: UInt32 = 0
  var flags: UInt32 = 0

  init(_ status: Status, rule: Place) {
    self.status = status
    self.rule = rule
  }
}

/// The hot path: a request's context is bound, `useCase` found, and here is the decision list.
extension Context {
  @inline(__always)
  func decide(_ useCase: Place, primary: Text) -> Answer {
    if useCase.u8(Layout.UseCase.flags) & Layout.UseCase.flagDisabled != 0 {
      return Answer(.disabled, rule: useCase)
    }
    if useCase.u16(Layout.UseCase.requireCount) != 0, lacksRequired(useCase, primary: primary) {
      return Answer(.missingRequired, rule: useCase)
    }
    let unit = useCase.u8(Layout.UseCase.unit)
    var rule = useCase + useCase.u32(Layout.UseCase.rules)
    var left = useCase.u16(Layout.UseCase.ruleCount)
    while left != 0 {
      if holds(rule, in: useCase, unit: unit, primary: primary) {
        let target = rule.u32(Layout.Rule.target)
        let kind = rule.u8(Layout.Rule.kind)
        if kind == RuleKind.route.rawValue {
          return place(target, rule, unit: unit, primary: primary)
        }
        if kind == RuleKind.split.rawValue {
          let version = draw(useCase + target, unit: rule.u8(Layout.Rule.unit), primary: primary)
          return place(version, rule, unit: unit, primary: primary)
        }
        if let version = lookUp(rule, map: target) {
          return place(version, rule, unit: unit, primary: primary)
        }
      }
      rule = rule + Layout.Rule.bytes
      left &-= 1
    }
    // Not reached: validation found the last rule to be an unconditional route or split.
    return Answer(.unavailable, rule: useCase)
  }

  /// From model version to address: the rule's own clusters, else the version's, in order.
  @inline(__always)
  private func place(_ version: UInt32, _ rule: Place, unit: UInt8, primary: Text) -> Answer {
    var answer = Answer(.ok, rule: rule)
    answer.version = version
    var placement = rule.u32(Layout.Rule.placement)
    if placement == 0 {
      placement = image.record(.versions, version).u32(Layout.Version.placement)
    } else {
      placement &-= 1
    }
    let first = image.record(.placements, placement).u32(Layout.Placement.firstCluster)
    let cluster = image.record(.clusters, image.record(.clusterLists, first).u32(0))
    let allocation = cluster.u32(Layout.Cluster.allocation)
    if allocation == 0 {
      answer.shard = cluster.u32(Layout.Cluster.firstShard)
    } else {
      let block = image.section(.allocations) + (allocation &- 1)
      answer.shard = draw(block, unit: cluster.u8(Layout.Cluster.unit), primary: primary)
    }
    return answer
  }

  @inline(never)
  private func lookUp(_ rule: Place, map: UInt32) -> UInt32? {
    let number = UInt32(rule.u16(Layout.Rule.attribute))
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
  private func lacksRequired(_ useCase: Place, primary: Text) -> Bool {
    let requires = useCase + useCase.u32(Layout.UseCase.requires)
    var left = Int(useCase.u16(Layout.UseCase.requireCount))
    while left > 0 {
      left &-= 1
      let entry = requires.u16(left &* 2)
      let number = entry & ~Layout.UseCase.requireUnit
      if entry & Layout.UseCase.requireUnit != 0 {
        if given(unit: Int(number), primary: primary).isEmpty { return true }
      } else if slots[UInt32(number)] == Slots.missing
        || (number == 0 && slots[0] == Slots.defaultTraffic)
      {
        return true
      }
    }
    return false
  }
}
