import Turnout

/// Layers, experiments with their cells, and holdouts.
extension ImageEncoder {
  mutating func encodeLayers() {
    var holdouts: [String: UInt64] = [:]
    for (number, holdout) in document.holdouts.enumerated() {
      for layer in holdout.layers { holdouts[layer, default: 0] |= 1 << UInt64(number) }
    }
    for (number, layer) in document.layers.enumerated() {
      appendName(layer.name, to: .layers)
      append(UInt16(numbers.unit(layer.unit)), to: .layers)
      let allocation = layer.allocation.map { spec in
        appendAllocation(
          spec, targets: spec.arms.map { numbers.experiments[$0.name] ?? 0 }, owner: number)
      }
      append(allocation ?? 0, to: .layers)
      append(UInt32(0), to: .layers)
      append(holdouts[layer.name] ?? 0, to: .layers)
      endRecord(.layers)
    }
  }

  mutating func encodeExperiments() {
    let units = Dictionary(
      document.layers.map { ($0.name, numbers.unit($0.unit)) },
      uniquingKeysWith: { first, _ in first })
    for (number, experiment) in document.experiments.enumerated() {
      if isFull(at: experiment.mark) { return }
      let hasWindow = experiment.starts != nil || experiment.ends != nil
      appendName(experiment.name, to: .experiments)
      append(
        (experiment.isEnabled ? 0 : Layout.Experiment.flagDisabled)
          | (experiment.isAssignedOutside ? Layout.Experiment.flagOutside : 0)
          | (hasWindow ? Layout.Experiment.flagWindow : 0), to: .experiments)
      append(units[experiment.layer] ?? 0, to: .experiments)
      append(numbers.layers[experiment.layer] ?? 0, to: .experiments)
      append(UInt32(truncatingIfNeeded: count(.cells)), to: .experiments)
      append(UInt32(truncatingIfNeeded: experiment.cells.count), to: .experiments)
      append(addCondition(experiment.condition, at: experiment.mark), to: .experiments)
      append(addTraffic(experiment.traffic), to: .experiments)
      append(
        appendAllocation(
          experiment.allocation, targets: experiment.cells.indices.map(UInt32.init),
          owner: number), to: .experiments)
      append(experiment.starts ?? .min, to: .experiments)
      append(experiment.ends ?? .max, to: .experiments)
      endRecord(.experiments)
      for cell in experiment.cells {
        appendName(cell.name, to: .cells)
        append(UInt16(0), to: .cells)
        append(configs.add(cell.config, &texts), to: .cells)
        endRecord(.cells)
      }
    }
  }

  mutating func encodeHoldouts() {
    for (number, holdout) in document.holdouts.enumerated() {
      appendName(holdout.name, to: .holdouts)
      append(UInt16(numbers.unit(holdout.allocation.unit)), to: .holdouts)
      append(
        appendAllocation(holdout.allocation, targets: [0], owner: number), to: .holdouts)
      append(addTraffic(holdout.traffic), to: .holdouts)
      endRecord(.holdouts)
    }
  }
}
