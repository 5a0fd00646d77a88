/// A compute cluster: one stable address, or several shards each with its own.
package struct Cluster: Sendable, Hashable {
  package var name: String
  /// The document's `routing_key`, else the name. A shard's has `/shard` appended.
  package var routingKey: String
  package var site: Site
  package var mark: SourceMark

  package enum Site: Sendable, Hashable {
    case address(String)
    case shards(Shards)
  }
}

package struct Shards: Sendable, Hashable {
  /// Its arms are the shards: same names, same order as `shards`.
  package var allocation: AllocationSpec
  /// In byte order of their names.
  package var shards: [Shard]
  package var whenDown: WhenDown
}

package struct Shard: Sendable, Hashable {
  package var name: String
  package var address: String
  /// `<the cluster's>/<name>`.
  package var routingKey: String
  package var mark: SourceMark
}

/// Where a unit goes whose shard is not up.
package enum WhenDown: String, Sendable, Hashable, CaseIterable {
  /// To the next cluster in order of preference.
  case next
  /// To another shard of the same cluster, if one is up.
  case siblings
}
