/// Reads a document that the composer has found well formed into a tree with its comments.
struct SyntaxReader {
  private let events: [YAMLEvent]
  private var next = 0
  private let source: SourceText
  private let number: Int
  private let remarks: [Remark]
  private var nextRemark = 0
  /// Where the last scalar, alias or closing bracket ended; the line behind which its comment stands.
  private var last = (end: 0, line: 0)
  /// Of the block collections that are open, the innermost last.
  private var columns: [Int] = []

  /// What stands above the document's own start mark, and behind it.
  struct Opening {
    var above: [Remark] = []
    var behind: [Remark] = []
    var hasMark = false
  }

  /// Why a document has no canonical form.
  struct Refused: Error {
    var mark: SourceMark
    var message: String
    var suggestion: String
  }

  static func read(
    _ bytes: [UInt8], source number: Int
  ) throws(Refused) -> (opening: Opening, root: SyntaxNode) {
    var reader = try SyntaxReader(bytes, source: number)
    return try reader.document()
  }

  /// All comments of a document, in order.
  static func remarks(_ bytes: [UInt8]) throws(Refused) -> [Remark] {
    try SyntaxReader(bytes, source: 0).remarks
  }

  private init(_ bytes: [UInt8], source number: Int) throws(Refused) {
    let source = SourceText(bytes)
    let parser = YAMLEvents(Array(SourceText.string(source.scalars).utf8))
    var events: [YAMLEvent] = []
    do throws(YAMLFailure) {
      while true {
        let event = try parser.next()
        events.append(event)
        if case .streamEnd = event.content { break }
      }
    } catch {
      let (message, suggestion) = SyntaxText.explain(error)
      throw Refused(
        mark: SourceMark(source: number, line: error.line, column: error.column),
        message: message, suggestion: suggestion ?? "mend it first")
    }
    self.init(events: events, source: source, number: number)
  }

  private init(events: [YAMLEvent], source: SourceText, number: Int) {
    self.events = events
    self.source = source
    self.number = number
    var covered: [Range<Int>] = []
    var inside: [Remark] = []
    func cover(_ anchor: String?, _ event: YAMLEvent) {
      guard let anchor else { return }
      let start = event.range.lowerBound
      covered.append(start..<start + anchor.unicodeScalars.count + 1)
    }
    for event in events {
      switch event.content {
      case .alias: covered.append(event.range)
      case .scalar(_, _, let properties):
        let value = Self.valueStart(event, properties.anchor, source)
        cover(properties.anchor, event)
        covered.append(value..<max(value, event.range.upperBound))
        if event.style == .literal || event.style == .folded,
          let remark = Self.headerRemark(from: value, event, source)
        {
          inside.append(remark)
        }
      case .sequenceStart(let properties), .mappingStart(let properties):
        cover(properties.anchor, event)
      default: break
      }
    }
    remarks = (source.remarks(outside: covered) + inside).sorted { $0.start < $1.start }
  }

  /// Behind the anchor, if there is one.
  private static func valueStart(
    _ event: YAMLEvent, _ anchor: String?, _ source: SourceText
  ) -> Int {
    guard let anchor else { return event.range.lowerBound }
    let behind = event.range.lowerBound + anchor.unicodeScalars.count + 1
    return min(source.skipBlanks(from: behind), max(behind, event.range.upperBound))
  }

  /// The comment behind `|` or `>`.
  private static func headerRemark(
    from start: Int, _ event: YAMLEvent, _ source: SourceText
  ) -> Remark? {
    var index = start
    while index < event.range.upperBound, SourceText.breakLength(source.scalars, at: index) == 0 {
      if source.scalars[index] == "#" { return source.remark(at: index) }
      index += 1
    }
    return nil
  }

  // MARK: Nodes

  private mutating func document() throws(Refused) -> (Opening, SyntaxNode) {
    var opening = Opening()
    var event = take()
    while true {
      if case .documentStart = event.content { break }
      event = take()
    }
    if event.style == .explicit {
      opening.hasMark = true
      if source.hasDirective(before: event.range.upperBound) {
        throw Refused(
          mark: SourceMark(source: number, line: 1, column: 1),
          message: "the file has a directive, a line that begins with `%`",
          suggestion: "leave it out: nothing depends on it")
      }
      opening.above = takeRemarks(before: event.range.lowerBound)
      last = (event.range.upperBound, event.endLine)
    }
    let first = take()
    if opening.hasMark {
      while let remark = peekRemark(before: first.range.lowerBound), !remark.isAlone {
        opening.behind.append(remark)
        nextRemark += 1
      }
    }
    var root = try node(from: first)
    root.foot += takeRemarks(before: Int.max)
    return (opening, root)
  }

  private mutating func node(from event: YAMLEvent) throws(Refused) -> SyntaxNode {
    let mark = SourceMark(source: number, line: event.line, column: event.column)
    switch event.content {
    case .alias(let name):
      last = (event.range.upperBound, event.endLine)
      return SyntaxNode(content: .alias(name), style: .plain, mark: mark)
    case .scalar(let text, _, let properties):
      let isBlock = event.style == .literal || event.style == .folded
      let start = Self.valueStart(event, properties.anchor, source)
      // A comment can stand behind the `|` of a block, and behind the end of anything else.
      last = (event.range.upperBound, isBlock ? source.line(of: start) : event.endLine)
      let content: SyntaxNode.Content =
        isBlock
        ? .block(text, source: Array(source.scalars[start..<event.range.upperBound]))
        : .scalar(text)
      return SyntaxNode(
        content: content, anchor: properties.anchor, style: event.style, mark: mark)
    case .sequenceStart(let properties):
      var node = SyntaxNode(
        content: .list([]), anchor: properties.anchor, style: event.style, mark: mark)
      node.content = .list(try parts(of: &node, event, isList: true))
      return node
    case .mappingStart(let properties):
      var node = SyntaxNode(
        content: .mapping([]), anchor: properties.anchor, style: event.style, mark: mark)
      node.content = .mapping(try parts(of: &node, event, isList: false))
      return node
    default:
      throw Refused(mark: mark, message: "a value is missing here", suggestion: "write one")
    }
  }

  private mutating func parts(
    of node: inout SyntaxNode, _ start: YAMLEvent, isList: Bool
  ) throws(Refused) -> [SyntaxPart] {
    var parts: [SyntaxPart] = []
    var column: Int?
    while true {
      let event = take()
      switch event.content {
      case .sequenceEnd, .mappingEnd:
        end(&node, &parts, event, column: column ?? 0)
        return parts
      default: break
      }
      let isDashed = isList && start.style == .block
      let begin =
        isDashed
        ? source.dash(in: max(last.end, start.range.lowerBound)..<event.range.lowerBound)
        : event.range.lowerBound
      if column == nil {
        column = source.column(of: begin)
        if start.style == .block { columns.append(column ?? 0) }
      }
      var part = SyntaxPart(key: nil, value: node)
      let line = source.line(of: begin)
      part.hasBlankAbove = line > last.line && source.isBlank(line - 1)
      for remark in takeRemarks(before: begin) {
        if remark.isAlone {
          part.leading.append(remark)
        } else if parts.isEmpty {
          node.head.append(remark)
        } else {
          parts[parts.count - 1].trailing.append(remark)
        }
      }
      if isList {
        takeHead(of: event, into: &part)
        part.value = try self.node(from: event)
      } else {
        guard case .scalar(let text, _, let properties) = event.content,
          properties.anchor == nil
        else {
          throw Refused(
            mark: SourceMark(source: number, line: event.line, column: event.column),
            message: "a key has an anchor, or is an alias",
            suggestion: "write the key out; anchors and aliases of values are kept")
        }
        part.key = SyntaxPart.Key(text: text, style: event.style)
        last = (event.range.upperBound, event.endLine)
        let value = take()
        takeHead(of: value, into: &part)
        part.value = try self.node(from: value)
      }
      parts.append(part)
    }
  }

  /// The comments between a key or dash and its value. Those above the first part of a block are that
  /// part's.
  private mutating func takeHead(of value: YAMLEvent, into part: inout SyntaxPart) {
    var isBlock = false
    switch value.content {
    case .sequenceStart, .mappingStart: isBlock = value.style == .block
    default: break
    }
    while let remark = peekRemark(before: value.range.lowerBound) {
      if remark.isAlone {
        if isBlock { return }
        part.leading.append(remark)
      } else {
        part.head.append(remark)
      }
      nextRemark += 1
    }
  }

  /// The comments behind the last part of a collection that are still its own: of a block, those that
  /// are indented as it is.
  private mutating func end(
    _ node: inout SyntaxNode, _ parts: inout [SyntaxPart], _ event: YAMLEvent, column: Int
  ) {
    let isFlow = node.style == .flow
    if !isFlow, !parts.isEmpty { columns.removeLast() }
    // A list may stand in the column of the mapping that it is in: what follows is the mapping's.
    let isIndented = column > (columns.last ?? 0)
    while let remark = peekRemark(before: event.range.lowerBound) {
      if !remark.isAlone {
        if parts.isEmpty {
          node.head.append(remark)
        } else if isFlow || remark.line == last.line {
          parts[parts.count - 1].trailing.append(remark)
        } else {
          return
        }
      } else if isFlow || isIndented && remark.column >= column {
        node.foot.append(remark)
      } else {
        return
      }
      nextRemark += 1
    }
    if isFlow { last = (event.range.upperBound, event.endLine) }
  }

  // MARK: Order

  private mutating func take() -> YAMLEvent {
    defer { next = min(next + 1, events.count - 1) }
    return events[next]
  }

  private func peekRemark(before end: Int) -> Remark? {
    guard nextRemark < remarks.count, remarks[nextRemark].start < end else { return nil }
    return remarks[nextRemark]
  }

  private mutating func takeRemarks(before end: Int) -> [Remark] {
    let first = nextRemark
    while peekRemark(before: end) != nil { nextRemark += 1 }
    return Array(remarks[first..<nextRemark])
  }
}
