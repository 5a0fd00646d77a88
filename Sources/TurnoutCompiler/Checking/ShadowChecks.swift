internal import Turnout

extension Checker {
  private enum DrawnBy: String, CaseIterable {
    case request
  }

  func shadows(_ node: Node, of useCase: UseCase) -> [Shadow] {
    guard case .list(let nodes) = node.content else {
      reportWrongType(
        node, "`shadows`", "a list of shadows", "write each shadow behind a `- `")
      return []
    }
    guard nodes.count <= Limits.shadowsPerUseCaseMax else {
      reportCount(node, "`shadows`", nodes.count, Limits.shadowsPerUseCaseMax)
      return []
    }
    var checked: [Shadow] = []
    var names: [String: SourceMark] = [:]
    for node in nodes {
      if let shadow = shadow(node, of: useCase, &names) { checked.append(shadow) }
    }
    return checked
  }

  private func shadow(
    _ node: Node, of useCase: UseCase, _ names: inout [String: SourceMark]
  ) -> Shadow? {
    guard case .mapping(let entries) = node.content else {
      reportWrongType(
        node, "a shadow", "a mapping", "write `{ name: candidate, model: model@version }`")
      return nil
    }
    let errors = report.errorCount
    let fields = Fields(entries, at: node.mark, .shadow, report)
    checkNotes(fields)
    let allowed = allow(fields, at: node.mark)
    var condition = Condition.always
    if let when = fields["when"] {
      condition = self.condition(when, "`when`")
      checkTestCount(condition, at: when.mark)
    }
    var unit = useCase.unit
    if let node = fields["unit"] { unit = unitReference(node, "`unit`") ?? unit }
    let drawnBy = fields["by"].flatMap { word($0, "`by`", as: DrawnBy.self) }
    if let entry = fields.entry("unit"), fields["by"] != nil {
      report.error(
        .conflictingKeys, at: entry.keyMark, "a shadow is drawn by a unit or by the request",
        "leave `unit` or `by` out")
    }
    let traffic = traffic(fields)
    let sample = fields["sample"].map { percentage($0, "`sample`") ?? .all } ?? .all
    let version = shadowed(fields)
    guard let nameNode = fields["name"] else {
      report.error(
        .missingKey, at: node.mark, "the shadow has no `name`",
        "add one, such as `name: candidate`: its salt, and so who is in its sample, comes from it")
      return nil
    }
    guard let name = name(nameNode, "the `name` of a shadow") else { return nil }
    if let earlier = names.updateValue(node.mark, forKey: name) {
      report.error(
        .duplicateName, at: node.mark, "two shadows of `\(useCase.name)` are called `\(name)`",
        "the other one is at \(report.place(earlier)); rename one")
      return nil
    }
    guard let version else { return nil }
    let allocation = allocation(
      .sample, owner: "\(useCase.name)/\(name)", unit: unit,
      arms: [ArmSpec(name: "in", size: .share(sample), mark: node.mark)], fields, at: node.mark,
      since: errors, allowed: allowed)
    return Shadow(
      name: name, version: version, condition: condition, traffic: traffic, sample: allocation,
      isByRequest: drawnBy == .request, mark: node.mark)
  }

  private func shadowed(_ fields: Fields) -> ModelReference? {
    guard let node = fields["model"] else {
      report.error(
        .missingKey, at: fields.mark, "the shadow has no `model`", "add `model: model@version`")
      return nil
    }
    return versionReference(node, "`model`")
  }
}
