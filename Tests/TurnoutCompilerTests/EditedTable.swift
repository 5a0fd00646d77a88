import Turnout

/// An image of a test's own to change: its fields are found by their sections.
struct EditedTable {
  var bytes: [UInt8]

  func u32(_ at: Int) -> Int {
    (0..<4).reduce(0) { $0 | Int(bytes[at + $1]) << ($1 * 8) }
  }
  mutating func put(_ value: some FixedWidthInteger, at: Int) {
    for i in 0..<(type(of: value).bitWidth / 8) {
      bytes[at + i] = UInt8(truncatingIfNeeded: value >> (i * 8))
    }
  }
  func field(_ section: Section) -> Int { Format.sectionTable + section.rawValue * 8 }
  func offset(_ section: Section) -> Int { u32(field(section)) }
  func size(_ section: Section) -> Int { u32(field(section) + 4) }

  /// Appends as many bytes to the text section, a multiple of 64, and moves what comes after it.
  mutating func growText(_ count: Int) {
    let end = (size(.text) + 63) & ~63
    let more = [UInt8](repeating: UInt8(ascii: "x"), count: count)
    bytes.insert(contentsOf: more, at: offset(.text) + end)
    put(UInt32(end + count), at: field(.text) + 4)
    for section in Section.allCases where section != .text {
      put(UInt32(offset(section) + count), at: field(section))
    }
    for at in stride(from: 0, to: size(.useCaseIndex), by: 8).map({ offset(.useCaseIndex) + $0 })
    where u32(at) != 0 {
      put(UInt32(u32(at) + count), at: at)
    }
    for at in stride(from: 0, to: size(.useCaseOrder), by: 4).map({ offset(.useCaseOrder) + $0 }) {
      put(UInt32(u32(at) + count), at: at)
    }
    put(UInt64(bytes.count), at: 32)
  }

  /// What each config comes to as JSON, with a colon and a comma for each entry.
  var configBytes: [Int] {
    (0..<(size(.configs) / 8)).map { config in
      let first = u32(offset(.configs) + config * 8)
      return (first..<first + u32(offset(.configs) + config * 8 + 4)).reduce(0) { bytes, entry in
        let at = offset(.configEntries) + entry * Section.configEntries.stride
        let key = offset(.configKeys) + u32(at) * 8
        return bytes + u32(key + 4) + u32(at + Layout.ConfigEntry.valueBytes) + 2
      }
    }
  }

  /// Makes each of the first keys of the first map a text of `count` bytes near the section's start.
  mutating func growKeys(_ keys: Int, to count: Int) throws {
    let slots = offset(.mapData)
    let mask = (1 << u32(offset(.maps) + Layout.Map.slotCountLog2)) - 1
    let entries = slots + (mask + 1) * 8
    for key in 0..<keys {
      put(UInt32(key), at: entries + key * Layout.Map.entryBytes + Layout.Map.entryText)
      put(UInt32(count), at: entries + key * Layout.Map.entryBytes + Layout.Map.entryTextBytes)
    }
    for slot in 0...mask { put(UInt64(0), at: slots + slot * 8) }
    for number in 0..<u32(offset(.maps) + Layout.Map.entryCount) {
      let entry = entries + number * Layout.Map.entryBytes
      let start = offset(.text) + u32(entry + Layout.Map.entryText)
      let hash = XXH3.hash64(Array(bytes[start...].prefix(u32(entry + 4))))
      var slot = Int(truncatingIfNeeded: hash) & mask
      while u32(slots + slot * 8) != 0 { slot = (slot + 1) & mask }
      put(hash & ~UInt64(UInt32.max) | UInt64(number + 1), at: slots + slot * 8)
    }
  }

  /// Makes the index of routing keys again, from what the shards say.
  mutating func indexRoutingKeys() {
    let slots = offset(.routingKeyIndex)
    let mask = size(.routingKeyIndex) / 8 - 1
    for slot in 0...mask { put(UInt64(0), at: slots + slot * 8) }
    for shard in 0..<(size(.shards) / Section.shards.stride) {
      let at = offset(.shards) + shard * Section.shards.stride
      let sizes = (0..<4).map { u32(at + Layout.Shard.clusterBytes + $0 * 2) & 0xFFFF }
      let start = offset(.text) + u32(at) + sizes[0] + sizes[1] + sizes[2]
      let hash = XXH3.hash64(Array(bytes[start..<start + sizes[3]]))
      var slot = Int(truncatingIfNeeded: hash) & mask
      while u32(slots + slot * 8) != 0 { slot = (slot + 1) & mask }
      put(hash & ~UInt64(UInt32.max) | UInt64(shard + 1), at: slots + slot * 8)
    }
  }

  var refusal: TurnoutError? {
    bytes.withBytes { bytes in
      do throws(TurnoutError) {
        _ = try Image.validate(bytes)
        return nil
      } catch {
        return error
      }
    }
  }

  mutating func seal() {
    let digest = bytes.withBytes { $0.digest(from: Format.digestFrom) }
    put(digest.low, at: 16)
    put(digest.high, at: 24)
  }
}
