/// Names that must lead somewhere.
extension Checker {
  /// Reports `name` unless it is among the declared ones.
  func checkReference<Value>(
    _ name: String, at mark: SourceMark, _ kind: String, in declared: [String: Value],
    section: String
  ) {
    guard declared[name] == nil, !namesAreIncomplete else { return }
    report.error(
      .unknownName, at: mark, "there is no \(kind) \(Printable.quoted(name))",
      report.suggestion(for: name, among: declared.keys) ?? "define it under `\(section)`")
  }

  func unitReference(_ node: Node, _ what: String) -> String? {
    guard let unit = name(node, what) else { return nil }
    checkReference(unit, at: node.mark, "unit", in: units, section: "units")
    return unit
  }

  func versionReference(_ node: Node, _ what: String) -> ModelReference? {
    guard case .scalar(let text, _) = node.content, !node.isNull else {
      reportWrongType(node, what, "a model version, written `model@version`")
      return nil
    }
    return versionReference(text, at: node.mark)
  }

  func versionReference(_ text: String, at mark: SourceMark) -> ModelReference? {
    references[Text(text)] ?? newReference(text, at: mark)
  }

  private func newReference(_ text: String, at mark: SourceMark) -> ModelReference? {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, Name.isValid(parts[0]), Name.isValid(parts[1]) else {
      report.error(
        .invalidName, at: mark, "\(Printable.quoted(text)) is no model version",
        versions[text] == nil
          ? "write `model@version`" : "write `\(text)@`, followed by one of its versions")
      return nil
    }
    let reference = ModelReference(model: parts[0], version: parts[1])
    guard !namesAreIncomplete else { return reference }
    guard let known = versions[reference.model] else {
      report.error(
        .unknownName, at: mark, "there is no model `\(reference.model)`",
        report.suggestion(for: reference.model, among: versions.keys)
          ?? "define it under `models`")
      return reference
    }
    if known[reference.version] == nil {
      let nearest = report.suggestion(
        for: text, among: known.keys.lazy.map { "\(reference.model)@\($0)" })
      report.error(
        .unknownName, at: mark,
        "the model `\(reference.model)` has no version `\(reference.version)`",
        nearest ?? "define it under `models`")
    }
    return reference
  }

  func clusterReference(_ node: Node) -> String? {
    guard let cluster = name(node, "a cluster") else { return nil }
    checkReference(cluster, at: node.mark, "cluster", in: clusters, section: "clusters")
    return cluster
  }
}
