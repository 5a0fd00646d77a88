package import Turnout

/// How a ring is to be divided, as the document says it. Where the arms lie is the ring's matter.
package struct AllocationSpec: Sendable, Hashable {
  package var kind: AllocationKind
  /// What follows the colon in the default salt: `<use case>/<rule>` or the cluster's name.
  package var owner: String
  /// The document's, else the default.
  package var salt: Text
  package var sharedSalt: Bool
  /// The unit to draw by, defaults applied.
  package var unit: String
  /// In byte order of their names; at least one weighs more than 0.
  package var arms: [WeightedArm]
  /// In byte order of the arms' names, exactly the arms above; nil where nothing is pinned. The
  /// intervals are disjoint, cover the ring and fit the weights.
  package var ranges: [PinnedArm]?
  package var mark: SourceMark
}

package struct WeightedArm: Sendable, Hashable {
  /// `model@version` in a split, the shard's name among shards.
  package var name: String
  package var weight: Weight
  package var mark: SourceMark
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
