internal import CTurnout
internal import Turnout

/// The error object of one call.
enum ErrorWriter {
  /// Writes the words of a failure, cut at a character, and gives its status.
  static func write(
    _ error: TurnoutError, to out: UnsafeMutablePointer<turnout_error>?
  ) -> turnout_status {
    // SAFETY: the caller keeps the object writable during the call.
    guard let out = unsafe taken(out) else { return error.status.rawValue }
    unsafe out.pointee.status = error.status.rawValue
    // SAFETY: the message has room for `room` bytes and the NUL.
    unsafe withUnsafeMutableBytes(of: &out.pointee.message) { message in
      let room = message.count - 1
      var words = error.message
      let text = words.withUTF8 { utf8 in
        // SAFETY: `utf8` is readable for its count, and count is at most room.
        var count = min(utf8.count, room)
        while count > 0, count < utf8.count, unsafe utf8[count] & 0xC0 == 0x80 { count -= 1 }
        unsafe message.copyMemory(
          from: UnsafeRawBufferPointer(start: utf8.baseAddress, count: count))
        return count
      }
      unsafe message[text] = 0
      unsafe out.pointee.message_size = UInt32(truncatingIfNeeded: text)
    }
    return error.status.rawValue
  }

  /// Says that nothing is wrong.
  static func clear(_ out: UnsafeMutablePointer<turnout_error>?) {
    // SAFETY: as above.
    guard let out = unsafe taken(out) else { return }
    unsafe out.pointee.status = Status.ok.rawValue
    unsafe out.pointee.message_size = 0
    unsafe out.pointee.message.0 = 0
    // What a later version's struct has and this one does not know.
    for i in structSize..<(unsafe out.pointee.struct_size) {
      unsafe UnsafeMutableRawPointer(out).storeBytes(of: 0, toByteOffset: i, as: UInt8.self)
    }
  }

  /// The object, if it is one that this library can fill: others are left alone.
  private static func taken(
    _ out: UnsafeMutablePointer<turnout_error>?
  ) -> UnsafeMutablePointer<turnout_error>? {
    // SAFETY: as above. A size_t above Int.max arrives as a negative one.
    guard let out = unsafe out, unsafe out.pointee.struct_size >= structSize,
      unsafe out.pointee.struct_size <= structSizeMax
    else { return nil }
    return unsafe out
  }

  private static let structSizeMax = 65_536

  private static var structSize: Int {
    MemoryLayout<turnout_error>.size
  }
}

extension TurnoutError {
  static func invalid(_ what: String) -> TurnoutError { TurnoutError(.invalidArgument, what) }
  static var closed: TurnoutError {
    TurnoutError(.closed, "This handle has been closed, or was never one.")
  }
}
