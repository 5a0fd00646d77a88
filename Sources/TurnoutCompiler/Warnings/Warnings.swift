internal import Turnout

/// What is doubtful in documents without an error, and is not silenced where it stands. What only
/// shows beside the table compiled against is the encoder's to say.
struct Warnings {
  let document: RoutingDocument
  let allocations: [AllocationSpec]
  let experiments: [String: Experiment]
  let experimentsWithoutShare: Set<String>
  let report: Report
  private let allowances: Allowances

  /// Reports all of `document`, the model that `checker` has made without an error. `now` is in
  /// nanoseconds since 1970; without it nothing is said that depends on the time. What takes proofs is
  /// said with `proves` alone, since they cost as much as the rest of compiling.
  static func report(_ document: RoutingDocument, _ checker: Checker, now: Int64?, proves: Bool) {
    let warnings = Warnings(document, checker)
    for allocation in warnings.allocations {
      warnings.checkSum(allocation)
      warnings.checkArms(allocation)
    }
    for useCase in document.useCases { warnings.checkExperiments(useCase) }
    warnings.checkUnitsOfExperiments()
    if let now { warnings.checkWindows(now) }
    warnings.checkUse()
    warnings.checkNames()
    warnings.checkLoads()
    let unreached = warnings.checkOrder()
    if proves { warnings.checkReach(but: unreached) }
  }

  private init(_ document: RoutingDocument, _ checker: Checker) {
    self.document = document
    allocations = checker.allocations
    experiments = Dictionary(document.experiments.map { ($0.name, $0) }) { first, _ in first }
    experimentsWithoutShare = checker.experimentsWithoutShare
    allowances = checker.allowances
    report = checker.report
  }

  func isAllowed(_ code: DiagnosticCode, at mark: SourceMark) -> Bool {
    allowances.allows(code, at: mark)
  }

  /// Unless the thing at `mark` allows it.
  func warn(
    _ code: DiagnosticCode, at mark: SourceMark, _ message: String, _ suggestion: String
  ) {
    if !isAllowed(code, at: mark) { report.warning(code, at: mark, message, suggestion) }
  }
}
