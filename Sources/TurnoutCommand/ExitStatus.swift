import Turnout
import TurnoutCompiler

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

/// What was asked for is not done. Without a message, why has been said already.
struct Refusal: Error {
  var message: String?
  var status = ExitStatus.refused
}

/// Whoever read standard output has gone.
struct OutputClosed: Error {}

extension [Source] {
  /// What a verb ends with where something is wrong with these documents: of one that the system did not
  /// let read nobody knows what it says.
  var statusIfWrong: ExitStatus {
    contains { $0.failure.map { ExitStatus($0.status) } == .failed } ? .failed : .refused
  }
}
