public import CTurnout
internal import Turnout

@c @implementation
public func turnout_engine_open(
  _ path: UnsafePointer<CChar>?, _ options: UnsafePointer<turnout_open_options>?,
  _ error: UnsafeMutablePointer<turnout_error>?, _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> turnout_status {
  // SAFETY: the caller keeps what it passes readable, or writable where it is
  // an output, during the call; handles came from this library.
  unsafe ErrorWriter.clear(error)
  guard let out = unsafe out else {
    return unsafe ErrorWriter.write(.invalid("turnout_engine_open: `out` is NULL"), to: error)
  }
  unsafe out.pointee = nil
  guard let path = unsafe path, let name = unsafe String(validatingCString: path), !name.isEmpty
  else {
    return unsafe ErrorWriter.write(
      .invalid("turnout_engine_open: `path` is NULL, empty or not UTF-8"), to: error)
  }
  guard let options = unsafe OpenOptions(options) else {
    return unsafe ErrorWriter.write(
      .invalid(
        "turnout_engine_open: the options have another struct_size, unknown flags, or a constant "
          + "attribute that is not valid; begin with TURNOUT_OPEN_OPTIONS_INIT"), to: error)
  }
  do {
    let handle = try Handle.openEngine(
      path: name, constants: options.constants, noThread: options.noThread,
      privateTables: options.privateTables)
    unsafe out.pointee = handle.address
    return Status.ok.rawValue
  } catch let failure {
    return unsafe ErrorWriter.write(failure, to: error)
  }
}

@c @implementation
public func turnout_engine_close(_ engine: OpaquePointer?) -> turnout_status {
  // SAFETY: see turnout_engine_open.
  guard let handle = unsafe Handle(engine) else { return Status.ok.rawValue }
  return (handle.isEngine && handle.close() ? Status.ok : .closed).rawValue
}

@c @implementation
public func turnout_engine_refresh(
  _ engine: OpaquePointer?, _ error: UnsafeMutablePointer<turnout_error>?
) -> turnout_status {
  // SAFETY: see turnout_engine_open.
  unsafe ErrorWriter.clear(error)
  guard let handle = unsafe Handle(engine) else {
    return unsafe ErrorWriter.write(.invalid("turnout_engine_refresh: `engine` is NULL"), to: error)
  }
  guard handle.isEngine else { return unsafe ErrorWriter.write(.closed, to: error) }
  do {
    try handle.core.refresh()
    return Status.ok.rawValue
  } catch let failure {
    return unsafe ErrorWriter.write(failure, to: error)
  }
}

@c @implementation
public func turnout_engine_status(
  _ engine: OpaquePointer?, _ info: UnsafeMutablePointer<turnout_engine_info>?,
  _ error: UnsafeMutablePointer<turnout_error>?
) -> turnout_status {
  // SAFETY: see turnout_engine_open.
  unsafe ErrorWriter.clear(error)
  guard let handle = unsafe Handle(engine), let info = unsafe info else {
    return unsafe ErrorWriter.write(
      .invalid("turnout_engine_status: `engine` or `info` is NULL"), to: error)
  }
  // SAFETY: only the type's size, and the caller's struct.
  let size = unsafe info.pointee.struct_size
  let known = MemoryLayout<turnout_engine_info>.size
  guard size >= known, size <= OpenOptions.structSizeMax
  else {
    return unsafe ErrorWriter.write(
      .invalid("turnout_engine_status: begin with TURNOUT_ENGINE_INFO_INIT"), to: error)
  }
  guard handle.isEngine else { return unsafe ErrorWriter.write(.closed, to: error) }
  let status = handle.core.status()
  // SAFETY: struct_size covers the struct, and the rest of it is cleared.
  unsafe UnsafeMutableRawPointer(info).initializeMemory(as: UInt8.self, repeating: 0, count: size)
  unsafe info.pointee.struct_size = size
  unsafe info.pointee.revision = status.revision
  unsafe info.pointee.head_revision = status.headRevision
  unsafe info.pointee.overlay_generation = status.overlayGeneration
  unsafe withUnsafeMutableBytes(of: &info.pointee.digest) { bytes in
    unsafe bytes.storeBytes(of: status.digest.high.bigEndian, toByteOffset: 0, as: UInt64.self)
    unsafe bytes.storeBytes(of: status.digest.low.bigEndian, toByteOffset: 8, as: UInt64.self)
  }
  unsafe info.pointee.image_bytes = UInt64(clamping: status.imageBytes)
  unsafe info.pointee.adopted_at_ns = status.adoptedAt
  unsafe info.pointee.head_status = status.refusal?.status.rawValue ?? 0
  unsafe info.pointee.keeper_running = status.keeperRunning ? 1 : 0
  unsafe info.pointee.views_open = UInt64(clamping: status.views.count)
  unsafe info.pointee.views_oldest_ns = status.views.first?.age ?? 0
  unsafe info.pointee.views_bytes = UInt64(clamping: status.viewBytes)
  unsafe info.pointee.resolves = status.counters.resolves
  unsafe info.pointee.refused = status.counters.refused
  unsafe info.pointee.attributes_undeclared = status.counters.undeclaredAttributes
  unsafe info.pointee.attributes_mistyped = status.counters.mistypedAttributes
  unsafe info.pointee.shadows_left_out = status.counters.shadowsLeftOut
  unsafe info.pointee.assignments_unknown = status.counters.unknownAssignments
  if let refusal = status.refusal { _ = unsafe ErrorWriter.write(refusal, to: error) }
  return Status.ok.rawValue
}

/// A caller's options, checked.
private struct OpenOptions {
  var constants = Attributes.none
  var noThread = false
  var privateTables = false

  static let structSizeMax = 65_536

  /// Nil if they are not valid; without options, the defaults.
  init?(_ options: UnsafePointer<turnout_open_options>?) {
    // SAFETY: see turnout_engine_open.
    guard let options = unsafe options else { return }
    let size = unsafe options.pointee.struct_size
    let known = unsafe MemoryLayout<turnout_open_options>.size
    guard size >= known, size <= Self.structSizeMax else { return nil }
    for i in known..<size {
      // SAFETY: struct_size is the caller's promise.
      let byte = unsafe UnsafeRawPointer(options).load(fromByteOffset: i, as: UInt8.self)
      if byte != 0 { return nil }
    }
    let flags = unsafe options.pointee.flags
    guard flags & ~3 == 0 else { return nil }
    noThread = flags & 1 != 0
    privateTables = flags & 2 != 0
    constants = unsafe Attributes(options.pointee.constants, options.pointee.constant_count)
    guard constants.areValid else { return nil }
  }
}
