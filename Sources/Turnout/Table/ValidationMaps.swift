/// Maps and sets: texts to numbers, and texts.
extension Validation {
  func checkMaps() throws(Fault) {
    var next = 0
    // Keys may overlap and each is hashed: a bound keeps validation linear.
    var keyBytesLeft = image.count &* Format.keyBytesPerImageByteMax
    for index in 0..<count(.maps) {
      let at = record(.maps, index)
      let log2 = int(at &+ Layout.Map.slotCountLog2)
      try check(
        int(at &+ Layout.Map.slots) == next && log2 >= 1 && log2 <= 31, at,
        "maps do not follow each other")
      let entries = int(at &+ Layout.Map.entryCount)
      switch u32(at &+ Layout.Map.isSet) {
      case 0:
        next &+= try checkMap(
          offset(.mapData) &+ next, slots: 1 &<< log2, entries, &keyBytesLeft)
      case 1: next &+= try checkSet(offset(.mapData) &+ next, bucketsLog2: log2, entries)
      default: throw Fault(at, "neither a map nor a set")
      }
    }
    try check(next == size(.mapData), offset(.mapData), "map data that no map owns")
  }

  /// Returns the bytes of the map at `at`.
  private func checkMap(
    _ at: Int, slots: Int, _ entries: Int, _ keyBytesLeft: inout Int
  ) throws(Fault) -> Int {
    let total = slots &* 8 &+ entries &* Layout.Map.entryBytes
    try check(total <= end(.mapData) &- at, at, "a map reaches outside")
    let slots = try self.slots(at: at, count: slots, records: entries)
    var entryAt = at &+ (slots.mask &+ 1) &* 8
    for number in 0..<entries {
      let text = int(entryAt)
      let textBytes = int(entryAt &+ Layout.Map.entryTextBytes)
      try check(textBytes <= Format.valueBytesMax, entryAt, "a key has too many bytes")
      keyBytesLeft &-= textBytes
      try check(keyBytesLeft >= 0, entryAt, "the keys of maps have too many bytes in all")
      try checkText(text, textBytes, at: entryAt)
      try check(u32(entryAt &+ 12) == 0, entryAt, "a reserved byte is not zero")
      try check(number &+ 1, hash: hash(text, textBytes), in: slots)
      entryAt &+= Layout.Map.entryBytes
    }
    return total
  }

  /// Returns the bytes of the set at `at`: the beginnings of its buckets, then its texts, in the order
  /// of their hashes and so of their buckets.
  private func checkSet(_ at: Int, bucketsLog2: Int, _ texts: Int) throws(Fault) -> Int {
    let room = end(.mapData) &- at
    let buckets = 1 &<< bucketsLog2
    var next = (buckets &+ 1) &* 4
    try check(next <= room, at, "a set reaches outside")
    // A search goes through a bucket.
    try check(texts <= 2 &* buckets, at, "a set has too few buckets")
    var bucket = -1
    var bucketTexts = 0
    var least: UInt64 = 0
    for _ in 0..<texts {
      let textAt = at &+ next
      try check(Layout.Map.setTextBytes <= room &- next, textAt, "a set reaches outside")
      let size = Int(u16(textAt))
      try check(
        size <= room &- next &- Layout.Map.setTextBytes, textAt, "a text lies outside its set")
      let hash = image.hash64(textAt &+ Layout.Map.setTextBytes, size)
      try check(least <= hash, textAt, "a set is not in order")
      least = hash
      // All buckets up to its own one begin here, but for those that have begun.
      let own = Int(truncatingIfNeeded: hash &>> UInt64(64 &- bucketsLog2))
      try checkBuckets(at, from: bucket &+ 1, through: own, begin: next)
      bucketTexts = own == bucket ? bucketTexts &+ 1 : 1
      try check(
        bucketTexts <= Format.bucketTextsMax, textAt, "a bucket of a set has too many texts")
      bucket = own
      next &+= Layout.Map.setTextBytes &+ size
    }
    try checkBuckets(at, from: bucket &+ 1, through: buckets, begin: next)
    let total = (next &+ 7) & ~7
    try check(total <= room, at, "a set reaches outside")
    try checkZero(at &+ next, at &+ total)
    return total
  }

  @inline(__always)
  private func checkBuckets(
    _ at: Int, from first: Int, through last: Int, begin: Int
  ) throws(Fault) {
    var bucket = first
    while bucket <= last {
      let bucketAt = at &+ bucket &* 4
      try check(int(bucketAt) == begin, bucketAt, "a bucket of a set begins elsewhere")
      bucket &+= 1
    }
  }

  /// The number of a set.
  func checkSet(number: UInt32, at: Int) throws(Fault) {
    try check(number, in: .maps, at: at)
    try check(
      u32(record(.maps, Int(number)) &+ Layout.Map.isSet) == 1, at, "this is no set")
  }

  /// A reference to a set of classes of traffic.
  func checkTraffic(_ at: Int) throws(Fault) {
    let reference = u32(at)
    if reference != 0 { try checkSet(number: reference &- 1, at: at) }
  }

  /// A map that has one owner, whose number is greater than that of every map owned before, so that
  /// each is read once. Gives where its first value is, and how many there are, one for each
  /// ``Layout/Map/entryBytes``.
  func takeMap(
    _ map: UInt32, at: Int, _ taken: inout Taken
  ) throws(Fault) -> (values: Int, count: Int) {
    try check(Int(map) >= taken.nextMap, at, "two own a map, or they are not in order")
    try check(map, in: .maps, at: at)
    taken.nextMap = Int(map) &+ 1
    let directory = record(.maps, Int(map))
    try check(u32(directory &+ Layout.Map.isSet) == 0, at, "a set has no values")
    let slots = offset(.mapData) &+ int(directory &+ Layout.Map.slots)
    let entries = slots &+ (8 &<< int(directory &+ Layout.Map.slotCountLog2))
    return (entries &+ Layout.Map.entryValue, int(directory &+ Layout.Map.entryCount))
  }
}
