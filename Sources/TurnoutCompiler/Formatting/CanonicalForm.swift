/// The canonical form of one document: what it says, its comments and the order of its lists stay, how
/// it is written becomes one way. Whatever is written is read again and compared before it is given out.
package enum CanonicalForm {
  case written([UInt8])
  /// Why there is none.
  case refused([Diagnostic])

  private static let bytesMax = 64 << 20

  package static func of(_ source: Source) -> CanonicalForm {
    let report = Report(sources: [source])
    var size = Composer.Size()
    let whole = SourceMark(source: 0, line: 0, column: 0)
    guard source.bytes.count <= bytesMax else {
      report.error(.limit, at: whole, "the file is larger than \(bytesMax) bytes")
      return .refused(report.finish().diagnostics)
    }
    guard let root = Composer.compose(source: 0, size: &size, report: report),
      report.errorCount == 0
    else { return .refused(report.finish().diagnostics) }
    guard root["turnout"] != nil else {
      report.error(
        .formatVersion, at: root.mark, "the file does not say which language it is written in",
        "begin it with `turnout: 1`")
      return .refused(report.finish().diagnostics)
    }
    do throws(SyntaxReader.Refused) {
      let text =
        source.isJSON ? try json(root, source.bytes) : try yaml(source.bytes)
      let written = Source(name: source.name, text: text)
      try compare(source, root, with: written)
      return .written(written.bytes)
    } catch {
      report.error(.syntax, at: error.mark, error.message, error.suggestion)
      return .refused(report.finish().diagnostics)
    }
  }

  private static func yaml(_ bytes: [UInt8]) throws(SyntaxReader.Refused) -> String {
    var (opening, root) = try SyntaxReader.read(bytes, source: 0)
    var header: [Remark] = []
    if case .mapping(var parts) = root.content, !parts.isEmpty {
      header = takeHeader(of: &parts[0])
      root.content = .mapping(parts)
    }
    var ordered = order(root, in: .object(Grammar.document))
    if case .mapping(var parts) = ordered.content, !parts.isEmpty {
      parts[0].leading.insert(contentsOf: header, at: 0)
      ordered.content = .mapping(parts)
    }
    var anchors: [String: Int32] = [:]
    try checkAliases(ordered, &anchors)
    return SyntaxWriter.text(opening, ordered)
  }

  /// The comments on top of a file are the file's, unless the last of them stands close to its first
  /// key below others.
  private static func takeHeader(of part: inout SyntaxPart) -> [Remark] {
    var count = part.leading.count
    if !part.hasBlankAbove,
      let last = part.leading.lastIndex(where: \.hasBlankAbove), last > 0
    {
      count = last
    }
    let header = Array(part.leading.prefix(count))
    part.leading.removeFirst(count)
    return header
  }

  /// Keys of the language in their order, names and lists as they are.
  private static func order(_ node: SyntaxNode, in place: Place?) -> SyntaxNode {
    var node = node
    switch node.content {
    case .list(let parts):
      let item = KeyOrder.item(of: place)
      node.content = .list(
        parts.map { part in
          var part = part
          part.value = order(part.value, in: item)
          return part
        })
    case .mapping(let parts):
      node.content = .mapping(
        KeyOrder.order(parts.map { $0.key?.text ?? "" }, in: place).map { index in
          var part = parts[index]
          part.value = order(
            part.value, in: KeyOrder.value(of: part.key?.text ?? "", in: place))
          return part
        })
    case .scalar, .block, .alias: break
    }
    return node
  }

  /// An alias stands behind its anchor, and no anchor twice.
  private static func checkAliases(
    _ node: SyntaxNode, _ anchors: inout [String: Int32]
  ) throws(SyntaxReader.Refused) {
    if case .alias(let name) = node.content, anchors[name] == nil {
      throw SyntaxReader.Refused(
        mark: node.mark,
        message:
          "in the order of the canonical form, the alias `*\(name)` would come before its anchor",
        suggestion: "write out here what `&\(name)` stands for, or move it")
    }
    for part in node.parts { try checkAliases(part.value, &anchors) }
    guard let anchor = node.anchor else { return }
    guard anchors.updateValue(node.mark.line, forKey: anchor) == nil else {
      throw SyntaxReader.Refused(
        mark: node.mark, message: "the anchor `&\(anchor)` stands in this file twice",
        suggestion: "give one of them another name")
    }
  }

  // MARK: JSON

  private static func json(
    _ root: Node, _ bytes: [UInt8]
  ) throws(SyntaxReader.Refused) -> String {
    if let mark = JSONOnly.fault(in: bytes) {
      throw SyntaxReader.Refused(
        mark: mark, message: "this is YAML, not JSON",
        suggestion:
          "name the file `.yaml`, or write JSON: no comments, no anchors, all texts in quotes")
    }
    try checkPlain(root)
    return JSONPage.text(order(root, in: .object(Grammar.document)), expanding: 2)
  }

  private static func checkPlain(_ node: Node) throws(SyntaxReader.Refused) {
    switch node.content {
    case .scalar(let text, isPlain: true) where !JSONOnly.isLiteral(text):
      throw SyntaxReader.Refused(
        mark: node.mark, message: "\(Printable.quoted(text)) is not JSON",
        suggestion: "write a number as JSON does, or put a text in quotes")
    case .scalar: break
    case .list(let nodes): for node in nodes { try checkPlain(node) }
    case .mapping(let entries): for entry in entries { try checkPlain(entry.value) }
    }
  }

  private static func order(_ node: Node, in place: Place?) -> Node {
    var node = node
    switch node.content {
    case .scalar: break
    case .list(let nodes):
      let item = KeyOrder.item(of: place)
      node.content = .list(nodes.map { order($0, in: item) })
    case .mapping(let entries):
      node.content = .mapping(
        KeyOrder.order(entries.map(\.key), in: place).map { index in
          var entry = entries[index]
          entry.value = order(entry.value, in: KeyOrder.value(of: entry.key, in: place))
          return entry
        })
    }
    return node
  }

  // MARK: Certainty

  /// That what was written says what was read, with the same comments.
  private static func compare(
    _ source: Source, _ root: Node, with written: Source
  ) throws(SyntaxReader.Refused) {
    var size = Composer.Size()
    let again = Composer.compose(
      source: 0, size: &size, report: Report(sources: [written]))
    let isSame = again.map { Meaning.same(root, $0) } ?? false
    guard isSame, try sameComments(source, written) else {
      throw SyntaxReader.Refused(
        mark: SourceMark(source: 0, line: 0, column: 0),
        message: "its canonical form would not say the same",
        suggestion: "this is a mistake of turnout: please report it with the file")
    }
  }

  private static func sameComments(
    _ source: Source, _ written: Source
  ) throws(SyntaxReader.Refused) -> Bool {
    guard !source.isJSON else { return true }
    return try comments(source.bytes) == comments(written.bytes)
  }

  private static func comments(_ bytes: [UInt8]) throws(SyntaxReader.Refused) -> [String] {
    try SyntaxReader.remarks(bytes).map(\.text).sorted()
  }
}

/// Whether two trees say the same wherever they stand.
private enum Meaning {
  static func same(_ left: Node, _ right: Node) -> Bool {
    switch (left.content, right.content) {
    case (.scalar(let one, let isPlain), .scalar(let other, let otherIsPlain)):
      return scalar(one, isPlain) == scalar(other, otherIsPlain)
    case (.list(let some), .list(let others)):
      return some.count == others.count && zip(some, others).allSatisfy(same)
    case (.mapping(let some), .mapping(let others)):
      guard some.count == others.count else { return false }
      let sorted = [some, others].map { $0.sorted { Text($0.key) < Text($1.key) } }
      return zip(sorted[0], sorted[1]).allSatisfy {
        Text($0.key) == Text($1.key) && same($0.value, $1.value)
      }
    default: return false
    }
  }

  /// What a plain scalar is by itself, beside its text.
  private static func scalar(_ text: String, _ isPlain: Bool) -> [String] {
    guard isPlain else { return ["text", text] }
    if CoreSchema.isNull(text) { return ["null"] }
    return switch CoreSchema.value(text) {
    case .text: ["text", text]
    case .json, .notFinite, .tooLarge: ["plain", text]
    }
  }
}
