/// Changing a tree in place.
extension Node {
  static func mapping(_ entries: [Entry]) -> Node {
    Node(content: .mapping(entries), mark: SourceMark(source: -1, line: 0, column: 0))
  }

  static func list(_ nodes: [Node]) -> Node {
    Node(content: .list(nodes), mark: SourceMark(source: -1, line: 0, column: 0))
  }

  static func scalar(_ text: String, isPlain: Bool) -> Node {
    Node(
      content: .scalar(text, isPlain: isPlain), mark: SourceMark(source: -1, line: 0, column: 0))
  }

  subscript(key: String) -> Node? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { Text($0.key) == Text(key) }?.value
  }

  /// The text of a scalar.
  var text: String? {
    if case .scalar(let text, _) = content { return text }
    return nil
  }

  /// Calls `body` for each entry of a mapping, in order.
  mutating func eachEntry(_ body: (_ key: String, _ value: inout Node) -> Void) {
    guard case .mapping(var entries) = content else { return }
    content = .list([])  // So that the entries are changed where they are, not copied.
    for index in entries.indices { body(entries[index].key, &entries[index].value) }
    content = .mapping(entries)
  }

  /// Calls `body` for each node of a list, in order.
  mutating func eachNode(_ body: (inout Node) -> Void) {
    guard case .list(var nodes) = content else { return }
    content = .list([])
    for index in nodes.indices { body(&nodes[index]) }
    content = .list(nodes)
  }

  /// Calls `body` for the value of one key of a mapping.
  mutating func at(_ key: String, _ body: (inout Node) -> Void) {
    eachEntry { name, value in
      if Text(name) == Text(key) { body(&value) }
    }
  }

  /// Puts a value under a key of a mapping, in the place of the one that is there, else last.
  /// Nothing where a mapping may be becomes one.
  mutating func set(_ key: String, _ value: Node) {
    var entries: [Entry] = []
    if case .mapping(let own) = content { entries = own }
    if let index = entries.firstIndex(where: { Text($0.key) == Text(key) }) {
      entries[index].value = value
    } else {
      entries.append(Entry(key: key, keyMark: value.mark, value: value))
    }
    content = .mapping(entries)
  }
}
