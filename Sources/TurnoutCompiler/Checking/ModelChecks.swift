extension Checker {
  /// Beside its versions a model may have `description`, `owner` and `labels`, so no version is
  /// called that.
  func checkModels(_ declarations: [Declaration]) -> [Model] {
    declarations.map { declaration in
      var model = Model(name: declaration.name, versions: [], mark: declaration.mark)
      versions[model.name] = [:]
      guard case .mapping(let entries) = declaration.value.content else {
        reportWrongType(
          declaration.value, "the model `\(model.name)`", "a mapping from versions",
          "write `v1: { cluster: … }` below it")
        return model
      }
      let notes = entries.filter { Shape.notes.contains($0.key) }
      checkNotes(Fields(notes, at: declaration.value.mark, .modelNotes, report))
      let own = self.declarations(
        entries.filter { !Shape.notes.contains($0.key) }, "model version")
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
      versions[model.name] = Dictionary(own.map { ($0.name, $0.mark) }) { first, _ in first }
      model.versions = own.compactMap { checkVersion($0, of: model.name) }
        .sorted { Text($0.name) < Text($1.name) }
      return model
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
    guard let node = fields["cluster"] else {
      if !fields.isOfLaterVersion {
        report.error(
          .missingKey, at: declaration.mark, "\(what) runs nowhere",
          "add `cluster:` with the clusters that it runs on")
      }
      return nil
    }
    guard let placement = placement(node) else { return nil }
    return ModelVersion(
      name: declaration.name, config: config, placement: placement, otherwise: nil,
      mark: declaration.mark)
  }
}
