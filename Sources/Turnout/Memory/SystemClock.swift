// Which of the two modules defines timespec depends on which was read first.
internal import CThread
internal import Glibc

/// The system's clocks, in nanoseconds.
package enum SystemClock {
  /// Since 1970, in UTC.
  package static var now: Int64 { read(CLOCK_REALTIME) }

  /// Since some moment in the past; never goes back.
  package static var monotonic: Int64 { read(CLOCK_MONOTONIC) }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    // SAFETY: the result outlives the call.
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }

  /// Sleeps; a signal may end it early.
  package static func sleep(nanoseconds: Int64) { cthread_sleep(nanoseconds) }
}
