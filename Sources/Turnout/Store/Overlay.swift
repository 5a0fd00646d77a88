/// One state or switch that holds at once, beside the tables.
package struct OverlayEntry: Sendable, Hashable {
  package enum Kind: UInt8, Sendable {
    case cluster = 1
    case useCase = 2
    case experiment = 3
    case shadow = 4
  }

  package enum State: UInt8, Sendable {
    case up = 1
    case draining = 2
    case down = 3
    case on = 4
    case off = 5
  }

  package var kind: Kind
  package var state: State
  /// `name`, for a shard `cluster/shard`, for a shadow `use case/shadow`.
  package var name: String
  /// The entry holds until this time, in nanoseconds since 1970 in UTC; nil: until it is changed.
  package var until: Int64?

  package init(kind: Kind, state: State, name: String, until: Int64? = nil) {
    self.kind = kind
    self.state = state
    self.name = name
    self.until = until
  }

  /// The order in which entries are written: by kind, then by the bytes of the name.
  package static func precedes(_ one: OverlayEntry, _ other: OverlayEntry) -> Bool {
    if one.kind != other.kind { return one.kind.rawValue < other.kind.rawValue }
    return one.name.utf8.lexicographicallyPrecedes(other.name.utf8)
  }
}

extension FieldWriter {
  mutating func put(_ entry: OverlayEntry) {
    put(entry.kind.rawValue)
    put(entry.state.rawValue)
    put(UInt16(truncatingIfNeeded: entry.name.utf8.count))
    put(UInt32(entry.until == nil ? 0 : 1))
    put(entry.until ?? 0)
    put(raw: entry.name.utf8)
    pad(to: 8)
  }
}

extension FieldReader {
  /// An entry; nil unless every field has a value that a writer would write.
  mutating func overlayEntry() -> OverlayEntry? {
    guard
      let kind = field(UInt8.self).flatMap(OverlayEntry.Kind.init(rawValue:)),
      let state = field(UInt8.self).flatMap(OverlayEntry.State.init(rawValue:)),
      let nameBytes = field(UInt16.self),
      nameBytes > 0, nameBytes <= StoreLayout.overlayNameBytesMax,
      let ends = field(UInt32.self), ends <= 1,
      let until = field(Int64.self), ends == 1 || until == 0,
      let name = text(Int(nameBytes)),
      skipPadding(to: 8)
    else { return nil }
    return OverlayEntry(kind: kind, state: state, name: name, until: ends == 1 ? until : nil)
  }
}
