import Synchronization
import Turnout

/// Says on standard error what goes on, once it has gone on for a second: a line that renews itself
/// on a terminal, plain lines elsewhere.
final class Progress: Sendable {
  private struct State {
    var step = ""
    var began = ContinuousClock.now
    var saidAt: ContinuousClock.Instant?
    var isShown = false
    var hasEnded = false
  }

  private let state = Mutex(State())
  private let isTerminal = ByteStream.standardError.isTerminal
  private static let patience: Duration = .seconds(1)
  private static let interval: Duration = .milliseconds(100)
  /// Between two plain lines of one step.
  private static let plainInterval: Duration = .seconds(10)

  /// Runs `body`, which says through `step` where it is.
  static func during<Result>(_ body: (Progress) throws -> Result) rethrows -> Result {
    let progress = Progress()
    progress.watch()
    defer { progress.end() }
    return try body(progress)
  }

  func step(_ text: String) {
    state.withLock { state in
      state.step = text
      state.began = .now
      state.saidAt = nil
    }
  }

  /// What goes on, without beginning anew.
  func note(_ text: String) {
    state.withLock { $0.step = text }
  }

  private func watch() {
    Task.detached { [self] in
      while true {
        try? await Task.sleep(for: Self.interval)
        if state.withLock({ say(&$0) }) { return }
      }
    }
  }

  /// True if there will be nothing more to say.
  private func say(_ state: inout State) -> Bool {
    if state.hasEnded { return true }
    let now = ContinuousClock.now
    let elapsed = now - state.began
    guard !state.step.isEmpty, elapsed >= Self.patience else { return false }
    let text = "\(state.step) … \(elapsed.components.seconds) s"
    if isTerminal {
      write("\r\u{1b}[K" + Style.error.dim(text))
      state.isShown = true
    } else if state.saidAt.map({ now - $0 >= Self.plainInterval }) ?? true {
      write(text + "\n")
      state.saidAt = now
    }
    return false
  }

  private func end() {
    state.withLock { state in
      state.hasEnded = true
      if state.isShown { write("\r\u{1b}[K") }
    }
  }

  private func write(_ text: String) {
    try? ByteStream.standardError.write(Array(text.utf8))
  }
}
