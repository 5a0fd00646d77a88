internal import CThread

/// The calling thread's line, and the blank page that each process finds at its start.
enum ThreadLine {
  /// The address of the calling thread's line: of one that is unclaimed before its first claim.
  @inline(__always)
  static var current: UInt {
    // SAFETY: the shim keeps the address of a line there, at every time; only the number is taken.
    unsafe UInt(bitPattern: cthread_line())
  }

  /// Points the calling thread at a line that it has claimed.
  static func set(_ line: UInt) {
    // SAFETY: the caller claimed the line, whose memory is never unmapped.
    if let line = unsafe UnsafeRawPointer(bitPattern: line) { unsafe cthread_set_line(line) }
  }

  /// Points the calling thread at the line of threads that have none.
  static func setNone() {
    // SAFETY: a constant of the shim; nothing writes to it, since it is never idle.
    unsafe cthread_set_line(cthread_no_line())
  }

  /// Points the calling thread at the line that turns signal handlers away while one is claimed.
  static func setBusy() {
    // SAFETY: as above.
    unsafe cthread_set_line(cthread_busy_line())
  }

  /// A number that differs between threads that run at once.
  static var identity: UInt { UInt(cthread_identity()) }

  /// Calls `release` with the line's address when the calling thread ends. False: it will not.
  static func releaseAtExit(_ line: UInt, _ release: @convention(c) (UInt) -> Void) -> Bool {
    cthread_release_at_exit(line, release) == 0
  }

  /// The process's page: `bytes` of memory, blank at first and again in a forked child.
  static func process(_ bytes: Int) -> UInt? {
    // SAFETY: the shim maps it once and never unmaps it; only the number is taken.
    unsafe cthread_process(UInt(bytes)).map { UInt(bitPattern: $0) }
  }

  /// The word that a fork keeps and nobody wipes: the root of the list of cores.
  static var root: Cell<Word> { Cell(bits: UInt(cthread_root())) }
}
