private import Turnout

/// A tree as JSON for people: what fits on a line stands on one, all else has a line for each entry.
struct JSONPage {
  private var lines = ""
  private let expandedDepth: Int

  private static let columnsMax = 100

  /// Plain scalars are written as they are, so they are to be JSON's. Down to `depth`, collections
  /// are never on one line.
  static func text(_ root: Node, expanding depth: Int) -> String {
    var page = JSONPage(expandedDepth: depth)
    page.write(root, depth: 0, column: 0)
    return page.lines + "\n"
  }

  private init(expandedDepth: Int) { self.expandedDepth = expandedDepth }

  /// `column` is where the line stands, with what follows the value on it.
  private mutating func write(_ node: Node, depth: Int, column: Int) {
    let isExpanded = depth < expandedDepth && !node.isEmptyCollection
    if !isExpanded, let line = Self.line(node, room: Self.columnsMax - column) {
      lines += line
      return
    }
    let indent = String(repeating: "  ", count: depth + 1)
    let end = "\n" + String(repeating: "  ", count: depth)
    switch node.content {
    case .scalar(let text, let isPlain): lines += isPlain ? text : JSONText.quoted(text)
    case .list(let nodes):
      lines += "["
      for (index, node) in nodes.enumerated() {
        lines += (index > 0 ? ",\n" : "\n") + indent
        write(node, depth: depth + 1, column: indent.utf8.count + 1)
      }
      lines += end + "]"
    case .mapping(let entries):
      lines += "{"
      for (index, entry) in entries.enumerated() {
        let key = JSONText.quoted(entry.key) + ": "
        lines += (index > 0 ? ",\n" : "\n") + indent + key
        write(entry.value, depth: depth + 1, column: indent.utf8.count + key.count + 1)
      }
      lines += end + "}"
    }
  }

  /// On one line; nil where that has no room.
  private static func line(_ node: Node, room: Int) -> String? {
    var line = ""
    return append(node, to: &line, room) ? line : nil
  }

  private static func append(_ node: Node, to line: inout String, _ room: Int) -> Bool {
    switch node.content {
    case .scalar(let text, let isPlain): line += isPlain ? text : JSONText.quoted(text)
    case .list(let nodes):
      line += "["
      for (index, node) in nodes.enumerated() {
        if index > 0 { line += ", " }
        guard line.utf8.count <= room * 4, append(node, to: &line, room) else { return false }
      }
      line += "]"
    case .mapping(let entries):
      line += entries.isEmpty ? "{" : "{ "
      for (index, entry) in entries.enumerated() {
        if index > 0 { line += ", " }
        line += JSONText.quoted(entry.key) + ": "
        guard line.utf8.count <= room * 4, append(entry.value, to: &line, room) else {
          return false
        }
      }
      line += entries.isEmpty ? "}" : " }"
    }
    return line.count <= room
  }
}

extension Node {
  fileprivate var isEmptyCollection: Bool {
    switch content {
    case .scalar: false
    case .list(let nodes): nodes.isEmpty
    case .mapping(let entries): entries.isEmpty
    }
  }
}
