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
      let log2 = try int(at + Layout.Map.slotCountLog2)
      try check(
        try int(at + Layout.Map.slots) == next && (1...31).contains(log2), at,
        "maps do not follow each other")
      let entries = try int(at + Layout.Map.entryCount)
      switch try u32(at + Layout.Map.isSet) {
      case 0: next += try checkMap(offset(.mapData) + next, slots: 1 << log2, entries)
      case 1: next += try checkSet(offset(.mapData) + next, bucketsLog2: log2, entries)
      default: throw corrupt(at, "neither a map nor a set")
      }
    }
    try check(next == size(.mapData), offset(.mapData), "map data that no map owns")
  }

  /// Returns the bytes of the map at `at`.
  private func checkMap(_ at: Int, slots: Int, _ entries: Int) throws(TurnoutError) -> Int {
    let entriesAt = at + slots * 8
    let total = slots * 8 + entries * Layout.Map.entryBytes
    try check(total <= end(.mapData) - at, at, "a map reaches outside")
    for entry in 0..<entries {
      let entryAt = entriesAt + entry * Layout.Map.entryBytes
      let textBytes = try int(entryAt + Layout.Map.entryTextBytes)
      // Keys may overlap and each is hashed: a bound keeps validation linear.
      try check(textBytes <= Format.textBytesMax, entryAt, "a key has \(textBytes) bytes")
      try checkText(try int(entryAt), textBytes, at: entryAt)
      try checkZero(entryAt + 12, entryAt + Layout.Map.entryBytes)
    }
    try checkSlots(at: at, count: slots, records: entries) { (entry) throws(TurnoutError) in
      let number = Int(entry) - 1
      try check(number >= 0 && number < entries, at, "no such entry in a map")
      let entryAt = entriesAt + number * Layout.Map.entryBytes
      return (
        number, try hash(int(entryAt), int(entryAt + Layout.Map.entryTextBytes), at: entryAt)
      )
    }
    return total
  }

  /// Returns the bytes of the set at `at`: the beginnings of its buckets, then its texts, in the order
  /// of their hashes and so of their buckets.
  private func checkSet(_ at: Int, bucketsLog2: Int, _ texts: Int) throws(TurnoutError) -> Int {
    let room = end(.mapData) - at
    let buckets = 1 << bucketsLog2
    var next = (buckets + 1) * 4
    try check(next <= room, at, "a set reaches outside")
    var bucket = -1
    var least: UInt64 = 0
    for _ in 0..<texts {
      let textAt = at + next
      try check(Layout.Map.setTextBytes <= room - next, textAt, "a set reaches outside")
      let size = Int(try u16(textAt))
      guard size <= room - next - Layout.Map.setTextBytes,
        let hash = bytes.hash64(textAt + Layout.Map.setTextBytes, size)
      else { throw corrupt(textAt, "a text lies outside its set") }
      try check(least <= hash, textAt, "a set is not in order")
      least = hash
      // All buckets up to its own one begin here, but for those that have begun.
      let own = Int(truncatingIfNeeded: hash >> UInt64(64 - bucketsLog2))
      try checkBuckets(at, from: bucket + 1, through: own, begin: next)
      bucket = own
      next += Layout.Map.setTextBytes + size
    }
    try checkBuckets(at, from: bucket + 1, through: buckets, begin: next)
    let total = (next + 7) & ~7
    try check(total <= room, at, "a set reaches outside")
    try checkZero(at + next, at + total)
    return total
  }

  private func checkBuckets(
    _ at: Int, from first: Int, through last: Int, begin: Int
  ) throws(TurnoutError) {
    var bucket = first
    while bucket <= last {
      let bucketAt = at + bucket * 4
      try check(try int(bucketAt) == begin, bucketAt, "a bucket of a set begins elsewhere")
      bucket += 1
    }
  }

  /// The number of a set.
  func checkSet(number: UInt32, at: Int) throws(TurnoutError) {
    try check(number, in: .maps, at: at)
    let record = offset(.maps) + Int(number) * Section.maps.stride
    try check(try u32(record + Layout.Map.isSet) == 1, at, "this is no set")
  }

  /// A reference to a set of classes of traffic.
  func checkTraffic(_ at: Int) throws(TurnoutError) {
    let reference = try u32(at)
    if reference != 0 { try checkSet(number: reference - 1, at: at) }
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
    try check(try u32(directory + Layout.Map.isSet) == 0, at, "a set has no values")
    let slots = offset(.mapData) + (try int(directory + Layout.Map.slots))
    let entries = slots + (8 << (try int(directory + Layout.Map.slotCountLog2)))
    return (entries + Layout.Map.entryValue, try int(directory + Layout.Map.entryCount))
  }
}
