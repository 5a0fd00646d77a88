import Turnout

/// The text section: each text once, where texts may share.
struct TextPool {
  /// Where a text stands in the section, and the hash that indexes have it by.
  struct Entry {
    var offset: UInt32
    var bytes: UInt32
    var hash: UInt64
  }

  private(set) var writer = ByteWriter()
  private var entries: [Entry] = []
  /// Open-addressed, at most half taken: numbers of entries plus 1.
  private var slots = [UInt32](repeating: 0, count: 64)
  /// Kept from call to call: a table may have millions of texts.
  private var scratch: [UInt8] = []

  init() { writer.append(Format.defaultTraffic.utf8) }

  /// The offset of a text that may be shared.
  mutating func add(_ text: some Sequence<UInt8>) -> UInt32 { place(text).offset }

  mutating func place(_ text: some Sequence<UInt8>) -> Entry {
    scratch.removeAll(keepingCapacity: true)
    scratch.append(contentsOf: text)
    let hash = XXH3.hash64(scratch)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let entry = entries[Int(slots[slot]) - 1]
      if entry.hash == hash, holds(entry) { return entry }
      slot = (slot + 1) & (slots.count - 1)
    }
    let entry = Entry(
      offset: UInt32(truncatingIfNeeded: writer.count),
      bytes: UInt32(truncatingIfNeeded: scratch.count), hash: hash)
    writer.append(scratch)
    entries.append(entry)
    slots[slot] = UInt32(truncatingIfNeeded: entries.count)
    if entries.count * 2 > slots.count { grow() }
    return entry
  }

  /// The offset of a text of its own: several that must stand side by side.
  mutating func addOwn(_ text: some Sequence<UInt8>) -> UInt32 {
    let offset = writer.count
    writer.append(text)
    return UInt32(truncatingIfNeeded: offset)
  }

  /// Whether an entry is the text in hand.
  private func holds(_ entry: Entry) -> Bool {
    guard Int(entry.bytes) == scratch.count else { return false }
    let start = Int(entry.offset)
    for i in 0..<scratch.count where writer.bytes[start + i] != scratch[i] { return false }
    return true
  }

  private mutating func grow() {
    let mask = slots.count * 2 - 1
    slots = [UInt32](repeating: 0, count: mask + 1)
    for (number, entry) in entries.enumerated() {
      var slot = Int(truncatingIfNeeded: entry.hash) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(truncatingIfNeeded: number + 1)
    }
  }
}
