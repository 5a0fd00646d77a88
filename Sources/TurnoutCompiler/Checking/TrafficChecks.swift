/// Keys that several things have alike.
extension Checker {
  /// `traffic` is one class or a list of them; production if it is left out.
  func traffic(_ fields: Fields) -> TrafficClasses {
    guard let node = fields["traffic"] else { return .production }
    guard case .list(let nodes) = node.content else {
      let text = text(node, "`traffic`", bytesMax: Limits.valueBytesMax)
      return text.map { TrafficClasses(classes: [Text($0)]) } ?? .production
    }
    guard !nodes.isEmpty, nodes.count <= Limits.trafficClassesMax else {
      reportCount(node, "`traffic`", nodes.count, Limits.trafficClassesMax)
      return .production
    }
    let classes = nodes.compactMap {
      text($0, "a class of traffic", bytesMax: Limits.valueBytesMax).map { Text($0) }
    }
    return TrafficClasses(classes: Self.sortedOnce(classes))
  }

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
