extension Checker {
  /// The tree of each goes before the next is read: there may be millions of them, and the model
  /// takes the memory that they leave.
  func checkUseCases(_ declarations: consuming [Declaration]) -> [UseCase] {
    var checked: [UseCase] = []
    checked.reserveCapacity(declarations.count)
    declarations.reverse()
    while let declaration = declarations.popLast() {
      if let useCase = checkUseCase(declaration) { checked.append(useCase) }
    }
    return checked
  }

  private func checkUseCase(_ declaration: Declaration) -> UseCase? {
    let name = declaration.name
    guard case .mapping(let entries) = declaration.value.content else {
      reportWrongType(
        declaration.value, "the use case `\(name)`", "a mapping",
        "write `rules:` and a list of rules below it")
      return nil
    }
    let fields = Fields(entries, at: declaration.value.mark, .useCase, report)
    checkNotes(fields)
    var useCase = UseCase(
      name: name, unit: primaryUnit, requiredAttributes: [], requiredUnits: [], config: .empty,
      isEnabled: true, whenAllDown: .first, rules: [], overrides: [], shadows: [],
      mark: declaration.mark)
    if let node = fields["unit"] { useCase.unit = unitReference(node, "`unit`") ?? useCase.unit }
    if let node = fields["requires"] { require(node, &useCase) }
    if let node = fields["config"] { useCase.config = config(node) }
    if let node = fields["enabled"] { useCase.isEnabled = boolean(node, "`enabled`") ?? true }
    if let node = fields["when_all_down"] {
      useCase.whenAllDown = word(node, "`when_all_down`", as: WhenAllDown.self) ?? .first
    }
    if let node = fields["guards"] { checkGuards(node, of: name) }
    return allowing(allow(fields, at: declaration.mark)) { () -> UseCase? in
      if let node = fields["shadows"] { useCase.shadows = shadows(node, of: useCase) }
      guard let rules = fields["rules"] else {
        report.error(
          .missingKey, at: declaration.mark, "the use case `\(name)` has no rules",
          "add `rules: [{ route: model@version }]`")
        return nil
      }
      checkRules(rules, &useCase)
      if let node = fields["overrides"] {
        useCase.overrides = overrides(node, of: name, experiments: namedExperiments(rules))
      }
      return useCase
    }
  }

  private func require(_ node: Node, _ useCase: inout UseCase) {
    guard case .list(let nodes) = node.content else {
      return reportWrongType(node, "`requires`", "a list of attributes and units")
    }
    guard !nodes.isEmpty, nodes.count <= Limits.requiredPerUseCaseMax else {
      return reportCount(node, "`requires`", nodes.count, Limits.requiredPerUseCaseMax)
    }
    for node in nodes {
      guard let name = name(node, "an entry of `requires`") else { continue }
      if useCase.requiredAttributes.contains(name) || useCase.requiredUnits.contains(name) {
        report.error(
          .duplicateName, at: node.mark, "`requires` names `\(name)` twice", "once is enough")
      } else if name == RoutingDocument.traffic {
        report.error(
          .reservedName, at: node.mark, "`traffic` need not be required",
          "every request has one: production when none is given")
      } else if units[name] != nil {
        useCase.requiredUnits.append(name)
      } else if attributes[name] != nil {
        useCase.requiredAttributes.append(name)
      } else if !namesAreIncomplete {
        report.error(
          .unknownName, at: node.mark, "`\(name)` is no attribute and no unit",
          report.suggestion(for: name, among: Array(attributes.keys) + Array(units.keys))
            ?? "declare it under `attributes` or `units`")
      }
    }
    useCase.requiredAttributes.sort { Text($0) < Text($1) }
    useCase.requiredUnits.sort { Text($0) < Text($1) }
  }

  /// The experiments that rules name, those of faulty rules too.
  private func namedExperiments(_ rules: Node) -> Set<String> {
    guard case .list(let nodes) = rules.content else { return [] }
    var named: Set<String> = []
    for case .mapping(let entries) in nodes.map(\.content) {
      for entry in entries where entry.key == "experiment" {
        if case .scalar(let name, _) = entry.value.content { named.insert(name) }
      }
    }
    return named
  }

  private func checkRules(_ node: Node, _ useCase: inout UseCase) {
    guard case .list(let nodes) = node.content else {
      return reportWrongType(
        node, "`rules`", "a list of rules", "write each rule behind a `- `")
    }
    guard let last = nodes.last, nodes.count <= Limits.rulesPerUseCaseMax else {
      if nodes.isEmpty {
        report.error(
          .empty, at: node.mark, "`rules` is empty", "add at least `- route: model@version`")
      } else {
        reportCount(node, "`rules`", nodes.count, Limits.rulesPerUseCaseMax)
      }
      return
    }
    var experiments: [String: SourceMark] = [:]
    for node in nodes {
      guard let rule = rule(node, in: useCase) else { continue }
      useCase.rules.append(rule)
      if case .experiment(let experiment) = rule.action {
        if let earlier = experiments.updateValue(rule.mark, forKey: experiment) {
          report.error(
            .duplicateName, at: rule.mark,
            "two rules of `\(useCase.name)` name the experiment `\(experiment)`",
            "the other one is at \(report.place(earlier)); a use case names an experiment once")
        } else if experiments.count == Limits.experimentsPerUseCaseMax + 1 {
          report.error(
            .limit, at: rule.mark,
            "`\(useCase.name)` names more than"
              + " \(Limits.experimentsPerUseCaseMax) experiments",
            "put tests that need not run at once into one layer, as arms of one experiment")
        }
      }
      // A few names: comparing them takes less than keeping them in a dictionary.
      guard let name = rule.name,
        let earlier = useCase.rules.dropLast().first(where: { $0.name == name })
      else { continue }
      report.error(
        .duplicateName, at: rule.mark,
        "two rules of `\(useCase.name)` are called `\(name)`",
        "the other one is at \(report.place(earlier.mark)); rename one")
    }
    checkLastRule(last, useCase)
  }

  /// Every request must have an answer.
  private func checkLastRule(_ node: Node, _ useCase: UseCase) {
    guard case .mapping(let entries) = node.content else { return }
    let keys = entries.map(\.key)
    var isUnconditional = true
    if let when = entries.first(where: { $0.key == "when" }),
      case .mapping(let tests) = when.value
        .content
    {
      isUnconditional = tests.isEmpty
    }
    let isComplete = keys.contains("route") || keys.contains("split")
    guard isComplete, isUnconditional else {
      // A rule without any action is reported where it is read.
      guard isComplete || keys.contains("lookup") || keys.contains("experiment") else { return }
      report.error(
        .lastRule, at: node.mark,
        "the last rule of `\(useCase.name)` does not answer every request",
        isComplete
          ? "take its `when` away, or add `- route: model@version` below it"
          : "add `- route: model@version` below it")
      return
    }
  }
}
