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
  /// Tried where no cluster of the placement is up. Never leads back here.
  package var otherwise: ModelReference?
  package var mark: SourceMark
}

/// `model@version`.
package struct ModelReference: Sendable, Hashable, CustomStringConvertible {
  package var model: String
  package var version: String

  package var description: String { "\(model)@\(version)" }
}
