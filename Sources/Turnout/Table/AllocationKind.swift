/// What an allocation divides a ring for. The raw values are the table format's, and frozen.
package enum AllocationKind: UInt8, Sendable, Hashable, CaseIterable {
  case split = 1
  case layer = 2
  case cells = 3
  case holdout = 4
  case sample = 5
  case placement = 6
  case shards = 7

  /// Where the kind's records of lineage stand: those of clusters first. Use cases' are together.
  package var lineageRank: Int {
    switch self {
    case .shards: 0
    case .placement: 1
    case .split, .sample: 2
    case .layer: 3
    case .cells: 4
    case .holdout: 5
    }
  }

  /// As JSON and texts for people spell it.
  package var name: StaticString {
    switch self {
    case .split: "split"
    case .layer: "layer"
    case .cells: "cells"
    case .holdout: "holdout"
    case .sample: "sample"
    case .placement: "placement"
    case .shards: "shards"
    }
  }
}
