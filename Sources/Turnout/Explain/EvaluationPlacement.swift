extension Evaluation {
  /// From the version that was decided for to an address.
  package struct Placement: Sendable, Equatable {
    /// The version's own, then those that were tried otherwise.
    package var walks: [Walk] = []
    package var end = End.unavailable

    package init() {}

    package enum End: Sendable, Equatable {
      case up(version: String, routingKey: String, isFallback: Bool)
      case degraded(version: String, routingKey: String)
      case unavailable
    }
  }

  /// The clusters of one placement, in order, up to the first that is up.
  package struct Walk: Sendable, Equatable {
    package var version: String
    package var reason: Reason
    /// Of a placement by context; one that always holds otherwise.
    package var choices: [Choice] = []
    /// Of a split of clusters.
    package var draw: Draw?
    package var clusters: [Cluster] = []

    package init(version: String, reason: Reason) {
      self.version = version
      self.reason = reason
    }

    package enum Reason: String, Sendable { case decided, rule, otherwise, shadow }
  }

  package struct Choice: Sendable, Equatable {
    package var held: Bool
    package var tests: [Test]
  }

  /// A cluster that was tried.
  package struct Cluster: Sendable, Equatable {
    package var name: String
    package var state: State
    /// The shard drawn first; nil if the cluster has none.
    package var shard: Shard?
    /// The sibling that stands in for it.
    package var sibling: String?
    /// The draws among siblings, in order.
    package var siblings: [Draw] = []
    package var isUp: Bool

    package struct Shard: Sendable, Equatable {
      package var name: String
      package var state: State
      package var draw: Draw?
    }

    package enum State: String, Sendable { case up, draining, down }
  }

  /// A shadow of the use case.
  package struct Shadow: Sendable, Equatable {
    package var name: String
    package var version: String
    package var gates: [Gate] = []
    /// Set where its clusters were looked at.
    package var walk: Walk?
    package var isAdded = false

    package init(name: String, version: String) {
      self.name = name
      self.version = version
    }

    /// One step of whether the shadow is added.
    package struct Gate: Sendable, Equatable {
      package var kind: Kind
      package var passes: Bool

      package init(_ kind: Kind, passes: Bool) {
        self.kind = kind
        self.passes = passes
      }

      package enum Kind: Sendable, Equatable {
        case traffic(Traffic)
        case when([Test])
        case sample(hasSource: Bool, Draw?)
        case switchedOn
        case cluster
      }
    }
  }
}
