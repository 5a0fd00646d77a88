import Turnout

/// The maps of a table: texts to numbers, one probe each. Lookups and long lists of values.
struct MapEncoder {
  private(set) var directory = ByteWriter()
  private(set) var data = ByteWriter()
  private var shared: [[[UInt8]]: UInt32] = [:]
  private var count: UInt32 = 0

  /// A set, shared by all tests that have the same values.
  mutating func addSet(_ values: [[UInt8]], _ texts: inout TextPool) -> UInt32 {
    if let map = shared[values] { return map }
    let map = addMap(values.map { ($0, 0) }, &texts)
    shared[values] = map
    return map
  }

  /// A map of its own; each key stands once.
  mutating func addMap(
    _ entries: [(key: [UInt8], value: UInt32)], _ texts: inout TextPool
  ) -> UInt32 {
    var index: [(hash: UInt64, value: UInt32)] = []
    index.reserveCapacity(entries.count)
    for (number, entry) in entries.enumerated() {
      index.append((XXH3.hash64(entry.key), UInt32(truncatingIfNeeded: number + 1)))
    }
    let slots = HashIndex.encode(index)
    directory.append(UInt32(truncatingIfNeeded: data.count))
    directory.append(UInt32(slots.count.trailingZeroBitCount))
    directory.append(UInt32(truncatingIfNeeded: entries.count))
    directory.append(UInt32(0))
    for slot in slots { data.append(slot) }
    for entry in entries {
      data.append(texts.add(entry.key))
      data.append(UInt32(truncatingIfNeeded: entry.key.count))
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
    case .number(let number): (0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> ($0 * 8)) }
    case .boolean(let value): [value ? 1 : 0]
    case .version(let version): Array(version.canonical.utf8)
    }
  }
}
