import Turnout

/// How long one resolve takes, through the engine as a service uses it: opened once, head followed
/// by its keeper, the config not asked for.
struct Timing {
  let resolves: Int
  /// Nanoseconds of one resolve, of the fastest round and of the middle one.
  let minimum: Double
  let median: Double

  /// Long enough that reading the clock does not show.
  private static let resolvesPerRoundMax = 1_000

  init(_ request: Request, _ repeats: Int, _ store: StoreOption) throws {
    var request = request
    request.wantsConfig = false
    let handle = try Handle.openEngine(path: store.directory, constants: .none, noThread: false)
    defer { _ = handle.close() }
    let perRound = max(1, min(Self.resolvesPerRoundMax, repeats / 10))
    let rounds = max(1, repeats / perRound)
    let took = Progress.during { progress in
      progress.step("resolving")
      return handle.time(request, rounds: rounds, resolvesPerRound: perRound)
    }.sorted()
    resolves = took.count * perRound
    minimum = Double(took.first ?? 0) / Double(perRound)
    median = Double(took.isEmpty ? 0 : took[took.count / 2]) / Double(perRound)
  }

  var text: String {
    "\(Figures.grouped(resolves)) resolves: min \(Figures.tenth(minimum)) ns, "
      + "median \(Figures.tenth(median)) ns each"
  }
}
