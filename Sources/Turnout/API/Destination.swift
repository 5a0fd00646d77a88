/// Where a routing key leads: every field comes from one table, but for the state, which is the
/// overlay's.
public struct Destination: Sendable, Hashable {
  /// The number of the table that was asked.
  public var revision: UInt64
  /// The name of the cluster.
  public var cluster: String
  /// Nil if the cluster has no shards.
  public var shard: String?
  /// Where to send the payload.
  public var address: String
  /// The key that was asked for.
  public var routingKey: String
  /// Up, draining or down: of the states of cluster and shard the worse.
  public var state: OverlayEntry.State
}

extension Engine {
  /// Where a routing key leads in the revision in force: for who was given one by a client, and must not
  /// send to what the table does not have. A cluster that is down has its key still, and
  /// ``Destination/state`` says so. Not counted among the resolves.
  ///
  /// - Returns: nil if the table has no such routing key.
  /// - Throws: `.invalidArgument` for one that is empty or above 65,536 bytes, `.noTable`, `.reentrant`
  ///   in a signal handler inside a resolve.
  public func destination(routingKey: String) throws(TurnoutError) -> Destination? {
    try handle.destination(of: routingKey)
  }
}

extension View {
  /// Where a routing key leads in this view's revision; see ``Engine/destination(routingKey:)``.
  public func destination(routingKey: String) throws(TurnoutError) -> Destination? {
    try handle.destination(of: routingKey)
  }
}

extension Handle {
  fileprivate func destination(of routingKey: String) throws(TurnoutError) -> Destination? {
    try DestinationMemory.find(routingKey) { enter().destination($0, $1, $2) }
  }
}

extension TableResolver {
  /// Where a routing key leads in the table; nil if it has no such key.
  package func destination(routingKey: String) throws(TurnoutError) -> Destination? {
    try DestinationMemory.find(routingKey) { key, buffer, destination in
      // The block stays as long as the states are read.
      withExtendedLifetime(overlay) {
        Snapshot.with(image, revision: revision, overlay: overlay?.states ?? .none) {
          $0.destination(key, buffer, destination)
        }
      }
    }
  }
}
