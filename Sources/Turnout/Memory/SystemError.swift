internal import Glibc

extension TurnoutError {
  /// The failure of a system call. `code` is its errno; `act` says what was tried and names the
  /// path, as in "open /srv/turnout/head".
  package static func system(_ code: Int32, _ act: String) -> TurnoutError {
    let reason = "Cannot \(act): \(systemReason(code))."
    switch code {
    case EACCES, EPERM:
      return TurnoutError(
        .permissionDenied, "\(reason) Run as a user who may, or change the permissions.")
    case EROFS:
      return TurnoutError(
        .permissionDenied, "\(reason) Reading works here; write where the store is writable.")
    case ENOSPC, EDQUOT:
      return TurnoutError(.diskFull, "\(reason) Free some space and try again.")
    case ENOMEM:
      return TurnoutError(
        .outOfMemory, "\(reason) Free memory, or raise the limit on address space (ulimit -v).")
    case EMFILE, ENFILE:
      return TurnoutError(
        .limitExceeded, "\(reason) Raise the limit on open files (ulimit -n).")
    default:
      return TurnoutError(.ioError, "\(reason) Check the path, the mount and the disk.")
    }
  }

  private static func systemReason(_ code: Int32) -> String {
    // SAFETY: glibc returns a terminated text that stays valid until this thread's next call.
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    // SAFETY: as above; the text is copied here.
    return unsafe String(cString: text)
  }
}

/// Calls again for as long as a signal handler cuts the call short.
func retrying(_ call: () -> Int32) -> Int32 {
  while true {
    let result = call()
    if result >= 0 || errno != EINTR { return result }
  }
}
