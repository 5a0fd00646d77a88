/// Turns trees into the model. Goes through everything once, in an order in which what is
/// referred to is known before the reference is met, and never stops at an error: where something
/// is wrong it reports that and goes on with a stand-in, which nobody sees, since a model with an
/// error is thrown away.
final class Checker {
  let report: Report
  let unitFiles: UnitFiles

  /// Some source could not be read, so names may be missing that it defines: that they are unknown
  /// is then not said.
  var namesAreIncomplete = false

  // What is declared, whether or not it is right.
  var primaryUnit = ""
  var primaryUnitMark: SourceMark?
  var units: [String: SourceMark] = [:]
  var attributes: [String: AttributeType] = [:]
  var segments: [String: SourceMark] = [:]
  var clusters: [String: SourceMark] = [:]
  var versions: [String: [String: SourceMark]] = [:]
  /// The same as documents name them. By bytes: what is well formed has no other spelling.
  var references: [Text: ModelReference] = [:]
  var layers: [String: (mark: SourceMark, unit: String)] = [:]
  /// The cells of each experiment; nil of one whose cells cannot be read.
  var cells: [String: Set<String>?] = [:]
  var useCases: [String: SourceMark] = [:]

  /// Tests of each segment, those of the segments it names included.
  var segmentTestCounts: [String: Int] = [:]
  var allocations: [AllocationSpec] = []
  var experimentLayers: [String: String] = [:]
  /// Experiments that are assigned outside and say no share: it is then no mistake that they have
  /// no positions.
  var experimentsWithoutShare: Set<String> = []
  var allowances = Allowances()
  /// What the thing silences whose parts are read.
  var allowedAround: Set<DiagnosticCode> = []

  var guards = DocumentGuards()

  /// The sets of units that files hold, by path; nil of one that cannot be read.
  var unitSets: [String: UnitSet?] = [:]
  var unitFilesRead: [UnitFile] = []
  var unitFileBytes = 0

  init(_ report: Report, _ unitFiles: UnitFiles) {
    self.report = report
    self.unitFiles = unitFiles
  }

  func check() -> RoutingDocument {
    var roots = readRoots()
    checkPrimaryUnit(roots)
    let unitDeclarations = declarations("units", "unit", Limits.unitsMax, roots)
    let attributeDeclarations = declarations(
      "attributes", "attribute", Limits.attributesMax, roots)
    let segmentDeclarations = declarations("segments", "segment", Limits.segmentsMax, roots)
    let clusterDeclarations = declarations("clusters", "cluster", Limits.clustersMax, roots)
    let modelDeclarations = declarations("models", "model", Limits.modelsMax, roots)
    let layerDeclarations = declarations("layers", "layer", Limits.layersMax, roots)
    let holdoutDeclarations = declarations("holdouts", "holdout", Limits.holdoutsMax, roots)
    let experimentDeclarations = declarations(
      "experiments", "experiment", Limits.experimentsMax, roots)
    let useCaseDeclarations = declarations("use_cases", "use case", Limits.useCasesMax, roots)
    for declaration in useCaseDeclarations { useCases[declaration.name] = declaration.mark }
    let expectLists = roots.compactMap { $0["expect"] }
    for root in roots { root["guards"].map { checkGuards($0) } }
    // The declarations are all that is left of the trees, so that each use case can go when it is read.
    roots = []

    let units = checkUnits(unitDeclarations)
    let attributes = checkAttributes(attributeDeclarations)
    let segments = checkSegments(segmentDeclarations)
    let clusters = checkClusters(clusterDeclarations)
    let models = checkModels(modelDeclarations)
    let openLayers = openLayers(layerDeclarations)
    let errors = report.errorCount
    let (experiments, arms) = checkExperiments(experimentDeclarations)
    let layers = closeLayers(openLayers, arms: arms, areRight: report.errorCount == errors)
    let holdouts = checkHoldouts(holdoutDeclarations)
    let useCases = checkUseCases(consume useCaseDeclarations)
    checkRoutingKeys(clusters)
    checkSalts()
    let expectations = checkExpectations(
      expectLists, AnsweringNames(useCases: useCases, clusters: clusters))
    return RoutingDocument(
      primaryUnit: primaryUnit, units: units, attributes: attributes, segments: segments,
      clusters: clusters, models: models, layers: layers, holdouts: holdouts,
      experiments: experiments, useCases: useCases, expectations: expectations, guards: guards)
  }

  /// The mappings that the sources consist of.
  private func readRoots() -> [Fields] {
    var size = Composer.Size()
    var roots: [Fields] = []
    for source in report.sources.indices {
      guard let root = Composer.compose(source: source, size: &size, report: report) else {
        namesAreIncomplete = true
        if size.isExceeded { break }
        continue
      }
      guard case .mapping(let entries) = root.content else {
        report.error(
          .wrongType, at: root.mark, "a routing document is a mapping, not \(root.description)",
          "begin it with `turnout: 1`")
        namesAreIncomplete = true
        continue
      }
      let fields = Fields(entries, at: root.mark, .document, report)
      checkFormatVersion(fields)
      checkNotes(fields)
      roots.append(fields)
    }
    if report.sources.isEmpty {
      report.error(
        .missingKey, at: SourceMark(source: -1, line: 0, column: 0), "there is no document")
      namesAreIncomplete = true
    }
    return roots
  }

  private func checkFormatVersion(_ root: Fields) {
    guard let version = root["turnout"] else {
      report.error(
        .formatVersion, at: root.mark, "the file does not say which language it is written in",
        "begin it with `turnout: 1`")
      return
    }
    if case .scalar("1", _) = version.content { return }
    report.error(
      .formatVersion, at: version.mark, "`turnout: 1` is all that this version of turnout reads",
      "write 1, not \(version.description)")
  }

  /// One file must say `unit:`; several may if they say the same.
  private func checkPrimaryUnit(_ roots: [Fields]) {
    for root in roots {
      guard let node = root["unit"], let unit = name(node, "`unit`") else { continue }
      if let first = primaryUnitMark {
        if unit != primaryUnit {
          units[unit] = node.mark
          report.error(
            .conflictingKeys, at: node.mark,
            "the primary unit is `\(unit)` here and `\(primaryUnit)` at \(report.place(first))",
            "all files together have one primary unit")
        }
      } else {
        primaryUnitMark = node.mark
        primaryUnit = unit
      }
    }
    guard primaryUnitMark == nil, let root = roots.first, !namesAreIncomplete else { return }
    guard roots.allSatisfy({ $0["unit"] == nil }) else { return }
    report.error(
      .missingKey, at: root.mark, "no file says what the primary unit is",
      "add `unit: user`, or whatever identifies your requests")
  }
}
