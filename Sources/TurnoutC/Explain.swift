public import CTurnout
internal import Turnout

// SAFETY, for the whole file: as in Resolve.swift.

@c @implementation
public func turnout_explain(
  _ engine: OpaquePointer?, _ request: UnsafePointer<turnout_request>?, _ form: UInt32,
  _ buffer: UnsafeMutablePointer<CChar>?, _ buffer_size: Int, _ needed: UnsafeMutablePointer<Int>?
) -> turnout_status {
  // SAFETY: see above.
  unsafe explain(engine, request, form, buffer, buffer_size, needed, isView: false)
}

@c @implementation
public func turnout_view_explain(
  _ view: OpaquePointer?, _ request: UnsafePointer<turnout_request>?, _ form: UInt32,
  _ buffer: UnsafeMutablePointer<CChar>?, _ buffer_size: Int, _ needed: UnsafeMutablePointer<Int>?
) -> turnout_status {
  // SAFETY: see above.
  unsafe explain(view, request, form, buffer, buffer_size, needed, isView: true)
}

private func explain(
  _ handle: OpaquePointer?, _ request: UnsafePointer<turnout_request>?, _ form: UInt32,
  _ buffer: UnsafeMutablePointer<CChar>?, _ buffer_size: Int, _ needed: UnsafeMutablePointer<Int>?,
  isView: Bool
) -> turnout_status {
  // SAFETY: see above.
  if let needed = unsafe needed { unsafe needed.pointee = 0 }
  let isJSON = form == UInt32(TURNOUT_EXPLAIN_JSON)
  guard let handle = unsafe Handle(handle), let request = unsafe request,
    let needed = unsafe needed, isJSON || form == UInt32(TURNOUT_EXPLAIN_TEXT)
  else { return Status.invalidArgument.rawValue }
  guard isView ? handle.isView : handle.isEngine else { return Status.closed.rawValue }
  // SAFETY: see above.
  let explanation = handle.explain(unsafe RequestReference(request))
  let status = explanation.decision.status
  // Nobody was asked: the handle was closed meanwhile, or a signal came in between.
  if status == .closed || status == .reentrant { return status.rawValue }
  var text = isJSON ? explanation.json : explanation.text
  return text.withUTF8 { utf8 in
    // SAFETY: see above.
    unsafe needed.pointee = utf8.count
    // SAFETY: only looks whether there is an address. A size_t above Int.max arrives as a negative one.
    guard let buffer = unsafe buffer, buffer_size < 0 || buffer_size >= utf8.count else {
      return Status.bufferTooSmall.rawValue
    }
    // SAFETY: so many bytes are writable.
    if let start = utf8.baseAddress {
      unsafe UnsafeMutableRawPointer(buffer).copyMemory(from: start, byteCount: utf8.count)
    }
    return Status.ok.rawValue
  }
}
