import ArgumentParser
import Turnout

struct Resolve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Ask who should answer a request.",
    discussion: """
      One decision, or with --batch one for each line of JSON, in the same order and all from one \
      revision, under the overlay that is in force. Exit status 1 if there is no decision, for \
      example for an unknown use case; for a batch, if a line is no request.

        turnout resolve ContinueWatching --unit u_1 --set country=US --set kids=false
        turnout resolve PaymentFraud --units account=acc_77 --set amount=980 --json
        turnout resolve HomeRows --unit u_1 --assign rows=wide
        turnout resolve ContinueWatching --unit u_1 --at 3
        turnout resolve ContinueWatching --unit u_1 --at "yesterday 15:00" --and-now
        turnout resolve ContinueWatching --unit u_1 --explain   # why
        turnout resolve --batch requests.jsonl
        echo '{"use_case":"Search","unit":"u_1"}' | turnout resolve --batch -
        turnout resolve Search --unit u_1 --repeat 1000000      # how long one takes
      """)

  @Argument(help: "The use case.", completion: .useCases)
  var useCase: String?

  @OptionGroup var request: RequestArguments

  @Option(
    help: ArgumentHelp(
      "Resolve as this revision does, not head; or as it was at a time: the head of then, under the "
        + "overlay of then, by the clock of then. In UTC: 2026-11-20T15:00:00Z, \"yesterday 15:00\", "
        + "2h-ago.",
      valueName: StorePoint.valueName),
    completion: .revisions)
  var at: StorePoint?

  @Flag(help: "With --at: resolve now too, and say what differs.")
  var andNow = false

  @Flag(help: "Say why: every rule tried, every draw, the walk to the address.")
  var explain = false

  @Option(
    help: ArgumentHelp("Requests as lines of JSON; `-` is standard input.", valueName: "file"),
    completion: .file())
  var batch: String?

  @Option(
    name: .customLong("repeat"),
    help: ArgumentHelp("Resolve so often and say how long one takes.", valueName: "n"))
  var repeats: Int?

  @OptionGroup var store: StoreOption
  @OptionGroup var json: JSONOption

  func validate() throws {
    if batch != nil {
      guard useCase == nil, request.isEmpty else {
        throw ValidationError(
          "--batch takes whole requests; leave out the use case and its options.")
      }
      guard repeats == nil else {
        throw ValidationError("--batch and --repeat exclude each other.")
      }
      guard !explain else { throw ValidationError("--explain takes one request, not a batch.") }
      guard !andNow else { throw ValidationError("--and-now takes one request, not a batch.") }
    } else if useCase?.isEmpty ?? true {
      throw ValidationError("Name a use case, or give requests with --batch.")
    }
    if andNow {
      guard at != nil else { throw ValidationError("--and-now wants --at: a time, or a revision.") }
      guard !explain else { throw ValidationError("--explain and --and-now exclude each other.") }
    }
    if let repeats {
      guard (1...1_000_000_000).contains(repeats) else {
        throw ValidationError("--repeat must be between 1 and 1000000000.")
      }
      guard !explain else { throw ValidationError("--repeat and --explain exclude each other.") }
      guard at == nil else { throw ValidationError("--repeat measures head; leave out --at.") }
    }
  }

  func run() throws {
    let answering = try at.map { try Answering($0, in: store.directory) } ?? .now(store.directory)
    if let batch {
      try RequestBatch(resolver: answering.resolver, now: answering.past?.time).run(batch)
    } else if let useCase, andNow {
      try ThenAndNow(then: answering, now: .now(store.directory), request).report(
        useCase, json: json.isOn)
    } else if let useCase {
      try resolve(useCase, answering)
    }
  }

  private func resolve(_ useCase: String, _ answering: Answering) throws {
    let (resolver, facts) = (answering.resolver, answering.facts)
    let (request, warnings) = try answering.request(useCase, of: request)
    for warning in warnings { Console.warn(warning) }
    if explain {
      if !json.isOn, let past = answering.past { try Console.print(Style.output.dim(past.line)) }
      return try self.explain(request, resolver, facts)
    }
    let decision = resolver?.resolve(request) ?? Decision(status: .noTable)
    let timing = decision.status == .ok ? try repeats.map { try Timing(request, $0, store) } : nil
    if json.isOn {
      try Console.printJSON {
        $0.decision(decision, useCase: useCase, timing: timing, past: answering.past)
      }
    } else if decision.status == .ok {
      if let past = answering.past { try Console.print(Style.output.dim(past.line)) }
      var lines = DecisionText.lines(decision, useCase: useCase)
      if let timing { lines.append("  " + timing.text) }
      try Console.print(lines.joined(separator: "\n"))
    }
    try answer(decision.status, useCase, resolver, facts)
  }

  private func explain(
    _ request: Request, _ resolver: TableResolver?, _ facts: TableFacts?
  ) throws {
    let explanation = resolver?.explain(request) ?? .noTable(for: request)
    if json.isOn {
      try Console.print(explanation.json)
    } else {
      try Console.write(Array(explanation.text(isColored: Style.output.isColored).utf8))
    }
    try answer(explanation.decision.status, request.useCase, resolver, facts)
  }

  /// Fails where there is no decision, and says what to do.
  private func answer(
    _ status: Status, _ useCase: String, _ resolver: TableResolver?, _ facts: TableFacts?
  ) throws {
    guard status != .ok else { return }
    throw TurnoutError(
      status, DecisionText.refusal(status, useCase: useCase, resolver, facts))
  }
}
