/// One thing that is wrong, or doubtful, in the documents.
package struct Diagnostic: Sendable, Hashable {
  package enum Severity: String, Sendable, Hashable {
    case error
    case warning
  }

  package var severity: Severity
  package var code: DiagnosticCode
  /// The name of the source.
  package var file: String
  /// From 1; 0 where the whole file is meant.
  package var line: Int
  /// In Unicode scalars, from 1; 0 where the whole file is meant.
  package var column: Int
  package var message: String
  /// What would be right.
  package var suggestion: String?
  /// Nil where the whole file is meant.
  package var excerpt: Excerpt?

  /// The line that a diagnostic is about.
  package struct Excerpt: Sendable, Hashable {
    /// The line; a long one is cut to the surroundings of the caret, with `…` at the cuts.
    package var sourceLine: String
    /// How many Unicode scalars of `sourceLine` stand before the caret.
    package var caret: Int
  }
}

/// What kind of thing is wrong, for programs. Codes are stable; messages are not.
package enum DiagnosticCode: String, Sendable, Hashable, CaseIterable {
  // The file.
  case unreadableFile = "unreadable-file"
  case invalidEncoding = "invalid-encoding"
  case syntax
  case limit

  // The shape.
  case formatVersion = "format-version"
  case unknownKey = "unknown-key"
  case duplicateKey = "duplicate-key"
  case missingKey = "missing-key"
  case conflictingKeys = "conflicting-keys"
  case wrongType = "wrong-type"
  case invalidValue = "invalid-value"
  case empty

  // Names.
  case invalidName = "invalid-name"
  case reservedName = "reserved-name"
  case duplicateName = "duplicate-name"
  case unknownName = "unknown-name"
  case cycle

  // Meaning.
  case lastRule = "last-rule"
  case zeroWeights = "zero-weights"
  case sharedSalt = "shared-salt"
  case sharedRoutingKey = "shared-routing-key"
  case invalidRange = "invalid-range"
  case sharesAbove100 = "shares-above-100"

  // About the table, once it is there.
  case expectationFailed = "expectation-failed"

  // Doubtful: warnings, which `allow` silences. Docs/warnings.md has a section for each.
  case weightsNot100 = "weights-not-100"
  case emptyArm = "empty-arm"
  case oneArm = "one-arm"
  case unreachableRule = "unreachable-rule"
  case unreachableValues = "unreachable-values"
  case unreachablePlacement = "unreachable-placement"
  case neverHolds = "never-holds"
  case alwaysHolds = "always-holds"
  case starvedExperiment = "starved-experiment"
  case partialModels = "partial-models"
  case mixedUnits = "mixed-units"
  case experimentOver = "experiment-over"
  case shadowLoad = "shadow-load"
  case unusedUnit = "unused-unit"
  case unusedAttribute = "unused-attribute"
  case unusedSegment = "unused-segment"
  case unusedCluster = "unused-cluster"
  case unusedModel = "unused-model"
  case unusedVersion = "unused-version"
  case unusedLayer = "unused-layer"
  case unusedHoldout = "unused-holdout"
  case unusedExperiment = "unused-experiment"
  case similarNames = "similar-names"
  case renameWithoutSalt = "rename-without-salt"
  case saltChanged = "salt-changed"
  case unitChanged = "unit-changed"

  /// Those that stop nothing.
  package static let warnings: [DiagnosticCode] = [
    .weightsNot100, .emptyArm, .oneArm, .unreachableRule, .unreachableValues,
    .unreachablePlacement, .neverHolds, .alwaysHolds, .starvedExperiment, .partialModels,
    .mixedUnits, .experimentOver, .shadowLoad, .unusedUnit, .unusedAttribute, .unusedSegment,
    .unusedCluster, .unusedModel, .unusedVersion, .unusedLayer, .unusedHoldout,
    .unusedExperiment, .similarNames, .renameWithoutSalt, .saltChanged, .unitChanged,
  ]

  /// Where the documentation explains a warning; nil of an error, whose text says all.
  package var page: String? {
    Self.warnings.contains(self) ? "Docs/warnings.md#\(rawValue)" : nil
  }
}
