/// Documents as one tree, merged as the checker merges them, to be changed and written out again.
/// Comments and anchors are gone; what aliases stood for is written out.
package struct MergedDocument {
  var root: Node

  /// What an order by sense is. Anything else stays where it was met.
  private static let order = [
    "turnout", "description", "owner", "labels", "unit", "units", "attributes", "segments",
    "clusters", "models", "layers", "holdouts", "experiments", "use_cases",
  ]
  /// Said for a whole file: that of the first one that says it stays.
  private static let ofOneFile = ["turnout", "description", "owner", "labels", "unit"]

  /// Nil where a source cannot be read as a mapping. Names are not checked, neither that any is
  /// defined twice: only sources that compiled are worth merging.
  package init?(_ sources: [Source]) {
    let report = Report(sources: sources)
    var size = Composer.Size()
    var merged: [Node.Entry] = []
    for index in sources.indices {
      guard let root = Composer.compose(source: index, size: &size, report: report),
        case .mapping(let entries) = root.content
      else { return nil }
      for entry in entries { Self.add(entry, to: &merged) }
    }
    guard report.errorCount == 0, !sources.isEmpty else { return nil }
    func rank(_ entry: Node.Entry) -> Int {
      Self.order.firstIndex(of: entry.key) ?? Self.order.count
    }
    let sorted = merged.enumerated().sorted { left, right in
      (rank(left.element), left.offset) < (rank(right.element), right.offset)
    }
    root = .mapping(sorted.map(\.element))
  }

  private static func add(_ entry: Node.Entry, to merged: inout [Node.Entry]) {
    guard let index = merged.firstIndex(where: { $0.key == entry.key }) else {
      return merged.append(entry)
    }
    guard !ofOneFile.contains(entry.key), case .mapping(let more) = entry.value.content,
      case .mapping(var names) = merged[index].value.content
    else { return }
    merged[index].value.content = .list([])  // So that the names are added where they are.
    names += more
    merged[index].value.content = .mapping(names)
  }

  /// As YAML, below a comment of so many lines.
  package func yaml(comment: [String] = []) -> [UInt8] {
    YAMLWriter.document(root, comment: comment)
  }
}
