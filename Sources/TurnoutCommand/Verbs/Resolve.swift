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
        turnout resolve ContinueWatching --unit u_1 --explain   # why
        turnout resolve --batch requests.jsonl
        echo '{"use_case":"Search","unit":"u_1"}' | turnout resolve --batch -
        turnout resolve Search --unit u_1 --repeat 1000000      # how long one takes
      """)

  @Argument(help: "The use case.", completion: .useCases)
  var useCase: String?

  @OptionGroup var request: RequestArguments

  @Option(
    help: ArgumentHelp("Resolve as this revision does, not head.", valueName: "revision"),
    completion: .revisions)
  var at: UInt64?

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
    } else if useCase?.isEmpty ?? true {
      throw ValidationError("Name a use case, or give requests with --batch.")
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
    let table =
      try at.map { try OpenTable.revision($0, of: store.directory) }
      ?? OpenTable.head(of: store.directory)
    // The overlay is beside all tables: that of now holds for whichever revision answers.
    let head = try Head.read(directory: store.directory)
    let resolver = try table.map { table in
      TableResolver(
        image: table.image, revision: table.revision,
        overlay: try head.flatMap { try table.image.overlay(of: $0) })
    }
    if let batch {
      try RequestBatch(resolver: resolver).run(batch)
    } else if let useCase {
      try resolve(useCase, table, resolver)
    }
  }

  private func resolve(_ useCase: String, _ table: OpenTable?, _ resolver: TableResolver?) throws {
    let facts = table.map { TableFacts($0.image) }
    let (request, warnings) = try self.request.request(useCase, for: facts)
    for warning in warnings { Console.warn(warning) }
    if explain { return try self.explain(request, resolver, facts) }
    let decision = resolver?.resolve(request) ?? Decision(status: .noTable)
    let timing = decision.status == .ok ? try repeats.map { try Timing(request, $0, store) } : nil
    if json.isOn {
      try Console.printJSON { $0.decision(decision, useCase: useCase, timing: timing) }
    } else if decision.status == .ok {
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
