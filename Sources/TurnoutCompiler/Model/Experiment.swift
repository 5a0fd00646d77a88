/// Experiments that never share a unit.
package struct Layer: Sendable, Hashable {
  package var name: String
  /// What its experiments draw by.
  package var unit: String
  /// Its arms are the layer's experiments, by the salts of their cells; nil if it has none.
  package var allocation: AllocationSpec?
  package var mark: SourceMark
}

/// Units that are kept out of the experiments of some layers.
package struct Holdout: Sendable, Hashable {
  package var name: String
  /// Its one arm is `in`.
  package var allocation: AllocationSpec
  /// Names of layers, in byte order; `all` is written out.
  package var layers: [String]
  package var traffic: TrafficClasses
  package var mark: SourceMark
}

/// A test of variants on a part of a layer's units.
package struct Experiment: Sendable, Hashable {
  package var name: String
  package var layer: String
  /// The cells; drawn by the layer's unit.
  package var allocation: AllocationSpec
  /// In byte order of their names: the arms of the allocation.
  package var cells: [Cell]
  package var condition: Condition
  /// Nanoseconds since 1970 in UTC, inclusive; nil is always.
  package var starts: Int64?
  /// The same, exclusive.
  package var ends: Int64?
  package var isEnabled: Bool
  /// Only assignments and overrides give a cell.
  package var isAssignedOutside: Bool
  package var traffic: TrafficClasses
  package var mark: SourceMark
}

package struct Cell: Sendable, Hashable {
  package var name: String
  package var models: Models
  package var config: Config
  package var mark: SourceMark

  /// What the cell decides for.
  package enum Models: Sendable, Hashable {
    case none
    case one(ModelReference)
    /// By use case; in the others the cell decides nothing.
    case byUseCase([String: ModelReference])
  }

  package func model(for useCase: String) -> ModelReference? {
    switch models {
    case .none: nil
    case .one(let reference): reference
    case .byUseCase(let references): references[useCase]
    }
  }
}

/// The classes of traffic that an experiment, a holdout or a shadow concerns.
package struct TrafficClasses: Sendable, Hashable {
  /// In byte order, each once, never empty.
  package var classes: [Text]

  package static let production = TrafficClasses(classes: ["production"])
}
