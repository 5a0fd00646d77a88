/// The table format's constants. `Docs/table-format.md` explains them byte by byte.
package enum Format {
  /// "TURNOUT" and a zero byte, as a little-endian word.
  package static let magic: UInt64 = 0x0054_554F_4E52_5554
  package static let version: UInt32 = 1
  /// "xxh3" padded with zeros: the hash of names, of positions and of the digest.
  package static let hashName: UInt64 = 0x3368_7878
  package static let headerBytes = 256
  /// The digest covers everything from here on.
  package static let digestFrom = 32
  package static let sectionTable = 64
  package static let sectionSlots = 24

  // Limits, checked by the compiler and again by the validator.
  package static let imageBytesMax = Int(UInt32.max)
  package static let nameBytesMax = 128
  package static let textBytesMax = 65_535
  package static let versionTextBytesMax = 128
  package static let rulesPerUseCaseMax = 64
  package static let testsPerRuleMax = 4_096
  package static let requiresMax = 64
  package static let attributesMax = 1_000
  package static let unitsMax = 16
  package static let armsMax = 65_000
  package static let listPerPlacementMax = 64
  package static let configEntriesMax = 4_096
  /// Values that an `in` test compares one by one; more go into a map.
  package static let inlineListMax = 8

  /// Attributes whose texts a resolve keeps as keys: those with lower numbers.
  package static let keyedAttributesMax = 128
  /// Bytes of a text that its key holds whole.
  package static let keyTextBytesMax = 7

  /// An arm number that stands for nobody, and an index that stands for nothing.
  package static let none16 = UInt16.max
  /// Where a test leads to when the condition is decided.
  package static let holds = UInt16.max
  package static let fails = UInt16.max - 1

  /// The text section begins with this one, so that an absent traffic class has a text.
  package static let defaultTraffic = "production"
  /// Zero bytes after the last section: texts may be copied sixteen bytes at a time.
  package static let tailBytes = 64
}

/// The sections of an image, by their slot in the header.
package enum Section: Int, CaseIterable, Sendable {
  case text = 0
  case useCaseIndex = 1
  case useCases = 2
  case useCaseOrder = 3
  case attributes = 4
  case attributeIndex = 5
  case units = 6
  case versions = 7
  case placements = 8
  case clusterLists = 9
  case clusters = 10
  case shards = 11
  case allocations = 12
  case maps = 13
  case mapData = 14
  case configKeys = 15
  case configs = 16
  case configEntries = 17
  case lineage = 18

  /// Bytes of one record, where all are of one size; otherwise the unit of alignment.
  package var stride: Int {
    switch self {
    case .text: 1
    case .useCaseIndex, .attributeIndex, .configKeys, .configs: 8
    case .useCases: 64
    case .useCaseOrder, .clusterLists: 4
    case .attributes: 8
    case .units: 8
    case .versions, .placements, .clusters, .shards: 32
    case .allocations, .mapData: 8
    case .maps, .configEntries: 16
    case .lineage: 32
    }
  }
}

/// What an attribute's values are.
package enum AttributeType: UInt8, Sendable, CaseIterable {
  case string = 1
  case number = 2
  case boolean = 3
  case version = 4
}

package enum RuleKind: UInt8, Sendable {
  case route = 1
  case split = 2
  case lookup = 3
}

/// What a test compares, and how. The operand's meaning follows from it.
package enum TestKind: UInt8, Sendable, CaseIterable {
  case exists = 1
  case absent = 2
  /// Operand: bit 0 admits false, bit 1 admits true.
  case boolean = 3

  // Operand: a text's offset in the record and its size.
  case stringEqual = 16
  case stringNotEqual = 17
  case stringLess = 18
  case stringLessOrEqual = 19
  case stringGreater = 20
  case stringGreaterOrEqual = 21
  case stringPrefix = 22
  case stringSuffix = 23
  case stringContains = 24
  // Operand: the offset in the record of (offset, size) pairs, and their number.
  case stringIn = 25
  case stringNotIn = 26
  // Operand: a map's index.
  case stringInMap = 27
  case stringNotInMap = 28
  /// Equality with a text of at most seven bytes, of one of the first attributes. Operand: its key.
  case stringIs = 29

  // Operand: the number.
  case numberEqual = 32
  case numberNotEqual = 33
  case numberLess = 34
  case numberLessOrEqual = 35
  case numberGreater = 36
  case numberGreaterOrEqual = 37
  // Operand: the offset in the record of numbers in ascending order, and their number.
  case numberIn = 38
  case numberNotIn = 39

  // Operands as for strings; the texts are versions.
  case versionEqual = 48
  case versionNotEqual = 49
  case versionLess = 50
  case versionLessOrEqual = 51
  case versionGreater = 52
  case versionGreaterOrEqual = 53
  case versionIn = 54
  case versionNotIn = 55
}

/// Where the fields of each record stand, in bytes from its start.
package enum Layout {
  package enum UseCase {
    package static let recordBytes = 0
    package static let nameBytes = 4
    package static let flags = 6
    package static let unit = 7
    package static let ordinal = 8
    package static let ruleCount = 12
    package static let requireCount = 14
    package static let rules = 16
    package static let requires = 20
    package static let config = 24
    /// 28 … 39 are zero: room for shadows and overrides.
    package static let name = 40
    package static let flagDisabled: UInt8 = 1
    package static let flagRefuse: UInt8 = 2
    /// In a require entry: a unit, not an attribute.
    package static let requireUnit: UInt16 = 0x8000
  }
  package enum Rule {
    package static let bytes = 32
    package static let kind = 0
    package static let unit = 1
    package static let testCount = 2
    package static let tests = 4
    package static let target = 8
    package static let placement = 12
    package static let config = 16
    package static let attribute = 20
    package static let nameBytes = 22
    package static let name = 24
  }
  package enum Test {
    package static let bytes = 16
    package static let kind = 0
    package static let attribute = 2
    package static let onTrue = 4
    package static let onFalse = 6
    package static let operand = 8
    package static let operandCount = 12
    /// As an attribute number: the use case's unit.
    package static let unit = UInt16.max
  }
  package enum Allocation {
    package static let seed = 0
    package static let intervalCount = 8
    package static let armCount = 12
    package static let heaviest = 14
    package static let lasts = 16
    /// lasts: u32 × intervals; targets: u32 × arms; arms: u16 × intervals; padded to 8.
    package static func bytes(intervals: Int, arms: Int) -> Int {
      (lasts + 6 * intervals + 4 * arms + 7) & ~7
    }
  }
  package enum Attribute {
    package static let name = 0
    package static let nameBytes = 4
    package static let type = 6
  }
  package enum Unit {
    package static let name = 0
    package static let nameBytes = 4
    package static let missing = 6
  }
  package enum Version {
    package static let text = 0
    package static let modelBytes = 4
    package static let versionBytes = 6
    package static let placement = 8
    package static let config = 12
  }
  package enum Placement {
    package static let firstCluster = 0
    package static let clusterCount = 4
  }
  package enum Cluster {
    package static let firstShard = 0
    package static let shardCount = 4
    /// Offset in the allocations section plus 1; 0 if the cluster has no shards.
    package static let allocation = 8
    package static let flags = 12
    package static let unit = 13
    package static let flagSiblings: UInt8 = 1
  }
  package enum Shard {
    /// Cluster name, shard name, address and routing key, one after the other.
    package static let text = 0
    package static let clusterBytes = 4
    package static let shardBytes = 6
    package static let addressBytes = 8
    package static let keyBytes = 10
    package static let cluster = 12
  }
  package enum Map {
    /// Offset of the slots in the map data; entries follow the slots.
    package static let slots = 0
    package static let slotCountLog2 = 4
    package static let entryCount = 8
    package static let entryBytes = 16
    package static let entryText = 0
    package static let entryTextBytes = 4
    package static let entryValue = 8
  }
  package enum ConfigEntry {
    package static let key = 0
    package static let value = 4
    package static let valueBytes = 8
  }
  package enum Lineage {
    package static let kind = 0
    package static let owner = 4
    package static let part = 8
    package static let salt = 12
    package static let saltBytes = 16
    package static let ownerName = 20
    package static let ownerNameBytes = 24
  }
}

extension TestKind {
  package enum Operand: Sendable { case none, mask, text, texts, map, key, number, numbers }

  /// The type of the attribute that it tests; nil where any will do.
  package var type: AttributeType? {
    switch rawValue {
    case 1, 2: nil
    case 3: .boolean
    case 16..<32: .string
    case 32..<48: .number
    default: .version
    }
  }

  package var operand: Operand {
    switch self {
    case .exists, .absent: .none
    case .boolean: .mask
    case .stringIn, .stringNotIn, .versionIn, .versionNotIn: .texts
    case .stringInMap, .stringNotInMap: .map
    case .stringIs: .key
    case .numberIn, .numberNotIn: .numbers
    default: type == .number ? .number : .text
    }
  }
}

extension Format {
  /// The key of a text of at most ``keyTextBytesMax`` bytes: its bytes, little-endian, and above
  /// them their number.
  package static func key(_ text: [UInt8]) -> UInt64 {
    var key = UInt64(text.count) << 56
    for (i, byte) in text.enumerated() { key |= UInt64(byte) << UInt64(i * 8) }
    return key
  }
}
