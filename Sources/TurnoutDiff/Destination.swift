package import Turnout

/// What a request is answered with.
package enum Destination: Sendable, Hashable {
  case endpoint(Endpoint)
  /// Nothing: `unknownUseCase`, `disabled`, `missingRequired` or `unavailable`.
  case refusal(Status)

  /// Where a model version answers.
  package struct Endpoint: Sendable, Hashable {
    package var model: String
    package var version: String
    package var cluster: String
    /// Nil if the cluster has no shards.
    package var shard: String?
    package var routingKey: String

    package init(
      model: String, version: String, cluster: String, shard: String?, routingKey: String
    ) {
      self.model = model
      self.version = version
      self.cluster = cluster
      self.shard = shard
      self.routingKey = routingKey
    }

    init(_ shadow: Decision.Shadow) {
      self.init(
        model: shadow.model, version: shadow.version, cluster: shadow.cluster, shard: shadow.shard,
        routingKey: shadow.routingKey)
    }

    /// `model@version`.
    var target: String { model + "@" + version }
    /// `cluster`, or `cluster/shard`.
    var place: String { cluster + (shard.map { "/" + $0 } ?? "") }
  }

  package var endpoint: Endpoint? {
    if case .endpoint(let endpoint) = self { return endpoint }
    return nil
  }

  /// In words: `ranker@v1 on watch`, `fraud@v5 on fraud/f0`, `unknown_use_case`. The routing key is
  /// added where it is not what the cluster's name says.
  package var text: String {
    switch self {
    case .refusal(let status): return "\(status.name)"
    case .endpoint(let endpoint):
      let text = "\(endpoint.target) on \(endpoint.place)"
      return endpoint.routingKey == endpoint.place ? text : text + " (\(endpoint.routingKey))"
    }
  }

  package init(_ decision: Decision) {
    guard decision.status == .ok else {
      self = .refusal(decision.status)
      return
    }
    self = .endpoint(
      Endpoint(
        model: decision.model, version: decision.version, cluster: decision.cluster,
        shard: decision.shard, routingKey: decision.routingKey))
  }
}

/// The units that had one destination and have another one now, or the same.
package struct Flow: Sendable, Hashable {
  package var from: Destination
  package var to: Destination
  package var share: Share

  package init(from: Destination, to: Destination, share: Share) {
    self.from = from
    self.to = to
    self.share = share
  }

  /// Whether units move here: they had a destination, and have another one or none.
  package var moves: Bool { from.endpoint != nil && from != to }
  /// Whether units get a destination here that had none.
  package var begins: Bool { from.endpoint == nil && to.endpoint != nil }
}
