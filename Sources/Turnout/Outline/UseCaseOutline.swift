/// A use case as a table has it, with everything that its requests can lead to: copies of names, nothing
/// that refers to the table. What a picture is drawn from.
package struct UseCaseOutline: Sendable {
  package var name = ""
  package var isEnabled = true
  /// The status is `unavailable` where no cluster is up; else the last resort is taken.
  package var refusesWhenAllDown = false
  package var unit = ""
  package var overrides = Overrides()
  package var rules: [Rule] = []
  package var shadows: [Shadow] = []
  /// By their numbers in the table: whatever a rule, a cell, a shadow or an override leads to, and
  /// what stands in for that.
  package var versions: [UInt32: Version] = [:]
  package var clusters: [UInt32: Cluster] = [:]

  /// A part of a ring and what has it.
  package struct Arm: Sendable {
    /// The number of a version, a cell of the experiment, a cluster or a shard.
    package var target: UInt32
    package var positions: UInt64
  }

  package struct Rule: Sendable {
    package var name: String?
    package var condition: ConditionOutline
    package var action: Action
    /// Replaces the placement of the version.
    package var placement: [PlacementChoice]?
  }

  package enum Action: Sendable {
    case route(UInt32)
    case split(unit: String, [Arm])
    case lookup(attribute: String, [LookupRoute])
    case experiment(Experiment)
  }

  /// The values of a lookup that lead to one version.
  package struct LookupRoute: Sendable {
    package var version: UInt32
    /// The first ones in order, at most ``UseCaseOutline/valuesMax``.
    package var values: [Evaluation.Value]
    package var valueCount: Int
  }

  package struct Experiment: Sendable {
    package var name: String
    package var layer: String
    package var unit: String
    /// Of the layer's ring.
    package var positions: UInt64
    package var holdouts: [Holdout]
    package var condition: ConditionOutline
    package var isEnabled: Bool
    package var isAssignedOutside: Bool
    /// Nanoseconds since 1970 in UTC.
    package var starts: Int64?
    package var ends: Int64?
    package var cells: [Cell]
  }

  package struct Holdout: Sendable {
    package var name: String
    package var positions: UInt64
  }

  package struct Cell: Sendable {
    package var name: String
    /// Of the experiment's units.
    package var positions: UInt64
    /// What it decides for here.
    package var version: UInt32?
    package var hasConfig: Bool
  }

  package struct Version: Sendable {
    /// `model@version`.
    package var name: String
    package var placement: [PlacementChoice]
    package var otherwise: UInt32?
  }

  /// The first choice whose condition holds counts; the last one's always does.
  package struct PlacementChoice: Sendable {
    package var condition: ConditionOutline
    /// Clusters of which the unit draws one, before the others; empty without a split.
    package var split: [Arm]
    /// Numbers of clusters in order of preference.
    package var list: [UInt32]
  }

  package struct Cluster: Sendable {
    package var name: String
    package var routingKey: String
    /// Of a cluster without shards.
    package var address: String?
    package var unit: String
    package var standsInForSiblings: Bool
    package var shards: [Shard]
  }

  package struct Shard: Sendable {
    package var name: String
    package var address: String
    package var positions: UInt64
  }

  package struct Shadow: Sendable {
    package var name: String
    package var version: UInt32
    package var condition: ConditionOutline
    package var positions: UInt64
    package var isByRequest: Bool
    package var unit: String
  }

  /// How many units have an override, by what it gives.
  package struct Overrides: Sendable {
    package var toVersions: [UInt32: Int] = [:]
    package var toCells = 0

    package var isEmpty: Bool { toVersions.isEmpty && toCells == 0 }
  }

  /// Values of a lookup that are told one by one.
  package static let valuesMax = 8
}
