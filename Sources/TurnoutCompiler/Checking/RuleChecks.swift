internal import Turnout

extension Checker {
  private static let actions = ["route", "split", "lookup", "experiment"]
  private static let decisions = ["route", "split", "lookup"]
  /// Keys that belong to some actions.
  private static let owners = [
    "routes": ["lookup"], "unit": ["split"], "salt": ["split"], "shared_salt": ["split"],
    "ranges": ["split"], "cluster": decisions, "config": decisions,
  ]

  func rule(_ node: Node, in useCase: UseCase) -> Rule? {
    guard case .mapping(let entries) = node.content else {
      reportWrongType(node, "a rule", "a mapping", "write `route: model@version`")
      return nil
    }
    let fields = Fields(entries, at: node.mark, .rule, report)
    checkNotes(fields)
    let name = fields["name"].flatMap { self.name($0, "the `name` of a rule") }
    var condition = Condition.always
    if let when = fields["when"] {
      condition = self.condition(when, "`when`")
      checkTestCount(condition, at: when.mark)
    }
    let allowed = allow(fields, at: node.mark)
    let clusters = allowing(allowed) {
      fields["cluster"].flatMap { self.clusters($0, owner: name.map { "\(useCase.name)/\($0)" }) }
    }
    let placement = clusters.map { Placement(always: $0, mark: node.mark) }
    let config = fields["config"].map { self.config($0) } ?? .empty
    guard let action = action(fields, name, useCase, allowed) else { return nil }
    return Rule(
      name: name, condition: condition, action: action, placement: placement, config: config,
      mark: node.mark)
  }

  private func action(
    _ fields: Fields, _ name: String?, _ useCase: UseCase, _ allowed: Set<DiagnosticCode>
  ) -> RuleAction? {
    var found = fields.entries.lazy.filter { Self.actions.contains($0.key) }.makeIterator()
    guard let action = found.next() else {
      report.error(
        .missingKey, at: fields.mark, "the rule leads nowhere",
        "add `route: model@version`, `split`, `lookup` or `experiment`")
      return nil
    }
    if let second = found.next() {
      report.error(
        .conflictingKeys, at: second.keyMark,
        "a rule has one of \(Self.alternatives(Self.actions)), not several",
        "make two rules of it")
      return nil
    }
    checkForeignKeys(fields, of: action.key)
    switch action.key {
    case "route": return versionReference(action.value, "`route`").map(RuleAction.route)
    case "split": return split(action, fields, name, useCase, allowed).map(RuleAction.split)
    case "lookup": return lookup(action.value, fields).map(RuleAction.lookup)
    default:
      guard let experiment = self.name(action.value, "`experiment`") else { return nil }
      checkReference(
        experiment, at: action.value.mark, "experiment", in: cells, section: "experiments")
      return .experiment(experiment)
    }
  }

  /// Keys that belong to an action which the rule does not have.
  private func checkForeignKeys(_ fields: Fields, of action: String) {
    for entry in fields.entries where ![action, "name", "when"].contains(entry.key) {
      guard let owners = Self.owners[entry.key], !owners.contains(action) else { continue }
      let backquoted = owners.map { "`\($0)`" }
      report.error(
        .conflictingKeys, at: entry.keyMark,
        "`\(entry.key)` belongs to \(Self.alternatives(backquoted)), not to `\(action)`",
        action == "experiment" && owners.count > 1
          ? "the cells of the experiment say what they change" : "leave it out")
    }
  }

  private func split(
    _ entry: Node.Entry, _ fields: Fields, _ name: String?, _ useCase: UseCase,
    _ allowed: Set<DiagnosticCode>
  ) -> Split? {
    var unit = useCase.unit
    if let node = fields["unit"] { unit = unitReference(node, "`unit`") ?? unit }
    if fields["name"] == nil {
      report.error(
        .missingKey, at: entry.keyMark, "a rule with a `split` needs a `name`",
        "add one, such as `name: canary`: its salt, and so every user's arm, comes from it")
    }
    guard case .mapping(let entries) = entry.value.content else {
      reportWrongType(
        entry.value, "`split`", "a mapping from model versions to weights",
        "write `{ model@v1: 99, model@v2: 1 }`")
      return nil
    }
    guard !entries.isEmpty else {
      report.error(
        .empty, at: entry.value.mark, "`split` is empty",
        "write `{ model@v1: 99, model@v2: 1 }`")
      return nil
    }
    let errors = report.errorCount
    var arms: [(arm: ArmSpec, version: ModelReference)] = []
    arms.reserveCapacity(entries.count)
    for entry in entries {
      let weight = self.weight(entry.value)
      guard let reference = versionReference(entry.key, at: entry.keyMark) else { continue }
      let arm = ArmSpec(name: entry.key, size: .weight(weight ?? .one), mark: entry.keyMark)
      arms.append((arm, reference))
    }
    guard let name, !arms.isEmpty else { return nil }
    // The order that an allocation has its arms in.
    arms.sort { $0.arm.key < $1.arm.key }
    let allocation = allocation(
      .split, owner: "\(useCase.name)/\(name)", unit: unit, arms: arms.map(\.arm), fields,
      at: entry.keyMark, since: errors, allowed: allowed)
    return Split(allocation: allocation, versions: arms.map(\.version))
  }

  private func lookup(_ node: Node, _ fields: Fields) -> Lookup? {
    guard let attribute = name(node, "`lookup`") else { return nil }
    let type = attributes[attribute]
    if type == nil { reportUnknownAttribute(attribute, at: node.mark) }
    guard let routes = fields["routes"] else {
      report.error(
        .missingKey, at: node.mark, "the lookup has no `routes`",
        "add `routes: { value: model@version }`")
      return nil
    }
    guard case .mapping(let entries) = routes.content else {
      reportWrongType(
        routes, "`routes`", "a mapping from values to model versions",
        "write `{ value: model@version }`")
      return nil
    }
    guard !entries.isEmpty, entries.count <= Limits.routesPerLookupMax else {
      reportCount(routes, "`routes`", entries.count, Limits.routesPerLookupMax)
      return nil
    }
    var checked: [LookupRoute] = []
    checked.reserveCapacity(entries.count)
    var first: [AttributeValue: SourceMark] = [:]
    for entry in entries {
      let version = versionReference(entry.value, "a route")
      guard let type else { continue }
      let value = value(entry.key, at: entry.keyMark, type, "`\(attribute)`")
      guard let value, let version else { continue }
      if let earlier = first[value] {
        report.error(
          .duplicateKey, at: entry.keyMark,
          "\(Printable.quoted(entry.key)) is the same \(type.rawValue) as another one",
          "that one is at \(report.place(earlier)); remove one of them")
        continue
      }
      first[value] = entry.keyMark
      checked.append(LookupRoute(value: value, version: version, mark: entry.keyMark))
    }
    checked.sort { $0.value < $1.value }
    return type.map { Lookup(attribute: attribute, type: $0, routes: checked) }
  }
}
