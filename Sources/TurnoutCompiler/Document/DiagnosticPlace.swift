extension Diagnostic {
  /// An error that was found after the documents were checked, at a place in them.
  package init(
    _ code: DiagnosticCode, at mark: SourceMark, of sources: [Source], _ message: String,
    _ suggestion: String? = nil
  ) {
    let report = Report(sources: sources)
    report.error(code, at: mark, message, suggestion)
    // One finding makes one diagnostic.
    self = report.finish().diagnostics[0]
  }
}
