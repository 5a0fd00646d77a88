extension Checker {
  /// The warnings that are silenced at the thing with these fields, which is reported at `mark`: by
  /// itself, or by what it is a part of.
  @discardableResult
  func allow(_ fields: Fields, at mark: SourceMark) -> Set<DiagnosticCode> {
    let allowed = allowedAround.union(allowed(fields))
    allowances.allow(allowed, at: mark)
    return allowed
  }

  /// What a thing silences, its parts do: `body` reads them.
  func allowing<Result>(_ allowed: Set<DiagnosticCode>, _ body: () -> Result) -> Result {
    let outer = allowedAround
    allowedAround = allowed
    defer { allowedAround = outer }
    return body()
  }

  /// `allow: [code, …]`
  private func allowed(_ fields: Fields) -> Set<DiagnosticCode> {
    guard let node = fields["allow"] else { return [] }
    guard case .list(let nodes) = node.content else {
      reportWrongType(
        node, "`allow`", "a list of warnings", "write it as `[empty-arm]`")
      return []
    }
    let codes = DiagnosticCode.warnings.map(\.rawValue)
    return Set(
      nodes.compactMap { node -> DiagnosticCode? in
        guard case .scalar(let text, _) = node.content, !node.isNull else {
          reportWrongType(node, "an entry of `allow`", "the code of a warning")
          return nil
        }
        if codes.contains(text) { return DiagnosticCode(rawValue: text) }
        report.error(
          .unknownName, at: node.mark, "there is no warning \(Printable.quoted(text))",
          report.suggestion(for: text, among: codes)
            ?? "Docs/warnings.md lists their codes, such as empty-arm and unused-cluster")
        return nil
      })
  }
}
