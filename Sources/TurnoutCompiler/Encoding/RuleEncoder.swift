import Turnout

/// What rules, shadows and overrides of use cases name of the rest of the table.
extension ImageEncoder {
  mutating func encodeUseCases() {
    let cells = CellIndex(document.experiments)
    for (ordinal, useCase) in document.useCases.enumerated() {
      if isFull(at: useCase.mark) { return }
      let attributes = useCase.requiredAttributes.compactMap { numbers.attributes[$0] }
      let units = useCase.requiredUnits.compactMap { numbers.units[$0] }
      let refuse = useCase.whenAllDown == .refuse ? Layout.UseCase.flagRefuse : 0
      var encoder = UseCaseEncoder(
        UseCaseEncoder.Head(
          name: Text(useCase.name),
          flags: (useCase.isEnabled ? 0 : Layout.UseCase.flagDisabled) | refuse,
          unit: numbers.unit(useCase.unit), ordinal: UInt32(truncatingIfNeeded: ordinal),
          requires: attributes + units.map { UInt16($0) | Layout.UseCase.requireUnit },
          config: configs.add(useCase.config, &texts)))
      var rules: [UseCaseEncoder.EncodedRule] = []
      rules.reserveCapacity(useCase.rules.count)
      for (part, rule) in useCase.rules.enumerated() {
        rules.append(encoded(rule, of: useCase, ordinal, part))
      }
      encoder.append(rules)
      var shadows: [UseCaseEncoder.EncodedShadow] = []
      for (part, shadow) in useCase.shadows.enumerated() {
        shadows.append(encoded(shadow, ordinal, part))
      }
      encoder.append(shadows)
      // Behind the lookups: maps with values ascend in the order of use cases.
      encoder.append(encodedOverrides(of: useCase, cells), &maps, &texts)
      useCaseStarts.append(sections[.useCases].count)
      useCaseHashes.append(XXH3.hash64(Array(useCase.name.utf8)))
      sections[.useCases].append(encoder.finish())
    }
  }

  private mutating func encoded(
    _ rule: Rule, of useCase: UseCase, _ ordinal: Int, _ part: Int
  ) -> UseCaseEncoder.EncodedRule {
    var program = program(rule.condition, at: rule.mark)
    let guards = program.takeGuards()
    var encoded = UseCaseEncoder.EncodedRule(
      name: Text(rule.name ?? ""), kind: .route, unit: numbers.unit(useCase.unit),
      guards: guards, steps: program.steps,
      placement: rule.placement.map { addPlacement($0, at: rule.mark) + 1 } ?? 0,
      config: configs.add(rule.config, &texts))
    switch rule.action {
    case .route(let version):
      encoded.target = numbers.version(version)
    case .split(let split):
      encoded.kind = .split
      encoded.unit = numbers.unit(split.allocation.unit)
      let targets = split.versions.map(numbers.version)
      encoded.allocation =
        allocate(split.allocation, targets: targets, owner: ordinal, part: part) ?? []
    case .lookup(let lookup):
      encoded.kind = .lookup
      encoded.attribute = numbers.attributes[lookup.attribute] ?? 0
      let routes = lookup.routes.map { route in
        (key: route.value.lookupKey, value: numbers.version(route.version))
      }
      encoded.target = maps.addMap(routes, &texts)
    case .experiment(let name):
      encoded.kind = .experiment
      // What a decision gives as its reason.
      encoded.name = Text(name)
      let number = numbers.experiments[name] ?? 0
      encoded.target = number
      guard document.experiments.indices.contains(Int(number)) else { break }
      let versions = document.experiments[Int(number)].cells.map { cell in
        cell.model(for: useCase.name).map { numbers.version($0) + 1 } ?? 0
      }
      if versions.contains(where: { $0 > 0 }) { encoded.cellVersions = versions }
    }
    return encoded
  }

  private mutating func encoded(
    _ shadow: Shadow, _ ordinal: Int, _ part: Int
  ) -> UseCaseEncoder.EncodedShadow {
    defer { shadowCount += 1 }
    return UseCaseEncoder.EncodedShadow(
      name: Text(shadow.name), unit: numbers.unit(shadow.sample.unit),
      flags: shadow.isByRequest ? Layout.Shadow.flagByRequest : 0,
      version: numbers.version(shadow.version),
      condition: addCondition(shadow.condition, at: shadow.mark),
      traffic: addTraffic(shadow.traffic),
      allocation: allocate(shadow.sample, targets: [0], owner: ordinal, part: part) ?? [],
      number: UInt32(truncatingIfNeeded: shadowCount))
  }

  private func encodedOverrides(
    of useCase: UseCase, _ cells: CellIndex
  ) -> [UseCaseEncoder.EncodedOverride] {
    if useCase.overrides.isEmpty { return [] }
    var rules: [String: UInt16] = [:]
    for (part, rule) in useCase.rules.enumerated() {
      guard case .experiment(let name) = rule.action else { continue }
      rules[name] = UInt16(truncatingIfNeeded: part)
    }
    return useCase.overrides.map { override in
      switch override.target {
      case .version(let version):
        return UseCaseEncoder.EncodedOverride(
          unit: override.unit, target: .version(numbers.version(version)))
      case .cells(let list):
        let entries = list.map { entry in
          UseCaseEncoder.OverrideEntry(
            rule: rules[entry.experiment] ?? 0, cell: cells.number(entry))
        }
        return UseCaseEncoder.EncodedOverride(
          unit: override.unit, target: .cells(entries.sorted { $0.rule < $1.rule }))
      }
    }
  }
}

/// Cells counted from their experiment's first.
private struct CellIndex {
  private var numbers: [String: [String: UInt16]] = [:]

  init(_ experiments: [Experiment]) {
    for experiment in experiments {
      for (number, cell) in experiment.cells.enumerated() {
        numbers[experiment.name, default: [:]][cell.name] = UInt16(truncatingIfNeeded: number)
      }
    }
  }

  func number(_ entry: OverrideCell) -> UInt16 { numbers[entry.experiment]?[entry.cell] ?? 0 }
}
