/// What a change of tables came to, in short: it stays in the history when retention has taken the tables.
package struct ChangeSummary: Sendable, Hashable {
  /// An allocation of which units moved between arms, or out of all of them.
  package struct Allocation: Sendable, Hashable {
    package var kind: AllocationKind
    package var owner: String
    /// Positions of the ring, of 2^32: those that came to an arm, the fewest that could have, and those
    /// that have no arm any more.
    package var positions: UInt64
    package var minimum: UInt64
    package var released: UInt64

    package init(
      kind: AllocationKind, owner: String, positions: UInt64, minimum: UInt64, released: UInt64
    ) {
      self.kind = kind
      self.owner = owner
      self.positions = positions
      self.minimum = minimum
      self.released = released
    }
  }

  /// Names, of which the first are told and all are counted.
  package struct Names: Sendable, Hashable {
    package private(set) var count: Int
    package private(set) var first: [String]

    package init(_ names: [String]) {
      count = names.count
      first = Array(names.prefix(namesMax))
    }

    fileprivate init(count: Int, first: [String]) {
      self.count = count
      self.first = first
    }
  }

  package static let allocationsMax = 8
  package static let namesMax = 8
  /// Of an owner or a use case; the longest are two names and a stroke between them.
  private static let nameBytesMax = 1024

  /// How many allocations changed, and those that moved most, the first the most.
  package private(set) var allocationCount: Int
  package private(set) var allocations: [Allocation]
  /// Use cases that came, and that went.
  package private(set) var added: Names
  package private(set) var removed: Names
  /// Those in both tables that may answer differently, also where no allocation moved: a rule leads to
  /// another version, a version to another cluster. Nil of entries of builds that did not say it.
  package private(set) var differing: Names?
  /// How many of them no split tells of that changed; they are told first.
  private var untoldCount: Int

  package init(
    allocations: [Allocation], added: [String], removed: [String], differing: [String]?
  ) {
    allocationCount = allocations.count
    let ordered = allocations.enumerated().sorted { one, other in
      let (more, less) = (one.element.weight, other.element.weight)
      return more != less ? more > less : one.offset < other.offset
    }
    self.allocations = ordered.prefix(Self.allocationsMax).map(\.element)
    self.added = Names(added)
    self.removed = Names(removed)
    let told = Set(
      allocations.lazy.filter { $0.kind == .split }
        .map { String($0.owner.prefix { $0 != "/" }) })
    let untold = (differing ?? []).filter { !told.contains($0) }
    untoldCount = untold.count
    self.differing = differing.map { all in Names(untold + all.filter { told.contains($0) }) }
  }

  /// Whether it says that nothing moved, came or went, and that nobody is answered differently.
  package var isEmpty: Bool {
    allocationCount == 0 && added.count == 0 && removed.count == 0 && (differing?.count ?? 0) == 0
  }

  /// The use cases that may answer differently and of which no split tells that changed.
  package var untold: Names {
    Names(count: untoldCount, first: Array((differing?.first ?? []).prefix(untoldCount)))
  }
}

extension ChangeSummary.Allocation {
  /// By what they are ordered.
  fileprivate var weight: UInt64 { positions &+ released }
}

extension FieldWriter {
  mutating func put(_ summary: ChangeSummary) {
    put(UInt32(clamping: summary.allocationCount))
    put(UInt32(summary.allocations.count))
    for allocation in summary.allocations {
      put(allocation.kind.rawValue)
      put(allocation.positions)
      put(allocation.minimum)
      put(allocation.released)
      put(text: allocation.owner)
    }
    for names in [summary.added, summary.removed, summary.differing].compactMap({ $0 }) {
      put(UInt32(clamping: names.count))
      put(UInt32(names.first.count))
      for name in names.first { put(text: name) }
    }
    if summary.differing != nil { put(UInt32(clamping: summary.untold.count)) }
  }
}

extension FieldReader {
  mutating func changeSummary() -> ChangeSummary? { ChangeSummary(reading: &self) }
}

extension ChangeSummary {
  fileprivate init?(reading reader: inout FieldReader) {
    guard let count = reader.field(UInt32.self), let told = reader.field(UInt32.self),
      told <= count, told <= Self.allocationsMax
    else { return nil }
    allocationCount = Int(count)
    allocations = []
    for _ in 0..<told {
      guard let kind = reader.field(UInt8.self).flatMap(AllocationKind.init(rawValue:)),
        let positions = reader.field(UInt64.self), let minimum = reader.field(UInt64.self),
        let released = reader.field(UInt64.self), let owner = reader.text(),
        [positions, minimum, released].allSatisfy({ $0 <= 1 << 32 }),
        owner.utf8.count <= Self.nameBytesMax
      else { return nil }
      allocations.append(
        Allocation(
          kind: kind, owner: owner, positions: positions, minimum: minimum, released: released))
    }
    guard let added = Self.names(&reader), let removed = Self.names(&reader) else { return nil }
    self.added = added
    self.removed = removed
    // Builds before said nothing of it.
    untoldCount = 0
    if reader.isAtEnd { return }
    guard let differing = Self.names(&reader), let untold = reader.field(UInt32.self),
      untold <= differing.count
    else { return nil }
    self.differing = differing
    untoldCount = Int(untold)
  }

  private static func names(_ reader: inout FieldReader) -> Names? {
    guard let count = reader.field(UInt32.self), let told = reader.field(UInt32.self),
      told <= count, told <= namesMax
    else { return nil }
    var first: [String] = []
    for _ in 0..<told {
      guard let name = reader.text(), name.utf8.count <= nameBytesMax else { return nil }
      first.append(name)
    }
    return Names(count: Int(count), first: first)
  }
}
