/// All documents, merged and checked: every reference leads somewhere, every name is well formed,
/// every value has the type of its place.
///
/// Lists of named things are in byte order of the names; only rules, shadows, the entries of a
/// placement, clusters in order of preference and the members of `all` and `any` keep the order in
/// which they were written.
package struct RoutingDocument: Sendable, Hashable {
  /// Also among `units`.
  package var primaryUnit: String
  package var units: [Unit]
  /// The declared ones: the built-in `traffic` is not among them.
  package var attributes: [Attribute]
  package var segments: [Segment]
  package var clusters: [Cluster]
  package var models: [Model]
  package var layers: [Layer]
  package var holdouts: [Holdout]
  package var experiments: [Experiment]
  package var useCases: [UseCase]
  // About the table, and no part of it.
  package var expectations: [Expectation]
  package var guards: DocumentGuards

  /// A string attribute that every document has.
  package static let traffic = "traffic"
}

/// An identity that is bucketed.
package struct Unit: Sendable, Hashable {
  package var name: String
  /// The unit that stands in where a request lacks this one. Never leads back here.
  package var missing: String?
  package var mark: SourceMark
}

package struct Attribute: Sendable, Hashable {
  package var name: String
  package var type: AttributeType
  package var mark: SourceMark
}

package enum AttributeType: String, Sendable, Hashable, CaseIterable {
  case string
  case number
  case boolean
  case version
}

/// A condition with a name. Segments may name each other, never in a circle.
package struct Segment: Sendable, Hashable {
  package var name: String
  package var condition: Condition
  package var mark: SourceMark
}
