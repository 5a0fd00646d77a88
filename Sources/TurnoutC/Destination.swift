public import CTurnout
internal import Turnout

// SAFETY, for the whole file: as in Resolve.swift.

@c @implementation
public func turnout_engine_destination(
  _ engine: OpaquePointer?, _ routing_key: turnout_text, _ buffer: UnsafeMutableRawPointer?,
  _ buffer_size: Int, _ destination: UnsafeMutablePointer<turnout_destination>?
) -> turnout_status {
  // SAFETY: see above.
  unsafe Handle.destination(
    engine, isView: false, routing_key, buffer, buffer_size, destination)
}

@c @implementation
public func turnout_view_destination(
  _ view: OpaquePointer?, _ routing_key: turnout_text, _ buffer: UnsafeMutableRawPointer?,
  _ buffer_size: Int, _ destination: UnsafeMutablePointer<turnout_destination>?
) -> turnout_status {
  // SAFETY: see above.
  unsafe Handle.destination(view, isView: true, routing_key, buffer, buffer_size, destination)
}
