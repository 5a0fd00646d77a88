public import CTurnout
internal import Turnout

// SAFETY, for the whole file: the caller keeps what it passes readable, or writable where it is an
// output, during the call; handles came from this library. What it passes is checked before use.

@c @implementation
public func turnout_resolve(
  _ engine: OpaquePointer?, _ request: UnsafePointer<turnout_request>?,
  _ buffer: UnsafeMutableRawPointer?, _ buffer_size: Int,
  _ decision: UnsafeMutablePointer<turnout_decision>?
) -> turnout_status {
  // SAFETY: see above.
  unsafe Handle.resolve(engine: engine, request, buffer, buffer_size, decision)
}

@c @implementation
public func turnout_view_resolve(
  _ view: OpaquePointer?, _ request: UnsafePointer<turnout_request>?,
  _ buffer: UnsafeMutableRawPointer?, _ buffer_size: Int,
  _ decision: UnsafeMutablePointer<turnout_decision>?
) -> turnout_status {
  // SAFETY: see above.
  unsafe Handle.resolve(view: view, request, buffer, buffer_size, decision)
}

@c @implementation
public func turnout_resolve_units(
  _ engine: OpaquePointer?, _ request: UnsafePointer<turnout_request>?,
  _ units: UnsafePointer<turnout_text>?, _ count: Int, _ buffer: UnsafeMutableRawPointer?,
  _ buffer_size: Int, _ decisions: UnsafeMutablePointer<turnout_decision>?, _ stride: Int,
  _ resolved: UnsafeMutablePointer<Int>?
) -> turnout_status {
  // SAFETY: see above.
  let batch = unsafe Batch(
    units: units, useCases: nil, count: count, decisions: decisions, stride: stride)
  return unsafe resolve(engine, request, batch, buffer, buffer_size, resolved, isView: false)
}

@c @implementation
public func turnout_resolve_use_cases(
  _ engine: OpaquePointer?, _ request: UnsafePointer<turnout_request>?,
  _ use_cases: UnsafePointer<turnout_name>?, _ count: Int, _ buffer: UnsafeMutableRawPointer?,
  _ buffer_size: Int, _ decisions: UnsafeMutablePointer<turnout_decision>?, _ stride: Int,
  _ resolved: UnsafeMutablePointer<Int>?
) -> turnout_status {
  // SAFETY: see above.
  let batch = unsafe Batch(
    units: nil, useCases: use_cases, count: count, decisions: decisions, stride: stride)
  return unsafe resolve(engine, request, batch, buffer, buffer_size, resolved, isView: false)
}

@c @implementation
public func turnout_view_resolve_units(
  _ view: OpaquePointer?, _ request: UnsafePointer<turnout_request>?,
  _ units: UnsafePointer<turnout_text>?, _ count: Int, _ buffer: UnsafeMutableRawPointer?,
  _ buffer_size: Int, _ decisions: UnsafeMutablePointer<turnout_decision>?, _ stride: Int,
  _ resolved: UnsafeMutablePointer<Int>?
) -> turnout_status {
  // SAFETY: see above.
  let batch = unsafe Batch(
    units: units, useCases: nil, count: count, decisions: decisions, stride: stride)
  return unsafe resolve(view, request, batch, buffer, buffer_size, resolved, isView: true)
}

@c @implementation
public func turnout_view_resolve_use_cases(
  _ view: OpaquePointer?, _ request: UnsafePointer<turnout_request>?,
  _ use_cases: UnsafePointer<turnout_name>?, _ count: Int, _ buffer: UnsafeMutableRawPointer?,
  _ buffer_size: Int, _ decisions: UnsafeMutablePointer<turnout_decision>?, _ stride: Int,
  _ resolved: UnsafeMutablePointer<Int>?
) -> turnout_status {
  // SAFETY: see above.
  let batch = unsafe Batch(
    units: nil, useCases: use_cases, count: count, decisions: decisions, stride: stride)
  return unsafe resolve(view, request, batch, buffer, buffer_size, resolved, isView: true)
}

private func resolve(
  _ handle: OpaquePointer?, _ request: UnsafePointer<turnout_request>?, _ batch: Batch?,
  _ buffer: UnsafeMutableRawPointer?, _ buffer_size: Int, _ resolved: UnsafeMutablePointer<Int>?,
  isView: Bool
) -> turnout_status {
  // SAFETY: see above.
  if let resolved = unsafe resolved { unsafe resolved.pointee = 0 }
  guard let handle = unsafe Handle(handle), let request = unsafe request, let batch else {
    return Status.invalidArgument.rawValue
  }
  guard isView ? handle.isView : handle.isEngine else { return Status.closed.rawValue }
  // SAFETY: see above.
  let outcome = unsafe handle.resolve(
    RequestReference(request), batch, OutputBuffer(buffer, buffer_size))
  if let resolved = unsafe resolved { unsafe resolved.pointee = outcome.resolved }
  return outcome.status.rawValue
}
