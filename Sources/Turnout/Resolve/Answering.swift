/// From an answer to a decision in the caller's memory.
extension Context {
  /// Writes the decision and gives its status, or `.bufferTooSmall` with the room it needs.
  @inline(always)
  func write(
    _ answer: Answer, _ subject: Subject, _ trail: inout Trail, _ buffer: inout OutputBuffer,
    _ decision: DecisionReference
  ) -> Status {
    if answer.status == .ok, request.flags & RequestReference.wantConfig == 0, trail.isEmpty {
      let decided = decided(answer, subject.useCase)
      let start = buffer.take(decided.bytes)
      if buffer.hasStep {
        decision.fill(
          decided, buffer.pen(start), steps: true, revision: revision, digest: image.digest,
          needed: buffer.used)
        return .ok
      }
      buffer.giveBack(decided.bytes)
    }
    return writeSlowly(answer, subject, &trail, &buffer, decision)
  }

  /// The same with a config, cells, holdouts or shadows, or where there is little room, or nothing to
  /// say but a status. The lists, and then their texts, stand behind the texts of the decision.
  @inline(never)
  private func writeSlowly(
    _ answer: Answer, _ subject: Subject, _ trail: inout Trail, _ buffer: inout OutputBuffer,
    _ decision: DecisionReference
  ) -> Status {
    guard answer.status == .ok else {
      decision.clear(answer.status, revision: revision, digest: image.digest)
      return answer.status
    }
    var decided = decided(answer, subject.useCase)
    let start = buffer.take(decided.bytes)
    let wantsConfig = request.flags & RequestReference.wantConfig != 0
    if wantsConfig {
      decided.config = mergeConfig(answer, useCase: subject.useCase, trail, &buffer)
    }
    var lists = DecisionLists.Room()
    if !trail.isEmpty { takeLists(&trail, wantsConfig, &buffer, &lists) }
    guard buffer.fits else {
      decision.clear(
        .bufferTooSmall, revision: revision, digest: image.digest, needed: buffer.used)
      return .bufferTooSmall
    }
    decision.fill(
      decided, buffer.pen(start), steps: false, revision: revision, digest: image.digest,
      needed: buffer.used)
    if !trail.isEmpty { writeLists(trail, lists, subject, buffer, decision) }
    return .ok
  }

  @inline(always)
  private func decided(_ answer: Answer, _ useCase: Place) -> Decided {
    let rule = answer.rule
    let isDefault = slots[0] == Slots.defaultTraffic
    return Decided(
      flags: answer.flags,
      // Kinds of rule and reasons: route 1, split 2, lookup 3, experiment 4 are reasons 2, 3, 4 and 5;
      // the record of zeros that stands for an override has reason 1.
      reason: UInt32(rule.u8(Layout.Rule.kind)) &+ 1,
      destination: destination(answer.version, answer.shard),
      rule: useCase + rule.u32(Layout.Rule.name),
      ruleBytes: Int(rule.u16(Layout.Rule.nameBytes)),
      traffic: isDefault ? defaultTraffic : traffic, trafficIsDefault: isDefault,
      texts: image.section(.text))
  }

  @inline(always)
  private func destination(_ version: UInt32, _ shard: UInt32) -> Destination {
    let texts = image.section(.text)
    let version = image.record(.versions, version)
    let shard = image.record(.shards, shard)
    return Destination(
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
  /// Asks for room for the lists and their texts, and writes the configs of the shadows behind it.
  @inline(never)
  private func takeLists(
    _ trail: inout Trail, _ wantsConfig: Bool, _ buffer: inout OutputBuffer,
    _ lists: inout DecisionLists.Room
  ) {
    lists.cells = trail.cellCount
    lists.holdouts = trail.holdouts.nonzeroBitCount
    lists.shadows = trail.shadowCount
    var texts = 0
    var i = 0
    while i < lists.cells {
      let cell = trail.cell(i)
      texts &+= experimentName(cell).count &+ cellName(cell).count
      i &+= 1
    }
    var left = trail.holdouts
    while left != 0 {
      texts &+= holdoutName(UInt32(truncatingIfNeeded: left.trailingZeroBitCount)).count
      left &= left &- 1
    }
    i = 0
    while i < lists.shadows {
      let shadow = trail.shadow(i)
      texts &+= Int(shadow.record.u16(Layout.Shadow.nameBytes)) &+ destination(shadow).bytes
      i &+= 1
    }
    lists.start = buffer.take(lists.bytes &+ texts)
    lists.configs = buffer.used
    guard wantsConfig else { return }
    i = 0
    while i < lists.shadows {
      let version = trail.shadow(i).record.u32(Layout.Shadow.version)
      trail.set(config: mergeConfig(ofVersion: version, &buffer), ofShadow: i)
      i &+= 1
    }
  }

  @inline(never)
  private func writeLists(
    _ trail: Trail, _ room: DecisionLists.Room, _ subject: Subject, _ buffer: OutputBuffer,
    _ decision: DecisionReference
  ) {
    var lists = DecisionLists(room, in: buffer)
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
      let name = (subject.useCase + shadow.record.u32(Layout.Shadow.name))
        .text(Int(shadow.record.u16(Layout.Shadow.nameBytes)))
      lists.setShadow(i, name: name, destination(shadow), config: shadow.config)
      i &+= 1
    }
    decision.set(lists)
  }

  private func destination(_ shadow: AddedShadow) -> Destination {
    destination(shadow.record.u32(Layout.Shadow.version), shadow.shard)
  }

  private func experimentName(_ cell: EnteredCell) -> Text {
    let record = image.record(.experiments, cell.experiment)
    return name(record.u32(Layout.Experiment.name), record.u16(Layout.Experiment.nameBytes))
  }

  private func cellName(_ cell: EnteredCell) -> Text {
    let record = record(of: cell)
    return name(record.u32(Layout.Cell.name), record.u16(Layout.Cell.nameBytes))
  }

  private func holdoutName(_ number: UInt32) -> Text {
    let record = image.record(.holdouts, number)
    return name(record.u32(Layout.Holdout.name), record.u16(Layout.Holdout.nameBytes))
  }

  private func name(_ offset: UInt32, _ bytes: UInt16) -> Text {
    (image.section(.text) + offset).text(Int(bytes))
  }
}
