public import CTurnout
internal import Turnout

// SAFETY, for the whole file: as in Resolve.swift.

@c @implementation
public func turnout_view_open(
  _ engine: OpaquePointer?, _ error: UnsafeMutablePointer<turnout_error>?,
  _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> turnout_status {
  // SAFETY: see above.
  unsafe ErrorWriter.clear(error)
  guard let out = unsafe out else {
    return unsafe ErrorWriter.write(.invalid("turnout_view_open: `out` is NULL"), to: error)
  }
  unsafe out.pointee = nil
  guard let handle = unsafe Handle(engine) else {
    return unsafe ErrorWriter.write(.invalid("turnout_view_open: `engine` is NULL"), to: error)
  }
  guard handle.isEngine else { return unsafe ErrorWriter.write(.closed, to: error) }
  do {
    unsafe out.pointee = try handle.openView().address
    return Status.ok.rawValue
  } catch let failure {
    return unsafe ErrorWriter.write(failure, to: error)
  }
}

@c @implementation
public func turnout_view_close(_ view: OpaquePointer?) -> turnout_status {
  // SAFETY: see above.
  guard let handle = unsafe Handle(view) else { return Status.ok.rawValue }
  return (handle.isView && handle.close() ? Status.ok : .closed).rawValue
}

@c @implementation
public func turnout_view_revision(_ view: OpaquePointer?) -> UInt64 {
  // SAFETY: see above.
  guard let handle = unsafe Handle(view), handle.isView else { return 0 }
  return handle.revision
}
