import Turnout

/// The maps of a table: texts to numbers, one probe each, and sets of texts. Lookups, overrides, long
/// lists of values, units, classes of traffic.
struct MapEncoder {
  private(set) var directory = ByteWriter()
  private(set) var data = ByteWriter()
  private var count: UInt32 = 0
  /// Of the keys of all maps, each as often as it is one.
  private(set) var keyBytes = 0
  /// By the hash of what they have in the map data, as which equal sets are equal: their numbers and
  /// where that is.
  private var sets: [UInt64: [(number: UInt32, data: Range<Int>)]] = [:]

  /// A set, shared by all that have the same values. Each value stands once.
  mutating func addSet<Value: Sequence<UInt8>>(
    _ values: some RandomAccessCollection<Value>
  ) -> UInt32 {
    let texts = SetTexts(values)
    let hash = XXH3.hash64(texts.data.bytes)
    let known = sets[hash]?.first { data.bytes[$0.data].elementsEqual(texts.data.bytes) }
    if let known { return known.number }
    let start = data.count
    append(slots: 1 << texts.bucketsLog2, entries: values.count, isSet: true)
    data.append(texts.data.bytes)
    sets[hash, default: []].append((count, start..<data.count))
    defer { count += 1 }
    return count
  }

  private mutating func append(slots: Int, entries: Int, isSet: Bool) {
    directory.append(u32: data.count)
    directory.append(UInt32(slots.trailingZeroBitCount))
    directory.append(u32: entries)
    directory.append(UInt32(isSet ? 1 : 0))
  }

  /// A map of its own; each key stands once.
  mutating func addMap<Key: Sequence<UInt8>>(
    _ entries: some Collection<(key: Key, value: UInt32)>, _ texts: inout TextPool
  ) -> UInt32 {
    var keys: [TextPool.Entry] = []
    keys.reserveCapacity(entries.count)
    for entry in entries { keys.append(texts.place(entry.key)) }
    keyBytes += keys.reduce(0) { $0 + Int($1.bytes) }
    let slots = HashIndex.encode(
      keys.enumerated().map { ($1.hash, UInt32(truncatingIfNeeded: $0 + 1)) })
    append(slots: slots.count, entries: keys.count, isSet: false)
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
