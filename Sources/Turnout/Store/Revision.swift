/// A table in a store: what the catalog knows of it.
package struct Revision: Sendable, Hashable {
  package var number: UInt64
  /// What its table file is known by.
  package var seal: TableSeal
  /// The digest that the image carries, and the image's size.
  package var imageDigest: Digest
  package var imageBytes: UInt64
  /// When it was published, in nanoseconds since 1970 in UTC.
  package var published: Int64
  /// When it last stopped being head, likewise; nil if it never did, or a build before wrote it.
  package var left: Int64?

  /// What its age is counted from. While it is head it has none.
  package var lastInForce: Int64 { max(published, left ?? .min) }
}

extension Revision {
  var encoded: [UInt8] {
    var writer = FieldWriter()
    writer.put(seal)
    writer.put(imageDigest)
    writer.put(imageBytes)
    writer.put(published)
    if let left { writer.put(left) }
    return writer.bytes
  }

  init?(number: UInt64, parsing bytes: [UInt8]) {
    var reader = FieldReader(bytes)
    guard
      let seal = reader.seal(),
      let imageDigest = reader.digest(),
      let imageBytes = reader.field(UInt64.self),
      let published = reader.field(Int64.self)
    else { return nil }
    let left = reader.isAtEnd ? nil : reader.field(Int64.self)
    guard reader.isAtEnd else { return nil }
    self.init(
      number: number, seal: seal, imageDigest: imageDigest, imageBytes: imageBytes,
      published: published, left: left)
  }
}

/// Which revision is head, and which was before: what the catalog commits and `head` repeats.
struct HeadRecord: Sendable, Hashable {
  var revision: UInt64
  /// The revision that was head before; 0 for none. A rollback goes there.
  var previous: UInt64
  /// When this revision became head, in nanoseconds since 1970 in UTC.
  var activated: Int64
  /// The overlay's generation.
  var generation: UInt64

  var encoded: [UInt8] {
    var writer = FieldWriter()
    writer.put(revision)
    writer.put(previous)
    writer.put(activated)
    writer.put(generation)
    return writer.bytes
  }
}

extension HeadRecord {
  init?(parsing bytes: [UInt8]) {
    var reader = FieldReader(bytes)
    guard
      let revision = reader.field(UInt64.self), revision > 0,
      let previous = reader.field(UInt64.self),
      let activated = reader.field(Int64.self),
      let generation = reader.field(UInt64.self),
      reader.isAtEnd
    else { return nil }
    self.init(
      revision: revision, previous: previous, activated: activated, generation: generation)
  }
}
