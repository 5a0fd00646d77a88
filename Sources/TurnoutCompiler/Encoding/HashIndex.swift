import Turnout

/// An open-addressed index: a power of two of slots, at most half of them taken. A slot holds the
/// upper half of the hash above a value that is not 0.
enum HashIndex {
  static func slotCount(_ entries: Int) -> Int {
    var capacity = 2
    while capacity < entries * 2 { capacity *= 2 }
    return capacity
  }

  static func encode(_ entries: [(hash: UInt64, value: UInt32)]) -> [UInt64] {
    let capacity = slotCount(entries.count)
    var slots = [UInt64](repeating: 0, count: capacity)
    for (hash, value) in entries {
      var slot = Int(truncatingIfNeeded: hash & UInt64(capacity - 1))
      while slots[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
      slots[slot] = (hash & ~UInt64(UInt32.max)) | UInt64(value)
    }
    return slots
  }
}
