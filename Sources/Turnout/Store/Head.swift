/// What readers follow: which revision is current, what its file is known by, and the overlay. The
/// file `head` of a store holds it, byte by byte as `Docs/store-format.md` says.
package struct Head: Sendable, Hashable {
  /// Drawn when the store was made: tells a store from another that took its place.
  package var store: StoreID
  package var revision: UInt64
  /// What the revision's table file is known by.
  package var seal: TableSeal
  /// The digest that the image inside carries: the table's name anywhere.
  package var imageDigest: Digest
  /// When this revision became head, in nanoseconds since 1970 in UTC.
  package var activated: Int64
  /// Grows with every change of the overlay.
  package var generation: UInt64
  /// Ordered by `OverlayEntry.precedes`.
  package var overlay: [OverlayEntry]
  /// Revisions that were head before and are kept, the latest first: what a process takes that starts
  /// while head's table is damaged.
  package var earlier: [EarlierHead]

  package init(
    store: StoreID, revision: UInt64, seal: TableSeal, imageDigest: Digest, activated: Int64,
    generation: UInt64, overlay: [OverlayEntry], earlier: [EarlierHead] = []
  ) {
    self.store = store
    self.revision = revision
    self.seal = seal
    self.imageDigest = imageDigest
    self.activated = activated
    self.generation = generation
    self.overlay = overlay
    self.earlier = earlier
  }

  /// Reads the head of the store at `directory`; nil when nothing was ever made current there.
  ///
  /// Needs no write permission and takes no lock. Any thread may call it.
  package static func read(directory: String) throws(TurnoutError) -> Head? {
    try read(StoreLayout.head(directory), of: directory)
  }

  /// The head before the last change of the store, for who finds `head` damaged; nil where there is none.
  package static func readBefore(directory: String) throws(TurnoutError) -> Head? {
    try read(StoreLayout.headBefore(directory), of: directory)
  }

  private static func read(_ path: String, of directory: String) throws(TurnoutError) -> Head? {
    guard let bytes = try File.read(path, limit: StoreLayout.headBytesMax) else {
      try StoreLayout.requireStore(directory)
      return nil
    }
    return try Head(parsing: bytes, path: path)
  }

  private static let magic: [UInt8] = Array("TURNHEAD".utf8)
  private static let fixedBytes = 128
  private static let checksumBytes = 8

  package var encoded: [UInt8] {
    var writer = FieldWriter()
    writer.put(raw: Self.magic)
    writer.put(StoreLayout.format)
    writer.put(UInt32(truncatingIfNeeded: overlay.count))
    writer.put(raw: store.bytes)
    writer.put(revision)
    writer.put(seal)
    writer.put(imageDigest)
    writer.put(activated)
    writer.put(generation)
    for entry in overlay { writer.put(entry) }
    writer.put(UInt64(earlier.count))
    for one in earlier { writer.put(one) }
    writer.put(XXH3.hash64(writer.bytes))
    return writer.bytes
  }

  /// Takes any bytes: those that no writer wrote give `.corrupt` or `.newerFormat`.
  package init(parsing bytes: [UInt8], path: String) throws(TurnoutError) {
    let damaged = TurnoutError(
      .corrupt, "\(path) is damaged. The next publish or activation into this store repairs it.")
    var reader = FieldReader(bytes, end: bytes.count - Self.checksumBytes)
    guard bytes.count >= Self.fixedBytes + Self.checksumBytes,
      reader.raw(Self.magic.count)?.elementsEqual(Self.magic) == true,
      let format = reader.field(UInt32.self)
    else { throw damaged }
    guard format <= StoreLayout.format else {
      throw TurnoutError(
        .newerFormat,
        "\(path) has format \(format); this build reads up to \(StoreLayout.format). "
          + "Update Turnout here.")
    }
    guard format == StoreLayout.format else {
      throw TurnoutError(
        .corrupt,
        "\(path) has format \(format), which only builds before 0.1 wrote. Publish into a new store."
      )
    }
    guard XXH3.hash64(Array(bytes[..<reader.end])) == Self.checksum(bytes),
      let overlayCount = reader.field(UInt32.self), overlayCount <= StoreLayout.overlayEntriesMax,
      let store = reader.raw(16).flatMap({ StoreID(bytes: Array($0)) }),
      let revision = reader.field(UInt64.self), revision > 0,
      let seal = reader.seal(),
      let imageDigest = reader.digest(),
      let activated = reader.field(Int64.self),
      let generation = reader.field(UInt64.self)
    else { throw damaged }

    var overlay: [OverlayEntry] = []
    for _ in 0..<overlayCount {
      guard let entry = reader.overlayEntry() else { throw damaged }
      if let last = overlay.last, !OverlayEntry.precedes(last, entry) { throw damaged }
      overlay.append(entry)
    }
    guard let earlierCount = reader.field(UInt64.self),
      earlierCount <= StoreLayout.earlierHeadsMax
    else { throw damaged }
    var earlier: [EarlierHead] = []
    for _ in 0..<earlierCount {
      guard let one = reader.earlierHead() else { throw damaged }
      earlier.append(one)
    }
    guard reader.isAtEnd else { throw damaged }

    self.store = store
    self.revision = revision
    self.seal = seal
    self.imageDigest = imageDigest
    self.activated = activated
    self.generation = generation
    self.overlay = overlay
    self.earlier = earlier
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt64? {
    var reader = FieldReader(Array(bytes.suffix(checksumBytes)))
    return reader.field()
  }
}

/// 16 random bytes that name a store.
package struct StoreID: Sendable, Hashable, CustomStringConvertible {
  package let bytes: [UInt8]

  package init?(bytes: [UInt8]) {
    guard bytes.count == 16 else { return nil }
    self.bytes = bytes
  }

  package static func random() -> StoreID {
    var bytes: [UInt8] = []
    for _ in 0..<16 { bytes.append(UInt8.random(in: .min ... .max)) }
    return StoreID(trusted: bytes)
  }

  private init(trusted bytes: [UInt8]) {
    self.bytes = bytes
  }

  package var description: String {
    var text = ""
    for byte in bytes {
      let digits = String(byte, radix: 16)
      text += digits.utf8.count == 1 ? "0" + digits : digits
    }
    return text
  }
}
