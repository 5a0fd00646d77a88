package import CTurnout

/// The whole of one C call behind one call across the modules' border, since nothing inlines there.
extension Handle {
  /// `turnout_resolve` with its arguments as they came.
  /// - Safety: what is not null is readable, or writable where it is an output, during the call;
  ///   `handle` came from this library.
  @unsafe
  package static func resolve(
    engine handle: OpaquePointer?, _ request: UnsafePointer<turnout_request>?,
    _ buffer: UnsafeMutableRawPointer?, _ bufferSize: Int,
    _ decision: UnsafeMutablePointer<turnout_decision>?
  ) -> turnout_status {
    // SAFETY: the caller's promise, above.
    guard let request = unsafe request, let decision = unsafe decision,
      let handle = unsafe Handle(handle), handle.isEngine
    else { return unsafe refuse(handle, request, decision) }
    let result = unsafe DecisionReference(decision)
    let asked = unsafe RequestReference(request)
    guard result.isWithinLimits, asked.isWithinLimits else { return refuse(result) }
    let room = unsafe OutputBuffer(buffer, bufferSize)
    let line = Cell<Line>(bits: ThreadLine.current)
    let announced = handle.core.announce(in: line)
    guard announced != 0 else {
      return handle.resolveSlowly(asked, room, result)
    }
    return SnapshotReference(bits: announced)
      .resolve(asked, constants: handle.constants, room, result, in: line).rawValue
  }

  /// `turnout_view_resolve` likewise.
  @unsafe
  package static func resolve(
    view handle: OpaquePointer?, _ request: UnsafePointer<turnout_request>?,
    _ buffer: UnsafeMutableRawPointer?, _ bufferSize: Int,
    _ decision: UnsafeMutablePointer<turnout_decision>?
  ) -> turnout_status {
    // SAFETY: as above.
    guard let request = unsafe request, let decision = unsafe decision,
      let handle = unsafe Handle(handle), handle.isView
    else { return unsafe refuse(handle, request, decision) }
    let result = unsafe DecisionReference(decision)
    let asked = unsafe RequestReference(request)
    guard result.isWithinLimits, asked.isWithinLimits else { return refuse(result) }
    let room = unsafe OutputBuffer(buffer, bufferSize)
    let line = Cell<Line>(bits: ThreadLine.current)
    let announced = handle.announceView(in: line)
    guard announced != 0 else {
      return handle.resolveSlowly(asked, room, result)
    }
    return SnapshotReference(bits: announced)
      .resolve(asked, constants: handle.constants, room, result, in: line).rawValue
  }

  /// `turnout_engine_destination` and `turnout_view_destination` likewise.
  @unsafe
  package static func destination(
    _ handle: OpaquePointer?, isView: Bool, _ key: turnout_text,
    _ buffer: UnsafeMutableRawPointer?, _ bufferSize: Int,
    _ destination: UnsafeMutablePointer<turnout_destination>?
  ) -> turnout_status {
    // SAFETY: as above.
    guard let destination = unsafe destination,
      let result = unsafe DestinationReference(destination)
    else { return Status.invalidArgument.rawValue }
    let key = unsafe Text(key)
    guard let handle = unsafe Handle(handle), key.isSized else {
      result.clear()
      return Status.invalidArgument.rawValue
    }
    guard isView ? handle.isView : handle.isEngine else {
      result.clear()
      return Status.closed.rawValue
    }
    let room = unsafe OutputBuffer(buffer, bufferSize)
    return handle.enter().destination(key, room, result).rawValue
  }

  /// A thread's first resolve, and every other that ``Cell/announce(in:)`` leaves to ``enter()``.
  @inline(never)
  private func resolveSlowly(
    _ request: RequestReference, _ buffer: OutputBuffer, _ decision: DecisionReference
  ) -> turnout_status {
    enter().resolve(request, constants: constants, buffer, decision).rawValue
  }

  /// A null argument, or a handle that was closed.
  @inline(never)
  private static func refuse(
    _ handle: OpaquePointer?, _ request: UnsafePointer<turnout_request>?,
    _ decision: UnsafeMutablePointer<turnout_decision>?
  ) -> turnout_status {
    // SAFETY: as above.
    let isWhole = unsafe handle != nil && request != nil && decision != nil
    guard let decision = unsafe decision else { return Status.invalidArgument.rawValue }
    let status = isWhole ? Status.closed : .invalidArgument
    let result = unsafe DecisionReference(decision)
    if result.isWithinLimits { result.clear(status, revision: 0, digest: Digest(low: 0, high: 0)) }
    return status.rawValue
  }

  /// A decision that cannot be filled, or a request whose sizes or addresses do not fit.
  @inline(never)
  private static func refuse(_ decision: DecisionReference) -> turnout_status {
    if decision.isWithinLimits {
      decision.clear(.invalidArgument, revision: 0, digest: Digest(low: 0, high: 0))
    }
    return Status.invalidArgument.rawValue
  }
}
