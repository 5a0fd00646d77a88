import Turnout

/// Experiments in both tables: who is in which cell, by the same arithmetic as destinations.
extension TableComparison {
  /// Those that change, in the order of their names.
  func experimentChanges(
    _ contents: (before: TableContent, after: TableContent)
  ) -> [ExperimentChange] {
    func numbers(_ records: TableRecords) -> [String: Int] {
      var found: [String: Int] = [:]
      for number in 0..<records.image.count(.experiments) {
        found[records.name(.experiments, number)] = number
      }
      return found
    }
    let (old, new) = (numbers(before.records), numbers(after.records))
    let names = Set(old.keys).union(new.keys).sorted(by: Self.precedes)
    return names.compactMap { name in
      if let before = old[name], let after = new[name],
        contents.before.experiment(before) == contents.after.experiment(after)
      {
        return nil
      }
      return change(of: name, old[name], new[name])
    }
  }

  private func change(of name: String, _ old: Int?, _ new: Int?) -> ExperimentChange {
    // Where a unit may be: numbers of texts, which are cells from 2 on.
    let places = Numbering<String>()
    let (nowhere, elsewhere) = (places.number(""), places.number("/"))
    let programs = [(before, old), (after, new)].map { side, number in
      number.map { membership(side, $0, places) } ?? .ended(nowhere)
    }
    var change = ExperimentChange(name: name, before: nil, after: nil)
    var (from, to): ([Int: Share], [Int: Share]) = ([:], [:])
    var steps = Self.stepsMax
    // Holdouts, a layer, and the cells of one experiment: at most as many states as arms.
    if let joint = try? JointDraw(programs[0], programs[1], steps: &steps) {
      (from, to) = (joint.shares(of: \.before), joint.shares(of: \.after))
      for (pair, share) in joint.ends {
        let (was, isNow) = (pair.before > elsewhere, pair.after > elsewhere)
        switch (was, isNow) {
        case (true, true): if pair.before != pair.after { change.betweenCells += share }
        case (false, true):
          if pair.before == elsewhere { change.fromOthers += share } else { change.gained += share }
        case (true, false):
          if pair.after == elsewhere { change.toOthers += share } else { change.lost += share }
        case (false, false): break
        }
      }
    }
    change.before = old.map { state(before, $0, from, places) }
    change.after = new.map { state(after, $0, to, places) }
    if let old, let new {
      let conditions = [(before.records, old), (after.records, new)].map { records, number in
        tests(records, number)
      }
      change.conditionChanges = conditions[0] != conditions[1]
    }
    return change
  }

  private func state(
    _ side: ComparedSide, _ number: Int, _ shares: [Int: Share], _ places: Numbering<String>
  ) -> ExperimentChange.State {
    let records = side.records
    let record = records.record(.experiments, number)
    let first = records.u32(record + Layout.Experiment.firstCell)
    let cells = (0..<records.u32(record + Layout.Experiment.cellCount)).map { cell in
      let name = records.name(.cells, first + cell)
      return ExperimentChange.Cell(
        name: name, share: shares[places.number("/" + name)] ?? .zero)
    }
    return ExperimentChange.State(
      layer: records.name(.layers, records.u32(record + Layout.Experiment.layer)),
      isRunning: isRunning(records, number), cells: cells)
  }

  /// Where a unit is, of those that the experiment's condition lets in.
  private func membership(
    _ side: ComparedSide, _ number: Int, _ places: Numbering<String>
  ) -> DrawProgram {
    let records = side.records
    let record = records.record(.experiments, number)
    let flags = UInt8(records.u8(record + Layout.Experiment.flags))
    guard isRunning(records, number), flags & Layout.Experiment.flagOutside == 0 else {
      return .ended(0)
    }
    var program = DrawProgram()
    let nowhere = program.add(.leaf(0))
    let elsewhere = program.add(.leaf(1))
    let first = records.u32(record + Layout.Experiment.firstCell)
    let cells = (0..<records.u32(record + Layout.Experiment.cellCount)).map { cell in
      program.add(.leaf(places.number("/" + records.name(.cells, first + cell))))
    }
    let cellBlock = records.allocation(records.u32(record + Layout.Experiment.allocation))
    let layer = records.record(.layers, records.u32(record + Layout.Experiment.layer))
    let unit = records.u8(layer + Layout.Layer.unit)
    let drawn = program.add(
      draw: side.coordinate(cellBlock, unit: unit), side.intervals(cellBlock)
    ) { $0 < cells.count ? cells[$0] : nowhere }
    let layerBlock = records.allocation(records.u32(layer + Layout.Layer.allocation))
    var running: [Int: Bool] = [:]
    program.root = program.add(
      draw: side.coordinate(layerBlock, unit: unit), side.intervals(layerBlock)
    ) { target in
      if target == number { return drawn }
      if target == Int(Format.nobody) { return nowhere }
      let isRunning = running[target] ?? isRunning(records, target)
      running[target] = isRunning
      return isRunning ? elsewhere : nowhere
    }
    for number in records.holdouts(ofLayer: layer) {
      let holdout = records.record(.holdouts, number)
      guard hasProduction(records, records.u32(holdout + Layout.Holdout.traffic)) else { continue }
      let block = records.allocation(records.u32(holdout + Layout.Holdout.allocation))
      let outside = program.root
      program.root = program.add(
        draw: side.coordinate(block, unit: records.u8(holdout + Layout.Holdout.unit)),
        side.intervals(block)
      ) { $0 == 0 ? nowhere : outside }
    }
    return program
  }

  private func isRunning(_ records: TableRecords, _ number: Int) -> Bool {
    let record = records.record(.experiments, number)
    let starts = Int64(bitPattern: records.u64(record + Layout.Experiment.starts))
    let ends = Int64(bitPattern: records.u64(record + Layout.Experiment.ends))
    let flags = UInt8(records.u8(record + Layout.Experiment.flags))
    return flags & Layout.Experiment.flagDisabled == 0 && starts <= now && now < ends
      && hasProduction(records, records.u32(record + Layout.Experiment.traffic))
  }

  private func hasProduction(_ records: TableRecords, _ reference: Int) -> Bool {
    reference == 0
      || TableSet(reference - 1, of: records).contains(Array(Format.defaultTraffic.utf8))
  }

  /// What an experiment's condition says, to be compared.
  private func tests(_ records: TableRecords, _ number: Int) -> [ContextTest] {
    let record = records.record(.experiments, number)
    let reference = records.u32(record + Layout.Experiment.condition)
    guard reference != 0 else { return [] }
    let block = records.start(.conditions) + reference - 1
    return ContextTest.read(
      block + Layout.Condition.tests, count: records.u16(block + Layout.Condition.testCount),
      in: block, records)
  }
}
