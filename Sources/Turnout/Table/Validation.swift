/// The one reading of an image that trusts nothing: every offset, count, order and enum. After it
/// the resolver reads without checks. Linear in the image: each byte belongs to one record, and
/// what may be referred to from many places is checked once and then named by its index.
struct Validation {
  let bytes: Bytes
  /// Offset and size of each section, by slot.
  var sections: [(offset: Int, size: Int)] = []
  /// Offset of each use case's record, by ordinal.
  var useCases: [Int] = []
  /// Of every eighth byte of the conditions, whether a block begins there.
  var conditions: [Bool] = []
  /// Where in its section the next block of an allocation begins.
  var nextAllocation = 0
  /// The allocations that were found.
  var allocations = FoundAllocations { _ in 0 }
  /// The least map that has no owner yet, of those that have one.
  var nextMap = 0
  var shadowCount = 0

  init(_ bytes: Bytes) { self.bytes = bytes }

  /// What is wrong, and at which byte.
  func corrupt(_ offset: Int, _ what: String) -> TurnoutError {
    TurnoutError(.corrupt, "the table is damaged at byte \(offset): \(what)")
  }

  func u8(_ offset: Int) throws(TurnoutError) -> UInt8 { try require(bytes.u8(offset), offset) }
  func u16(_ offset: Int) throws(TurnoutError) -> UInt16 { try require(bytes.u16(offset), offset) }
  func u32(_ offset: Int) throws(TurnoutError) -> UInt32 { try require(bytes.u32(offset), offset) }
  func u64(_ offset: Int) throws(TurnoutError) -> UInt64 { try require(bytes.u64(offset), offset) }
  func int(_ offset: Int) throws(TurnoutError) -> Int { Int(try u32(offset)) }

  private func require<T>(_ value: T?, _ offset: Int) throws(TurnoutError) -> T {
    guard let value else { throw corrupt(offset, "it ends too early") }
    return value
  }

  func check(_ holds: Bool, _ offset: Int, _ what: @autoclosure () -> String) throws(TurnoutError) {
    if !holds { throw corrupt(offset, what()) }
  }

  func offset(_ section: Section) -> Int { sections[section.rawValue].offset }
  func size(_ section: Section) -> Int { sections[section.rawValue].size }
  func count(_ section: Section) -> Int { size(section) / section.stride }
  func end(_ section: Section) -> Int { offset(section) + size(section) }

  /// Bytes `from ..< to` are zero.
  func checkZero(_ from: Int, _ to: Int) throws(TurnoutError) {
    var at = from
    while at < to {
      try check(try u8(at) == 0, at, "a reserved byte is not zero")
      at += 1
    }
  }

  /// A text inside the text section.
  func checkText(_ start: Int, _ count: Int, at: Int) throws(TurnoutError) {
    try check(
      start <= size(.text) && count <= size(.text) - start, at, "a text lies outside its section")
  }

  func hash(_ start: Int, _ count: Int, at: Int) throws(TurnoutError) -> UInt64 {
    try require(bytes.hash64(offset(.text) + start, count), at)
  }

  /// An index into a section of records, where 0 may stand for nothing and others count from 1.
  func checkOptional(
    _ value: UInt32, in section: Section, at: Int
  ) throws(TurnoutError) {
    try check(Int(value) <= count(section), at, "no such record in \(section)")
  }

  func check(
    _ value: UInt32, in section: Section, at: Int
  ) throws(TurnoutError) {
    try check(Int(value) < count(section), at, "no such record in \(section)")
  }

  /// The number of a unit, in one byte.
  func checkUnit(_ at: Int) throws(TurnoutError) {
    try check(Int(try u8(at)) < count(.units), at, "no such unit")
  }

  /// The size of a name. That a decision has bytes is what its buffer relies on.
  func checkNameBytes(_ sizeAt: Int) throws(TurnoutError) {
    let count = Int(try u16(sizeAt))
    try check((1...Format.nameBytesMax).contains(count), sizeAt, "a name has \(count) bytes")
  }

  /// A record's first six bytes: where in the text section its name is, and its size.
  func checkName(_ at: Int) throws(TurnoutError) {
    try checkNameBytes(at + 4)
    try checkText(try int(at), Int(try u16(at + 4)), at: at)
  }
}

extension Image {
  /// Reads the whole image, once, and vouches for it.
  ///
  /// - Throws: `.corrupt` with the byte at which it is wrong, `.newerFormat` if a later version of
  ///   Turnout wrote it.
  package static func validate(_ bytes: Bytes) throws(TurnoutError) -> Image {
    var validation = Validation(bytes)
    let digest = try validation.checkHeader()
    validation.expectAllocations()
    try validation.checkNames()
    try validation.checkMaps()
    try validation.checkConfigs()
    try validation.checkConditions()
    // In the order of what they own in the section of allocations.
    try validation.checkClusters()
    try validation.checkPlacements()
    try validation.checkVersions()
    try validation.checkExperiments()
    try validation.checkUseCases()
    try validation.checkLineage()
    return try Image(vouched: bytes, digest: digest)
  }
}

extension Validation {
  mutating func checkHeader() throws(TurnoutError) -> Digest {
    guard bytes.count >= 16, try u64(0) == Format.magic else {
      throw TurnoutError(.corrupt, "this is not a table: it does not begin with TURNOUT")
    }
    let version = try u32(8)
    if version > Format.version {
      throw TurnoutError(
        .newerFormat,
        "the table has format \(version) and this is Turnout for format \(Format.version): "
          + "upgrade Turnout here, or compile the table with this version")
    }
    try check(version == Format.version, 8, "format \(version) was never written")
    try check(try int(12) == Format.headerBytes, 12, "the header has another size")
    try check(bytes.count <= Format.imageBytesMax, 32, "the image is larger than an image may be")
    let size = try u64(32)
    try check(
      size == UInt64(bytes.count), 32, "it says it has \(size) bytes and has \(bytes.count)")
    try check(try u64(40) == Format.hashName, 40, "it was made with another hash than xxh3")
    try checkZero(48, Format.sectionTable)
    let digest = Digest(low: try u64(16), high: try u64(24))
    try check(bytes.digest(from: Format.digestFrom) == digest, 16, "the digest is another")

    var next = Format.headerBytes
    for slot in 0..<Format.sectionSlots {
      let at = Format.sectionTable + slot * 8
      let start = try int(at)
      let size = try int(at + 4)
      guard let section = Section(rawValue: slot) else {
        try check(start == 0 && size == 0, at, "an unknown section")
        continue
      }
      try check(start == next, at, "sections do not follow each other")
      try check(start % 64 == 0 && size % section.stride == 0, at, "a section is not aligned")
      try check(size <= bytes.count - start, at, "a section reaches outside")
      sections.append((start, size))
      next = (start + size + 63) & ~63
      try check(next <= bytes.count, at, "a section reaches outside")
      try checkZero(start + size, next)
    }
    try check(bytes.count == next + Format.tailBytes, next, "the image does not end after its tail")
    try checkZero(next, bytes.count)
    return digest
  }

  /// Attributes, their index, and units.
  func checkNames() throws(TurnoutError) {
    let traffic = Array(Format.defaultTraffic.utf8)
    for (i, byte) in traffic.enumerated() {
      try check(
        try u8(offset(.text) + i) == byte, offset(.text), "the text section begins otherwise")
    }
    try check(size(.text) >= traffic.count, offset(.text), "the text section is too short")

    let attributes = count(.attributes)
    try check(
      (1...Format.attributesMax).contains(attributes), offset(.attributes), "too many attributes")
    for number in 0..<attributes {
      let at = offset(.attributes) + number * Section.attributes.stride
      try checkName(at)
      let type = AttributeType(rawValue: try u8(at + Layout.Attribute.type))
      try check(type != nil, at + Layout.Attribute.type, "no such type")
      try check(number != 0 || type == .string, at, "the first attribute is not traffic")
      try checkZero(at + 7, at + 8)
    }
    try checkAttributeIndex(attributes)

    let units = count(.units)
    try check((1...Format.unitsMax).contains(units), offset(.units), "too many units")
    for number in 0..<units {
      let at = offset(.units) + number * Section.units.stride
      try checkName(at)
      // Following `missing` comes to an end: at most as many steps as there are units.
      var step = try u16(at + Layout.Unit.missing)
      var steps = 0
      while step != Format.none16 {
        try check(Int(step) < units && steps < units, at, "units replace each other in a circle")
        step = try u16(offset(.units) + Int(step) * Section.units.stride + Layout.Unit.missing)
        steps += 1
      }
    }
  }
}
