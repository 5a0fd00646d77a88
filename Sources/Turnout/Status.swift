/// What a call came to: 0 is a decision, positive values are normal answers that are not one,
/// negative values are failures. The values are those of `turnout_status` in `turnout.h`, and frozen.
public enum Status: Int32, Sendable, Hashable, CaseIterable {
  case ok = 0

  case unknownUseCase = 1
  case disabled = 2
  case missingRequired = 3
  case unavailable = 4
  case unknownRoutingKey = 5

  case invalidArgument = -1
  case noTable = -2
  case bufferTooSmall = -3
  case reentrant = -4
  case noStore = -5
  case notAStore = -6
  case corrupt = -7
  case newerFormat = -8
  case permissionDenied = -9
  case diskFull = -10
  case networkFileSystem = -11
  case ioError = -12
  case outOfMemory = -13
  case noRevision = -14
  case conflict = -15
  case limitExceeded = -16
  case closed = -17

  /// The name as the command's JSON and `turnout_status_name()` spell it.
  public var name: StaticString {
    switch self {
    case .ok: "ok"
    case .unknownUseCase: "unknown_use_case"
    case .disabled: "disabled"
    case .missingRequired: "missing_required"
    case .unavailable: "unavailable"
    case .unknownRoutingKey: "unknown_routing_key"
    case .invalidArgument: "invalid_argument"
    case .noTable: "no_table"
    case .bufferTooSmall: "buffer_too_small"
    case .reentrant: "reentrant"
    case .noStore: "no_store"
    case .notAStore: "not_a_store"
    case .corrupt: "corrupt"
    case .newerFormat: "newer_format"
    case .permissionDenied: "permission_denied"
    case .diskFull: "disk_full"
    case .networkFileSystem: "network_file_system"
    case .ioError: "io_error"
    case .outOfMemory: "out_of_memory"
    case .noRevision: "no_revision"
    case .conflict: "conflict"
    case .limitExceeded: "limit_exceeded"
    case .closed: "closed"
    }
  }
}

/// A failure: what went wrong, with what, and what to do about it.
public struct TurnoutError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of failure.
  public var status: Status
  /// One or more sentences that name the thing and the way out.
  public var message: String

  /// A failure in words.
  public init(_ status: Status, _ message: String) {
    self.status = status
    self.message = message
  }

  /// The name of the status and the words.
  public var description: String { "\(status.name): \(message)" }
}
