/// The name that a client asks for, and the decision list behind it.
package struct UseCase: Sendable, Hashable {
  package var name: String
  /// The unit that `unit:` tests and that its splits draw by unless they say another.
  package var unit: String
  /// Attributes that a caller must give, in byte order.
  package var requiredAttributes: [String]
  /// Units that a caller must give, before any replacement, in byte order.
  package var requiredUnits: [String]
  package var config: Config
  package var isEnabled: Bool
  package var whenAllDown: WhenAllDown
  /// In the order in which they are tried. The last one is an unconditional route or split.
  package var rules: [Rule]
  /// In byte order of the units, each once.
  package var overrides: [Override]
  /// As listed.
  package var shadows: [Shadow]
  package var mark: SourceMark
}

/// What to answer where no cluster is up.
package enum WhenAllDown: String, Sendable, Hashable, CaseIterable {
  case first
  case refuse
}

/// One line of a use case's decision list.
package struct Rule: Sendable, Hashable {
  /// Unique within the use case; a split always has one, of versions or of clusters.
  package var name: String?
  package var condition: Condition
  package var action: RuleAction
  /// Replaces the placement of the version wholly.
  package var placement: Placement?
  package var config: Config
  package var mark: SourceMark
}

package enum RuleAction: Sendable, Hashable {
  case route(ModelReference)
  case split(Split)
  case lookup(Lookup)
  /// The name of an experiment. Such a rule has neither placement nor config.
  case experiment(String)
}

package struct Split: Sendable, Hashable {
  package var allocation: AllocationSpec
  /// What each arm of the allocation leads to, in the same order.
  package var versions: [ModelReference]
}

package struct Lookup: Sendable, Hashable {
  package var attribute: String
  package var type: AttributeType
  /// In the order of their values, each value once.
  package var routes: [LookupRoute]
}

package struct LookupRoute: Sendable, Hashable {
  package var value: AttributeValue
  package var version: ModelReference
  package var mark: SourceMark
}
