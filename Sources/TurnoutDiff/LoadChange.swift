/// What a cluster, or one of its shards, has to serve before and after.
package struct LoadChange: Sendable, Hashable {
  package var cluster: String
  /// Nil of a whole cluster.
  package var shard: String?
  package var before: Load
  package var after: Load
  /// Nil where there is none, and of a cluster with shards.
  package var addressBefore: String?
  package var addressAfter: String?

  package init(cluster: String, shard: String?, before: Load, after: Load) {
    self.cluster = cluster
    self.shard = shard
    self.before = before
    self.after = after
  }

  /// By how much of what it was it grows: 0.2 is 20 % more, negative is less; nil if there was none.
  package var growth: Double? {
    before.total.isZero ? nil : after.total.value / before.total.value - 1
  }

  /// `cluster`, or `cluster/shard`.
  package var place: String { cluster + (shard.map { "/" + $0 } ?? "") }

  package var changes: Bool {
    before != after || addressBefore != addressAfter
  }
}

/// Decisions that lead somewhere, and copies for shadows, in what ``TableDifference/loadBasis`` says.
package struct Load: Sendable, Hashable {
  package var primary: Share
  package var shadow: Share

  package init(primary: Share = .zero, shadow: Share = .zero) {
    self.primary = primary
    self.shadow = shadow
  }

  package var total: Share { primary + shadow }
}
