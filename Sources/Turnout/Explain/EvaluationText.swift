/// An evaluation as people read it.
enum EvaluationText {
  static func text(_ evaluation: Evaluation, _ style: TextPage.Style) -> String {
    var page = TextPage(style)
    page.head(evaluation)
    if let override = evaluation.override { page.override(override) }
    for rule in evaluation.rules { page.rule(rule) }
    if evaluation.unit != nil, evaluation.decision.status == .ok || !evaluation.rules.isEmpty {
      page.begin(left(evaluation.rulesLeft))
    }
    if let placement = evaluation.placement { page.placement(placement) }
    for shadow in evaluation.shadows { page.shadow(shadow) }
    let out = evaluation.leftOut
    if !out.isNothing {
      page.begin(
        "left out here: ",
        "\(out.tests) tests, \(out.draws) draws, \(out.choices) choices of placements")
    }
    return page.text
  }

  private static func left(_ rules: Int) -> String {
    switch rules {
    case 0: "no rule is left"
    case 1: "1 rule is left, and not tried"
    default: "\(rules) rules are left, and not tried"
    }
  }
}

extension TextPage {
  fileprivate mutating func head(_ evaluation: Evaluation) {
    let decision = evaluation.decision
    let name = evaluation.useCase?.words ?? "?"
    guard decision.status == .ok else {
      begin(name, ": " + style.red("\(decision.status.name)"))
      field("because", evaluation.refusal ?? "it is refused")
      if let unit = evaluation.unit { self.unit(unit) }
      if decision.revision != 0 { field("revision", revision(decision)) }
      return
    }
    let version = Evaluation.Value("\(decision.model)@\(decision.version)")
    begin(name, " → " + style.green(version.words(atMost: 260)))
    field("address", Evaluation.Value(decision.address).words(atMost: 256))
    field("routing key", Evaluation.Value(decision.routingKey).words(atMost: 256))
    field("traffic", Evaluation.Value(decision.traffic).words)
    if let unit = evaluation.unit { self.unit(unit) }
    // A table may be asked before it is a revision.
    if decision.revision == 0 {
      field("table", "digest \(decision.digest)")
    } else {
      field("revision", revision(decision))
    }
  }

  private func revision(_ decision: Decision) -> String {
    "\(decision.revision), digest \(decision.digest)"
  }

  private mutating func field(_ name: String, _ value: String) {
    let padding = String(repeating: " ", count: max(0, 13 - name.count))
    add("  " + style.dim(name + padding) + value)
  }

  private mutating func unit(_ unit: Evaluation.Unit) {
    guard let value = unit.value else { return field("unit", "\(unit.name), which is not given") }
    let name = unit.standsIn.map { "\($0), in place of \(unit.name)," } ?? unit.name
    field("unit", "\(name) \(value.words)")
  }

  fileprivate mutating func override(_ override: Evaluation.Override) {
    switch override {
    case .none: begin("override", ": none for this unit")
    case .version(let version): begin("override", ": decides for \(version)")
    case .versionOfOtherTraffic(let version):
      begin("override", ": \(version), but for production traffic only")
    case .cells(let cells):
      let names = cells.map { "\($0.experiment)/\($0.cell)" }
      begin("override", ": gives " + names.joined(separator: ", "))
    }
  }

  /// The tests of a condition; without any it always holds.
  mutating func tests(_ tests: [Evaluation.Test], _ indent: Int) {
    align(indent)
    if tests.isEmpty { row(indent, .yes, ["always"], isAligned: false) }
    for test in tests {
      let operands: String
      if test.op == "exists" || test.operandCount == 1, let only = test.operands.first {
        operands = only.words
      } else if test.operands.count == test.operandCount {
        operands = "[" + test.operands.map(\.words).joined(separator: ", ") + "]"
      } else {
        operands = "[\(test.operandCount) values]"
      }
      let request = test.value.map { "the request has \($0.words)" } ?? "the request has none"
      let lead: String? =
        switch test.leads {
        case .next: nil
        case .holds: "so it holds"
        case .fails: "so it fails"
        }
      row(
        indent, Mark(test.held),
        ["\(test.attribute) \(test.op) \(operands)", request] + (lead.map { [$0] } ?? []))
    }
  }

  /// A draw, in two lines; nothing if none was made.
  mutating func draw(_ draw: Evaluation.Draw?, _ indent: Int) {
    guard let draw else { return }
    let what = "\(draw.allocation.name) \(draw.owner)"
    let arm = draw.arm ?? "nobody"
    let salt = "salt " + Evaluation.Value(draw.salt).words(atMost: 512)
    guard let position = draw.position, let interval = draw.interval else {
      row(
        indent, .nothing, ["\(what): nothing to draw by, most positions: \(arm)"], isAligned: false)
      return row(indent, .nothing, ["  " + salt], isAligned: false)
    }
    row(
      indent, .nothing,
      [
        "\(what): position \(position) in [\(interval.lowerBound), \(interval.upperBound)) → \(arm)"
      ], isAligned: false)
    let by =
      switch draw.source {
      case .unit(let name, nil): name
      case .unit(let name, let standsIn?): "\(standsIn), in place of \(name),"
      case .requestID: "request id"
      case .nothing(let name): name
      }
    let value = draw.value?.words ?? ""
    row(indent, .nothing, ["  by \(by) \(value), \(salt)"], isAligned: false)
  }

  mutating func traffic(_ traffic: Evaluation.Traffic, _ mark: Mark) {
    let classes =
      traffic.classes.count == traffic.classCount
      ? traffic.classes.map(\.words).joined(separator: ", ") : "\(traffic.classCount) classes"
    row(0, mark, ["traffic", "\(traffic.value.words), for \(classes)"])
  }
}
