import Turnout

/// The maps of a table: texts to numbers, one probe each, and sets of texts. Lookups, overrides, long
/// lists of values, units, classes of traffic.
struct MapEncoder {
  private(set) var directory = ByteWriter()
  private(set) var data = ByteWriter()
  private var shared: [[[UInt8]]: UInt32] = [:]
  private var count: UInt32 = 0

  /// A set, shared by all that have the same values. Each value stands once.
  mutating func addSet(_ values: [[UInt8]]) -> UInt32 {
    if let map = shared[values] { return map }
    var log2 = 1
    while values.count > 2 << log2 { log2 += 1 }
    directory.append(UInt32(truncatingIfNeeded: data.count))
    directory.append(UInt32(truncatingIfNeeded: log2))
    directory.append(UInt32(truncatingIfNeeded: values.count))
    directory.append(UInt32(1))

    var hashed = values.enumerated().map { (hash: XXH3.hash64($1), value: $0) }
    hashed.sort { ($0.hash, $0.value) < ($1.hash, $1.value) }
    var begins = [UInt32](repeating: 0, count: (1 << log2) + 1)
    var texts = ByteWriter()
    var next = 0
    func begin(through bucket: Int) {
      while next <= bucket {
        begins[next] = UInt32(truncatingIfNeeded: begins.count * 4 + texts.count)
        next += 1
      }
    }
    for (hash, value) in hashed {
      begin(through: Int(truncatingIfNeeded: hash >> UInt64(64 - log2)))
      texts.append(UInt16(truncatingIfNeeded: values[value].count))
      texts.append(values[value])
    }
    begin(through: begins.count - 1)
    for begin in begins { data.append(begin) }
    data.append(texts.bytes)
    data.align(8)
    shared[values] = count
    defer { count += 1 }
    return count
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
    case .number(let number):
      (0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> ($0 * 8)) }
    case .boolean(let value): [value ? 1 : 0]
    case .version(let version): Array(version.canonical.utf8)
    }
  }
}
