public import CTurnout
internal import Turnout

@c @implementation
public func turnout_abi_version() -> UInt32 { UInt32(TURNOUT_ABI_VERSION) }

@c @implementation
public func turnout_version() -> UnsafePointer<CChar> {
  // SAFETY: a literal lives for ever and ends in NUL.
  unsafe Literal.cString(Version.text)
}

@c @implementation
public func turnout_status_name(_ status: turnout_status) -> UnsafePointer<CChar> {
  // SAFETY: as above.
  unsafe Literal.cString(Status(rawValue: status)?.name ?? "unknown_status")
}

@c @implementation
public func turnout_name_of(_ text: turnout_text) -> turnout_name {
  // SAFETY: the caller keeps the text readable during the call; its size is checked first.
  let size = unsafe text.size
  guard let data = unsafe text.data, size > 0, size <= Int(TURNOUT_BYTES_MAX) else {
    return unsafe turnout_name(data: text.data, size: size, hash: 0)
  }
  // SAFETY: as above.
  let hash = unsafe XXH3.hash64(UnsafeRawBufferPointer(start: data, count: size))
  // SAFETY: as above.
  return unsafe turnout_name(data: data, size: size, hash: hash)
}

private enum Literal {
  static func cString(_ text: StaticString) -> UnsafePointer<CChar> {
    // SAFETY: the engine's literals are ASCII of more than one character, so they have a pointer.
    unsafe UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
  }
}
