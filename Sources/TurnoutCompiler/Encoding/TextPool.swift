import Turnout

/// The text section: each text once, where texts may share.
struct TextPool {
  private(set) var writer = ByteWriter()
  private var offsets: [[UInt8]: Int] = [:]

  init() { writer.append(Format.defaultTraffic.utf8) }

  /// The offset of a text that may be shared.
  mutating func add(_ text: some Collection<UInt8>) -> UInt32 {
    let key = Array(text)
    if let offset = offsets[key] { return UInt32(truncatingIfNeeded: offset) }
    let offset = addOwn(key)
    offsets[key] = Int(offset)
    return offset
  }

  /// The offset of a text of its own: several that must stand side by side.
  mutating func addOwn(_ text: some Sequence<UInt8>) -> UInt32 {
    let offset = writer.count
    writer.append(text)
    return UInt32(truncatingIfNeeded: offset)
  }
}
