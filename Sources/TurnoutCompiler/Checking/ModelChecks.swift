extension Checker {
  /// Beside its versions a model may have `description`, `owner`, `labels` and `allow`, so no version
  /// is called that.
  func checkModels(_ declarations: [Declaration]) -> [Model] {
    var rank: Int32 = 0
    for declaration in declarations {
      versions[declaration.name] = [:]
      guard case .mapping(let entries) = declaration.value.content else { continue }
      var own: [Node.Entry] = []
      for entry in entries where !Shape.modelNotes.keys.contains(entry.key) {
        versions[declaration.name]?[entry.key] = entry.keyMark
        own.append(entry)
      }
      own.sort { Text($0.key) < Text($1.key) }
      for entry in own where Name.isValid(entry.key) && Name.isValid(declaration.name) {
        var reference = ModelReference(model: declaration.name, version: entry.key)
        reference.rank = rank
        references[Text(reference.description)] = reference
        rank += 1
      }
    }
    let models = declarations.map(checkModel)
    checkOtherwise(models)
    return models
  }

  private func checkModel(_ declaration: Declaration) -> Model {
    var model = Model(name: declaration.name, versions: [], mark: declaration.mark)
    guard case .mapping(let entries) = declaration.value.content else {
      reportWrongType(
        declaration.value, "the model `\(model.name)`", "a mapping from versions",
        "write `v1: { cluster: … }` below it")
      return model
    }
    let keys = Shape.modelNotes.keys
    let notes = Fields(
      entries.filter { keys.contains($0.key) }, at: declaration.value.mark, .modelNotes, report)
    checkNotes(notes)
    let own = self.declarations(entries.filter { !keys.contains($0.key) }, "model version")
    if own.isEmpty {
      report.error(
        .empty, at: declaration.mark, "the model `\(model.name)` has no version",
        "write `v1: { cluster: … }` below it")
    }
    if own.count > Limits.versionsPerModelMax {
      report.error(
        .limit, at: declaration.mark, "the model `\(model.name)` has \(own.count) versions",
        "at most \(Limits.versionsPerModelMax) are possible")
    }
    let versions = allowing(allow(notes, at: declaration.mark)) {
      own.compactMap { checkVersion($0, of: model.name) }
    }
    model.versions = versions.sorted { Text($0.name) < Text($1.name) }
    return model
  }

  /// Versions that are tried one after another come to an end.
  private func checkOtherwise(_ models: [Model]) {
    var names: [String] = []
    var steps: [String: [String]] = [:]
    var marks: [String: SourceMark] = [:]
    for model in models {
      for version in model.versions {
        let name = "\(model.name)@\(version.name)"
        names.append(name)
        steps[name] = version.otherwise.map { [$0.description] } ?? []
        marks[name] = version.mark
      }
    }
    let chain = Chain(names, steps: steps)
    reportCircles(
      chain, "model version", in: marks, "`otherwise` goes on to another version, and ends")
    var lengths: [String: Int] = [:]
    for name in chain.order {
      let length = (steps[name] ?? []).map { (lengths[$0] ?? 0) + 1 }.max() ?? 0
      lengths[name] = length
      if length == Limits.otherwiseChainMax + 1, let mark = marks[name] {
        report.error(
          .limit, at: mark,
          "more than \(Limits.otherwiseChainMax) versions may be tried after `\(name)`",
          "at most \(Limits.otherwiseChainMax) may follow each other by `otherwise`")
      }
    }
  }

  private func checkVersion(_ declaration: Declaration, of model: String) -> ModelVersion? {
    let what = "the model version `\(model)@\(declaration.name)`"
    guard case .mapping(let entries) = declaration.value.content else {
      reportWrongType(declaration.value, what, "a mapping", "write `{ cluster: … }`")
      return nil
    }
    let fields = Fields(entries, at: declaration.value.mark, .version, report)
    checkNotes(fields)
    let config = fields["config"].map { self.config($0) } ?? .empty
    let otherwise = fields["otherwise"].flatMap { versionReference($0, "`otherwise`") }
    let placement = allowing(allow(fields, at: declaration.mark)) {
      self.placement(fields, declaration, "\(model)@\(declaration.name)")
    }
    guard let placement else { return nil }
    return ModelVersion(
      name: declaration.name, config: config, placement: placement, otherwise: otherwise,
      mark: declaration.mark)
  }

  private func placement(
    _ fields: Fields, _ declaration: Declaration, _ version: String
  ) -> Placement? {
    switch (fields["cluster"], fields.entry("placement")) {
    case (let cluster?, nil):
      return clusters(cluster, owner: version).map {
        Placement(always: $0, mark: declaration.mark)
      }
    case (nil, let placement?):
      return self.placement(placement.value, owner: version)
    case (_?, let placement?):
      report.error(
        .conflictingKeys, at: placement.keyMark,
        "the model version `\(version)` has `cluster` and `placement`", "give it one of the two")
      return nil
    case (nil, nil):
      report.error(
        .missingKey, at: declaration.mark, "the model version `\(version)` runs nowhere",
        "add `cluster:` with the clusters that it runs on")
      return nil
    }
  }
}
