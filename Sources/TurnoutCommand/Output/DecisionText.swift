import Turnout

/// A decision as people read it.
enum DecisionText {
  static func lines(_ decision: Decision, useCase: String) -> [String] {
    let style = Style.output
    let version = style.green(style.bold("\(decision.model)@\(decision.version)"))
    let place = decision.shard.map { "\(decision.cluster)/\($0)" } ?? decision.cluster
    var rows = [
      ("address", decision.address),
      ("cluster", place),
      ("routing key", decision.routingKey),
      ("reason", reason(decision)),
      ("config", decision.config ?? "{}"),
      ("traffic", decision.traffic),
    ]
    for cell in decision.cells {
      rows.append(("cell", "\(cell.experiment)/\(cell.cell) by \(cell.by.name)"))
    }
    for holdout in decision.holdouts { rows.append(("holdout", holdout)) }
    for shadow in decision.shadows {
      rows.append(
        ("shadow", "\(shadow.name): \(shadow.model)@\(shadow.version) on \(shadow.routingKey)"))
    }
    if decision.isFallback { rows.append(("fallback", "yes: not the first cluster of its list")) }
    if decision.isDegraded { rows.append(("degraded", "yes: every cluster is down")) }
    rows.append(("revision", "\(decision.revision), digest \(decision.digest)"))
    var lines = ["\(style.bold(Printable.text(useCase))) → \(version)"]
    for (name, value) in rows {
      let padding = String(repeating: " ", count: max(0, 13 - name.count))
      lines.append("  " + style.dim(name + padding) + Printable.text(value))
    }
    return lines
  }

  private static func reason(_ decision: Decision) -> String {
    let kind = decision.reason.map { "\($0.name)" } ?? "-"
    return decision.rule.map { "\(kind) \($0)" } ?? kind
  }

  /// Why there is no decision, and what to do.
  static func refusal(
    _ status: Status, useCase: String, _ resolver: TableResolver?, _ table: TableFacts?
  ) -> String {
    let name = "`\(useCase)`"
    switch status {
    case .unknownUseCase:
      let names = resolver?.useCases ?? []
      let nearest = TableFacts.suggestion(for: useCase, among: names)
      if !nearest.isEmpty || names.isEmpty { return "there is no use case \(name)\(nearest)" }
      let some = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", …" : "")
      return "there is no use case \(name); there are \(some)"
    case .disabled: return "the use case \(name) is disabled"
    case .missingRequired:
      let required = table?.required(by: useCase).joined(separator: " ") ?? ""
      return "the request lacks something that \(name) requires: \(required)"
    case .unavailable: return "every cluster for \(name) is down, and it refuses a degraded answer"
    case .noTable: return "nothing is published in this store yet; `turnout publish` does it"
    case .invalidArgument:
      return "the request is not valid: a text or a list is beyond its limit"
    default: return "\(status.name)"
    }
  }
}
