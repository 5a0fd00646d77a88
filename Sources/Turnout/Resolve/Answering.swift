/// What was written: with `status` ok, `used` bytes of the buffer.
struct Written {
  let status: Status
  let used: Int
}

/// From an answer to a decision in the caller's memory.
extension Context {
  /// Decides for the frame's use case and unit, and writes the decision.
  @inline(never)
  func answer(_ buffer: OutputBuffer, _ decision: DecisionReference) -> Written {
    let refusal = refusal()
    if refusal != .ok { return Written(status: refuse(refusal, decision), used: 0) }
    let found = search()
    // What most decisions are: where the version's record says, and nothing beside.
    if direct(found) != 0, request.flags & RequestReference.wantConfig == 0,
      slots[0] == Slots.defaultTraffic
    {
      if useCase.u32(Layout.UseCase.shadows) != 0 || !trail.isEmpty {
        return answerWithLists(found, buffer, decision)
      }
      let needed = bytes(direct: found)
      if buffer.has(needed &+ Pen.step) {
        fill(direct: found, buffer, decision, needed: needed)
        return Written(status: .ok, used: needed)
      }
    }
    return finish(found, hasShadows: false, buffer, decision)
  }

  /// The same with shadows, or with cells or holdouts.
  @inline(never)
  private func answerWithLists(
    _ found: Found, _ buffer: OutputBuffer, _ decision: DecisionReference
  ) -> Written {
    if useCase.u32(Layout.UseCase.shadows) != 0 { addShadows() }
    var needed = bytes(direct: found)
    var lists = DecisionLists.Room()
    let isEmpty = trail.isEmpty
    if !isEmpty {
      lists = room(at: needed)
      needed = lists.end
    }
    guard buffer.has(needed &+ Pen.step) else {
      return finish(found, hasShadows: true, buffer, decision)
    }
    fill(direct: found, buffer, decision, needed: needed)
    if !isEmpty { writeLists(lists, buffer, decision) }
    return Written(status: .ok, used: needed)
  }

  /// The texts of a decision that goes where its version's record says.
  @inline(always)
  private func bytes(direct found: Found) -> Int {
    Int(image.record(.versions, found.version).u16(Layout.Version.textBytes))
      &+ Int(found.rule.u16(Layout.Rule.nameBytes)) &+ Format.defaultTraffic.utf8.count
  }

  @inline(always)
  private func fill(
    direct found: Found, _ buffer: OutputBuffer, _ decision: DecisionReference, needed: Int
  ) {
    let texts = image.section(.text)
    let rule = found.rule
    decision.fill(
      DirectDestination(image.record(.versions, found.version), texts), buffer.pen(0),
      rule: useCase + rule.u32(Layout.Rule.name),
      ruleBytes: Int(rule.u16(Layout.Rule.nameBytes)), reason: reason(rule), traffic: texts,
      revision: revision, digest: image.digest, needed: needed)
  }

  /// Tells why there is no decision.
  @inline(never)
  func refuse(_ status: Status, _ decision: DecisionReference) -> Status {
    observer.ended(status)
    decision.clear(status, revision: revision, digest: image.digest)
    return status
  }

  /// From what the rules decided for to a decision.
  @inline(never)
  private func finish(
    _ found: Found, hasShadows: Bool, _ buffer: OutputBuffer, _ decision: DecisionReference
  ) -> Written {
    let answer = place(found)
    guard answer.status == .ok else {
      return Written(status: refuse(answer.status, decision), used: 0)
    }
    if !hasShadows, useCase.u32(Layout.UseCase.shadows) != 0 { addShadows() }
    observer.ended(.ok)
    return write(answer, buffer, decision)
  }

  /// Writes any decision: with a config, cells, holdouts or shadows, a shard or a class of traffic, or
  /// where there is little room. The lists, and then their texts, stand behind the texts of the decision.
  @inline(always)
  private func write(
    _ answer: Answer, _ buffer: OutputBuffer, _ decision: DecisionReference
  ) -> Written {
    var buffer = buffer
    var decided = decided(answer, useCase)
    let start = buffer.take(decided.bytes)
    let wantsConfig = request.flags & RequestReference.wantConfig != 0
    if wantsConfig {
      decided.config = mergeConfig(answer, useCase: useCase, &buffer)
    }
    var lists = DecisionLists.Room()
    if !trail.isEmpty { lists = takeLists(wantsConfig, &buffer) }
    guard buffer.fits else {
      decision.clear(
        .bufferTooSmall, revision: revision, digest: image.digest, needed: buffer.used)
      return Written(status: .bufferTooSmall, used: 0)
    }
    decision.fill(
      decided, buffer.pen(start), steps: !wantsConfig && buffer.hasStep, revision: revision,
      digest: image.digest, needed: buffer.used)
    if !trail.isEmpty { writeLists(lists, buffer, decision) }
    return Written(status: .ok, used: buffer.used)
  }

  /// Kinds of rule and reasons: route 1, split 2, lookup 3, experiment 4 are reasons 2, 3, 4 and 5; the
  /// record of zeros that stands for an override has reason 1.
  @inline(always)
  private func reason(_ rule: Place) -> UInt32 { UInt32(rule.u8(Layout.Rule.kind)) &+ 1 }

  @inline(always)
  private func decided(_ answer: Answer, _ useCase: Place) -> Decided {
    let rule = answer.rule
    let isDefault = slots[0] == Slots.defaultTraffic
    return Decided(
      flags: answer.flags,
      reason: reason(rule),
      destination: destination(answer.version, answer.shard),
      rule: useCase + rule.u32(Layout.Rule.name),
      ruleBytes: Int(rule.u16(Layout.Rule.nameBytes)),
      traffic: isDefault ? defaultTraffic : traffic, trafficIsDefault: isDefault,
      texts: image.section(.text))
  }

  @inline(always)
  private func destination(_ version: UInt32, _ shard: UInt32) -> DestinationTexts {
    let texts = image.section(.text)
    let version = image.record(.versions, version)
    let shard = image.record(.shards, shard)
    return DestinationTexts(
      version: texts + version.u32(Layout.Version.text),
      modelBytes: Int(version.u16(Layout.Version.modelBytes)),
      versionBytes: Int(version.u16(Layout.Version.versionBytes)),
      shard: texts + shard.u32(Layout.Shard.text),
      clusterBytes: Int(shard.u16(Layout.Shard.clusterBytes)),
      shardBytes: Int(shard.u16(Layout.Shard.shardBytes)),
      addressBytes: Int(shard.u16(Layout.Shard.addressBytes)),
      keyBytes: Int(shard.u16(Layout.Shard.keyBytes)))
  }
}

/// Cells, holdouts and shadows.
extension Context {
  /// The room that the lists and their texts take, from an offset in the buffer on; no configs.
  @inline(never)
  private func room(at start: Int) -> DecisionLists.Room {
    var lists = DecisionLists.Room()
    lists.cells = trail.cellCount
    lists.holdouts = trail.holdouts.nonzeroBitCount
    lists.shadows = trail.shadowCount
    lists.start = start
    var end = start &+ lists.bytes
    var i = 0
    while i < lists.cells {
      let cell = trail.cell(i)
      end &+= experimentName(cell).count &+ cellName(cell).count
      i &+= 1
    }
    var left = trail.holdouts
    while left != 0 {
      end &+= holdoutName(UInt32(truncatingIfNeeded: left.trailingZeroBitCount)).count
      left &= left &- 1
    }
    i = 0
    while i < lists.shadows {
      let shadow = trail.shadow(i)
      end &+= Int(shadow.record.u16(Layout.Shadow.nameBytes)) &+ destination(shadow).bytes
      i &+= 1
    }
    lists.end = end
    return lists
  }

  /// Asks for room for the lists and their texts, and writes the configs of the shadows behind it.
  @inline(never)
  private func takeLists(_ wantsConfig: Bool, _ buffer: inout OutputBuffer) -> DecisionLists.Room {
    let lists = room(at: buffer.used)
    _ = buffer.take(lists.end &- lists.start)
    guard wantsConfig else { return lists }
    var i = 0
    while i < lists.shadows {
      let version = trail.shadow(i).record.u32(Layout.Shadow.version)
      trail.set(config: mergeConfig(ofVersion: version, &buffer), ofShadow: i)
      i &+= 1
    }
    return lists
  }

  @inline(never)
  private func writeLists(
    _ room: DecisionLists.Room, _ buffer: OutputBuffer,
    _ decision: DecisionReference
  ) {
    // Configs stand behind the lists already.
    let hasConfigs = request.flags & RequestReference.wantConfig != 0
    var lists = DecisionLists(
      room, in: buffer, steps: !hasConfigs && buffer.has(room.end &+ Pen.step))
    var i = 0
    while i < room.cells {
      let cell = trail.cell(i)
      lists.setCell(i, experiment: experimentName(cell), cell: cellName(cell), by: cell.by)
      i &+= 1
    }
    i = 0
    var left = trail.holdouts
    while left != 0 {
      lists.setHoldout(i, holdoutName(UInt32(truncatingIfNeeded: left.trailingZeroBitCount)))
      left &= left &- 1
      i &+= 1
    }
    i = 0
    while i < room.shadows {
      let shadow = trail.shadow(i)
      let name = ImageText(
        place: useCase + shadow.record.u32(Layout.Shadow.name),
        count: Int(shadow.record.u16(Layout.Shadow.nameBytes)))
      lists.setShadow(i, name: name, destination(shadow), config: shadow.config)
      i &+= 1
    }
    decision.set(lists)
  }

  private func destination(_ shadow: AddedShadow) -> DestinationTexts {
    destination(shadow.record.u32(Layout.Shadow.version), shadow.shard)
  }

  private func experimentName(_ cell: EnteredCell) -> ImageText {
    let record = image.record(.experiments, cell.experiment)
    return name(record.u32(Layout.Experiment.name), record.u16(Layout.Experiment.nameBytes))
  }

  private func cellName(_ cell: EnteredCell) -> ImageText {
    let record = record(of: cell)
    return name(record.u32(Layout.Cell.name), record.u16(Layout.Cell.nameBytes))
  }

  private func holdoutName(_ number: UInt32) -> ImageText {
    let record = image.record(.holdouts, number)
    return name(record.u32(Layout.Holdout.name), record.u16(Layout.Holdout.nameBytes))
  }

  private func name(_ offset: UInt32, _ bytes: UInt16) -> ImageText {
    ImageText(place: image.section(.text) + offset, count: Int(bytes))
  }
}
