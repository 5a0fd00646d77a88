package import Turnout

/// What compiling found wrong with a document that is well formed.
package struct CompileFault: Sendable {
  package var code: DiagnosticCode
  package var message: String
  package var mark: SourceMark
}

/// What a change of one allocation moves.
package struct AllocationChange: Sendable {
  package var kind: AllocationKind
  package var owner: String
  package var movement: Movement
}

extension AllocationChange {
  /// What moves where a table takes the place of `earlier`.
  package static func all(from earlier: Image, to table: Image) -> [AllocationChange] {
    let sources = CarrySources(EarlierTable(earlier).allocations())
    return EarlierTable(table).allocations().compactMap { new in
      let previous = sources.source(kind: new.kind, salt: new.salt, owner: new.owner)
      guard let previous, previous != new.allocation else { return nil }
      return AllocationChange(
        kind: new.kind, owner: new.owner,
        movement: Movement(from: previous, to: new.allocation))
    }
  }
}

/// Every allocation of a document, carried from the table compiled against.
struct AllocationPlan {
  private let sources: CarrySources
  private(set) var faults: [CompileFault] = []
  private(set) var changes: [AllocationChange] = []

  init(against earlier: Image?) {
    sources = CarrySources(earlier.map { EarlierTable($0).allocations() } ?? [])
  }

  mutating func report(_ code: DiagnosticCode, _ message: String, at mark: SourceMark) {
    faults.append(CompileFault(code: code, message: message, mark: mark))
  }

  /// The allocation of `spec`; nil with a fault where there is none.
  mutating func allocate(_ spec: AllocationSpec) -> Allocation? {
    let previous = sources.source(kind: spec.kind, salt: spec.salt.string, owner: spec.owner)
    do {
      let allocation = try Self.allocation(spec, previous)
      if let previous, previous != allocation {
        changes.append(
          AllocationChange(
            kind: spec.kind, owner: spec.owner,
            movement: Movement(from: previous, to: allocation)))
      }
      return allocation
    } catch {
      // A checked document has weights and ranges that fit.
      report(.invalidRange, "\(spec.owner): \(error)", at: spec.mark)
    }
    return nil
  }

  private static func allocation(
    _ spec: AllocationSpec, _ previous: Allocation?
  ) throws -> Allocation {
    if let pinned = try spec.pinned() { return pinned }
    let lengths = try Lengths(weights: spec.weights, carriedFrom: previous)
    return previous.map { .carried(from: $0, lengths) } ?? .fresh(lengths)
  }
}

extension AllocationSpec {
  fileprivate var weights: [(key: String, weight: Weight)] {
    arms.compactMap { arm in
      guard case .weight(let weight) = arm.size else { return nil }
      return (key: arm.key.string, weight: weight)
    }
  }

  /// The allocation that the ranges say, whatever there was before; nil where nothing is pinned, or
  /// the weights give no lengths.
  func pinned() throws(RangesError) -> Allocation? {
    guard let ranges, let lengths = try? Lengths(weights: weights, carriedFrom: nil) else {
      return nil
    }
    return try Allocation.pinned(
      ranges.map { arm in
        (key: arm.name, ranges: arm.intervals.map { (lower: $0.low, upper: $0.high) })
      }, lengths)
  }
}
