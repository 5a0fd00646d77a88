import Turnout

/// The image from its sections.
extension ImageEncoder {
  mutating func assemble() -> [UInt8] {
    sections[.lineage] = lineage.joined
    sections[.placements] = placements.records
    sections[.clusterLists] = placements.lists
    sections[.maps] = maps.directory
    sections[.mapData] = maps.data
    sections[.configKeys] = configs.keys
    sections[.configs] = configs.configs
    sections[.configEntries] = configs.entries
    sections[.conditions] = conditions.blocks
    sections[.text] = texts.writer
    for slot in HashIndex.encode(routingKeys) { append(slot, to: .routingKeyIndex) }
    // Sizes first: the index and the order name offsets from the image's start.
    let slots = HashIndex.slotCount(useCaseStarts.count)
    func size(_ section: Section) -> Int {
      switch section {
      case .useCaseIndex: slots * 8
      case .useCaseOrder: useCaseStarts.count * 4
      default: sections[section].count
      }
    }
    var offsets: [Section: Int] = [:]
    var next = Format.headerBytes
    for section in Section.allCases {
      offsets[section] = next
      next = (next + size(section) + 63) & ~63
    }
    let base = offsets[.useCases] ?? 0
    let starts = useCaseStarts.map { UInt32(truncatingIfNeeded: base + $0) }
    for slot in HashIndex.encode(zip(useCaseHashes, starts).map { (hash: $0, value: $1) }) {
      append(slot, to: .useCaseIndex)
    }
    for start in starts { append(start, to: .useCaseOrder) }

    var image = ByteWriter()
    image.reserve(next + Format.tailBytes)
    image.append(Format.magic)
    image.append(Format.version)
    image.append(UInt32(Format.headerBytes))
    image.appendZeros(16)
    image.append(UInt64(next + Format.tailBytes))
    image.append(Format.hashName)
    image.appendZeros(Format.sectionTable - image.count)
    for section in Section.allCases {
      image.append(u32: offsets[section] ?? 0)
      image.append(u32: size(section))
    }
    image.appendZeros(Format.headerBytes - image.count)
    for section in Section.allCases {
      image.append(sections[section].bytes)
      // The largest sections are as large as the image.
      sections[section] = ByteWriter()
      image.align(64)
    }
    image.appendZeros(Format.tailBytes)
    let digest = image.bytes.withBytes { $0.digest(from: Format.digestFrom) }
    image.patch(digest.low, at: 16)
    image.patch(digest.high, at: 24)
    return image.bytes
  }
}
