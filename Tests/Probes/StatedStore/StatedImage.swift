package import Turnout

/// A valid table without use cases, whose text section states a number over and over: whoever reads
/// it knows whether every byte is of one table.
package enum StatedImage {
  private static let prefixBytes = 64
  /// Clusters `c0`, `c1` …, for an overlay to name.
  package static let clusters = 8

  /// An image that states `number` in `words` words.
  package static func encode(_ number: UInt64, words: Int) -> [UInt8] {
    let traffic = Array("production".utf8) + Array("traffic".utf8) + Array("user".utf8)
    var text = traffic
    var clusterRecords: [UInt8] = []
    var shardRecords: [UInt8] = []
    for cluster in 0..<UInt32(clusters) {
      append(cluster, to: &clusterRecords)
      append(UInt32(1), to: &clusterRecords)
      clusterRecords += [UInt8](repeating: 0, count: Section.clusters.stride - 8)
      append(UInt32(text.count), to: &shardRecords)
      // Name, no shard, address, routing key.
      for bytes in [2, 0, 1, 2] as [UInt16] { append(bytes, to: &shardRecords) }
      append(cluster, to: &shardRecords)
      shardRecords += [UInt8](repeating: 0, count: Section.shards.stride - 16)
      text += Array("c\(cluster)ac\(cluster)".utf8)
    }
    text += [UInt8](repeating: 0, count: prefixBytes - text.count)
    text.reserveCapacity(prefixBytes + words * 8)
    for _ in 0..<words { append(number, to: &text) }

    var sections = [[UInt8]](repeating: [], count: Format.sectionSlots)
    sections[Section.text.rawValue] = text
    sections[Section.useCaseIndex.rawValue] = [UInt8](repeating: 0, count: 16)
    sections[Section.attributes.rawValue] = record(textAt: 10, count: 7, then: [1, 0])
    sections[Section.units.rawValue] = record(textAt: 17, count: 4, then: [0xFF, 0xFF])
    sections[Section.attributeIndex.rawValue] = attributeIndex()
    sections[Section.clusters.rawValue] = clusterRecords
    sections[Section.shards.rawValue] = shardRecords
    sections[Section.routingKeyIndex.rawValue] = routingKeyIndex()

    var image = [UInt8](repeating: 0, count: Format.headerBytes)
    for (slot, section) in sections.enumerated() where Section(rawValue: slot) != nil {
      put(UInt32(image.count), at: Format.sectionTable + slot * 8, in: &image)
      put(UInt32(section.count), at: Format.sectionTable + slot * 8 + 4, in: &image)
      image += section
      image += [UInt8](repeating: 0, count: (64 - image.count % 64) % 64)
    }
    image += [UInt8](repeating: 0, count: Format.tailBytes)
    put(Format.magic, at: 0, in: &image)
    put(Format.version, at: 8, in: &image)
    put(UInt32(Format.headerBytes), at: 12, in: &image)
    put(UInt64(image.count), at: 32, in: &image)
    put(Format.hashName, at: 40, in: &image)
    seal(&image)
    return image
  }

  /// Makes the digest right that an image carries.
  package static func seal(_ image: inout [UInt8]) {
    let digest = image.withBytes { $0.digest(from: Format.digestFrom) }
    put(digest.low, at: 16, in: &image)
    put(digest.high, at: 24, in: &image)
  }

  /// The number that an image states; nil if its words differ. Looks at `words` of them, spread over
  /// the image, or at all.
  package static func number(in bytes: Bytes, words: Int = .max) -> UInt64? {
    let first = Format.headerBytes + prefixBytes
    guard let textBytes = bytes.u32(Format.sectionTable + 4),
      let number = bytes.u64(first)
    else { return nil }
    let count = (Int(textBytes) - prefixBytes) / 8
    let step = max(1, count / words)
    var index = 0
    while index < count {
      if bytes.u64(first + index * 8) != number { return nil }
      index += step
    }
    return number
  }

  private static func attributeIndex() -> [UInt8] {
    let words = Format.nameWords(Array("traffic".utf8))
    let home = Format.attributeHash(words.first, words.last) & 1
    var slots: [UInt8] = []
    for slot in UInt64(0)..<2 {
      let isTaken = slot == home
      for word in [words.first, words.last] { append(isTaken ? word : 0, to: &slots) }
      append(isTaken ? UInt32(1) : 0, to: &slots)
      append(isTaken ? UInt16(7) : 0, to: &slots)
      append(isTaken ? AttributeType.string.rawValue : 0, to: &slots)
      slots += [UInt8](repeating: 0, count: 9)
    }
    return slots
  }

  /// At half load, as the compiler's.
  private static func routingKeyIndex() -> [UInt8] {
    var slots = [UInt64](repeating: 0, count: clusters * 2)
    for cluster in 0..<clusters {
      let hash = XXH3.hash64(Array("c\(cluster)".utf8))
      var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = hash & ~UInt64(UInt32.max) | UInt64(cluster + 1)
    }
    var bytes: [UInt8] = []
    for slot in slots { append(slot, to: &bytes) }
    return bytes
  }

  private static func record(textAt offset: UInt32, count: UInt16, then rest: [UInt8]) -> [UInt8] {
    var record: [UInt8] = []
    append(offset, to: &record)
    append(count, to: &record)
    return record + rest
  }

  private static func append<T: FixedWidthInteger>(_ value: T, to bytes: inout [UInt8]) {
    for byte in 0..<T.bitWidth / 8 { bytes.append(UInt8(truncatingIfNeeded: value >> T(byte * 8))) }
  }

  private static func put<T: FixedWidthInteger>(_ value: T, at offset: Int, in bytes: inout [UInt8])
  {
    for byte in 0..<T.bitWidth / 8 {
      bytes[offset + byte] = UInt8(truncatingIfNeeded: value >> T(byte * 8))
    }
  }
}
