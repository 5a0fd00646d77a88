/// Gathers what is wrong while documents are checked.
final class Report {
  let sources: [Source]
  private(set) var errorCount = 0
  private var findings: [Finding] = []
  private var suggestionCount = 0
  private var comparisonsLeft = Limits.nameComparisonsMax

  private struct Finding {
    var severity: Diagnostic.Severity
    var code: DiagnosticCode
    /// A line of 0 means the whole file.
    var mark: SourceMark
    var message: String
    var suggestion: String?
  }

  init(sources: [Source]) {
    self.sources = sources
  }

  func error(
    _ code: DiagnosticCode, at mark: SourceMark, _ message: String, _ suggestion: String? = nil
  ) {
    errorCount += 1
    guard findings.count < Limits.diagnosticsKeptMax else { return }
    findings.append(
      Finding(
        severity: .error, code: code, mark: mark, message: message, suggestion: suggestion))
  }

  /// Something doubtful, which stops nothing. Whoever calls has looked whether it is silenced.
  func warning(
    _ code: DiagnosticCode, at mark: SourceMark, _ message: String, _ suggestion: String? = nil
  ) {
    guard findings.count < Limits.diagnosticsKeptMax else { return }
    findings.append(
      Finding(
        severity: .warning, code: code, mark: mark, message: message, suggestion: suggestion))
  }

  /// `file:line:column`, for messages that name a second place.
  func place(_ mark: SourceMark) -> String {
    "\(name(mark.source)):\(mark.line):\(mark.column)"
  }

  /// ``did you mean `country`?`` if one of the candidates is near. Not for every one of many
  /// errors: looking through all names each time would take for ever.
  func suggestion<Names: Collection<String>>(
    for name: String, among candidates: @autoclosure () -> Names
  ) -> String? {
    guard suggestionCount < Limits.suggestionsMax, comparisonsLeft > 0 else { return nil }
    suggestionCount += 1
    let candidates = candidates()
    comparisonsLeft -= candidates.count
    guard let nearest = Nearest.name(to: name, among: candidates) else { return nil }
    return "did you mean `\(nearest)`?"
  }

  /// The first of them by file, line and column, and how many more there are.
  func finish() -> (diagnostics: [Diagnostic], omitted: Int) {
    let order = findings.indices.sorted { left, right in
      let (leftMark, rightMark) = (findings[left].mark, findings[right].mark)
      if leftMark.precedes(rightMark) { return true }
      return !rightMark.precedes(leftMark) && left < right
    }
    var lines: [Int32: SourceLines] = [:]
    let diagnostics = order.prefix(Limits.diagnosticsShownMax).map { index in
      let finding = findings[index]
      var excerpt: Diagnostic.Excerpt?
      let source = Int(finding.mark.source)
      if finding.mark.line > 0, sources.indices.contains(source) {
        let known = lines[finding.mark.source] ?? SourceLines(sources[source].bytes)
        lines[finding.mark.source] = known
        excerpt = known.excerpt(line: Int(finding.mark.line), column: Int(finding.mark.column))
      }
      return Diagnostic(
        severity: finding.severity, code: finding.code,
        file: Printable.text(name(finding.mark.source)),
        line: Int(finding.mark.line), column: Int(finding.mark.column),
        message: Printable.text(finding.message),
        suggestion: finding.suggestion.map(Printable.text), excerpt: excerpt)
    }
    let shown = diagnostics.count { $0.severity == .error }
    return (diagnostics, errorCount - shown)
  }

  private func name(_ source: Int32) -> String {
    let index = Int(source)
    return sources.indices.contains(index) ? sources[index].name : "documents"
  }
}
