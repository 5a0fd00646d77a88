/// The header: what the image is, its digest, and where its sections lie. Nothing is known of the bytes
/// yet, so that every read is checked.
struct HeaderValidation {
  let bytes: Bytes

  init(_ bytes: Bytes) { self.bytes = bytes }

  private func check(
    _ holds: Bool, _ at: Int, _ what: @autoclosure () -> String
  ) throws(TurnoutError) {
    if !holds {
      throw TurnoutError(.corrupt, "the table is damaged at byte \(at): \(what())")
    }
  }

  private func require<T>(_ value: T?, _ at: Int) throws(TurnoutError) -> T {
    guard let value else {
      throw TurnoutError(.corrupt, "the table is damaged at byte \(at): it ends too early")
    }
    return value
  }

  private func u32(_ at: Int) throws(TurnoutError) -> UInt32 { try require(bytes.u32(at), at) }
  private func u64(_ at: Int) throws(TurnoutError) -> UInt64 { try require(bytes.u64(at), at) }
  private func int(_ at: Int) throws(TurnoutError) -> Int { Int(try u32(at)) }

  private func checkZero(_ from: Int, _ to: Int) throws(TurnoutError) {
    var at = from
    while at < to {
      try check(try require(bytes.u8(at), at) == 0, at, "a reserved byte is not zero")
      at += 1
    }
  }

  /// The digest that the image carries: that of its bytes, or with `seal` that one.
  func check(sealedAs seal: Digest?) throws(TurnoutError) -> Digest {
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
    let digest = Digest(low: try u64(16), high: try u64(24))
    try check(
      (seal ?? bytes.digest(from: Format.digestFrom)) == digest, 16, "the digest is another")
    try checkSections()
    return digest
  }

  /// Sections lie inside, one after the other, with whole records and zeros between them.
  private func checkSections() throws(TurnoutError) {
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
      next = (start + size + 63) & ~63
      try check(next <= bytes.count, at, "a section reaches outside")
      try checkZero(start + size, next)
    }
    try check(bytes.count == next + Format.tailBytes, next, "the image does not end after its tail")
    try checkZero(next, bytes.count)
  }
}
