internal import Turnout

/// `unused-…`: what is declared and named by nobody. What only unused things name counts as used: it
/// is said of once those are gone, so that one forgotten use case is not ten warnings.
extension Warnings {
  func checkUse() {
    // Without use cases it is a part of documents, and what uses it stands elsewhere.
    if document.useCases.isEmpty { return }
    let uses = Uses(document)
    for unit in document.units where unit.name != document.primaryUnit {
      if uses.units.contains(unit.name) { continue }
      say(.unusedUnit, "unit", unit.name, unit.mark, "nothing is drawn by it or requires it")
    }
    for attribute in document.attributes where !uses.attributes.contains(attribute.name) {
      say(
        .unusedAttribute, "attribute", attribute.name, attribute.mark,
        "no condition tests it, no lookup reads it and no use case requires it")
    }
    for segment in document.segments where !uses.segments.contains(segment.name) {
      say(.unusedSegment, "segment", segment.name, segment.mark, "no condition names it")
    }
    for cluster in document.clusters where !uses.clusters.contains(cluster.name) {
      say(
        .unusedCluster, "cluster", cluster.name, cluster.mark,
        "no model version and no rule leads to it")
    }
    checkVersions(uses)
    let named = Set(document.experiments.map(\.layer))
    for layer in document.layers where !named.contains(layer.name) {
      say(.unusedLayer, "layer", layer.name, layer.mark, "no experiment is in it")
    }
    for holdout in document.holdouts where !holdout.layers.contains(where: named.contains) {
      say(
        .unusedHoldout, "holdout", holdout.name, holdout.mark,
        "its layers have no experiments to keep units out of")
    }
    for experiment in document.experiments where !uses.experiments.contains(experiment.name) {
      say(
        .unusedExperiment, "experiment", experiment.name, experiment.mark, "no rule names it")
    }
  }

  private func checkVersions(_ uses: Uses) {
    for model in document.models {
      let unused = model.versions.filter { version in
        !uses.versions.contains(ModelReference(model: model.name, version: version.name))
      }
      let said = unused.filter { !isAllowed(.unusedVersion, at: $0.mark) }
      if unused.count == model.versions.count, !said.isEmpty {
        say(
          .unusedModel, "model", model.name, model.mark,
          "no rule, cell, override, shadow or `otherwise` names one of its versions")
        continue
      }
      for version in said {
        say(
          .unusedVersion, "model version", "\(model.name)@\(version.name)", version.mark,
          "no rule, cell, override, shadow or `otherwise` names it")
      }
    }
  }

  private func say(
    _ code: DiagnosticCode, _ kind: String, _ name: String, _ mark: SourceMark, _ why: String
  ) {
    warn(
      code, at: mark, "the \(kind) `\(name)` is not used: \(why)",
      "take it away, or say `allow: [\(code.rawValue)]` if it is to stay")
  }
}

/// Everything that something names.
private struct Uses {
  var units: Set<String> = []
  var attributes: Set<String> = []
  var segments: Set<String> = []
  var clusters: Set<String> = []
  var versions: Set<ModelReference> = []
  var experiments: Set<String> = []

  init(_ document: RoutingDocument) {
    for unit in document.units { add(unit: unit.missing) }
    for segment in document.segments { add(segment.condition) }
    for cluster in document.clusters {
      if case .shards(let shards) = cluster.site { add(unit: shards.allocation.unit) }
    }
    for layer in document.layers { add(unit: layer.unit) }
    for holdout in document.holdouts { add(unit: holdout.allocation.unit) }
    for experiment in document.experiments { add(experiment) }
    for model in document.models {
      for version in model.versions {
        add(version.placement)
        if let otherwise = version.otherwise { versions.insert(otherwise) }
      }
    }
    for useCase in document.useCases { add(useCase) }
  }

  private mutating func add(unit: String?) {
    if let unit { units.insert(unit) }
  }

  private mutating func add(_ condition: Condition) {
    switch condition {
    case .all(let parts), .any(let parts): for part in parts { add(part) }
    case .not(let part): add(part)
    case .segment(let name): segments.insert(name)
    case .test(let test):
      if case .attribute(let name, _) = test.subject { attributes.insert(name) }
    case .units: break
    }
  }

  private mutating func add(_ placement: Placement) {
    for choice in placement.choices {
      add(choice.condition)
      switch choice.clusters {
      case .list(let names): clusters.formUnion(names)
      case .split(let split):
        clusters.formUnion(split.then)
        for arm in split.allocation.arms { clusters.insert(arm.name) }
      }
    }
  }

  private mutating func add(_ experiment: Experiment) {
    add(experiment.condition)
    for cell in experiment.cells {
      switch cell.models {
      case .none: break
      case .one(let reference): versions.insert(reference)
      case .byUseCase(let references): versions.formUnion(references.values)
      }
    }
  }

  private mutating func add(_ useCase: UseCase) {
    units.insert(useCase.unit)
    units.formUnion(useCase.requiredUnits)
    attributes.formUnion(useCase.requiredAttributes)
    for rule in useCase.rules {
      add(rule.condition)
      if let placement = rule.placement { add(placement) }
      switch rule.action {
      case .route(let reference): versions.insert(reference)
      case .split(let split):
        units.insert(split.allocation.unit)
        versions.formUnion(split.versions)
      case .lookup(let lookup):
        attributes.insert(lookup.attribute)
        for route in lookup.routes { versions.insert(route.version) }
      case .experiment(let name): experiments.insert(name)
      }
    }
    for override in useCase.overrides {
      if case .version(let reference) = override.target { versions.insert(reference) }
    }
    for shadow in useCase.shadows {
      add(shadow.condition)
      units.insert(shadow.sample.unit)
      versions.insert(shadow.version)
    }
  }
}
