/// A model and its versions, in byte order of their names.
package struct Model: Sendable, Hashable {
  package var name: String
  package var versions: [ModelVersion]
  package var mark: SourceMark
}

package struct ModelVersion: Sendable, Hashable {
  package var name: String
  package var config: Config
  package var placement: Placement
  package var mark: SourceMark
}

/// `model@version`.
package struct ModelReference: Sendable, Hashable, CustomStringConvertible {
  package var model: String
  package var version: String

  package var description: String { "\(model)@\(version)" }
}

/// Where a model version runs, or where a rule sends it instead.
package enum Placement: Sendable, Hashable {
  /// Names of clusters in order of preference; never empty, no name twice.
  case clusters([String])
}
