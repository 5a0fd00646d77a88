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
package struct ModelReference: Sendable, CustomStringConvertible {
  package var model: String
  package var version: String
  /// Its place among all versions in byte order of model and version, where the checker knew it: a
  /// guess that saves whoever looks for its number from hashing two names.
  var rank: Int32 = -1

  package init(model: String, version: String) {
    self.model = model
    self.version = version
  }

  package var description: String { "\(model)@\(version)" }
}

extension ModelReference: Hashable {
  package static func == (left: ModelReference, right: ModelReference) -> Bool {
    left.model == right.model && left.version == right.version
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(model)
    hasher.combine(version)
  }
}
