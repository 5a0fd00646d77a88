internal import Glibc

/// The signals that ask a program to end, for one that ends between two pieces of work.
package enum Ending {
  /// From now on SIGTERM and SIGINT do not end the process: ``isAsked`` says that they came. To be
  /// called before the process has other threads, which take this over.
  package static func hold() {
    var signals = held
    // SAFETY: the set outlives the call; the one before is not asked for.
    _ = unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// Whether the process has been asked to end.
  package static var isAsked: Bool {
    var pending = sigset_t()
    // SAFETY: the set outlives the calls.
    guard unsafe sigpending(&pending) == 0 else { return false }
    // SAFETY: as above.
    return unsafe sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1
  }

  private static var held: sigset_t {
    var signals = sigset_t()
    // SAFETY: the set outlives the calls.
    unsafe sigemptyset(&signals)
    // SAFETY: as above.
    unsafe sigaddset(&signals, SIGTERM)
    // SAFETY: as above.
    unsafe sigaddset(&signals, SIGINT)
    return signals
  }
}
