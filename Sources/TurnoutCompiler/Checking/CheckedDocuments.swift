/// What became of a set of sources: a model without a fault, or everything that is wrong.
package struct CheckedDocuments: Sendable {
  /// Nil if there is any error.
  package let document: RoutingDocument?
  /// By file (in the order of the sources), line and column; at most
  /// `Limits.diagnosticsShownMax`.
  package let diagnostics: [Diagnostic]
  /// How many more errors there are.
  package let omittedCount: Int
  /// The files of units that the sources name and that could be read, in byte order of their paths:
  /// with them, `UnitFiles(…)` gives the same result anywhere.
  package let unitFiles: [UnitFile]

  /// Parses, merges and checks. A pure function of the sources and of what `unitFiles` reads; nothing
  /// in them can make it trap. With `now`, in nanoseconds since 1970, experiments that are over are
  /// warned of; nothing else depends on it. With `proves` also of what takes proofs from conditions.
  package init(
    _ sources: [Source], unitFiles: UnitFiles = .none, now: Int64? = nil, proves: Bool = false
  ) {
    let report = Report(sources: sources)
    let checker = Checker(report, unitFiles)
    let model = checker.check()
    if report.errorCount == 0 { Warnings.report(model, checker, now: now, proves: proves) }
    self.unitFiles = checker.unitFilesRead.sorted { Text($0.path) < Text($1.path) }
    (diagnostics, omittedCount) = report.finish()
    document = report.errorCount == 0 ? model : nil
  }

  /// All diagnostics for people, one below the other, and at the end a line that counts what was
  /// left out. Empty if there are none.
  package func text(colored: Bool = false) -> String {
    var parts = diagnostics.map { $0.text(colored: colored) }
    if omittedCount > 0 { parts.append("and \(omittedCount) more errors") }
    return parts.joined(separator: "\n")
  }
}
