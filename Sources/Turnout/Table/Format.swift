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
  package static let sectionTable = 48
  package static let sectionSlots = 26

  // Limits, checked by the compiler and again by the validator.
  package static let imageBytesMax = Int(UInt32.max)
  package static let nameBytesMax = 128
  /// Of a text of a condition, and of a key of a map.
  package static let valueBytesMax = 4_096
  /// Of a text of a set.
  package static let textBytesMax = 65_535
  package static let versionTextBytesMax = 128
  package static let addressBytesMax = 320
  /// A cluster's routing key, `/` and the name of a shard.
  package static let routingKeyBytesMax = clusterKeyBytesMax + 1 + nameBytesMax
  package static let clusterKeyBytesMax = 256
  package static let rulesPerUseCaseMax = 64
  package static let testsPerRuleMax = 4_096
  package static let requiresMax = 64
  package static let attributesMax = 1_000
  package static let unitsMax = 16
  package static let armsMax = 65_000
  package static let listPerPlacementMax = 64
  package static let choicesPerPlacementMax = 64
  package static let saltBytesMax = 1_024
  /// The name that an allocation has in its lineage, of up to three names.
  package static let ownerNameBytesMax = 1_024
  package static let configEntriesMax = 4_096
  /// Of one config as JSON, with a colon and a comma for each entry.
  package static let configBytesMax = 1 << 20
  /// The configs that a decision may have merged: those of version, use case, rule and cells; and one for
  /// each shadow.
  package static let configsPerDecisionMax = 3 + cellsPerDecisionMax + shadowsPerUseCaseMax
  /// Keys of maps may share their texts, and validation hashes each: so many bytes of keys for each byte
  /// of the image.
  package static let keyBytesPerImageByteMax = 16
  package static let cellsPerDecisionMax = 16
  package static let shadowsPerUseCaseMax = 8
  /// A layer's holdouts are the bits of one word.
  package static let holdoutsMax = 64
  package static let otherwiseChainMax = 16
  /// How often a shard that is not up is drawn again among its siblings.
  package static let siblingDraws = 16
  /// Slots of an index that are taken in a row, and of these such as have one upper half of a hash. A
  /// good hash stays far below, at half load and with as many entries as an image has room for.
  package static let indexRunMax = 256
  package static let indexTextsMax = 16
  /// Texts of a set that are in one bucket, of which each has two on the average.
  package static let bucketTextsMax = 32
  /// Values that an `in` test compares one by one; more go into a map.
  package static let inlineListMax = 8

  /// Attributes whose texts a resolve keeps as keys: those with lower numbers.
  package static let keyedAttributesMax = 127
  /// Bytes of a text that its key holds whole.
  package static let keyTextBytesMax = 7

  /// An arm number that stands for nobody, and an index that stands for nothing.
  package static let none16 = UInt16.max
  /// What positions of a ring lead to that belong to no arm.
  package static let nobody = UInt32.max
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
  case experiments = 19
  case cells = 20
  case layers = 21
  case holdouts = 22
  /// Conditions of experiments, shadows and placements: blocks, each as a use case's record has them.
  case conditions = 23
  /// Routing keys to the numbers of shards, counted from 1.
  case routingKeyIndex = 24

  /// Bytes of one record, where all are of one size; otherwise the unit of alignment.
  package var stride: Int {
    switch self {
    case .text: 1
    case .useCaseIndex, .routingKeyIndex, .configKeys, .configs: 8
    case .attributeIndex: 32
    case .useCases: 64
    case .useCaseOrder, .clusterLists: 4
    case .attributes: 8
    case .units: 8
    case .versions, .placements, .clusters, .shards: 32
    case .allocations, .mapData: 8
    case .maps, .configEntries: 16
    case .lineage, .layers, .holdouts: 32
    case .experiments: 64
    case .cells: 16
    case .conditions: 8
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
  case experiment = 4
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
    /// In the record; 0 without any.
    package static let shadows = 28
    package static let shadowCount = 32
    /// A map from units to what ``Override`` says: its number plus 1; 0 without any.
    package static let overrides = 36
    package static let name = 40
    package static let flagDisabled: UInt8 = 1
    package static let flagRefuse: UInt8 = 2
    /// In a require entry: a unit, not an attribute.
    package static let requireUnit: UInt16 = 0x8000
  }
  package enum Rule {
    package static let bytes = 48
    package static let kind = 0
    package static let unit = 1
    package static let testCount = 2
    package static let tests = 4
    package static let target = 8
    package static let placement = 12
    package static let config = 16
    /// Of a lookup.
    package static let attribute = 20
    /// Of an experiment: offset in the record of a u32 for each of its cells, the model version that
    /// the cell decides for plus 1, or 0; the offset is 0 if no cell names a model here.
    package static let cellVersions = 20
    package static let name = 24
    package static let nameBytes = 28
    /// The condition's first tests, where they are for equality with a text: the attributes of two of
    /// them, then their keys. They come before the others; what is not used is ``noGuard`` with the key
    /// 0, which always holds. The test of a text that is longer than a key is among the others, too, and
    /// so are those of guards after it.
    package static let guardAttributes = 30
    package static let guardKeys = 32
    package static let guardsMax = 2
    package static let noGuard = UInt8(Format.keyedAttributesMax)
  }
  /// The value that a use case's map of overrides has for a unit: a model version, or with the highest
  /// bit the offset in the record of a list: u32 how many, then for each u16 rule, u16 cell.
  package enum Override {
    package static let isList: UInt32 = 0x8000_0000
    package static let count = 0
    package static let entries = 4
    package static let entryBytes = 4
    package static let rule = 0
    package static let cell = 2
  }
  package enum Shadow {
    package static let bytes = 32
    package static let name = 0
    package static let nameBytes = 4
    package static let unit = 6
    package static let flags = 7
    package static let version = 8
    /// Offset in the section of conditions plus 1; 0 always holds.
    package static let condition = 12
    /// A set of classes: the number of its map plus 1; 0 is production alone.
    package static let traffic = 16
    /// Offset in the record of the sample's allocation: targets are 0 and ``Format/nobody``.
    package static let allocation = 20
    /// The shadow's number in the table, by which the overlay knows it: in the order of use cases.
    package static let number = 24
    package static let flagByRequest: UInt8 = 1
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
    /// The model version that is tried where none of this one's clusters is up, plus 1; 0 is none.
    package static let otherwise = 16
    /// The shard that the model version goes to unless something says otherwise, plus 1: where its
    /// placement is one unconditional list whose first cluster has no shards. The shard's texts follow
    /// the version's, and their sizes stand here. 0 is none.
    package static let direct = 20
    package static let clusterBytes = 24
    package static let addressBytes = 26
    package static let keyBytes = 28
    /// All five texts.
    package static let textBytes = 30
  }
  /// A slot of the index of attributes: the name's first and last eight bytes, or a shorter one padded
  /// with zeros and 0, and what its record says.
  package enum AttributeSlot {
    package static let first = 0
    package static let last = 8
    /// The attribute's number plus 1; 0 is an empty slot.
    package static let number = 16
    package static let nameBytes = 20
    package static let type = 22
  }
  package enum Placement {
    package static let firstCluster = 0
    /// May be 0 where there is a split.
    package static let clusterCount = 4
    /// Offset in the allocations section plus 1 of a split whose targets are clusters; its arm comes
    /// before the list. 0 without one.
    package static let split = 8
    /// Offset in the section of conditions plus 1; 0 always holds.
    package static let condition = 12
    /// The placement that counts if the condition does not hold: a later one's number. 0 where there is no
    /// condition.
    package static let next = 16
  }
  /// A block of the section of conditions: what tests name lies in it, and offsets count from its
  /// start.
  package enum Condition {
    /// Bytes of the block, a multiple of 8.
    package static let blockBytes = 0
    /// At least 1.
    package static let testCount = 4
    package static let tests = 8
  }
  package enum Experiment {
    package static let name = 0
    package static let nameBytes = 4
    package static let flags = 6
    /// The layer's.
    package static let unit = 7
    package static let layer = 8
    package static let firstCell = 12
    package static let cellCount = 16
    package static let condition = 20
    package static let traffic = 24
    /// Offset in the allocations section plus 1; targets are cells, counted from the experiment's
    /// first.
    package static let allocation = 28
    /// i64, nanoseconds since 1970 in UTC: running from `starts` until before `ends`.
    package static let starts = 32
    package static let ends = 40
    package static let flagDisabled: UInt8 = 1
    package static let flagOutside: UInt8 = 2
    /// `starts` or `ends` is said; without it they are the least and the greatest number.
    package static let flagWindow: UInt8 = 4
  }
  package enum Cell {
    package static let name = 0
    package static let nameBytes = 4
    /// The config's number plus 1; 0 is none.
    package static let config = 8
  }
  package enum Layer {
    package static let name = 0
    package static let nameBytes = 4
    package static let unit = 6
    /// Offset in the allocations section plus 1; targets are experiments and ``Format/nobody``. 0 if
    /// the layer has no experiment.
    package static let allocation = 8
    /// u64: the holdouts that concern the layer, by the bits of their numbers.
    package static let holdouts = 16
  }
  package enum Holdout {
    package static let name = 0
    package static let nameBytes = 4
    package static let unit = 6
    /// Offset in the allocations section plus 1; targets are 0 and ``Format/nobody``.
    package static let allocation = 8
    package static let traffic = 12
  }
  package enum Cluster {
    package static let firstShard = 0
    package static let shardCount = 4
    /// Offset in the allocations section plus 1; 0 if the cluster has no shards.
    package static let allocation = 8
    package static let flags = 12
    package static let unit = 13
    /// Behind the allocation's block stand ``Format/siblingDraws`` seeds, u64: those of the salts
    /// `<salt>#1`, `<salt>#2` …
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
    /// Offset of the slots in the map data; entries follow the slots. Of a set: of the buckets, a u32
    /// each and one more, which say where in the set their texts begin; texts follow.
    package static let slots = 0
    /// Of a set: of the buckets. A text's is what the highest bits of its hash say.
    package static let slotCountLog2 = 4
    package static let entryCount = 8
    /// 1: a set, which has texts and no values.
    package static let isSet = 12
    package static let entryBytes = 16
    /// Of a text in a set: its size, before its bytes.
    package static let setTextBytes = 2
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
