/// A path in the language of Graphviz. Equal paths give equal bytes.
struct DotText {
  private let path: DecisionPath

  init(_ path: DecisionPath) { self.path = path }

  var text: String {
    var lines = [
      "digraph turnout {",
      "  label=\(quoted([path.title])); labelloc=t; labeljust=l; rankdir=LR; nodesep=0.2; ranksep=0.9;",
      "  fontname=\"sans-serif\"; fontsize=12;",
      "  node [fontname=\"sans-serif\", fontsize=11, shape=box, style=\"rounded\", margin=\"0.12,0.07\"];",
      "  edge [fontname=\"sans-serif\", fontsize=10, arrowsize=0.6];",
    ]
    for column in DecisionPath.Column.allCases {
      let nodes = path.nodes.filter { $0.column == column }
      guard !nodes.isEmpty else { continue }
      lines.append("  { rank=same;")
      for node in nodes { lines.append("    " + text(of: node)) }
      lines.append("  }")
    }
    for edge in path.edges { lines.append("  " + text(of: edge)) }
    lines.append("}")
    return lines.joined(separator: "\n")
  }

  private func text(of node: DecisionPath.Node) -> String {
    let lines = [node.title] + node.details.flatMap { TextLines.wrapped($0) }
    var attributes = ["label=\(quoted(lines, end: "\\l"))"]
    let styles = styles(of: node)
    if styles != ["rounded"] { attributes.append("style=\"\(styles.joined(separator: ","))\"") }
    if node.isOff { attributes.append("color=gray, fontcolor=gray") }
    return "\(node.id) [\(attributes.joined(separator: ", "))];"
  }

  private func styles(of node: DecisionPath.Node) -> [String] {
    switch node.kind {
    case .useCase, .version: ["rounded", "bold"]
    case .shadow: ["rounded", "dotted"]
    case .others: ["rounded", "dashed"]
    case .overrides, .rule, .experiment, .cell, .cluster, .shard: ["rounded"]
    }
  }

  private func text(of edge: DecisionPath.Edge) -> String {
    var attributes: [String] = []
    if !edge.label.isEmpty {
      attributes.append("label=\(quoted(TextLines.wrapped(edge.label)))")
    }
    switch edge.way {
    case .decides: break
    case .next: attributes.append("color=gray")
    case .fallback: attributes.append("style=dashed")
    case .shadow: attributes.append("style=dotted")
    }
    let ends = "\(edge.from) -> \(edge.to)"
    return attributes.isEmpty ? ends + ";" : "\(ends) [\(attributes.joined(separator: ", "))];"
  }

  /// Lines as one label; with an end of each, `\l`, they stand at the left. Graphviz reads escapes and
  /// HTML's entities in labels: the text is itself.
  private func quoted(_ lines: [String], end: String? = nil) -> String {
    let escaped = lines.map { line in
      Printable.text(line).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        .replacing("&", with: "&amp;")
    }
    return "\"" + escaped.joined(separator: end ?? "\\n") + (end ?? "") + "\""
  }
}
