internal import Turnout

extension Checker {
  /// How a unit gets into a cell.
  private enum Assignment: String, CaseIterable {
    case hash
    case outside
  }

  /// The experiments, and the arms that they are in their layers.
  func checkExperiments(
    _ declarations: [Declaration]
  ) -> (experiments: [Experiment], arms: [String: [ArmSpec]]) {
    var arms: [String: [ArmSpec]] = [:]
    let experiments = declarations.compactMap { declaration in
      checkExperiment(declaration, &arms)
    }
    return (experiments, arms)
  }

  private func checkExperiment(
    _ declaration: Declaration, _ arms: inout [String: [ArmSpec]]
  ) -> Experiment? {
    let name = declaration.name
    // Stands for an experiment that cannot be read: whatever cell is named, it may have.
    cells[name] = .some(nil)
    guard case .mapping(let entries) = declaration.value.content else {
      reportWrongType(
        declaration.value, "the experiment `\(name)`", "a mapping",
        "write `layer:` and `cells:` below it")
      return nil
    }
    let errors = report.errorCount
    let fields = Fields(entries, at: declaration.value.mark, .experiment, report)
    checkNotes(fields)
    let allowed = allow(fields, at: declaration.mark)
    let layer = layerReference(fields, declaration)
    let unit = layer.flatMap { layers[$0]?.unit } ?? primaryUnit
    let (starts, ends) = window(fields, declaration)
    var condition = Condition.always
    if let when = fields["when"] {
      condition = self.condition(when, "`when`")
      checkTestCount(condition, at: when.mark)
    }
    let isEnabled = fields["enabled"].flatMap { boolean($0, "`enabled`") } ?? true
    let assignment = fields["assigned"].flatMap { word($0, "`assigned`", as: Assignment.self) }
    let traffic = traffic(fields)
    let share = fields["share"].map { percentage($0, "`share`") ?? .none }
    guard let checked = allowing(allowed, { checkCells(fields, declaration) }) else { return nil }
    experimentLayers[name] = layer
    let allocation = allocation(
      .cells, owner: name, unit: unit, arms: checked.arms, fields, at: declaration.mark,
      since: errors, allowed: allowed)
    guard let layer else { return nil }
    arms[layer, default: []].append(
      ArmSpec(
        name: name, key: allocation.salt,
        size: .share(share ?? (assignment == .outside ? .none : .all)), mark: declaration.mark))
    if assignment == .outside, share == nil { experimentsWithoutShare.insert(name) }
    return Experiment(
      name: name, layer: layer, allocation: allocation, cells: checked.cells,
      condition: condition, starts: starts, ends: ends, isEnabled: isEnabled,
      isAssignedOutside: assignment == .outside, traffic: traffic, mark: declaration.mark)
  }

  private func layerReference(_ fields: Fields, _ experiment: Declaration) -> String? {
    guard let node = fields["layer"] else {
      report.error(
        .missingKey, at: experiment.mark, "the experiment `\(experiment.name)` has no `layer`",
        "name one that is declared under `layers`")
      return nil
    }
    guard let layer = name(node, "`layer`") else { return nil }
    checkReference(layer, at: node.mark, "layer", in: layers, section: "layers")
    return layer
  }

  private func window(_ fields: Fields, _ experiment: Declaration) -> (Int64?, Int64?) {
    let starts = fields["starts"].flatMap { instant($0, "`starts`") }
    let ends = fields["ends"].flatMap { instant($0, "`ends`") }
    if let starts, let ends, starts >= ends, let node = fields["ends"] {
      report.error(
        .invalidValue, at: node.mark,
        "the experiment `\(experiment.name)` ends before it begins, or as it does",
        "`starts` comes before `ends`")
    }
    return (starts, ends)
  }

  /// In byte order of their names; nil if there are none.
  private func checkCells(
    _ fields: Fields, _ experiment: Declaration
  ) -> (cells: [Cell], arms: [ArmSpec])? {
    guard let node = fields["cells"] else {
      report.error(
        .missingKey, at: experiment.mark, "the experiment `\(experiment.name)` has no `cells`",
        "write `cells: { control: {}, treatment: { model: … } }`")
      return nil
    }
    guard case .mapping(let entries) = node.content else {
      reportWrongType(
        node, "`cells`", "a mapping from names", "write `control: {}` below it")
      return nil
    }
    guard !entries.isEmpty else {
      report.error(
        .empty, at: node.mark, "`cells` is empty",
        "write `{ control: {}, treatment: { model: … } }`")
      return nil
    }
    var checked: [Cell] = []
    var arms: [ArmSpec] = []
    let declarations = declarations(entries, "cell").sorted { Text($0.name) < Text($1.name) }
    cells[experiment.name] = Set(declarations.map(\.name))
    for declaration in declarations {
      var cell = Cell(
        name: declaration.name, models: .none, config: .empty, mark: declaration.mark)
      var weight: Weight?
      if case .mapping(let entries) = declaration.value.content {
        let fields = Fields(entries, at: declaration.value.mark, .cell, report)
        checkNotes(fields)
        allow(fields, at: declaration.mark)
        weight = fields["weight"].flatMap { self.weight($0) }
        if let config = fields["config"] { cell.config = self.config(config) }
        if let model = fields["model"] { cell.models = models(model) }
      } else {
        reportWrongType(
          declaration.value, "the cell `\(declaration.name)`", "a mapping",
          "write `{}` if units in it differ in nothing")
      }
      checked.append(cell)
      arms.append(
        ArmSpec(name: cell.name, size: .weight(weight ?? .one), mark: declaration.mark))
    }
    return (checked, arms)
  }

  /// A model version, or one for each of some use cases.
  private func models(_ node: Node) -> Cell.Models {
    guard case .mapping(let entries) = node.content else {
      return versionReference(node, "`model`").map(Cell.Models.one) ?? .none
    }
    guard !entries.isEmpty else {
      report.error(
        .empty, at: node.mark, "`model` is an empty mapping",
        "name a model version, or write `{ use case: model@version }`; leave it out if the cell"
          + " decides nothing")
      return .none
    }
    var references: [String: ModelReference] = [:]
    for entry in entries {
      checkReference(
        entry.key, at: entry.keyMark, "use case", in: useCases, section: "use_cases")
      references[entry.key] = versionReference(entry.value, "the model of a use case")
    }
    return .byUseCase(references)
  }
}
