/// Experiments with their cells, layers and holdouts.
extension Validation {
  mutating func checkExperiments() throws(TurnoutError) {
    var hasExperiment = [Bool](repeating: false, count: count(.layers))
    var nextCell = 0
    for number in 0..<count(.experiments) {
      let layer = try checkExperiment(number, &nextCell)
      hasExperiment[layer] = true
    }
    try check(nextCell == count(.cells), offset(.cells), "cells of no experiment")

    for layer in 0..<count(.layers) {
      try checkLayer(layer, hasExperiment: hasExperiment[layer])
    }
    for number in 0..<count(.experiments) {
      let at = offset(.experiments) + number * Section.experiments.stride
      try takeAllocation(
        at + Layout.Experiment.allocation, of: AllocationOwner(.cells, number),
        0..<(try int(at + Layout.Experiment.cellCount)))
    }
    try check(count(.holdouts) <= Format.holdoutsMax, offset(.holdouts), "too many holdouts")
    for number in 0..<count(.holdouts) { try checkHoldout(number) }
    try check(
      nextAllocation == size(.allocations), offset(.allocations), "allocations of nothing")
  }

  /// Returns the experiment's layer.
  private func checkExperiment(_ number: Int, _ nextCell: inout Int) throws(TurnoutError) -> Int {
    let at = offset(.experiments) + number * Section.experiments.stride
    try checkNameOrder(.experiments, number, first: 0)
    let layer = try u32(at + Layout.Experiment.layer)
    try check(layer, in: .layers, at: at)
    let layerAt = offset(.layers) + Int(layer) * Section.layers.stride
    try check(
      try u8(at + Layout.Experiment.unit) == (try u8(layerAt + Layout.Layer.unit)), at,
      "an experiment has another unit than its layer")
    let flags = try u8(at + Layout.Experiment.flags)
    let knownFlags =
      Layout.Experiment.flagDisabled | Layout.Experiment.flagOutside | Layout.Experiment.flagWindow
    try check(flags & ~knownFlags == 0, at, "unknown flags")
    let starts = Int64(bitPattern: try u64(at + Layout.Experiment.starts))
    let ends = Int64(bitPattern: try u64(at + Layout.Experiment.ends))
    try check(starts < ends, at, "an experiment ends before it starts")
    try check(
      flags & Layout.Experiment.flagWindow != 0 || (starts == .min && ends == .max), at,
      "an experiment's window without its flag")
    _ = try checkCondition(at + Layout.Experiment.condition)
    try checkTraffic(at + Layout.Experiment.traffic)
    try checkZero(at + 48, at + Section.experiments.stride)

    let first = try int(at + Layout.Experiment.firstCell)
    let cells = try int(at + Layout.Experiment.cellCount)
    try check(first == nextCell, at, "experiments do not share out the cells")
    try check(
      (1...Format.armsMax).contains(cells) && cells <= count(.cells) - first, at,
      "an experiment's cells reach outside")
    nextCell += cells
    for cell in first..<nextCell {
      let cellAt = offset(.cells) + cell * Section.cells.stride
      try checkNameOrder(.cells, cell, first: first)
      try checkZero(cellAt + 6, cellAt + 8)
      try checkOptional(try u32(cellAt + Layout.Cell.config), in: .configs, at: cellAt)
      try checkZero(cellAt + 12, cellAt + Section.cells.stride)
    }
    return Int(layer)
  }

  private mutating func checkLayer(_ number: Int, hasExperiment: Bool) throws(TurnoutError) {
    let at = offset(.layers) + number * Section.layers.stride
    try checkNameOrder(.layers, number, first: 0)
    try checkUnit(at + Layout.Layer.unit)
    try checkZero(at + 7, at + 8)
    if hasExperiment {
      try takeAllocation(
        at + Layout.Layer.allocation, of: AllocationOwner(.layer, number), 0..<count(.experiments))
    } else {
      try checkZero(at + Layout.Layer.allocation, at + 12)
    }
    try checkZero(at + 12, at + 16)
    // A shift by 64 leaves nothing.
    let unknown = try u64(at + Layout.Layer.holdouts) >> UInt64(count(.holdouts))
    try check(unknown == 0, at + Layout.Layer.holdouts, "no such holdout")
    try checkZero(at + 24, at + Section.layers.stride)
  }

  private mutating func checkHoldout(_ number: Int) throws(TurnoutError) {
    let at = offset(.holdouts) + number * Section.holdouts.stride
    try checkNameOrder(.holdouts, number, first: 0)
    try checkUnit(at + Layout.Holdout.unit)
    try checkZero(at + 7, at + 8)
    try takeAllocation(
      at + Layout.Holdout.allocation, of: AllocationOwner(.holdout, number), 0..<1)
    try checkTraffic(at + Layout.Holdout.traffic)
    try checkZero(at + 16, at + Section.holdouts.stride)
  }

  /// A record that begins with its name, which is greater than that of the record before it, down to
  /// the one with the number `first`.
  private func checkNameOrder(
    _ section: Section, _ number: Int, first: Int
  ) throws(TurnoutError) {
    let at = offset(section) + number * section.stride
    try checkName(at)
    guard number > first else { return }
    try check(
      try name(at - section.stride).compare(try name(at)) < 0, at,
      "names in \(section) are not in order")
  }

  private func name(_ at: Int) throws(TurnoutError) -> Text {
    guard let text = bytes.slice(offset(.text) + (try int(at)), Int(try u16(at + 4)))?.text else {
      throw corrupt(at, "a name lies outside")
    }
    return text
  }
}
