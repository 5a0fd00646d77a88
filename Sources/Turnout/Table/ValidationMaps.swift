/// Indexes and maps: texts to numbers.
extension Validation {
  /// An open-addressed index: a power of two of slots, at most half of them taken, each record in
  /// it exactly once and reachable from where its hash begins.
  func checkIndex(
    _ section: Section, records: Int,
    _ lookUp: (UInt32) throws(TurnoutError) -> (number: Int, hash: UInt64)
  ) throws(TurnoutError) {
    try checkSlots(
      at: offset(section), count: size(section) / 8, records: records, lookUp)
  }

  func checkSlots(
    at start: Int, count slots: Int, records: Int,
    _ lookUp: (UInt32) throws(TurnoutError) -> (number: Int, hash: UInt64)
  ) throws(TurnoutError) {
    try check(
      slots >= 2 && slots & (slots - 1) == 0 && records <= slots / 2, start,
      "an index is not a power of two, or too full")
    var seen = [Bool](repeating: false, count: records)
    var taken = 0
    for slot in 0..<slots {
      let at = start + slot * 8
      let entry = try u64(at)
      if entry == 0 { continue }
      let (number, hash) = try lookUp(UInt32(truncatingIfNeeded: entry))
      try check(number < records && !seen[number], at, "an index names a record twice")
      seen[number] = true
      taken += 1
      try check(entry >> 32 == hash >> 32, at, "an index entry has another hash than its name")
      // Every slot between the hash's own and this one is taken, or a probe would stop early.
      var home = Int(truncatingIfNeeded: hash & UInt64(slots - 1))
      var steps = 0
      while home != slot {
        try check(try u64(start + home * 8) != 0, at, "an index entry cannot be reached")
        home = (home + 1) & (slots - 1)
        steps += 1
        // A good hash at half load stays far below; a bound keeps validation linear.
        try check(steps <= 4096, at, "an index entry is too far from its place")
      }
    }
    try check(taken == records, start, "an index lacks a record")
  }

  func checkMaps() throws(TurnoutError) {
    var next = 0
    for index in 0..<count(.maps) {
      let at = offset(.maps) + index * Section.maps.stride
      let slots = try int(at + Layout.Map.slots)
      let log2 = try int(at + Layout.Map.slotCountLog2)
      let entries = try int(at + Layout.Map.entryCount)
      try check(slots == next && log2 >= 1 && log2 <= 31, at, "maps do not follow each other")
      try checkZero(at + 12, at + 16)
      let slotBytes = 8 << log2
      let total = slotBytes + entries * Layout.Map.entryBytes
      try check(total <= size(.mapData) - slots, at, "a map reaches outside")
      let base = offset(.mapData) + slots
      for entry in 0..<entries {
        let entryAt = base + slotBytes + entry * Layout.Map.entryBytes
        let textBytes = try int(entryAt + Layout.Map.entryTextBytes)
        // Keys may overlap and each is hashed: a bound keeps validation linear.
        try check(textBytes <= Format.textBytesMax, entryAt, "a key has \(textBytes) bytes")
        try checkText(try int(entryAt), textBytes, at: entryAt)
        try checkZero(entryAt + 12, entryAt + 16)
      }
      try checkSlots(at: base, count: 1 << log2, records: entries) { (entry) throws(TurnoutError) in
        let number = Int(entry) - 1
        try check(number >= 0 && number < entries, base, "no such entry in a map")
        let entryAt = base + slotBytes + number * Layout.Map.entryBytes
        return (
          number,
          try hash(int(entryAt), int(entryAt + Layout.Map.entryTextBytes), at: entryAt)
        )
      }
      next = slots + total
    }
    try check(next == size(.mapData), offset(.mapData), "map data that no map owns")
  }

  /// A map that has one owner, whose number is greater than that of every map owned before, so that
  /// each is read once. Gives where its first value is, and how many there are, one for each
  /// ``Layout/Map/entryBytes``.
  mutating func takeMap(
    _ map: UInt32, at: Int
  ) throws(TurnoutError) -> (values: Int, count: Int) {
    try check(Int(map) >= nextMap, at, "two own a map, or they are not in order")
    try check(map, in: .maps, at: at)
    nextMap = Int(map) + 1
    let directory = offset(.maps) + Int(map) * Section.maps.stride
    let slots = offset(.mapData) + (try int(directory + Layout.Map.slots))
    let entries = slots + (8 << (try int(directory + Layout.Map.slotCountLog2)))
    return (entries + Layout.Map.entryValue, try int(directory + Layout.Map.entryCount))
  }
}
