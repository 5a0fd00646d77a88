/// Experiments with their cells, layers and holdouts.
extension Validation {
  func checkExperiments(_ taken: inout Taken) throws(Fault) {
    var nextCell = 0
    for number in 0..<count(.experiments) { try checkExperiment(number, &nextCell, taken) }
    try check(nextCell == count(.cells), offset(.cells), "cells of no experiment")

    for number in 0..<count(.layers) { try checkLayer(number, &taken) }
    for number in 0..<count(.experiments) {
      let at = record(.experiments, number)
      try takeAllocation(
        at + Layout.Experiment.allocation, of: AllocationOwner(.cells, number),
        0..<int(at + Layout.Experiment.cellCount), &taken)
    }
    try check(count(.holdouts) <= Format.holdoutsMax, offset(.holdouts), "too many holdouts")
    for number in 0..<count(.holdouts) { try checkHoldout(number, &taken) }
    try check(
      taken.nextAllocation == size(.allocations), offset(.allocations), "allocations of nothing")
  }

  private func checkExperiment(
    _ number: Int, _ nextCell: inout Int, _ taken: borrowing Taken
  ) throws(Fault) {
    let at = record(.experiments, number)
    try checkNameOrder(
      .experiments, number, first: 0, "experiments are not in the order of their names")
    let layer = u32(at + Layout.Experiment.layer)
    try check(layer, in: .layers, at: at)
    let layerAt = record(.layers, Int(layer))
    try check(
      u32(layerAt + Layout.Layer.allocation) != 0, at, "an experiment's layer has no allocation")
    try check(
      u8(at + Layout.Experiment.unit) == (u8(layerAt + Layout.Layer.unit)), at,
      "an experiment has another unit than its layer")
    let flags = u8(at + Layout.Experiment.flags)
    let knownFlags =
      Layout.Experiment.flagDisabled | Layout.Experiment.flagOutside | Layout.Experiment.flagWindow
    try check(flags & ~knownFlags == 0, at, "unknown flags")
    let starts = Int64(bitPattern: u64(at + Layout.Experiment.starts))
    let ends = Int64(bitPattern: u64(at + Layout.Experiment.ends))
    try check(starts < ends, at, "an experiment ends before it starts")
    try check(
      flags & Layout.Experiment.flagWindow != 0 || (starts == .min && ends == .max), at,
      "an experiment's window without its flag")
    _ = try checkCondition(at + Layout.Experiment.condition, taken)
    try checkTraffic(at + Layout.Experiment.traffic)
    try checkZero(at + 48, at + Section.experiments.stride)

    let first = int(at + Layout.Experiment.firstCell)
    let cells = int(at + Layout.Experiment.cellCount)
    try check(first == nextCell, at, "experiments do not share out the cells")
    try check(
      cells >= 1 && cells <= Format.armsMax && cells <= count(.cells) - first, at,
      "an experiment's cells reach outside")
    nextCell += cells
    for cell in first..<nextCell {
      let cellAt = record(.cells, cell)
      try checkNameOrder(
        .cells, cell, first: first, "cells are not in the order of their names")
      try checkZero(cellAt + 6, cellAt + 8)
      try checkOptional(u32(cellAt + Layout.Cell.config), in: .configs, at: cellAt)
      try checkZero(cellAt + 12, cellAt + Section.cells.stride)
    }
  }

  private func checkLayer(_ number: Int, _ taken: inout Taken) throws(Fault) {
    let at = record(.layers, number)
    try checkNameOrder(
      .layers, number, first: 0, "layers are not in the order of their names")
    try checkUnit(at + Layout.Layer.unit)
    try checkZero(at + 7, at + 8)
    // One has it if it has an experiment: each of those was checked to find it, and the arms of the
    // allocation, of which there is one at least, are checked to be its experiments.
    if u32(at + Layout.Layer.allocation) != 0 {
      try takeAllocation(
        at + Layout.Layer.allocation, of: AllocationOwner(.layer, number), 0..<count(.experiments),
        &taken)
    }
    try checkZero(at + 12, at + 16)
    // A shift by 64 leaves nothing.
    let unknown = u64(at + Layout.Layer.holdouts) >> UInt64(count(.holdouts))
    try check(unknown == 0, at + Layout.Layer.holdouts, "no such holdout")
    try checkZero(at + 24, at + Section.layers.stride)
  }

  private func checkHoldout(_ number: Int, _ taken: inout Taken) throws(Fault) {
    let at = record(.holdouts, number)
    try checkNameOrder(
      .holdouts, number, first: 0, "holdouts are not in the order of their names")
    try checkUnit(at + Layout.Holdout.unit)
    try checkZero(at + 7, at + 8)
    try takeAllocation(
      at + Layout.Holdout.allocation, of: AllocationOwner(.holdout, number), 0..<1, &taken)
    try checkTraffic(at + Layout.Holdout.traffic)
    try checkZero(at + 16, at + Section.holdouts.stride)
  }

  /// A record that begins with its name, which is greater than that of the record before it, down to
  /// the one with the number `first`.
  private func checkNameOrder(
    _ section: Section, _ number: Int, first: Int, _ isUnordered: StaticString
  ) throws(Fault) {
    let at = record(section, number)
    try checkName(at)
    guard number > first else { return }
    try check(name(at - section.stride).compare(name(at)) < 0, at, isUnordered)
  }

  private func name(_ at: Int) -> Text {
    image.text(offset(.text) + int(at), Int(u16(at + 4)))
  }
}
