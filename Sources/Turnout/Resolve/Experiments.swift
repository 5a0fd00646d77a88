/// Whether the unit is in a cell of an experiment that a rule names.
extension Context {
  /// Tries the experiment of a rule whose condition holds. A cell is added to the trail; gives the model
  /// version that it decides for, if it does.
  @inline(never)
  func enter(
    _ rule: Place, number: Int
  ) -> UInt32? {
    if request.assignmentCount != 0 || trail.overrides != 0, !trail.hasGathered { gather() }
    let experiment = rule.u32(Layout.Rule.target)
    guard let entered = cell(of: experiment, rule: number) else { return nil }
    trail.add(entered)
    var version: UInt32?
    let versions = rule.u32(Layout.Rule.cellVersions)
    if versions != 0 {
      let named = (useCase + versions).u32(Int(entered.cell) &* 4)
      if named != 0 { version = named &- 1 }
    }
    observer.entered(experiment: experiment, cell: entered.cell, by: entered.by, version)
    return version
  }

  private func cell(
    of experiment: UInt32, rule: Int
  ) -> EnteredCell? {
    let record = image.record(.experiments, experiment)
    guard runsAlways(record) || isRunning(record, experiment, tells: true) else { return nil }
    if !trail.hasNoGiven, let given = trail.given(rule: rule) {
      if Watching.listens { tell(given, record) }
      if given.cell == Format.nobody { return nil }
      return EnteredCell(experiment: experiment, cell: given.cell, by: given.by)
    }
    observer.passed(.assignment(.none), experiment: experiment, .on)
    observer.passed(.override, experiment: experiment, .on)

    let isOutside = record.u8(Layout.Experiment.flags) & Layout.Experiment.flagOutside != 0
    observer.passed(.assignedByHash, experiment: experiment, isOutside ? .out : .on)
    if isOutside { return nil }

    let number = record.u32(Layout.Experiment.layer)
    let taken = trail.hasNoGiven ? nil : trail.taken(layer: number)
    observer.passed(.layerFree(takenBy: taken), experiment: experiment, taken == nil ? .on : .out)
    if taken != nil { return nil }

    let layer = image.record(.layers, number)
    if isHeldOut(of: layer, experiment) { return nil }

    let holds = holds(condition: record.u32(Layout.Experiment.condition))
    observer.passed(.condition, experiment: experiment, holds ? .on : .out)
    if !holds { return nil }

    let unit = layer.u8(Layout.Layer.unit)
    let value = self.unit(unit)
    var isIn = false
    if !value.isEmpty {
      let block = allocation(layer.u32(Layout.Layer.allocation))
      let drawn = draw(block, by: value, of: unit, Drawn(kind: .layer, owner: number))
      isIn = drawn == experiment
    }
    observer.passed(
      .layer(hasUnit: !value.isEmpty), experiment: experiment, isIn ? .into : .out)
    if !isIn { return nil }

    let block = allocation(record.u32(Layout.Experiment.allocation))
    let cell = draw(block, by: value, of: unit, Drawn(kind: .cells, owner: experiment))
    return EnteredCell(experiment: experiment, cell: cell, by: EnteredCell.byHash)
  }

  /// What most experiments are: enabled, without a window, for production alone, which this is, and no
  /// overlay.
  @inline(always)
  private func runsAlways(_ record: Place) -> Bool {
    !Watching.listens && overlay.isEmpty && record.u8(Layout.Experiment.flags) == 0
      && record.u32(Layout.Experiment.traffic) == 0 && slots[0] == Slots.defaultTraffic
  }

  /// Enabled and not switched off, in its window, and for this class of traffic.
  func isRunning(
    _ record: Place, _ experiment: UInt32, tells: Bool
  ) -> Bool {
    func passes(_ gate: Observation.ExperimentGate, _ holds: Bool) -> Bool {
      if tells { observer.passed(gate, experiment: experiment, holds ? .on : .out) }
      return holds
    }
    let flags = record.u8(Layout.Experiment.flags)
    guard passes(.enabled, flags & Layout.Experiment.flagDisabled == 0),
      passes(.switchedOn, !overlay.isOff(experiment: experiment))
    else { return false }
    if flags & Layout.Experiment.flagWindow != 0 {
      let starts = Int64(bitPattern: record.u64(Layout.Experiment.starts))
      let ends = Int64(bitPattern: record.u64(Layout.Experiment.ends))
      let now = trail.now(request)
      guard passes(.window(now: now, starts: starts, ends: ends), starts <= now && now < ends)
      else { return false }
    }
    return passes(.traffic, hasTraffic(of: record.u32(Layout.Experiment.traffic)))
  }

  /// Draws the layer's holdouts, each at most once a resolve, and notes those that have the unit.
  private func isHeldOut(
    of layer: Place, _ experiment: UInt32
  ) -> Bool {
    let concerned = layer.u64(Layout.Layer.holdouts)
    // Who listens is told of those that were drawn before, too.
    var left = Watching.listens ? concerned : concerned & ~trail.drawnHoldouts
    while left != 0 {
      let number = UInt32(truncatingIfNeeded: left.trailingZeroBitCount)
      left &= left &- 1
      let finding = draw(holdout: number)
      if case .inside = finding {
        trail.add(holdout: number)
        observer.passed(.holdout(number, finding), experiment: experiment, .out)
      } else {
        observer.passed(.holdout(number, finding), experiment: experiment, .on)
      }
    }
    trail.drawnHoldouts |= concerned
    return trail.holdouts & concerned != 0
  }

  private func draw(holdout number: UInt32) -> Observation.Holdout {
    let record = image.record(.holdouts, number)
    guard hasTraffic(of: record.u32(Layout.Holdout.traffic)) else { return .otherTraffic }
    let unit = record.u8(Layout.Holdout.unit)
    let value = self.unit(unit)
    if value.isEmpty { return .noUnit }
    let block = allocation(record.u32(Layout.Holdout.allocation))
    let drawn = draw(block, by: value, of: unit, Drawn(kind: .holdout, owner: number))
    return drawn == 0 ? .inside : .outside
  }
}
