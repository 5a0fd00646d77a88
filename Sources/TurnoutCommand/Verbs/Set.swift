import ArgumentParser
import Turnout

/// `turnout set`: not called `Set`, which is Swift's.
struct SetState: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Switch a cluster, use case, experiment or shadow, beside all tables.",
    discussion: """
      Every process that follows the store sees it within milliseconds. It makes no revision, is in \
      the history, and outlives publishes and rollbacks; `up` and `on` take it back. `turnout overlay` \
      lists what is set.

        turnout set cluster watch draining --for 30m --message "new kernel"
        turnout set cluster fraud/f0 down
        turnout set use-case PaymentFraud off
        turnout set experiment depth on
        turnout set shadow ContinueWatching/candidate off
      """,
    subcommands: [SetCluster.self, SetUseCase.self, SetExperiment.self, SetShadow.self])
}

/// What all four take.
struct SetOptions: ParsableArguments {
  @Option(
    name: .customLong("for"),
    help: ArgumentHelp(
      "Goes back by itself after 90s, 30m, 2h, 7d or 1h30m.", valueName: "duration"))
  var span: Span?

  @OptionGroup var by: SignatureOptions
  @OptionGroup var store: StoreOption
  @OptionGroup var json: JSONOption

  /// Ten years: what lasts longer is published.
  private static let secondsMax: Int64 = 3_650 * 86_400

  mutating func validate() throws {
    guard let span else { return }
    guard span.seconds > 0 else { throw ValidationError("--for must be at least 1s.") }
    guard span.seconds <= Self.secondsMax else {
      throw ValidationError("--for must be at most 3650d.")
    }
  }

  func run(_ kind: OverlayEntry.Kind, _ name: String, _ state: OverlayEntry.State) throws {
    let signature = by.signature
    var entry = OverlayEntry(kind: kind, state: state, name: name)
    if let span {
      guard !entry.isDefault else {
        throw TurnoutError(
          .invalidArgument, "--for: \(state.name) is what holds anyhow; leave it out.")
      }
      entry.until = signature.time + span.seconds * 1_000_000_000
    }
    try OverlaySetting.run(entry, by: signature, in: store.directory, json: json.isOn)
  }
}

struct SetCluster: ParsableCommand {
  enum State: String, ExpressibleByArgument, CaseIterable {
    case up, draining, down
  }

  static let configuration = CommandConfiguration(
    commandName: "cluster",
    abstract: "A cluster, or one of its shards, is up, draining or down.",
    discussion: """
      Requests go to the next cluster that is up. Where none is, a draining one comes before one that \
      is down.

        turnout set cluster watch draining --for 30m
        turnout set cluster fraud/f0 down --message "disk"
        turnout set cluster watch up
      """)

  @Argument(
    help: ArgumentHelp("The cluster, or cluster/shard.", valueName: "name"), completion: .clusters)
  var name: String

  @Argument(help: "up, draining or down.")
  var state: State

  @OptionGroup var options: SetOptions

  func run() throws {
    let states: [State: OverlayEntry.State] = [.draining: .draining, .down: .down]
    try options.run(.cluster, name, states[state] ?? .up)
  }
}

/// `on` or `off`.
enum Switch: String, ExpressibleByArgument, CaseIterable {
  case on, off

  var state: OverlayEntry.State { self == .on ? .on : .off }
}

struct SetUseCase: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "use-case",
    abstract: "A use case is on or off.",
    discussion: """
      One that is off answers `disabled`.

        turnout set use-case PaymentFraud off --message "upstream is down"
        turnout set use-case PaymentFraud on
      """)

  @Argument(help: "The use case.", completion: .useCases)
  var name: String

  @Argument(help: "on or off.")
  var state: Switch

  @OptionGroup var options: SetOptions

  func run() throws { try options.run(.useCase, name, state.state) }
}

struct SetExperiment: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "experiment",
    abstract: "An experiment is on or off.",
    discussion: """
      Nobody is in one that is off; its share of the layer stays reserved.

        turnout set experiment depth off --message "metrics broken"
        turnout set experiment depth on
      """)

  @Argument(help: "The experiment.", completion: .experiments)
  var name: String

  @Argument(help: "on or off.")
  var state: Switch

  @OptionGroup var options: SetOptions

  func run() throws { try options.run(.experiment, name, state.state) }
}

struct SetShadow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shadow",
    abstract: "A shadow of a use case is on or off.",
    discussion: """
      One that is off is left out of decisions, and counted.

        turnout set shadow ContinueWatching/candidate off --for 2h
        turnout set shadow ContinueWatching/candidate on
      """)

  @Argument(help: ArgumentHelp("use case/shadow.", valueName: "name"), completion: .shadows)
  var name: String

  @Argument(help: "on or off.")
  var state: Switch

  @OptionGroup var options: SetOptions

  func run() throws { try options.run(.shadow, name, state.state) }
}
