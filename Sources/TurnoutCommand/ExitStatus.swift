import Turnout

/// What the process ends with. Programs rely on the numbers.
enum ExitStatus: Int32 {
  case done = 0
  /// The answer is no.
  case refused = 1
  case wrongUsage = 2
  /// The store or the system failed.
  case failed = 3

  init(_ status: Status) {
    switch status {
    case .ok: self = .done
    case .unknownUseCase, .unknownRoutingKey: self = .refused
    case .disabled, .missingRequired, .unavailable: self = .refused
    case .conflict, .noRevision: self = .refused
    case .invalidArgument, .limitExceeded: self = .wrongUsage
    default: self = .failed
    }
  }
}

/// The answer is no. Without a message, it has been said already.
struct Refusal: Error {
  var message: String?
}

/// Whoever read standard output has gone.
struct OutputClosed: Error {}
