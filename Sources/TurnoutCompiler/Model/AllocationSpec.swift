package import Turnout

/// How a ring is to be divided, as the document says it. Where the arms lie is the ring's matter.
package struct AllocationSpec: Sendable, Hashable {
  package var kind: AllocationKind
  /// What follows the colon in the default salt: `<use case>/<rule>`, `<model@version>`, or the name
  /// of the layer, experiment, holdout or cluster.
  package var owner: String
  /// The document's, else the default.
  package var salt: Text
  package var sharedSalt: Bool
  /// The unit to draw by, defaults applied; that of a placement's split is the use case's, and empty
  /// here.
  package var unit: String
  /// In byte order of their keys; never empty. All have weights, of which one is above 0 and which
  /// fill the ring, or all have shares, which may leave a part of it to nobody.
  package var arms: [ArmSpec]
  /// Exactly the arms above, in their order; nil where nothing is pinned. The intervals are disjoint,
  /// fit weights or shares and, with weights, cover the ring.
  package var ranges: [PinnedArm]?
  /// The warnings that the document silences here.
  package var allowed: Set<DiagnosticCode> = []
  package var mark: SourceMark
}

package struct ArmSpec: Sendable, Hashable {
  /// `model@version` in a split, the name of an experiment, a cell, a cluster or a shard; `in` of a
  /// holdout or a sample.
  package var name: String
  /// What the arm is known by from table to table: its name, or in a layer the salt of the
  /// experiment's cells.
  package var key: Text
  package var size: Size
  package var mark: SourceMark

  package enum Size: Sendable, Hashable {
    case weight(Weight)
    case share(Percentage)
  }

  package init(name: String, key: Text? = nil, size: Size, mark: SourceMark) {
    self.name = name
    self.key = key ?? Text(name)
    self.size = size
    self.mark = mark
  }
}

package struct PinnedArm: Sendable, Hashable {
  package var name: String
  /// As written.
  package var intervals: [PinnedInterval]
  package var mark: SourceMark
}

/// Positions from `low` up to, and without, `high`: low < high ≤ 2^32.
package struct PinnedInterval: Sendable, Hashable {
  package var low: UInt64
  package var high: UInt64
  package var mark: SourceMark
}
