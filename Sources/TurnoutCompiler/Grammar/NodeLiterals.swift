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
}
