/// The one reading of an image that trusts nothing: every offset, count, order and enum. After it
/// the resolver reads without checks. Linear in the image: each byte belongs to one record, and
/// what may be referred to from many places is checked once and then named by its index.
///
/// It is what a start waits for, so it goes through the image from front to back, allocates nothing for
/// a record, and compares a record's extent once for all of the record's fields. What it has to remember
/// is in ``Taken``, apart from this, which is as small as a pointer.
struct Validation {
  /// Its header has been checked.
  let image: Extent

  @inline(__always)
  func check(_ holds: Bool, _ at: Int, _ what: StaticString) throws(Fault) {
    if !holds { throw Fault(at, what) }
  }

  @inline(__always) func u8(_ at: Int) -> UInt8 { image.u8(at) }
  @inline(__always) func u16(_ at: Int) -> UInt16 { image.u16(at) }
  @inline(__always) func u32(_ at: Int) -> UInt32 { image.u32(at) }
  @inline(__always) func u64(_ at: Int) -> UInt64 { image.u64(at) }
  @inline(__always) func int(_ at: Int) -> Int { image.int(at) }

  // The header has been checked, so that every section lies inside and has whole records.

  @inline(__always)
  func offset(_ section: Section) -> Int { int(Format.sectionTable &+ section.rawValue &* 8) }
  @inline(__always)
  func size(_ section: Section) -> Int { int(Format.sectionTable &+ section.rawValue &* 8 &+ 4) }
  @inline(__always)
  func count(_ section: Section) -> Int { size(section) / section.stride }
  @inline(__always)
  func end(_ section: Section) -> Int { offset(section) &+ size(section) }

  /// Where a record of a section of records begins.
  @inline(__always)
  func record(_ section: Section, _ number: Int) -> Int {
    offset(section) &+ number &* section.stride
  }

  /// Bytes `from ..< to` are zero.
  @inline(__always)
  func checkZero(_ from: Int, _ to: Int) throws(Fault) {
    try check(image.isZero(from, to), from, "a reserved byte is not zero")
  }

  /// A text inside the text section.
  @inline(__always)
  func checkText(_ start: Int, _ count: Int, at: Int) throws(Fault) {
    let size = size(.text)
    try check(start <= size && count <= size &- start, at, "a text lies outside its section")
  }

  /// The hash of a text inside the text section.
  @inline(__always)
  func hash(_ start: Int, _ count: Int) -> UInt64 {
    image.hash64(offset(.text) &+ start, count)
  }

  /// A reference to a record: its number plus 1, or 0 for nothing.
  @inline(__always)
  func checkOptional(_ value: UInt32, in section: Section, at: Int) throws(Fault) {
    try check(Int(value) <= count(section), at, section.lacksRecord)
  }

  @inline(__always)
  func check(_ value: UInt32, in section: Section, at: Int) throws(Fault) {
    try check(Int(value) < count(section), at, section.lacksRecord)
  }

  /// The number of a unit, in one byte.
  @inline(__always)
  func checkUnit(_ at: Int) throws(Fault) {
    try check(Int(u8(at)) < count(.units), at, "no such unit")
  }

  /// The size of a name. That a decision has bytes is what its buffer relies on.
  @inline(__always)
  func checkNameBytes(_ sizeAt: Int) throws(Fault) {
    let count = Int(u16(sizeAt))
    try check(
      count >= 1 && count <= Format.nameBytesMax, sizeAt, "a name has no bytes, or too many")
  }

  /// A record's first six bytes: where in the text section its name is, and its size.
  @inline(__always)
  func checkName(_ at: Int) throws(Fault) {
    try checkNameBytes(at &+ 4)
    try checkText(int(at), Int(u16(at &+ 4)), at: at)
  }
}

extension Image {
  /// Reads the whole image, once, and vouches for it.
  ///
  /// - Parameter sealedAs: the digest that the image must carry, if a digest over the bytes has been
  ///   compared already, as that of a store's file: theirs is not taken a second time. Nothing else is
  ///   taken on trust.
  /// - Throws: `.corrupt` with the byte at which it is wrong, `.newerFormat` if a later version of
  ///   Turnout wrote it, `.outOfMemory`.
  package static func validate(
    _ bytes: Bytes, sealedAs seal: Digest? = nil
  ) throws(TurnoutError) -> Image {
    let digest = try HeaderValidation(bytes).check(sealedAs: seal)
    guard let validation = Extent(bytes).map(Validation.init(image:)),
      var taken = Taken(conditions: validation.count(.conditions))
    else {
      throw TurnoutError(.outOfMemory, "There is no memory to check the table.")
    }
    do throws(Fault) {
      try validation.checkEverything(&taken)
    } catch {
      throw error.error
    }
    return try Image(vouched: bytes, digest: digest)
  }
}

extension Validation {
  fileprivate func checkEverything(_ taken: inout Taken) throws(Fault) {
    try checkNames()
    try checkMaps()
    try checkConfigs()
    try checkConditions(&taken)
    // In the order of what they own in the section of allocations.
    try checkClusters(&taken)
    try checkPlacements(&taken)
    try checkVersions()
    try checkExperiments(&taken)
    try checkUseCases(&taken)
    try checkLineage(&taken)
  }
}
