/// A copy of the request for another model version, whose answer is thrown away.
package struct Shadow: Sendable, Hashable {
  /// Unique within the use case.
  package var name: String
  package var version: ModelReference
  package var condition: Condition
  package var traffic: TrafficClasses
  /// Its one arm is `in`. Its unit means nothing where the request is drawn.
  package var sample: AllocationSpec
  /// The request id draws, not the unit.
  package var isByRequest: Bool
  package var mark: SourceMark
}

/// What one unit of a use case gets, whatever it would have drawn.
package struct Override: Sendable, Hashable {
  /// Not empty.
  package var unit: Text
  package var target: Target
  package var mark: SourceMark

  package enum Target: Sendable, Hashable {
    case version(ModelReference)
    /// Experiments that the use case's rules name, in byte order, each with one of its cells.
    case cells([OverrideCell])
  }
}

package struct OverrideCell: Sendable, Hashable {
  package var experiment: String
  package var cell: String
}
