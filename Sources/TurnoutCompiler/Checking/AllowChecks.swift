extension Checker {
  /// `allow: [code, …]`: the warnings that are silenced here.
  func allowed(_ fields: Fields) -> Set<DiagnosticCode> {
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
            ?? "the warnings are \(codes.joined(separator: ", "))")
        return nil
      })
  }
}
