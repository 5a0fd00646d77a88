/// Writes a tree as YAML in block style, such that reading gives the same tree: keys in their order,
/// plain scalars plain, texts that were quoted in quotes or as blocks. Short lists stand on one
/// line. What a tree does not hold, comments and anchors, is not written.
struct YAMLWriter {
  private(set) var bytes: [UInt8] = []

  private static let columnsMax = 100
  /// Longer keys are written behind `?`: libyaml finds no `:` more than 1024 characters later.
  private static let simpleKeyBytesMax = 512

  /// One document. `comment` stands above it, a line each.
  static func document(_ root: Node, comment: [String] = []) -> [UInt8] {
    var writer = YAMLWriter()
    for line in comment {
      writer.append("# ")
      writer.append(YAMLScalar.oneLine(line))
      writer.endLine()
    }
    if case .mapping(let entries) = root.content, !entries.isEmpty {
      writer.mapping(entries, indent: 0)
    } else if case .list(let nodes) = root.content, !nodes.isEmpty {
      writer.list(nodes, indent: 0)
    } else {
      writer.value(root, indent: 0, column: 0)
    }
    return writer.bytes
  }

  // MARK: Collections

  /// Entries on lines of their own. The first one begins where the line stands, if it has begun.
  private mutating func mapping(_ entries: [Node.Entry], indent: Int, hasBegun: Bool = false) {
    for (number, entry) in entries.enumerated() {
      if number > 0 || !hasBegun { indentLine(indent) }
      let key = YAMLScalar.key(entry.key)
      if key.utf8.count <= Self.simpleKeyBytesMax {
        append(key)
        append(":")
        value(entry.value, indent: indent + 2, column: indent + key.count + 1)
      } else {
        append("? ")
        append(key)
        endLine()
        indentLine(indent)
        append(":")
        value(entry.value, indent: indent + 2, column: indent + 1)
      }
    }
  }

  private mutating func list(_ nodes: [Node], indent: Int) {
    for node in nodes {
      indentLine(indent)
      append("-")
      if case .mapping(let entries) = node.content, !entries.isEmpty {
        append(" ")
        mapping(entries, indent: indent + 2, hasBegun: true)
      } else {
        value(node, indent: indent + 2, column: indent + 1)
      }
    }
  }

  /// A value behind `key:` or `-`, and the end of its last line. What it has of own lines goes to
  /// `indent`.
  private mutating func value(_ node: Node, indent: Int, column: Int) {
    switch node.content {
    case .scalar(let text, let isPlain):
      if !isPlain, let lines = YAMLScalar.literal(text) {
        append(" ")
        append(lines.header)
        endLine()
        for line in lines.lines {
          if !line.isEmpty { indentLine(indent) }
          append(String(line))
          endLine()
        }
        return
      }
      let written = YAMLScalar.value(text, isPlain: isPlain)
      if !written.isEmpty { append(" ") }
      append(written)
      endLine()
    case .list(let nodes):
      let line = nodes.isEmpty ? "[]" : flow(node, room: Self.columnsMax - column - 1)
      if let line {
        append(" ")
        append(line)
        endLine()
      } else {
        endLine()
        list(nodes, indent: indent)
      }
    case .mapping(let entries):
      if entries.isEmpty {
        append(" {}")
        endLine()
      } else {
        endLine()
        mapping(entries, indent: indent)
      }
    }
  }

  /// A list on one line of at most `room` characters; nil where it does not fit, or holds what only
  /// a block can show.
  private func flow(_ node: Node, room: Int) -> String? {
    guard room > 0 else { return nil }
    switch node.content {
    case .mapping: return nil
    case .scalar(let text, let isPlain):
      guard text.utf8.count <= room, !isPlain || YAMLScalar.isPlainInFlow(text) else { return nil }
      let written = YAMLScalar.value(text, isPlain: isPlain)
      return written.count <= room ? written : nil
    case .list(let nodes):
      guard nodes.count <= room else { return nil }
      var line = "["
      for (number, item) in nodes.enumerated() {
        if number > 0 { line += ", " }
        guard let written = flow(item, room: room - line.count - 1) else { return nil }
        line += written
      }
      line += "]"
      return line.count <= room ? line : nil
    }
  }

  // MARK: Bytes

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func endLine() { bytes.append(UInt8(ascii: "\n")) }

  private mutating func indentLine(_ columns: Int) {
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: columns))
  }
}
