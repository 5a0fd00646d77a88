internal import Turnout

/// `expect:`, once everything that a case may name is known.
extension Checker {
  /// The cases of all files, in the order of the files.
  func checkExpectations(_ lists: [Node], _ answering: AnsweringNames) -> [Expectation] {
    var checked: [Expectation] = []
    var count = 0
    for list in lists {
      guard case .list(let nodes) = list.content else {
        reportWrongType(
          list, "`expect`", "a list of cases", "write each case behind a `- `")
        continue
      }
      count += nodes.count
      guard count <= Limits.expectationsMax else {
        report.error(
          .limit, at: list.mark, "the documents have \(count) cases of `expect`",
          "at most \(Limits.expectationsMax)")
        break
      }
      for node in nodes {
        if let expectation = expectation(node, answering) { checked.append(expectation) }
      }
    }
    return checked
  }

  private func expectation(_ node: Node, _ answering: AnsweringNames) -> Expectation? {
    guard case .mapping(let entries) = node.content else {
      reportWrongType(
        node, "a case of `expect`", "a mapping",
        "write `{ use_case: …, unit: …, model: model@version }`")
      return nil
    }
    let fields = Fields(entries, at: node.mark, .expectation, report)
    checkNotes(fields)
    guard let useCaseNode = fields["use_case"] else {
      report.error(
        .missingKey, at: node.mark, "the case has no `use_case`",
        "name the use case that is asked")
      return nil
    }
    guard let useCase = name(useCaseNode, "`use_case`") else { return nil }
    checkReference(
      useCase, at: useCaseNode.mark, "use case", in: useCases, section: "use_cases")
    let asked = answering.useCase(useCase)
    var expectation = Expectation(
      useCase: useCase, subject: subject(fields), context: [], assignments: [], now: nil,
      outcome: ExpectedOutcome(), description: nil, mark: node.mark)
    if let node = fields["context"] { expectation.context = context(node) }
    if let node = fields["assignments"] { expectation.assignments = assignments(node, of: asked) }
    if let node = fields["now"] { expectation.now = instant(node, "`now`") }
    if let node = fields["description"] {
      expectation.description = text(node, "`description`", bytesMax: Limits.noteBytesMax)
    }
    expectation.outcome = outcome(fields, of: asked, answering)
    if case .share = expectation.subject, let config = fields.entry("config") {
      report.error(
        .conflictingKeys, at: config.keyMark, "the config of a share of units is not counted",
        "expect the model and the cells that it comes from, or ask for one request")
    }
    return expectation
  }

  // MARK: Whom a case asks for

  private func subject(_ fields: Fields) -> Expectation.Subject {
    let single = ["unit", "units", "request_id"].compactMap { fields.entry($0) }
    guard let share = fields["share"] else {
      if let within = fields.entry("within") {
        report.error(
          .conflictingKeys, at: within.keyMark, "`within` is how far off a `share` may be",
          "add `share:`, or leave `within` out")
      }
      return .request(request(fields))
    }
    for entry in single {
      report.error(
        .conflictingKeys, at: entry.keyMark,
        "a case asks for one request or for a share of all units",
        "leave `\(entry.key)` or `share` out")
    }
    let percentage = percentage(share, "`share`") ?? .all
    var tolerance = percentage.slack
    if let node = fields["within"] { tolerance = self.percentage(node, "`within`") ?? tolerance }
    return .share(ExpectedShare(share: percentage, tolerance: tolerance, mark: share.mark))
  }

  private func request(_ fields: Fields) -> ExpectedRequest {
    var request = ExpectedRequest()
    if let node = fields["unit"] { request.unit = identity(node, "`unit`") ?? "" }
    if let node = fields["request_id"] { request.requestID = identity(node, "`request_id`") ?? "" }
    guard let node = fields["units"] else { return request }
    guard case .mapping(let entries) = node.content else {
      reportWrongType(node, "`units`", "a mapping from units", "write `{ account: acc_77 }`")
      return request
    }
    request.units = entries.sorted { Text($0.key) < Text($1.key) }.compactMap { entry in
      checkReference(entry.key, at: entry.keyMark, "unit", in: units, section: "units")
      return identity(entry.value, "`\(entry.key)`").map {
        ExpectedUnit(name: entry.key, value: $0)
      }
    }
    return request
  }

  private func identity(_ node: Node, _ what: String) -> String? {
    guard let text = text(node, what, bytesMax: Limits.valueBytesMax) else { return nil }
    guard text.isEmpty else { return text }
    report.error(
      .empty, at: node.mark, "\(what) is empty", "leave it out: an empty one counts as missing")
    return nil
  }

  // MARK: In which context

  private func context(_ node: Node) -> [ExpectedAttribute] {
    guard case .mapping(let entries) = node.content else {
      reportWrongType(node, "`context`", "a mapping from attributes", "write `{ country: US }`")
      return []
    }
    return entries.sorted { Text($0.key) < Text($1.key) }.compactMap { entry in
      let isTraffic = entry.key == RoutingDocument.traffic
      guard let type = isTraffic ? .string : attributes[entry.key] else {
        guard !namesAreIncomplete else { return nil }
        let known = Array(attributes.keys) + [RoutingDocument.traffic]
        report.error(
          .unknownName, at: entry.keyMark,
          "there is no attribute \(Printable.quoted(entry.key))",
          report.suggestion(for: entry.key, among: known) ?? "declare it under `attributes`")
        return nil
      }
      guard !entry.value.isNull else {
        report.error(
          .empty, at: entry.value.mark, "`\(entry.key)` is given as nothing",
          "leave it out: the request then lacks it")
        return nil
      }
      return value(entry.value, type, "`\(entry.key)`").map {
        ExpectedAttribute(name: entry.key, value: $0)
      }
    }
  }

  private func assignments(_ node: Node, of useCase: UseCase?) -> [ExpectedAssignment] {
    guard case .mapping(let entries) = node.content else {
      reportWrongType(
        node, "`assignments`", "a mapping from experiments", "write `{ experiment: cell }`")
      return []
    }
    return entries.sorted { Text($0.key) < Text($1.key) }.compactMap { entry in
      guard isNamed(entry, by: useCase) else { return nil }
      if entry.value.isNull { return ExpectedAssignment(experiment: entry.key, cell: nil) }
      return cell(entry.value, of: entry.key).map {
        ExpectedAssignment(experiment: entry.key, cell: $0)
      }
    }
  }
}

/// What expectations may name of the documents beyond what is declared.
struct AnsweringNames {
  /// In byte order of their names.
  let useCases: [UseCase]
  let clusters: [Cluster]

  /// Nil of one that is unknown, or that has an error of its own.
  func useCase(_ name: String) -> UseCase? {
    var (lower, upper) = (0, useCases.count)
    while lower < upper {
      let middle = (lower + upper) / 2
      if Text(useCases[middle].name) < Text(name) { lower = middle + 1 } else { upper = middle }
    }
    guard lower < useCases.count, useCases[lower].name == name else { return nil }
    return useCases[lower]
  }

  /// Those of all clusters, or of the named ones.
  func shards(of names: [String]?) -> [String] {
    clusters.flatMap { cluster -> [String] in
      guard names?.contains(cluster.name) ?? true, case .shards(let shards) = cluster.site else {
        return []
      }
      return shards.shards.map(\.name)
    }
  }

  var routingKeys: [String] {
    clusters.flatMap { cluster in
      switch cluster.site {
      case .address: [cluster.routingKey]
      case .shards(let shards): shards.shards.map(\.routingKey)
      }
    }
  }
}
