package import Turnout

/// What compiling found wrong, or doubtful, in a document that is well formed.
package struct CompileFault: Sendable {
  package var code: DiagnosticCode
  package var message: String
  package var suggestion: String?
  package var mark: SourceMark
}

/// What a change of one allocation moves.
package struct AllocationChange: Sendable {
  package var kind: AllocationKind
  package var owner: String
  package var movement: Movement
  /// Whether the earlier table had it and no allocation is carried from it.
  package var isGone = false
}

extension AllocationChange {
  /// What moves where a table takes the place of `earlier`.
  package static func all(from earlier: Image, to table: Image) -> [AllocationChange] {
    let sources = CarrySources(TableAllocations.carried(in: earlier))
    return TableAllocations.carried(in: table).compactMap { new in
      let previous = sources.source(kind: new.kind, salt: new.salt, owner: new.owner)
      guard let previous, previous != new.allocation else { return nil }
      return AllocationChange(
        kind: new.kind, owner: new.owner,
        movement: Movement(from: previous, to: new.allocation))
    }
  }

  /// The allocations of `earlier` of which `table` carries none.
  package static func gone(from earlier: Image, to table: Image) -> [AllocationChange] {
    let sources = CarrySources(TableAllocations.carried(in: earlier))
    let carried = TableAllocations.carried(in: table).compactMap { new in
      sources.number(kind: new.kind, salt: new.salt, owner: new.owner)
    }
    return gone(sources.allocations, but: Set(carried))
  }

  fileprivate static func gone(
    _ earlier: [EarlierAllocation], but carried: Set<Int>
  ) -> [AllocationChange] {
    earlier.enumerated().filter { !carried.contains($0.offset) }.map { _, old in
      AllocationChange(
        kind: old.kind, owner: old.owner, movement: .gone(old.allocation), isGone: true)
    }
  }
}

/// Every allocation of a document, carried from the table compiled against.
struct AllocationPlan {
  private let sources: CarrySources
  /// By number in `sources`: whether something is carried from it.
  private var isCarried: [Bool]
  /// Those that are carried from nothing, where there is something to be carried from.
  private var fresh: [NewAllocation] = []
  /// Those that are carried and drawn by another unit than before.
  private var redrawn: [UnitChange] = []
  private(set) var faults: [CompileFault] = []
  private(set) var changes: [AllocationChange] = []

  init(against earlier: Image?) {
    sources = CarrySources(earlier.map { TableAllocations.carried(in: $0) } ?? [])
    isCarried = [Bool](repeating: false, count: sources.allocations.count)
  }

  /// Those that nothing is carried from.
  func gone() -> [AllocationChange] {
    AllocationChange.gone(
      sources.allocations, but: Set(isCarried.indices.filter { isCarried[$0] }))
  }

  mutating func report(_ code: DiagnosticCode, _ message: String, at mark: SourceMark) {
    faults.append(CompileFault(code: code, message: message, mark: mark))
  }

  /// The allocation of `spec`; nil with a fault where there is none.
  mutating func allocate(_ spec: AllocationSpec) -> Allocation? {
    let number = sources.number(kind: spec.kind, salt: spec.salt.string, owner: spec.owner)
    let previous = number.map { sources.allocations[$0].allocation }
    do {
      let allocation = try Self.allocation(spec, previous)
      if let number {
        isCarried[number] = true
        note(spec, allocation, before: sources.allocations[number])
      } else if !sources.allocations.isEmpty {
        fresh.append(NewAllocation(spec: spec, allocation: allocation))
      }
      if let previous, previous != allocation {
        changes.append(
          AllocationChange(
            kind: spec.kind, owner: spec.owner,
            movement: Movement(from: previous, to: allocation)))
      }
      return allocation
    } catch {
      // A checked document has weights, shares and ranges that fit.
      report(.invalidRange, "\(spec.owner): \(error)", at: spec.mark)
    }
    return nil
  }

  private static func allocation(
    _ spec: AllocationSpec, _ previous: Allocation?
  ) throws -> Allocation {
    if let pinned = try spec.pinned() { return pinned }
    let lengths = try spec.lengths(carriedFrom: previous)
    return previous.map { .carried(from: $0, lengths) } ?? .fresh(lengths)
  }

  private mutating func note(
    _ spec: AllocationSpec, _ allocation: Allocation, before: EarlierAllocation
  ) {
    // A split of clusters has no unit of its own, then or now.
    guard let unit = before.unit, unit != spec.unit, !spec.unit.isEmpty, allocation.isDraw,
      !spec.allowed.contains(.unitChanged)
    else { return }
    redrawn.append(UnitChange(spec: spec, before: unit))
  }

  /// Warnings of what draws everybody anew, beside the table compiled against: another salt, a name
  /// that changed without one, another unit.
  func redraws() -> [CompileFault] {
    let gone = sources.allocations.indices.filter { !isCarried[$0] }
    return Renames.warnings(gone: gone.map { sources.allocations[$0] }, come: fresh)
      + UnitChange.warnings(redrawn)
  }
}

extension AllocationSpec {
  /// How many positions each arm gets, by its key.
  fileprivate func lengths(carriedFrom previous: Allocation?) throws(LengthsFault) -> Lengths {
    var weights: [(key: String, weight: Weight)] = []
    var shares: [(key: String, share: Percentage)] = []
    for arm in arms {
      switch arm.size {
      case .weight(let weight): weights.append((key: arm.key.string, weight: weight))
      case .share(let share): shares.append((key: arm.key.string, share: share))
      }
    }
    return shares.isEmpty
      ? try Lengths(weights: weights, carriedFrom: previous) : try Lengths(shares: shares)
  }

  /// The allocation that the ranges say, whatever there was before; nil where nothing is pinned.
  fileprivate func pinned() throws(RangesError) -> Allocation? {
    guard let named = try pinnedByName() else { return nil }
    let keys = Dictionary(
      arms.map { ($0.name, $0.key.string) }, uniquingKeysWith: { first, _ in first })
    return Allocation(keys: named.arms.map { keys[$0.key] ?? $0.key }, intervals: named.intervals)
  }
}
