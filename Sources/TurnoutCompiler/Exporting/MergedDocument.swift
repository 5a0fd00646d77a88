/// Documents as one tree, merged as the checker merges them, to be changed and written out again.
/// Comments and anchors are gone; what aliases stood for is written out.
package struct MergedDocument {
  var root: Node

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
    let order = KeyOrder.order(merged.map(\.key), in: .object(Grammar.document))
    root = .mapping(order.map { merged[$0] })
  }

  private static func add(_ entry: Node.Entry, to merged: inout [Node.Entry]) {
    guard let index = merged.firstIndex(where: { $0.key == entry.key }) else {
      return merged.append(entry)
    }
    guard !ofOneFile.contains(entry.key) else { return }
    let earlier = merged[index].value.content
    merged[index].value.content = .list([])  // So that what is there is added to, not copied.
    merged[index].value.content = Self.merge(earlier, entry.value.content, under: entry.key)
  }

  private static func merge(
    _ earlier: consuming Node.Content, _ later: Node.Content, under key: String
  ) -> Node.Content {
    switch (earlier, later) {
    case (.mapping(var names), .mapping(let more)):
      if key == "guards" { return .mapping(more.reduce(into: names, addGuard)) }
      names += more
      return .mapping(names)
    case (.list(var cases), .list(let more)):
      cases += more
      return .list(cases)
    case (let earlier, _): return earlier
    }
  }

  /// Of two guards the stricter one holds.
  private static func addGuard(_ guards: inout [Node.Entry], _ other: Node.Entry) {
    guard let index = guards.firstIndex(where: { $0.key == other.key }) else {
      return guards.append(other)
    }
    func bound(_ entry: Node.Entry) -> UInt64? {
      entry.value.text.flatMap { Percentage($0)?.units ?? Growth($0)?.units }
    }
    guard let own = bound(guards[index]), let more = bound(other), more < own else { return }
    guards[index] = other
  }

  /// As YAML, below a comment of so many lines.
  package func yaml(comment: [String] = []) -> [UInt8] {
    YAMLWriter.document(root, comment: comment)
  }
}
