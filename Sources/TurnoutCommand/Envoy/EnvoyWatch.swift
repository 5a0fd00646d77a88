import Turnout

/// Keeps Envoy's files in step with a store until the process is asked to end.
struct EnvoyWatch {
  private var generation: EnvoyGeneration
  private let directory: String
  private let folder: String
  private let json: Bool

  /// What was said last: the same is not said again.
  private var said: Set<String> = []
  private var seen: Seen?
  private var retryAt: Int64 = 0
  private var patience: Int64 = firstWait

  /// What changes whenever a store's revisions or its head do. A revision that is staged does not
  /// ring: only a new name in the folder of tables shows it.
  private struct Seen: Equatable {
    var head: [UInt8]?
    var tables: [String]
  }

  /// The bell makes a new head seen at once; for what does not ring, this is how late it may be.
  private static let waitMilliseconds = 250
  private static let firstWait: Int64 = 1_000_000_000
  private static let lastWait: Int64 = 15_000_000_000

  init(_ generation: EnvoyGeneration, store: String, out: String, json: Bool) {
    self.generation = generation
    directory = store
    folder = out
    self.json = json
  }

  /// Returns when SIGTERM or SIGINT has come. Call `Ending.hold()` before.
  mutating func run() throws {
    while !Ending.isAsked {
      let bell = Bell.open(directory: directory)
      // The value comes first: a change after it ends the wait at once.
      let value = bell?.value ?? 0
      try look()
      wait(bell, value)
    }
  }

  private mutating func look() throws {
    // Before the files are made: what changes meanwhile is met by the next look.
    let now = Seen(
      head: try? File.read(StoreLayout.head(directory), limit: StoreLayout.headBytesMax),
      tables: (try? Directory.names(StoreLayout.tables(directory))) ?? [])
    guard now != seen || (retryAt != 0 && SystemClock.monotonic >= retryAt) else { return }
    let outcome: EnvoyGeneration.Outcome
    do throws(TurnoutError) {
      outcome = try generation.run()
    } catch {
      (seen, retryAt) = (now, SystemClock.monotonic + patience)
      patience = min(patience * 2, Self.lastWait)
      let text = "\(error.message) Envoy keeps the files that it has; this is tried again."
      if said.insert(text).inserted { Console.fail(text) }
      return
    }
    let isNews = seen == nil || retryAt != 0 || !outcome.written.isEmpty
    (seen, retryAt, patience) = (now, 0, Self.firstWait)
    let warnings = outcome.configuration.warnings
    for warning in warnings where !said.contains(warning) { Console.warn(warning) }
    said = Set(warnings)
    if isNews { try outcome.print(json: json, to: folder) }
  }

  private func wait(_ bell: Bell?, _ value: UInt32) {
    if let bell, bell.wait(while: value, timeoutMilliseconds: Self.waitMilliseconds) != .unusable {
      return
    }
    SystemClock.sleep(nanoseconds: Int64(Self.waitMilliseconds) * 1_000_000)
  }
}
