/// `overrides: { unit: model@version, unit: { experiment: cell } }`
extension Checker {
  /// `experiments` are those that the rules of the use case name.
  func overrides(_ node: Node, of useCase: String, experiments: Set<String>) -> [Override] {
    guard case .mapping(let entries) = node.content else {
      reportWrongType(
        node, "`overrides`", "a mapping from units",
        "write `unit: model@version` or `unit: { experiment: cell }` below it")
      return []
    }
    guard entries.count <= Limits.overridesPerUseCaseMax else {
      reportCount(node, "`overrides`", entries.count, Limits.overridesPerUseCaseMax)
      return []
    }
    let checked = entries.compactMap { entry -> Override? in
      guard !entry.key.isEmpty else {
        report.error(
          .empty, at: entry.keyMark, "a unit is empty",
          "leave it out: an empty unit counts as missing")
        return nil
      }
      guard entry.key.utf8.count <= Limits.valueBytesMax else {
        report.error(
          .limit, at: entry.keyMark, "a unit has \(entry.key.utf8.count) bytes",
          "at most \(Limits.valueBytesMax)")
        return nil
      }
      return target(entry.value, of: useCase, experiments).map {
        Override(unit: Text(entry.key), target: $0, mark: entry.keyMark)
      }
    }
    return checked.sorted { $0.unit < $1.unit }
  }

  private func target(
    _ node: Node, of useCase: String, _ named: Set<String>
  ) -> Override.Target? {
    switch node.content {
    case .scalar where !node.isNull:
      return versionReference(node, "an override").map(Override.Target.version)
    case .mapping(let entries):
      guard !entries.isEmpty else {
        report.error(
          .empty, at: node.mark, "the override is an empty mapping",
          "write `{ experiment: cell }`, or leave it out")
        return nil
      }
      let cells = entries.sorted { Text($0.key) < Text($1.key) }.compactMap { entry in
        overrideCell(entry, of: useCase, named)
      }
      return .cells(cells)
    case .list, .scalar:
      reportWrongType(
        node, "an override", "a model version or a mapping from experiments to cells",
        "write `model@version` or `{ experiment: cell }`")
      return nil
    }
  }

  private func overrideCell(
    _ entry: Node.Entry, of useCase: String, _ named: Set<String>
  ) -> OverrideCell? {
    let experiment = entry.key
    guard let cell = name(entry.value, "a cell") else { return nil }
    guard named.contains(experiment) else {
      guard !namesAreIncomplete else { return nil }
      let isKnown = cells[experiment] != nil
      report.error(
        .unknownName, at: entry.keyMark,
        isKnown
          ? "no rule of `\(useCase)` names the experiment `\(experiment)`"
          : "there is no experiment \(Printable.quoted(experiment))",
        isKnown
          ? "add `- experiment: \(experiment)` to its rules, or leave the override out"
          : report.suggestion(for: experiment, among: named)
            ?? "an override names experiments of the rules of `\(useCase)`")
      return nil
    }
    if let known = cells[experiment] ?? nil, !known.contains(cell) {
      report.error(
        .unknownName, at: entry.value.mark,
        "the experiment `\(experiment)` has no cell `\(cell)`",
        report.suggestion(for: cell, among: known)
          ?? "its cells are \(known.sorted().prefix(8).joined(separator: ", "))")
    }
    return OverrideCell(experiment: experiment, cell: cell)
  }
}
