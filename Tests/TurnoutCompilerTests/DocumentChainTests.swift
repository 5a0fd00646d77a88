import Testing
import Turnout

@testable import TurnoutCompiler

/// Properties over chains of whole documents, each compiled against the table before. A failure
/// prints its seed.
struct DocumentChainTests {
  private struct Step {
    var seed: UInt64
    var chain: DocumentChain
    var old: [UInt8]?
    var table: CompiledTable
  }

  /// Six steps for each of 40 seeds, compiled once for all tests.
  private static let steps: [Step] = (UInt64(1)...40).flatMap { seed in
    var chain = DocumentChain(seed: seed)
    var old: [UInt8]?
    return (0..<6).compactMap { _ -> Step? in
      guard let table = try? chain.table(against: old) else { return nil }
      let step = Step(seed: seed, chain: chain, old: old, table: table)
      old = table.image
      chain.step()
      return step
    }
  }

  private func overChains(
    _ check: (_ seed: UInt64, _ chain: DocumentChain, _ old: [UInt8]?, _ new: CompiledTable) throws
      -> Void
  ) throws {
    #expect(Self.steps.count == 240)
    for step in Self.steps {
      #expect(step.table.image != nil, "seed \(step.seed)\n\(step.table.words)")
      try check(step.seed, step.chain, step.old, step.table)
    }
  }

  @Test func everyKindOfAllocationIsReadBack() throws {
    let table = try DocumentChain(seed: 1).table(against: nil)
    let image = try #require(table.image, "\(table.words)")
    let all = try allocations(of: image).all
    #expect(Set(all.map(\.kind)) == Set(AllocationKind.allCases))
    for allocation in all {
      #expect(!allocation.arms.isEmpty)
      let isPartial = !allocation.kind.fillsRing
      let total = allocation.arms.flatMap(\.intervals).reduce(0) {
        $0 + $1.upperBound - $1.lowerBound
      }
      #expect(isPartial || total == Ring.positions, "\(allocation.kind) \(allocation.owner)")
      if allocation.kind == .layer {
        #expect(allocation.arms.allSatisfy { $0.key == "cells:\($0.name)" })
      } else {
        #expect(allocation.arms.allSatisfy { $0.key == $0.name })
      }
    }
  }

  /// The allocation of `new` that comes from each of `old`: by kind and salt, and in these documents
  /// no two share one.
  private func pairs(
    _ old: [UInt8], _ new: [UInt8]
  ) throws -> [(old: EarlierAllocation, new: EarlierAllocation)] {
    let before = try carried(in: old)
    return try carried(in: new).compactMap { after in
      before.first { $0.kind == after.kind && $0.salt == after.salt }.map { ($0, after) }
    }
  }

  @Test func everyKindMovesTheFewestPositionsAndNoneBetweenArmsThatStay() throws {
    try overChains { seed, _, old, table in
      guard let old, let new = table.image else { return }
      for (old, new) in try pairs(old, new) {
        let what = Comment(rawValue: "seed \(seed) \(new.kind) \(new.owner)")
        var moved: UInt64 = 0
        for piece in pieces(old.allocation, new.allocation) where piece.before != piece.after {
          if let before = piece.before {
            let left = new.allocation.length(of: before)
            #expect(old.allocation.length(of: before) > left, what)
          }
          if let after = piece.after {
            moved += piece.length
            #expect(old.allocation.length(of: after) < new.allocation.length(of: after), what)
          }
        }
        let growth = new.allocation.arms.reduce(UInt64(0)) { sum, arm in
          sum + arm.length - min(arm.length, old.allocation.length(of: arm.key))
        }
        #expect(moved == growth, what)
      }
    }
  }

  @Test func whatATableReportsIsWhatMoves() throws {
    try overChains { seed, _, old, table in
      guard let old, let new = table.image else { return }
      let changed = try pairs(old, new).filter { $0.old.allocation != $0.new.allocation }
      #expect(changed.map(\.new.owner) == table.changes.map(\.owner), "seed \(seed)")
      for (pair, change) in zip(changed, table.changes) {
        let cut = pieces(pair.old.allocation, pair.new.allocation)
        func positions(_ holds: (Piece) -> Bool) -> UInt64 {
          cut.filter(holds).reduce(0) { $0 + $1.length }
        }
        #expect(
          change.movement.positions == positions { $0.after != nil && $0.after != $0.before })
        #expect(change.movement.released == positions { $0.before != nil && $0.after == nil })
        #expect(change.movement.positions == change.movement.minimum, "seed \(seed)")
      }
      let applied = try old.withBytes { old in
        try new.withBytes { new in
          AllocationChange.all(from: try Image.validate(old), to: try Image.validate(new))
        }
      }
      #expect(applied.map(\.movement) == table.changes.map(\.movement), "seed \(seed)")
    }
  }

  @Test func compilingTheSameDocumentAgainChangesNoByte() throws {
    try overChains { seed, chain, old, table in
      #expect(try chain.table(against: old).image == table.image, "seed \(seed)")
      let again = try chain.table(against: table.image)
      #expect(again.image == table.image, "seed \(seed)")
      #expect(again.changes.isEmpty, "seed \(seed)")
    }
  }

  @Test func aDocumentPinnedToItsTableMakesTheSameTableFromNothing() throws {
    try overChains { seed, chain, _, table in
      let image: [UInt8] = try #require(table.image)
      let sources = [Source(name: "chain.yaml", text: chain.text)]
      var document = try #require(CheckedDocuments(sources).document)
      document.pin(try allocations(of: image).all)
      let pinned = ImageEncoder.encode(document, against: nil)
      #expect(pinned.faults.map(\.message) == [], "seed \(seed)")
      #expect(pinned.image == image, "seed \(seed)")
    }
  }

  @Test func renamesWithASaltGiveNoWarningAndOthersAreFew() throws {
    try overChains { seed, _, _, table in
      // A name never comes back here, so whatever is warned of is an experiment that went while
      // another came.
      for diagnostic in table.diagnostics where diagnostic.code == .renameWithoutSalt {
        #expect(diagnostic.message.contains("`test-"), "seed \(seed)")
      }
    }
  }
}

extension RoutingDocument {
  /// Pins every allocation as `all` has it: as the document would be with those ranges.
  fileprivate mutating func pin(_ all: [TableAllocation]) {
    func pin(_ spec: inout AllocationSpec) {
      let found = all.first { $0.kind == spec.kind && $0.salt == spec.salt.string }
      let mark = spec.mark
      spec.ranges = found?.arms.map { arm in
        PinnedArm(
          name: arm.name,
          intervals: arm.intervals.map {
            PinnedInterval(low: $0.lowerBound, high: $0.upperBound, mark: mark)
          }, mark: mark)
      }
    }
    func pin(_ placement: inout Placement) {
      for i in placement.choices.indices {
        guard case .split(var split) = placement.choices[i].clusters else { continue }
        pin(&split.allocation)
        placement.choices[i].clusters = .split(split)
      }
    }
    for i in clusters.indices {
      guard case .shards(var shards) = clusters[i].site else { continue }
      pin(&shards.allocation)
      clusters[i].site = .shards(shards)
    }
    for i in models.indices {
      for j in models[i].versions.indices { pin(&models[i].versions[j].placement) }
    }
    for i in layers.indices {
      guard var spec = layers[i].allocation else { continue }
      pin(&spec)
      layers[i].allocation = spec
    }
    for i in holdouts.indices { pin(&holdouts[i].allocation) }
    for i in experiments.indices { pin(&experiments[i].allocation) }
    for i in useCases.indices {
      for j in useCases[i].rules.indices {
        if var placement = useCases[i].rules[j].placement {
          pin(&placement)
          useCases[i].rules[j].placement = placement
        }
        guard case .split(var split) = useCases[i].rules[j].action else { continue }
        pin(&split.allocation)
        useCases[i].rules[j].action = .split(split)
      }
      for j in useCases[i].shadows.indices { pin(&useCases[i].shadows[j].sample) }
    }
  }
}
