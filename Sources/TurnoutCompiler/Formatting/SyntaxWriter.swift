/// Writes a tree in its canonical form: two columns for each level, a flow on one line where it fits
/// and holds no comment, everything else a line for each entry.
struct SyntaxWriter {
  private var lines: [Line] = []
  /// Behind a text that keeps its last line ends, an empty line would be one more of them.
  private var lastKeepsEnd = false

  private struct Line {
    var text: String
    var remark: Remark?
  }

  private static let columnsMax = 100

  static func text(_ opening: SyntaxReader.Opening, _ root: SyntaxNode) -> String {
    var writer = SyntaxWriter()
    if opening.hasMark {
      writer.write(opening.above, indent: 0, isFirst: true)
      writer.line("---", opening.behind)
    }
    let flow =
      root.isBlockCollection || root.hasRemarks ? nil : Self.flow(root, room: columnsMax)
    if let flow {
      writer.line(flow, [])
    } else {
      writer.write(root.head, indent: 0, isFirst: writer.lines.isEmpty)
      writer.parts(of: root, indent: 0, prefix: nil)
      writer.write(root.foot, indent: 0, isFirst: false)
    }
    return writer.joined
  }

  private var joined: String {
    var text = ""
    for line in lines {
      text += line.text
      if let remark = line.remark {
        let width = line.text.unicodeScalars.count
        let gap = width == 0 ? 0 : max(2, remark.column - width)
        text += String(repeating: " ", count: gap) + remark.text
      }
      text += "\n"
    }
    return text
  }

  // MARK: Parts

  /// `prefix` is what stands on the line already, where the first part goes on behind a dash.
  private mutating func parts(of node: SyntaxNode, indent: Int, prefix: String?) {
    let margin = String(repeating: " ", count: indent)
    var isList = false
    if case .list = node.content { isList = true }
    for (number, part) in node.parts.enumerated() {
      var start = number == 0 ? prefix : nil
      if let prefix = start, !part.leading.isEmpty {
        lines.append(Line(text: Self.trimmed(prefix), remark: nil))
        start = nil
      }
      write(part.leading, indent: indent, isFirst: number == 0)
      if part.hasBlankAbove, number > 0 || !part.leading.isEmpty { blank() }
      start = start ?? margin
      if isList {
        value(of: part, lead: (start ?? "") + "-", indent: indent)
      } else if let key = part.key {
        let spelled = ScalarSpelling.key(key, inFlow: false)
        if spelled.utf8.count > Self.simpleKeyBytesMax {
          lines.append(Line(text: (start ?? "") + "? " + spelled, remark: nil))
          value(of: part, lead: margin + ":", indent: indent)
        } else {
          value(of: part, lead: (start ?? "") + spelled + ":", indent: indent)
        }
      }
    }
  }

  /// libyaml finds no `:` more than 1024 characters behind the begin of a key.
  private static let simpleKeyBytesMax = 512

  /// What stands behind `key:` or `-`.
  private mutating func value(of part: SyntaxPart, lead: String, indent: Int) {
    let node = part.value
    let anchored = lead + (node.anchor.map { " &" + $0 } ?? "")
    let behind = part.head + node.head
    switch node.content {
    case .scalar(let text):
      let spelled = ScalarSpelling.value(text, node.style, inFlow: false)
      line(spelled.isEmpty ? anchored : anchored + " " + spelled, behind + part.trailing)
    case .alias(let name): line(anchored + " *" + name, behind + part.trailing)
    case .block(let text, let source):
      guard let block = BlockScalar(text: text, source: source) else {
        return line(anchored + " " + YAMLScalar.quoted(text), behind + part.trailing)
      }
      line(anchored + " " + block.header, behind + part.trailing)
      let margin = String(repeating: " ", count: indent + 2)
      for text in block.lines {
        lines.append(Line(text: text.isEmpty ? "" : margin + text, remark: nil))
      }
      lastKeepsEnd = block.keepsEnd
    case .list, .mapping:
      var bare = node
      bare.anchor = nil
      let room = Self.columnsMax - anchored.unicodeScalars.count - 1
      if node.parts.isEmpty || !node.isBlockCollection && !node.hasRemarks,
        let flow = Self.flow(bare, room: node.parts.isEmpty ? Int.max : room)
      {
        return line(anchored + " " + flow, behind + node.foot + part.trailing)
      }
      let isCompact = part.key == nil && behind.isEmpty && node.anchor == nil
      if isCompact {
        parts(of: node, indent: indent + 2, prefix: lead + " ")
      } else {
        line(anchored, behind)
        parts(of: node, indent: indent + 2, prefix: nil)
      }
      write(node.foot + part.trailing, indent: indent + 2, isFirst: false)
    }
  }

  // MARK: Flows

  /// On one line of at most `room` columns; nil where it does not fit.
  private static func flow(_ node: SyntaxNode, room: Int) -> String? {
    let anchor = node.anchor.map { "&\($0) " } ?? ""
    switch node.content {
    case .scalar(let text):
      let spelled = anchor + ScalarSpelling.value(text, node.style, inFlow: true)
      return spelled.utf8.count / 4 <= room && spelled.unicodeScalars.count <= room ? spelled : nil
    case .alias(let name): return "*" + name
    case .block(let text, _): return YAMLScalar.quoted(text)
    case .list(let parts), .mapping(let parts):
      var isList = false
      if case .list = node.content { isList = true }
      guard parts.count <= room else { return nil }
      var line = anchor + (isList ? "[" : parts.isEmpty ? "{" : "{ ")
      for (number, part) in parts.enumerated() {
        if number > 0 { line += ", " }
        if let key = part.key {
          let spelled = ScalarSpelling.key(key, inFlow: true)
          guard spelled.utf8.count <= simpleKeyBytesMax else { return nil }
          line += spelled + ": "
        }
        guard let value = flow(part.value, room: room - line.unicodeScalars.count) else {
          return nil
        }
        line += value
      }
      line += isList ? "]" : parts.isEmpty ? "}" : " }"
      return line.unicodeScalars.count <= room ? line : nil
    }
  }

  // MARK: Lines

  /// A line with the first of `remarks` behind it; others go above.
  private mutating func line(_ text: String, _ remarks: [Remark]) {
    let indent = text.prefix { $0 == " " }.count
    write(Array(remarks.dropFirst()), indent: indent, isFirst: true)
    lines.append(Line(text: text, remark: remarks.first))
    lastKeepsEnd = false
  }

  /// Comments on lines of their own.
  private mutating func write(_ remarks: [Remark], indent: Int, isFirst: Bool) {
    let margin = String(repeating: " ", count: indent)
    for (number, remark) in remarks.enumerated() {
      if remark.hasBlankAbove, remark.isAlone, number > 0 || !isFirst { blank() }
      lines.append(Line(text: margin + remark.text, remark: nil))
      lastKeepsEnd = false
    }
  }

  private mutating func blank() {
    guard !lines.isEmpty, !lastKeepsEnd, lines.last?.text.isEmpty == false else { return }
    lines.append(Line(text: "", remark: nil))
  }

  private static func trimmed(_ text: String) -> String {
    var text = text
    while text.last == " " { text.removeLast() }
    return text
  }
}
