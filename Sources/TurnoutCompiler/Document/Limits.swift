private import Turnout

/// What a set of routing documents may hold at most. A document that a person or a program wrote
/// in earnest stays far below; one that was made to exhaust the machine is refused with an error.
package enum Limits {
  // Files.
  package static let fileBytesMax = totalBytesMax
  package static let totalBytesMax = 1 << 30
  package static let filesMax = 10_000
  package static let unitFileBytesMax = 64 << 20
  package static let unitFilesBytesMax = 256 << 20

  // The tree, over all files. Nodes and bytes are counted as if every alias were written out; what
  // aliases stand for is bounded more tightly, since it costs the writer nothing.
  package static let depthMax = 64
  /// Lines that begin with `%`, as YAML's directives do.
  package static let directivesMax = 64
  package static let nodesMax = 64_000_000
  package static let aliasedNodesMax = 8_000_000
  package static let expandedBytesMax = totalBytesMax
  package static let aliasedBytesMax = 256 << 20

  // Names of one kind.
  package static let nameBytesMax = 128
  package static let unitsMax = Format.unitsMax
  package static let attributesMax = Format.attributesMax - 1
  package static let segmentsMax = 65_536
  package static let clustersMax = 65_536
  package static let modelsMax = 65_536
  package static let versionsPerModelMax = 4_096
  package static let useCasesMax = 2_097_152

  // Parts of one thing.
  package static let rulesPerUseCaseMax = 64
  package static let armsPerAllocationMax = 4_096
  package static let intervalsPerArmMax = 65_536
  package static let clustersPerPlacementMax = 64
  package static let choicesPerPlacementMax = Format.choicesPerPlacementMax
  package static let otherwiseChainMax = Format.otherwiseChainMax
  package static let layersMax = 4_096
  package static let holdoutsMax = Format.holdoutsMax
  package static let experimentsMax = 65_536
  package static let experimentsPerUseCaseMax = Format.cellsPerDecisionMax
  package static let shadowsPerUseCaseMax = Format.shadowsPerUseCaseMax
  package static let overridesPerUseCaseMax = 1_000_000
  package static let trafficClassesMax = 64
  package static let routesPerLookupMax = 1_000_000
  package static let requiredPerUseCaseMax = 64
  /// Tests of one condition, its segments written out.
  package static let testsPerConditionMax = 1_024
  /// Segments that name segments, in a row.
  package static let segmentChainMax = 64
  package static let valuesPerListMax = 100_000
  package static let unitsPerListMax = 1_000_000
  package static let unitsPerFileMax = 4_000_000

  package static let expectationsMax = 10_000
  /// In one list of a case, and cells, shadows or keys of a config in one case.
  package static let alternativesMax = 64
  package static let expectedPartsMax = 64

  // Texts.
  package static let valueBytesMax = Format.valueBytesMax
  /// Of a unit in a file of units; in a document it is a value.
  package static let unitBytesMax = Format.textBytesMax
  package static let pathBytesMax = 4_096
  package static let addressBytesMax = Format.addressBytesMax
  package static let saltBytesMax = Format.saltBytesMax
  package static let routingKeyBytesMax = Format.clusterKeyBytesMax
  package static let noteBytesMax = 65_536
  package static let configBytesMax = Format.configBytesMax
  package static let configKeysMax = Format.configEntriesMax
  package static let versionBytesMax = Format.versionTextBytesMax

  // Reports.
  package static let diagnosticsShownMax = 200
  static let diagnosticsKeptMax = 10_000
  static let suggestionsMax = 200
  static let nameComparisonsMax = 300_000
  static let excerptScalarsMax = 120
}
