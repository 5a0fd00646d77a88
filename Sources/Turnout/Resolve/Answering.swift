/// From an answer to a decision in the caller's memory.
extension Context {
  /// Writes the decision and gives its status, or `.bufferTooSmall` with the room it needs.
  @inline(__always)
  func write(
    _ answer: Answer, useCase: Place, _ buffer: inout OutputBuffer, _ decision: DecisionReference
  ) -> Status {
    if answer.status == .ok, request.flags & RequestReference.wantConfig == 0 {
      let decided = decided(answer, useCase)
      let start = buffer.take(decided.bytes)
      if buffer.hasStep {
        decision.fill(
          decided, buffer.pen(start), steps: true, revision: revision, digest: image.digest,
          needed: buffer.used)
        return .ok
      }
      buffer.giveBack(decided.bytes)
    }
    return writeSlowly(answer, useCase: useCase, &buffer, decision)
  }

  /// The same with a config, or where there is little room, or nothing to say but a status.
  @inline(never)
  private func writeSlowly(
    _ answer: Answer, useCase: Place, _ buffer: inout OutputBuffer, _ decision: DecisionReference
  ) -> Status {
    guard answer.status == .ok else {
      decision.clear(answer.status, revision: revision, digest: image.digest)
      return answer.status
    }
    var decided = decided(answer, useCase)
    let start = buffer.take(decided.bytes)
    if request.flags & RequestReference.wantConfig != 0 {
      decided.config = mergeConfig(answer, useCase: useCase, &buffer)
    }
    guard buffer.fits else {
      decision.clear(
        .bufferTooSmall, revision: revision, digest: image.digest, needed: buffer.used)
      return .bufferTooSmall
    }
    decision.fill(
      decided, buffer.pen(start), steps: false, revision: revision, digest: image.digest,
      needed: buffer.used)
    return .ok
  }

  @inline(__always)
  private func decided(_ answer: Answer, _ useCase: Place) -> Decided {
    let texts = image.section(.text)
    let version = image.record(.versions, answer.version)
    let shard = image.record(.shards, answer.shard)
    let rule = answer.rule
    let isDefault = slots[0] == Slots.defaultTraffic
    return Decided(
      flags: answer.flags,
      // Kinds of rule and reasons: route 1, split 2, lookup 3 are reasons 2, 3 and 4.
      reason: UInt32(rule.u8(Layout.Rule.kind)) &+ 1,
      version: texts + version.u32(Layout.Version.text),
      modelBytes: Int(version.u16(Layout.Version.modelBytes)),
      versionBytes: Int(version.u16(Layout.Version.versionBytes)),
      shard: texts + shard.u32(Layout.Shard.text),
      clusterBytes: Int(shard.u16(Layout.Shard.clusterBytes)),
      shardBytes: Int(shard.u16(Layout.Shard.shardBytes)),
      addressBytes: Int(shard.u16(Layout.Shard.addressBytes)),
      keyBytes: Int(shard.u16(Layout.Shard.keyBytes)),
      rule: useCase + rule.u32(Layout.Rule.name),
      ruleBytes: Int(rule.u16(Layout.Rule.nameBytes)),
      traffic: isDefault ? defaultTraffic : traffic, trafficIsDefault: isDefault, texts: texts)
  }

  /// One JSON object of the model version's config, the use case's and the rule's, the later of two
  /// equal keys holding. Keys are in the order of their numbers, which is that of their bytes. Gives
  /// its size.
  @inline(never)
  private func mergeConfig(
    _ answer: Answer, useCase: Place, _ buffer: inout OutputBuffer
  ) -> Int {
    var first = entries(image.record(.versions, answer.version).u32(Layout.Version.config))
    var second = entries(useCase.u32(Layout.UseCase.config))
    var third = entries(answer.rule.u32(Layout.Rule.config))
    let start = buffer.used
    buffer.append(UInt8(ascii: "{"))
    while true {
      let key = min(first.key, second.key, third.key)
      if key == ConfigCursor.ended { break }
      var value: Place?
      if let found = first.take(key) { value = found }
      if let found = second.take(key) { value = found }
      if let found = third.take(key) { value = found }
      guard let value else { break }
      if buffer.used &- start > 1 { buffer.append(UInt8(ascii: ",")) }
      let name = image.record(.configKeys, key)
      buffer.append(image.section(.text) + name.u32(0), Int(name.u32(4)))
      buffer.append(UInt8(ascii: ":"))
      buffer.append(
        image.section(.text) + value.u32(Layout.ConfigEntry.value),
        Int(value.u32(Layout.ConfigEntry.valueBytes)))
    }
    buffer.append(UInt8(ascii: "}"))
    return buffer.used &- start
  }

  /// The entries of a config, whose number counts from 1; 0 has none.
  private func entries(_ config: UInt32) -> ConfigCursor {
    if config == 0 { return ConfigCursor(next: image.start, left: 0) }
    let record = image.record(.configs, config &- 1)
    return ConfigCursor(
      next: image.record(.configEntries, record.u32(0)), left: Int(record.u32(4)))
  }
}

/// The rest of one config, in the order of its keys.
private struct ConfigCursor {
  var next: Place
  var left: Int

  /// Larger than every key's number.
  static let ended = UInt32.max

  var key: UInt32 { left == 0 ? Self.ended : next.u32(Layout.ConfigEntry.key) }

  mutating func take(_ key: UInt32) -> Place? {
    guard self.key == key else { return nil }
    defer {
      next = next + Section.configEntries.stride
      left &-= 1
    }
    return next
  }
}
