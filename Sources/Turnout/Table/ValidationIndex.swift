/// Open-addressed indexes: names and keys to records.
extension Validation {
  /// The slots of an open-addressed index.
  struct Slots {
    let at: Int
    let mask: Int
  }

  /// An index: a power of two of slots, at most half of them taken, and as many taken as there are
  /// records. Once ``check(_:hash:in:)`` has found a slot for each record, every one names a record.
  ///
  /// A search goes on to the end of a run of slots that are taken, whether it finds its name or not, and
  /// compares texts where the upper half of the hash is the same. So runs are bounded, and how often one
  /// half stands in a run.
  func slots(at start: Int, count: Int, records: Int) throws(Fault) -> Slots {
    try check(
      count >= 2 && count & (count &- 1) == 0 && records <= count / 2, start,
      "an index is not a power of two, or too full")
    let slots = Slots(at: start, mask: count &- 1)
    // From behind an empty slot once round to it, so that no run is met from its middle.
    var slot = 0
    while u64(start &+ slot &* 8) != 0 {
      slot &+= 1
      try check(slot < count, start, "an index is full")
    }
    var taken = 0
    var run = 0
    for _ in 0..<count {
      slot = (slot &+ 1) & slots.mask
      let isTaken = u64(start &+ slot &* 8) == 0 ? 0 : 1
      taken &+= isTaken
      run = (run &+ 1) &* isTaken
      // Once for each run that gets so long, of which there are few.
      if run == Format.indexTextsMax &+ 1 { try checkRun(endingBehind: slot, in: slots) }
    }
    try check(taken == records, start, "an index lacks a record, or names one twice")
    return slots
  }

  /// A run whose first slots, one more than texts may be compared, end with `last`.
  @inline(never)
  private func checkRun(endingBehind last: Int, in slots: Slots) throws(Fault) {
    let first = last &- Format.indexTextsMax
    func entry(_ step: Int) -> UInt64 { u64(slots.at &+ ((first &+ step) & slots.mask) &* 8) }
    var count = Format.indexTextsMax &+ 1
    while entry(count) != 0 {
      count &+= 1
      try check(
        count <= Format.indexRunMax, slots.at &+ last &* 8, "too many slots of an index in a row")
    }
    for step in 0..<count {
      let tag = entry(step) &>> 32
      var equal = 0
      for other in step..<count { equal &+= entry(other) &>> 32 == tag ? 1 : 0 }
      try check(
        equal <= Format.indexTextsMax, slots.at &+ last &* 8, "too many like hashes of an index")
    }
  }

  /// The search for a record's name ends at a slot that names the record, and no empty slot comes before
  /// it. `value` is what the slot says and tells this record from all others; of those that come before
  /// it and have the same half of the hash, none `isSame`.
  @inline(__always)
  func check(
    _ value: Int, hash: UInt64, in slots: Slots,
    unlessIsSame isSame: (_ value: Int) -> Bool = { _ in false }
  ) throws(Fault) {
    let wanted = hash & ~UInt64(UInt32.max) | UInt64(truncatingIfNeeded: value)
    var slot = Int(truncatingIfNeeded: hash) & slots.mask
    while true {
      let at = slots.at &+ slot &* 8
      let entry = u64(at)
      if entry == wanted { return }
      // There are empty slots, and at most so many in a row are none.
      try check(entry != 0, at, "an index does not lead to a record")
      if entry &>> 32 == hash &>> 32 {
        try check(
          !isSame(Int(UInt32(truncatingIfNeeded: entry))), at,
          "two records of an index have one name")
      }
      slot = (slot &+ 1) & slots.mask
    }
  }
}
