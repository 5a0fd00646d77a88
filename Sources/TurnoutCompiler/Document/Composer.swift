internal import Turnout

/// Builds the tree of one source from the parser's events, however hostile they are: depth, nodes
/// and bytes are bounded while it grows, and an alias counts for everything that it stands for.
/// Subtrees that aliases name are shared, not copied.
struct Composer {
  private let events: YAMLEvents
  private let source: Int
  private let report: Report
  private var anchors: [String: Anchored] = [:]
  private var size: Size
  /// What has been read of collections that have not ended, the innermost last. Each gets an array of
  /// its own size when it ends: arrays that grow take longer and leave room behind.
  private var openNodes: [Node] = []
  private var openEntries: [Node.Entry] = []

  /// What a tree costs, its aliases written out.
  struct Size {
    var nodes = 0
    var bytes = 0
    /// Those of them that are written nowhere but stood for by aliases.
    var aliasedNodes = 0
    var aliasedBytes = 0

    var isExceeded: Bool {
      nodes > Limits.nodesMax || bytes > Limits.expandedBytesMax
        || aliasedNodes > Limits.aliasedNodesMax || aliasedBytes > Limits.aliasedBytesMax
    }
  }

  private struct Anchored {
    var node: Node
    var size: Size
    /// Levels of collections: 0 for a scalar.
    var height: Int
  }

  /// The source cannot be read on; its error is reported already.
  private struct Stop: Error {}

  /// The root of the source, or nil if it has none that could be read; then the report says why.
  /// `size` is that of all trees composed so far.
  static func compose(source: Int, size: inout Size, report: Report) -> Node? {
    let file = report.sources[source]
    let wholeFile = SourceMark(source: source, line: 0, column: 0)
    if let failure = file.failure {
      report.error(.unreadableFile, at: wholeFile, failure.message)
      return nil
    }
    guard file.bytes.count <= Limits.fileBytesMax else {
      report.error(.limit, at: wholeFile, "the file is larger than \(Limits.fileBytesMax) bytes")
      return nil
    }
    if let fault = Encoding.fault(in: file.bytes) {
      let mark = SourceMark(source: source, line: fault.line, column: fault.column)
      report.error(.invalidEncoding, at: mark, fault.message, fault.suggestion)
      return nil
    }
    var bytes = file.bytes
    if bytes.starts(with: Encoding.byteOrderMark) {
      bytes.removeFirst(Encoding.byteOrderMark.count)
    }
    if file.isJSON { bytes = Encoding.yaml(fromJSON: bytes) }
    var composer = Composer(
      events: YAMLEvents(bytes), source: source, report: report, size: size)
    defer { size = composer.size }
    do throws(Stop) {
      return try composer.document()
    } catch {
      return nil
    }
  }

  private init(events: YAMLEvents, source: Int, report: Report, size: Size) {
    self.events = events
    self.source = source
    self.report = report
    self.size = size
  }

  private mutating func document() throws(Stop) -> Node? {
    var event = try next()
    if case .streamStart = event.content { event = try next() }
    guard case .documentStart = event.content else {
      report.error(
        .empty, at: SourceMark(source: source, line: 0, column: 0), "the file is empty",
        "begin it with `turnout: 1`")
      return nil
    }
    var height = 0
    let root = try node(from: try next(), depth: 0, height: &height)
    _ = try next()
    event = try next()
    if case .documentStart = event.content {
      try stop(
        .syntax, event, "a second document in one file", "write it into a file of its own")
    }
    return root
  }

  private mutating func node(
    from event: YAMLEvent, depth: Int, height: inout Int
  ) throws(Stop) -> Node {
    if case .alias(let name) = event.content {
      return try alias(name, event, depth: depth, height: &height)
    }
    let sizeBefore = size
    try count(Size(nodes: 1, bytes: 0), event)
    var node = Node(content: .list([]), mark: mark(event))
    let properties: YAMLEvent.Properties
    switch event.content {
    case .scalar(let text, let isPlain, let own):
      properties = own
      try count(Size(nodes: 0, bytes: text.utf8.count), event)
      node.content = .scalar(text, isPlain: isPlain)
      height = 0
    case .sequenceStart(let own):
      properties = own
      node.content = .list(try list(event, depth: depth, height: &height))
    case .mappingStart(let own):
      properties = own
      node.content = .mapping(try mapping(event, depth: depth, height: &height))
    default:
      try stop(.syntax, event, "a value is missing here")
    }
    if let tag = properties.tag {
      report.error(
        .syntax, at: node.mark,
        "the tag \(Printable.quoted(SyntaxText.tag(tag))) has no meaning here",
        "leave it out: a value takes the type of its place")
    }
    if let anchor = properties.anchor {
      let own = Size(nodes: size.nodes - sizeBefore.nodes, bytes: size.bytes - sizeBefore.bytes)
      anchors[anchor] = Anchored(node: node, size: own, height: height)
    }
    return node
  }

  private mutating func alias(
    _ name: String, _ event: YAMLEvent, depth: Int, height: inout Int
  ) throws(Stop) -> Node {
    guard let anchored = anchors[name] else {
      try stop(
        .syntax, event, "the alias \(Printable.quoted("*" + name)) stands for nothing",
        report.suggestion(for: name, among: anchors.keys)
          ?? "write the anchor `&\(name)` before it, and outside of it")
    }
    size.aliasedNodes += anchored.size.nodes
    size.aliasedBytes += anchored.size.bytes
    try count(anchored.size, event)
    guard depth + anchored.height <= Limits.depthMax else { try tooDeep(event) }
    height = anchored.height
    return Node(content: anchored.node.content, mark: mark(event))
  }

  private mutating func list(
    _ start: YAMLEvent, depth: Int, height: inout Int
  ) throws(Stop) -> [Node] {
    guard depth < Limits.depthMax else { try tooDeep(start) }
    let first = openNodes.count
    defer { openNodes.removeSubrange(first...) }
    var heightInside = 0
    while true {
      let event = try next()
      if case .sequenceEnd = event.content { break }
      var own = 0
      openNodes.append(try node(from: event, depth: depth + 1, height: &own))
      heightInside = max(heightInside, own)
    }
    height = heightInside + 1
    return Array(openNodes[first...])
  }

  private mutating func mapping(
    _ start: YAMLEvent, depth: Int, height: inout Int
  ) throws(Stop) -> [Node.Entry] {
    guard depth < Limits.depthMax else { try tooDeep(start) }
    let first = openEntries.count
    defer { openEntries.removeSubrange(first...) }
    var heightInside = 0
    while true {
      let event = try next()
      if case .mappingEnd = event.content { break }
      var own = 0
      let key = try node(from: event, depth: depth + 1, height: &own)
      heightInside = max(heightInside, own)
      var value = try node(from: try next(), depth: depth + 1, height: &own)
      if case .scalar("", isPlain: true) = value.content { value.mark = key.mark }
      heightInside = max(heightInside, own)
      switch key.content {
      case .scalar("<<", isPlain: true):
        report.error(
          .syntax, at: key.mark, "merge keys (`<<`) are not read",
          "write the keys out, or put an alias where the whole mapping should be")
      case .scalar(let text, _):
        openEntries.append(Node.Entry(key: text, keyMark: key.mark, value: value))
      case .list, .mapping:
        report.error(.syntax, at: key.mark, "\(key.description) is no key", "keys are texts")
      }
    }
    height = heightInside + 1
    return withoutDuplicates(Array(openEntries[first...]))
  }

  private func withoutDuplicates(_ entries: [Node.Entry]) -> [Node.Entry] {
    // Most mappings have a few keys, and a set of them takes longer than comparing each with each.
    if entries.count <= Self.fewKeys, !Self.hasDuplicates(entries) { return entries }
    var first: [Text: SourceMark] = [:]
    first.reserveCapacity(entries.count)
    var hasDuplicates = false
    for entry in entries {
      guard let earlier = first.updateValue(entry.keyMark, forKey: Text(entry.key)) else {
        continue
      }
      first[Text(entry.key)] = earlier
      hasDuplicates = true
      report.error(
        .duplicateKey, at: entry.keyMark,
        "the key \(Printable.quoted(entry.key)) stands here twice",
        "the first one is at \(report.place(earlier)); remove one of them")
    }
    guard hasDuplicates else { return entries }
    var seen: Set<Text> = []
    return entries.filter { seen.insert(Text($0.key)).inserted }
  }

  private static let fewKeys = 12

  private static func hasDuplicates(_ entries: [Node.Entry]) -> Bool {
    for (index, entry) in entries.enumerated() {
      for other in entries[..<index] where ByteOrder.same(entry.key, other.key) { return true }
    }
    return false
  }

  private mutating func count(_ more: Size, _ event: YAMLEvent) throws(Stop) {
    size.nodes += more.nodes
    size.bytes += more.bytes
    if size.isExceeded { try tooLarge(event) }
  }

  private func tooLarge(_ event: YAMLEvent) throws(Stop) -> Never {
    let limits = [
      (size.nodes, Limits.nodesMax, "the documents hold", "values"),
      (size.bytes, Limits.expandedBytesMax, "the documents hold", "bytes of text"),
      (size.aliasedNodes, Limits.aliasedNodesMax, "aliases stand for", "values"),
      (size.aliasedBytes, Limits.aliasedBytesMax, "aliases stand for", "bytes of text"),
    ]
    let broken = limits.first { $0.0 > $0.1 } ?? limits[0]
    try stop(
      .limit, event, "\(broken.2) more than \(broken.1) \(broken.3)",
      "every alias counts for all that it stands for")
  }

  private func tooDeep(_ event: YAMLEvent) throws(Stop) -> Never {
    try stop(.limit, event, "nested more than \(Limits.depthMax) levels deep", "make it flatter")
  }

  private func stop(
    _ code: DiagnosticCode, _ event: YAMLEvent, _ message: String, _ suggestion: String? = nil
  ) throws(Stop) -> Never {
    report.error(code, at: mark(event), message, suggestion)
    throw Stop()
  }

  private func mark(_ event: YAMLEvent) -> SourceMark {
    SourceMark(source: source, line: event.line, column: event.column)
  }

  private func next() throws(Stop) -> YAMLEvent {
    do throws(YAMLFailure) {
      return try events.next()
    } catch {
      let mark = SourceMark(source: source, line: error.line, column: error.column)
      let (message, suggestion) = SyntaxText.explain(error)
      report.error(.syntax, at: mark, message, suggestion)
      throw Stop()
    }
  }
}
