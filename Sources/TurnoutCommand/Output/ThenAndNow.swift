import Turnout

/// What a request was answered then, and what it would be answered now.
struct ThenAndNow {
  private let then: Answering
  private let now: Answering
  private let arguments: RequestArguments

  init(then: Answering, now: Answering, _ arguments: RequestArguments) {
    self.then = then
    self.now = now
    self.arguments = arguments
  }

  /// Says both and what differs. That there is no decision is an answer, too.
  func report(_ useCase: String, json: Bool) throws {
    let before = try decision(useCase, then, warns: false)
    let after = try decision(useCase, now, warns: true)
    let differences = Self.differences(before, after)
    if json {
      return try Console.printJSON { writer in
        writer.beginObject()
        writer.key("then")
        writer.decision(before, useCase: useCase, past: then.past)
        writer.key("now")
        writer.decision(after, useCase: useCase)
        writer.field("differs", differences)
        writer.endObject()
      }
    }
    let style = Style.output
    var lines = [style.dim("then  " + (then.past?.line ?? "as revision \(before.revision)"))]
    lines += Self.lines(before, useCase, then)
    lines += [style.dim("now")] + Self.lines(after, useCase, now)
    lines.append(
      differences.isEmpty
        ? style.green("the same answer then and now")
        : style.yellow("differs: " + differences.joined(separator: ", ")))
    try Console.print(lines.joined(separator: "\n"))
  }

  private func decision(_ useCase: String, _ who: Answering, warns: Bool) throws -> Decision {
    let (request, warnings) = try who.request(useCase, of: arguments)
    if warns { for warning in warnings { Console.warn(warning) } }
    return who.resolver?.resolve(request) ?? Decision(status: .noTable)
  }

  private static func lines(_ decision: Decision, _ useCase: String, _ who: Answering) -> [String] {
    guard decision.status != .ok else { return DecisionText.lines(decision, useCase: useCase) }
    return [
      "\(Style.output.bold(Printable.text(useCase))): \(decision.status.name): "
        + DecisionText.refusal(decision.status, useCase: useCase, who.resolver, who.facts)
    ]
  }

  /// The fields of the JSON that differ, but for those that name the table.
  private static func differences(_ then: Decision, _ now: Decision) -> [String] {
    let pairs: [(String, Bool)] = [
      ("status", then.status == now.status), ("model", then.model == now.model),
      ("version", then.version == now.version), ("cluster", then.cluster == now.cluster),
      ("shard", then.shard == now.shard), ("address", then.address == now.address),
      ("routing_key", then.routingKey == now.routingKey), ("config", then.config == now.config),
      ("cells", then.cells == now.cells), ("holdouts", then.holdouts == now.holdouts),
      ("shadows", then.shadows == now.shadows),
      ("reason", then.reason == now.reason && then.rule == now.rule),
      ("fallback", then.isFallback == now.isFallback),
      ("degraded", then.isDegraded == now.isDegraded),
    ]
    return pairs.filter { !$0.1 }.map(\.0)
  }
}
