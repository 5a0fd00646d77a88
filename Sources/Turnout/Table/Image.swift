/// A validated table: the one door to its records. A plain value over memory that somebody else
/// keeps mapped, so copying it costs nothing and owns nothing.
package struct Image: Sendable {
  /// The whole image, for reading with checks.
  package let bytes: Bytes
  /// The same, for the resolver.
  let start: Place
  package let digest: Digest

  /// What `Image.validate` makes, and nobody else.
  init(validated bytes: Bytes, start: Place, digest: Digest) {
    self.bytes = bytes
    self.start = start
    self.digest = digest
  }

  /// Where a section begins. One load: the header is always in the cache.
  @inline(__always)
  func section(_ section: Section) -> Place {
    start + start.u32(Format.sectionTable &+ section.rawValue &* 8)
  }

  @inline(__always)
  func sectionBytes(_ section: Section) -> Int {
    Int(start.u32(Format.sectionTable &+ section.rawValue &* 8 &+ 4))
  }

  /// How many records a section of records has.
  @inline(__always)
  package func count(_ section: Section) -> Int { sectionBytes(section) / section.stride }

  /// The zeros that end the image: a record that says nothing.
  @inline(__always)
  var zeros: Place { start + (Int(truncatingIfNeeded: start.u64(32)) &- Format.tailBytes) }

  @inline(__always)
  func record(_ section: Section, _ index: UInt32) -> Place {
    self.section(section) + Int(index) &* section.stride
  }

  /// Searches an index of `mask + 1` slots for the value that `fits`, from where `hash` begins.
  @inline(__always)
  private static func probe(
    _ slots: Place, mask: UInt64, hash: UInt64, _ fits: (UInt32) -> Bool
  ) -> UInt32? {
    let tag = hash &>> 32
    var slot = hash & mask
    // Validation has seen that an index is at most half full, so an empty slot ends the search.
    while true {
      let entry = slots.u64(Int(truncatingIfNeeded: slot) &* 8)
      if entry == 0 { return nil }
      if entry &>> 32 == tag {
        let value = UInt32(truncatingIfNeeded: entry)
        if fits(value) { return value }
      }
      slot = (slot &+ 1) & mask
    }
  }

  /// The record of the use case with this name, whose hash is `hash`.
  @inline(__always)
  func useCase(_ name: Text, hash: UInt64) -> Place? {
    let mask = UInt64(truncatingIfNeeded: sectionBytes(.useCaseIndex) &>> 3) &- 1
    let found = Self.probe(section(.useCaseIndex), mask: mask, hash: hash) { offset in
      let record = start + offset
      return (record + Layout.UseCase.name).text(Int(record.u16(Layout.UseCase.nameBytes))) == name
    }
    return found.map { start + $0 }
  }

  /// The number of the shard that has this routing key.
  @inline(__always)
  func shard(_ key: Text) -> UInt32? {
    let mask = UInt64(truncatingIfNeeded: sectionBytes(.routingKeyIndex) &>> 3) &- 1
    let found = Self.probe(section(.routingKeyIndex), mask: mask, hash: key.hash64) { value in
      ShardTexts(record(.shards, value &- 1), section(.text)).routingKey == key
    }
    return found.map { $0 &- 1 }
  }

  /// The value of `key` in a map, one probe.
  @inline(__always)
  func value(map: UInt32, _ key: Text) -> UInt32? {
    let directory = record(.maps, map)
    let slots = section(.mapData) + directory.u32(Layout.Map.slots)
    let slotCount = UInt64(1) &<< UInt64(directory.u32(Layout.Map.slotCountLog2))
    let entries = slots + Int(truncatingIfNeeded: slotCount) &* 8
    let found = Self.probe(slots, mask: slotCount &- 1, hash: key.hash64) { value in
      let entry = entries + Int(value &- 1) &* Layout.Map.entryBytes
      let own = section(.text) + entry.u32(Layout.Map.entryText)
      return own.text(Int(entry.u32(Layout.Map.entryTextBytes))) == key
    }
    return found.map {
      (entries + Int($0 &- 1) &* Layout.Map.entryBytes).u32(Layout.Map.entryValue)
    }
  }

  /// Whether a set has the text `key`. Its bucket's texts lie side by side, about two of them, so that
  /// of a large set one line of memory is fetched for the bucket and one for the text.
  @inline(__always)
  func contains(set: UInt32, _ key: Text) -> Bool {
    let directory = record(.maps, set)
    let start = section(.mapData) + directory.u32(Layout.Map.slots)
    let log2 = UInt64(directory.u32(Layout.Map.slotCountLog2))
    let bucket = start + Int(truncatingIfNeeded: key.hash64 &>> (64 &- log2)) &* 4
    var next = Int(bucket.u32(0))
    let end = Int(bucket.u32(4))
    // Validation has gone from text to text, and found where each bucket's begin.
    while next < end {
      let own = start + next
      let size = Int(own.u16(0))
      if (own + Layout.Map.setTextBytes).text(size) == key { return true }
      next &+= Layout.Map.setTextBytes &+ size
    }
    return false
  }

  /// The target that a value draws of the allocation block at `block`. Out of line: the hash is large, and
  /// inlined once it is shared by every draw.
  @inline(never)
  static func draw(_ block: Place, by value: Text) -> UInt32 {
    let position = value.position(seed: block.u64(Layout.Allocation.seed))
    return target(block, interval: interval(block, position: position))
  }

  /// The number of the interval that has `position`, in the allocation block at `block`.
  @inline(__always)
  static func interval(_ block: Place, position: UInt32) -> Int {
    let intervals = Int(block.u32(Layout.Allocation.intervalCount))
    let lasts = block + Layout.Allocation.lasts
    // The last interval ends at the last position, so that the search always finds one.
    var interval = 0
    if intervals <= 16 {
      while lasts.u32(interval &* 4) < position { interval &+= 1 }
    } else {
      var size = intervals
      while size > 1 {
        let half = size &>> 1
        if lasts.u32((interval &+ half &- 1) &* 4) < position { interval &+= half }
        size &-= half
      }
    }
    return interval
  }

  /// The target of the arm that has an interval, which is one of the block's.
  @inline(__always)
  static func target(_ block: Place, interval: Int) -> UInt32 {
    let lasts = block + Layout.Allocation.lasts
    let targets = lasts + Int(block.u32(Layout.Allocation.intervalCount)) &* 4
    let arms = targets + Int(block.u16(Layout.Allocation.armCount)) &* 4
    return targets.u32(Int(arms.u16(interval &* 2)) &* 4)
  }

  /// The target of the arm with most positions: the draw of a request that has no unit at all.
  @inline(__always)
  static func heaviestTarget(_ block: Place) -> UInt32 {
    let lasts = block + Layout.Allocation.lasts
    let targets = lasts + Int(block.u32(Layout.Allocation.intervalCount)) &* 4
    return targets.u32(Int(block.u16(Layout.Allocation.heaviest)) &* 4)
  }
}
