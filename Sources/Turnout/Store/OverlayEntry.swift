/// One state or switch that holds at once, beside the tables and for every revision. What no entry
/// names is `up` or `on`.
public struct OverlayEntry: Sendable, Hashable {
  /// What an entry is of.
  public enum Kind: UInt8, Sendable, CaseIterable {
    /// A cluster, or a shard of one.
    case cluster = 1
    case useCase = 2
    case experiment = 3
    case shadow = 4
  }

  /// What an entry says: `up`, `draining` and `down` of clusters, `on` and `off` of the others.
  public enum State: UInt8, Sendable, CaseIterable {
    case up = 1
    case draining = 2
    case down = 3
    case on = 4
    case off = 5
  }

  /// What it is of.
  public var kind: Kind
  /// What it says.
  public var state: State
  /// `name`, for a shard `cluster/shard`, for a shadow `use case/shadow`.
  public var name: String
  /// The entry holds until this time, in nanoseconds since 1970 in UTC; nil: until it is changed.
  public var until: Int64?

  /// An entry; whether an overlay can say so is seen when it is set.
  public init(kind: Kind, state: State, name: String, until: Int64? = nil) {
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

  /// Whether the entry says what holds without it.
  package var isDefault: Bool { state == .up || state == .on }

  /// What holds of the same thing without an entry.
  package var withoutIt: OverlayEntry {
    OverlayEntry(kind: kind, state: kind == .cluster ? .up : .on, name: name)
  }

  /// Whether its time has not come yet.
  package func holds(at now: Int64) -> Bool { until.map { now < $0 } ?? true }

  /// Why no overlay can say so, whatever the table; nil if one can.
  package var fault: String? {
    let states: [State] = kind == .cluster ? [.up, .draining, .down] : [.on, .off]
    guard states.contains(state) else {
      return "\(kind.words) `\(name)` can be \(states.map(\.name).joined(separator: ", ")), "
        + "not \(state.name)"
    }
    let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let counts: ClosedRange<Int> = kind == .cluster ? 1...2 : kind == .shadow ? 2...2 : 1...1
    guard counts.contains(parts.count), parts.allSatisfy(Self.isName) else {
      return "`\(name)` is no name of \(kind.words); \(kind.shape)"
    }
    return isDefault && until != nil
      ? "\(state.name) holds without an entry, so that it cannot end at a time" : nil
  }

  /// `[A-Za-z0-9][A-Za-z0-9._-]{0,127}`, as documents name things.
  private static func isName(_ name: some Collection<UInt8>) -> Bool {
    guard name.count <= Format.nameBytesMax, let first = name.first else { return false }
    return isLetterOrDigit(first)
      && name.allSatisfy { isLetterOrDigit($0) || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: false
    }
  }
}

extension OverlayEntry.Kind {
  /// With its article, for sentences.
  fileprivate var words: String {
    switch self {
    case .cluster: "a cluster"
    case .useCase: "a use case"
    case .experiment: "an experiment"
    case .shadow: "a shadow"
    }
  }

  fileprivate var shape: String {
    switch self {
    case .cluster: "it is written as `cluster` or `cluster/shard`"
    case .shadow: "it is written as `use case/shadow`"
    case .useCase, .experiment:
      "names begin with a letter or digit and consist of A-Z a-z 0-9 . _ -"
    }
  }

  /// As the command's JSON spells it.
  package var name: String {
    switch self {
    case .cluster: "cluster"
    case .useCase: "use_case"
    case .experiment: "experiment"
    case .shadow: "shadow"
    }
  }
}

extension OverlayEntry.State {
  package var name: String {
    switch self {
    case .up: "up"
    case .draining: "draining"
    case .down: "down"
    case .on: "on"
    case .off: "off"
    }
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
    let entry = OverlayEntry(kind: kind, state: state, name: name, until: ends == 1 ? until : nil)
    return entry.fault == nil ? entry : nil
  }
}
