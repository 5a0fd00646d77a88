import Turnout

/// The maps of a table: texts to numbers, one probe each. Lookups, overrides and sets of texts.
struct MapEncoder {
  private(set) var directory = ByteWriter()
  private(set) var data = ByteWriter()
  private var shared: [[Text]: UInt32] = [:]
  private var count: UInt32 = 0

  /// A set, shared by all that have the same values. They are in byte order, each once.
  mutating func addSet(_ values: [Text], _ texts: inout TextPool) -> UInt32 {
    if let map = shared[values] { return map }
    let map = addMap(values.lazy.map { (key: $0.utf8, value: 0) }, &texts)
    shared[values] = map
    return map
  }

  /// A map of its own; each key stands once.
  mutating func addMap<Key: Sequence<UInt8>>(
    _ entries: some Collection<(key: Key, value: UInt32)>, _ texts: inout TextPool
  ) -> UInt32 {
    var keys: [TextPool.Entry] = []
    keys.reserveCapacity(entries.count)
    for entry in entries { keys.append(texts.place(entry.key)) }
    let slots = HashIndex.encode(
      keys.enumerated().map { ($1.hash, UInt32(truncatingIfNeeded: $0 + 1)) })
    directory.append(u32: data.count)
    directory.append(UInt32(slots.count.trailingZeroBitCount))
    directory.append(u32: keys.count)
    directory.append(UInt32(0))
    data.reserve(slots.count * 8 + keys.count * Layout.Map.entryBytes)
    for slot in slots { data.append(slot) }
    for (key, entry) in zip(keys, entries) {
      data.append(key.offset)
      data.append(key.bytes)
      data.append(entry.value)
      data.append(UInt32(0))
    }
    defer { count += 1 }
    return count
  }
}

extension AttributeValue {
  /// What a lookup finds the value by: the same bytes for all spellings of one value.
  var lookupKey: [UInt8] {
    switch self {
    case .string(let text): Array(text.utf8)
    case .number(let number):
      (0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> ($0 * 8)) }
    case .boolean(let value): [value ? 1 : 0]
    case .version(let version): Array(version.canonical.utf8)
    }
  }
}
