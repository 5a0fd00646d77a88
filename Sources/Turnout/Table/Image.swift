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

  @inline(__always)
  func record(_ section: Section, _ index: UInt32) -> Place {
    self.section(section) + Int(index) &* section.stride
  }

  /// The record of the use case with this name, whose hash is `hash`.
  @inline(__always)
  func useCase(_ name: Text, hash: UInt64) -> Place? {
    let index = section(.useCaseIndex)
    let mask = UInt64(truncatingIfNeeded: sectionBytes(.useCaseIndex) &>> 3) &- 1
    let tag = hash &>> 32
    var slot = hash & mask
    while true {
      let entry = index.u64(Int(truncatingIfNeeded: slot) &* 8)
      if entry == 0 { return nil }
      if entry &>> 32 == tag {
        let record = start + UInt32(truncatingIfNeeded: entry)
        if (record + Layout.UseCase.name).text(Int(record.u16(Layout.UseCase.nameBytes))) == name {
          return record
        }
      }
      slot = (slot &+ 1) & mask
    }
  }

  /// The number of the attribute with this name, whose hash is `hash`.
  @inline(__always)
  func attribute(_ name: Text, hash: UInt64) -> UInt32? {
    let index = section(.attributeIndex)
    let mask = UInt64(truncatingIfNeeded: sectionBytes(.attributeIndex) &>> 3) &- 1
    let tag = hash &>> 32
    var slot = hash & mask
    while true {
      let entry = index.u64(Int(truncatingIfNeeded: slot) &* 8)
      if entry == 0 { return nil }
      if entry &>> 32 == tag {
        let number = UInt32(truncatingIfNeeded: entry) &- 1
        let record = self.record(.attributes, number)
        let own = (section(.text) + record.u32(Layout.Attribute.name))
          .text(Int(record.u16(Layout.Attribute.nameBytes)))
        if own == name { return number }
      }
      slot = (slot &+ 1) & mask
    }
  }

  /// The value of `key` in a map, one probe.
  @inline(__always)
  func value(map: UInt32, _ key: Text) -> UInt32? {
    let directory = record(.maps, map)
    let slots = section(.mapData) + directory.u32(Layout.Map.slots)
    let slotCount = UInt64(1) &<< UInt64(directory.u32(Layout.Map.slotCountLog2))
    let entries = slots + Int(truncatingIfNeeded: slotCount) &* 8
    let hash = key.hash64
    let tag = hash &>> 32
    var slot = hash & (slotCount &- 1)
    while true {
      let found = slots.u64(Int(truncatingIfNeeded: slot) &* 8)
      if found == 0 { return nil }
      if found &>> 32 == tag {
        let number = UInt32(truncatingIfNeeded: found) &- 1
        let entry = entries + Int(number) &* Layout.Map.entryBytes
        let own = (section(.text) + entry.u32(Layout.Map.entryText))
          .text(Int(entry.u32(Layout.Map.entryTextBytes)))
        if own == key { return entry.u32(Layout.Map.entryValue) }
      }
      slot = (slot &+ 1) & (slotCount &- 1)
    }
  }

  /// The target of the arm that holds `position`, in the allocation block at `block`.
  @inline(__always)
  static func target(_ block: Place, position: UInt32) -> UInt32 {
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
    let targets = lasts + intervals &* 4
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
