/// Where a model version runs, or where a rule sends it instead.
package struct Placement: Sendable, Hashable {
  /// The first whose condition holds counts. Never empty; the last holds always, and no other one.
  package var choices: [PlacementChoice]

  package init(choices: [PlacementChoice]) {
    self.choices = choices
  }

  /// Wherever the request comes from.
  package init(always clusters: ClusterChoice, mark: SourceMark) {
    choices = [PlacementChoice(condition: .always, clusters: clusters, mark: mark)]
  }
}

package struct PlacementChoice: Sendable, Hashable {
  package var condition: Condition
  package var clusters: ClusterChoice
  package var mark: SourceMark
}

package enum ClusterChoice: Sendable, Hashable {
  /// Names of clusters in order of preference; never empty, no name twice.
  case list([String])
  case split(ClusterSplit)
}

package struct ClusterSplit: Sendable, Hashable {
  /// Its arms are clusters; its owner is `<model@version>`, or `<use case>/<rule>` in a rule.
  package var allocation: AllocationSpec
  /// The clusters after the unit's arm, in order of preference; no name twice.
  package var then: [String]
}
