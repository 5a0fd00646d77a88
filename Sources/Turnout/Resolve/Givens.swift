/// What is not left to the hash: overrides, by the use case's unit, and the request's assignments.
extension Context {
  /// Searches the use case's overrides. Gives the model version that one decides for; one that names
  /// cells is noted in the trail.
  @inline(never)
  func searchOverrides() -> UInt32? {
    let map = useCase.u32(Layout.UseCase.overrides) &- 1
    let unit = self.unit(unitOfUseCase)
    guard !unit.isEmpty, let found = image.value(map: map, unit) else {
      observer.searchedOverrides(by: unit, .none)
      return nil
    }
    if found & Layout.Override.isList != 0 {
      trail.overrides = found & ~Layout.Override.isList
      observer.searchedOverrides(by: unit, .cells)
      return nil
    }
    guard isProduction else {
      observer.searchedOverrides(by: unit, .versionOfOtherTraffic(found))
      return nil
    }
    observer.searchedOverrides(by: unit, .version(found))
    return found
  }

  /// Notes for every running experiment that the use case names what is given for it, wherever its
  /// rule stands: a cell that is given takes its layer.
  func gather() {
    trail.hasGathered = true
    if request.assignmentCount == 0 && trail.overrides == 0 { return }
    let useCase = self.useCase
    let rules = useCase + useCase.u32(Layout.UseCase.rules)
    let count = Int(useCase.u16(Layout.UseCase.ruleCount))
    var number = 0
    while number < count {
      let rule = rules + number &* Layout.Rule.bytes
      if rule.u8(Layout.Rule.kind) == RuleKind.experiment.rawValue {
        gather(rule, number)
      }
      number &+= 1
    }
  }

  private func gather(
    _ rule: Place, _ number: Int
  ) {
    let experiment = rule.u32(Layout.Rule.target)
    let record = image.record(.experiments, experiment)
    guard isRunning(record, experiment, tells: false) else { return }
    var cell = Format.nobody
    var by = EnteredCell.byAssignment
    if request.assignmentCount != 0, let name = request.assignment(for: name(of: record)) {
      if let known = self.cell(name, of: record) {
        cell = known
      } else if !name.isAbsent {
        tally.assignments &+= 1
      }
    } else {
      guard let overridden = overridden(rule: number) else { return }
      cell = overridden
      by = EnteredCell.byOverride
    }
    trail.add(
      GivenCell(
        rule: UInt32(truncatingIfNeeded: number), experiment: experiment,
        layer: record.u32(Layout.Experiment.layer), cell: cell, by: by))
  }

  private func name(of experiment: Place) -> Text {
    (image.section(.text) + experiment.u32(Layout.Experiment.name))
      .text(Int(experiment.u16(Layout.Experiment.nameBytes)))
  }

  /// The number, in its experiment, of the cell with this name.
  private func cell(_ name: Text, of experiment: Place) -> UInt32? {
    let first = experiment.u32(Layout.Experiment.firstCell)
    let count = experiment.u32(Layout.Experiment.cellCount)
    var i: UInt32 = 0
    while i < count {
      let record = image.record(.cells, first &+ i)
      let own = (image.section(.text) + record.u32(Layout.Cell.name))
        .text(Int(record.u16(Layout.Cell.nameBytes)))
      if own == name { return i }
      i &+= 1
    }
    return nil
  }

  /// The cell that the unit's override names for the experiment of a rule.
  private func overridden(rule: Int) -> UInt32? {
    if trail.overrides == 0 { return nil }
    let list = useCase + trail.overrides
    var left = Int(list.u32(Layout.Override.count))
    var entry = list + Layout.Override.entries
    while left > 0 {
      if Int(entry.u16(Layout.Override.rule)) == rule {
        return UInt32(entry.u16(Layout.Override.cell))
      }
      entry = entry + Layout.Override.entryBytes
      left &-= 1
    }
    return nil
  }

  /// Tells of what is given for an experiment.
  func tell(_ given: GivenCell, _ experiment: Place) {
    let way: Observation.Way = given.cell == Format.nobody ? .out : .into
    guard given.by == EnteredCell.byAssignment else {
      observer.passed(.assignment(.none), experiment: given.experiment, .on)
      observer.passed(.override, experiment: given.experiment, way)
      return
    }
    var assignment = Observation.Assignment.cell
    if given.cell == Format.nobody {
      let name = request.assignment(for: name(of: experiment)) ?? Text.empty
      assignment = name.isAbsent ? .kept : .unknown(name)
    }
    observer.passed(.assignment(assignment), experiment: given.experiment, way)
  }
}
