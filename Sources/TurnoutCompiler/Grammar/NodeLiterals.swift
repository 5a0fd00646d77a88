/// Trees written out in code.
extension Node: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  init(stringLiteral text: String) { self = .text(text) }
  init(integerLiteral number: Int) { self = .number(number) }
  init(booleanLiteral value: Bool) { self = .scalar(value ? "true" : "false", isPlain: true) }
  init(arrayLiteral nodes: Node...) { self = .list(nodes) }
  init(dictionaryLiteral entries: (String, Node)...) {
    self = .mapping(
      entries.map { key, value in Entry(key: key, keyMark: value.mark, value: value) })
  }

  static func text(_ text: String) -> Node { .scalar(text, isPlain: false) }
  static func number(_ number: Int) -> Node { .scalar(String(number), isPlain: true) }

  /// Sets all that another mapping has.
  mutating func set(all more: Node) {
    guard case .mapping(let entries) = more.content else { return }
    for entry in entries { set(entry.key, entry.value) }
  }
}
