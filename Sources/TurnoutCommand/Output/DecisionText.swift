import Turnout

/// A decision as people read it.
enum DecisionText {
  static func lines(_ decision: Decision, useCase: String) -> [String] {
    let style = Style.output
    let version = style.green(style.bold("\(decision.model)@\(decision.version)"))
    var rows = [
      ("address", decision.address),
      ("cluster", place(decision.cluster, decision.shard)),
      ("routing key", decision.routingKey),
      ("reason", reason(decision)),
      ("config", decision.config ?? "{}"),
      ("traffic", decision.traffic),
    ]
    rows += several("cells", decision.cells) { [$0.experiment, $0.cell, "by \($0.by.name)"] }
    rows += several("holdouts", decision.holdouts) { [$0] }
    rows += several("shadows", decision.shadows) { shadow in
      [
        shadow.name, "\(shadow.model)@\(shadow.version)", place(shadow.cluster, shadow.shard),
        shadow.address, shadow.routingKey,
      ]
    }
    if decision.isFallback {
      rows.append(("fallback", "yes: not the cluster, or the version, of first choice"))
    }
    if decision.isDegraded {
      rows.append(
        ("degraded", "yes: no cluster is up; this is the first of the list, or a draining one"))
    }
    rows.append(("revision", "\(decision.revision), digest \(decision.digest)"))
    var lines = ["\(style.bold(Printable.text(useCase))) → \(version)"]
    for (name, value) in rows {
      let padding = String(repeating: " ", count: max(0, 13 - name.count))
      lines.append("  " + style.dim(name + padding) + Printable.text(value))
    }
    return lines
  }

  /// A line for each of several, in columns; the first is named.
  private static func several<Element>(
    _ name: String, _ elements: [Element], _ cells: (Element) -> [String]
  ) -> [(String, String)] {
    let rows = elements.map { cells($0).map { Printable.text($0) } }
    var table = TextTable(Array(repeating: .left, count: rows.first?.count ?? 0))
    for row in rows { table.add(row) }
    return table.lines().enumerated().map { ($0.offset == 0 ? name : "", $0.element) }
  }

  private static func place(_ cluster: String, _ shard: String?) -> String {
    shard.map { "\(cluster)/\($0)" } ?? cluster
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
      return "there is no use case \(name)\(TableFacts.hint(for: useCase, among: names))"
    case .disabled:
      return "the use case \(name) is disabled, by `enabled: false` or by `turnout set`; "
        + "`turnout overlay` lists the latter"
    case .missingRequired:
      let required = table?.required(by: useCase).joined(separator: " ") ?? ""
      return "the request lacks something that \(name) requires: \(required)"
    case .unavailable:
      return "no cluster for \(name) is up, and it refuses a degraded answer; "
        + "`turnout overlay` lists what is not up"
    case .noTable: return "nothing is published in this store yet; `turnout publish` does it"
    case .invalidArgument:
      return "the request is not valid: a text or a list is beyond its limit"
    default: return "\(status.name)"
    }
  }
}
