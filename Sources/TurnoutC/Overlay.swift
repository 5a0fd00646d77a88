public import CTurnout
internal import Turnout

// SAFETY, for the whole file: as in Resolve.swift.

@c @implementation
public func turnout_overlay_set(
  _ path: UnsafePointer<CChar>?, _ entries: UnsafePointer<turnout_overlay_entry>?, _ count: Int,
  _ author: turnout_text, _ message: turnout_text, _ error: UnsafeMutablePointer<turnout_error>?
) -> turnout_status {
  // SAFETY: see above.
  unsafe ErrorWriter.clear(error)
  guard let path = unsafe path, let name = unsafe String(validatingCString: path), !name.isEmpty
  else {
    return unsafe ErrorWriter.write(
      .invalid("turnout_overlay_set: `path` is NULL, empty or not UTF-8"), to: error)
  }
  guard let author = unsafe OverlayText.string(author, bytesMax: StoreLayout.authorBytesMax),
    let message = unsafe OverlayText.string(message, bytesMax: StoreLayout.messageBytesMax)
  else {
    return unsafe ErrorWriter.write(
      .invalid("turnout_overlay_set: `author` or `message` is too long, or not UTF-8"), to: error)
  }
  // SAFETY: only looks whether there is an address.
  guard count >= 0, count <= Int(TURNOUT_OVERLAY_MAX), unsafe entries != nil || count == 0 else {
    return unsafe ErrorWriter.write(
      .invalid(
        "turnout_overlay_set: `entries` is NULL, or more than \(TURNOUT_OVERLAY_MAX)"), to: error)
  }
  var changes: [OverlayEntry] = []
  for i in 0..<count {
    // SAFETY: the caller promised `count` entries; with a count above 0 there is an address.
    guard let entry = unsafe entries.flatMap({ unsafe OverlayEntry($0[i]) }) else {
      return unsafe ErrorWriter.write(
        .invalid(
          "turnout_overlay_set: entry \(i) has another kind or state than the header lists, or a "
            + "name that is too long or not UTF-8"), to: error)
    }
    changes.append(entry)
  }
  do {
    _ = try Overlay.set(changes, path: name, author: author, message: message)
    return Status.ok.rawValue
  } catch let failure {
    return unsafe ErrorWriter.write(failure, to: error)
  }
}

@c @implementation
public func turnout_engine_overlay(
  _ engine: OpaquePointer?, _ buffer: UnsafeMutableRawPointer?, _ buffer_size: Int,
  _ overlay: UnsafeMutablePointer<turnout_overlay>?
) -> turnout_status {
  // SAFETY: see above.
  guard let overlay = unsafe overlay else { return Status.invalidArgument.rawValue }
  // SAFETY: only the type's size, and the caller's struct.
  let size = unsafe overlay.pointee.struct_size
  let known = unsafe MemoryLayout<turnout_overlay>.size
  guard size >= known, size <= 65_536 else { return Status.invalidArgument.rawValue }
  // SAFETY: struct_size covers the struct, and all of it is cleared.
  unsafe UnsafeMutableRawPointer(overlay).initializeMemory(
    as: UInt8.self, repeating: 0, count: size)
  unsafe overlay.pointee.struct_size = size
  // SAFETY: see above.
  guard let handle = unsafe Handle(engine) else { return Status.invalidArgument.rawValue }
  guard handle.isEngine else { return Status.closed.rawValue }
  let (generation, entries) = handle.core.overlay()
  // SAFETY: see above.
  unsafe overlay.pointee.generation = generation
  guard !entries.isEmpty else { return Status.ok.rawValue }
  // SAFETY: only the type's places.
  let stride = unsafe MemoryLayout<turnout_overlay_entry>.stride
  let alignment = unsafe MemoryLayout<turnout_overlay_entry>.alignment
  let namesBytes = entries.reduce(0) { $0 + $1.name.utf8.count }
  // Wherever the caller's buffer begins.
  let needed = alignment - 1 + entries.count * stride + namesBytes
  unsafe overlay.pointee.buffer_needed = needed
  // SAFETY: only looks whether there is an address. A size_t above Int.max arrives as a negative one.
  guard let buffer = unsafe buffer, buffer_size < 0 || buffer_size >= needed else {
    return Status.bufferTooSmall.rawValue
  }
  // SAFETY: `needed` bytes are writable, of which aligning takes fewer than `alignment`.
  let places = unsafe buffer.alignedUp(for: turnout_overlay_entry.self)
    .bindMemory(to: turnout_overlay_entry.self, capacity: entries.count)
  var text = unsafe UnsafeMutableRawPointer(places + entries.count)
  for (i, entry) in entries.enumerated() {
    var name = entry.name
    let count = name.withUTF8 { utf8 in
      // SAFETY: `needed` counts the bytes of every name; none is empty.
      guard let start = utf8.baseAddress else { return 0 }
      unsafe text.copyMemory(from: UnsafeRawPointer(start), byteCount: utf8.count)
      return utf8.count
    }
    // SAFETY: as above.
    unsafe (places + i).initialize(
      to: turnout_overlay_entry(
        kind: UInt32(entry.kind.rawValue), state: UInt32(entry.state.rawValue),
        name: turnout_text(data: text.assumingMemoryBound(to: CChar.self), size: count),
        until_ns: entry.until ?? 0))
    unsafe text += count
  }
  unsafe overlay.pointee.entries = UnsafePointer(places)
  unsafe overlay.pointee.entry_count = entries.count
  return Status.ok.rawValue
}

extension OverlayEntry {
  /// A caller's entry; nil if it has no kind, no state, or no name that could be read.
  fileprivate init?(_ entry: turnout_overlay_entry) {
    // SAFETY: the caller keeps the name readable during the call; its size is checked first.
    guard let kind = unsafe UInt8(exactly: entry.kind).flatMap(Kind.init(rawValue:)),
      let state = unsafe UInt8(exactly: entry.state).flatMap(State.init(rawValue:)),
      let name = unsafe OverlayText.string(
        entry.name, bytesMax: StoreLayout.overlayNameBytesMax)
    else { return nil }
    let until = unsafe entry.until_ns
    self.init(kind: kind, state: state, name: name, until: until == 0 ? nil : until)
  }
}

private enum OverlayText {
  /// A caller's text; an absent one is empty. Nil if it is too long, or not UTF-8.
  static func string(_ text: turnout_text, bytesMax: Int) -> String? {
    // SAFETY: the caller keeps it readable during the call; its size is checked first.
    let size = unsafe text.size
    guard size != 0 else { return "" }
    guard let data = unsafe text.data, size > 0, size <= bytesMax else { return nil }
    // SAFETY: as above.
    return unsafe String(
      validating: UnsafeRawBufferPointer(start: data, count: size), as: UTF8.self)
  }
}
