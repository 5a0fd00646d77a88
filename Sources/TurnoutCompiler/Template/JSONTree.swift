internal import Turnout

/// A JSON value whose objects keep the order in which they were written: equal trees give equal
/// bytes.
package indirect enum JSONTree: Sendable {
  case text(String)
  /// As JSON writes it.
  case number(String)
  case boolean(Bool)
  case null
  case list([JSONTree])
  case object([Member])

  package struct Member: Sendable {
    package var key: String
    package var value: JSONTree

    package init(key: String, value: JSONTree) {
      self.key = key
      self.value = value
    }
  }

  /// In one line.
  package var compact: [UInt8] {
    var bytes: [UInt8] = []
    append(to: &bytes, indent: nil)
    return bytes
  }

  /// In lines of two blanks a level. Lists and objects that fit into a line stay in one.
  package var lines: [UInt8] {
    var bytes: [UInt8] = []
    append(to: &bytes, indent: 0)
    return bytes
  }

  private static let lineBytesMax = 96

  private func append(to bytes: inout [UInt8], indent: Int?) {
    switch self {
    case .text(let text): bytes += JSONText.quoted(text).utf8
    case .number(let text): bytes += text.utf8
    case .boolean(let value): bytes += (value ? "true" : "false").utf8
    case .null: bytes += "null".utf8
    case .list(let values):
      Self.append(to: &bytes, "[", "]", whole: self, indent, values.map { (nil, $0) })
    case .object(let members):
      Self.append(to: &bytes, "{", "}", whole: self, indent, members.map { ($0.key, $0.value) })
    }
  }

  private static func append(
    to bytes: inout [UInt8], _ open: String, _ close: String, whole: JSONTree, _ indent: Int?,
    _ parts: [(key: String?, value: JSONTree)]
  ) {
    var inner: Int?
    if let indent {
      let flat = whole.compact
      if flat.count + indent <= lineBytesMax || parts.isEmpty {
        bytes += flat
        return
      }
      inner = indent + 2
    }
    func newLine(_ level: Int?) {
      guard let level else { return }
      bytes.append(UInt8(ascii: "\n"))
      bytes += [UInt8](repeating: UInt8(ascii: " "), count: level)
    }
    bytes += open.utf8
    for (index, part) in parts.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      newLine(inner)
      if let key = part.key {
        bytes += JSONText.quoted(key).utf8
        bytes += (inner == nil ? ":" : ": ").utf8
      }
      part.value.append(to: &bytes, indent: inner)
    }
    newLine(indent)
    bytes += close.utf8
  }
}

extension JSONTree {
  /// An object's value; nil of what has none by that name.
  package subscript(key: String) -> JSONTree? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// Sets a key of an object: where it stands, else at the end.
  package mutating func set(_ key: String, _ value: JSONTree) {
    guard case .object(var members) = self else { return }
    if let index = members.firstIndex(where: { $0.key == key }) {
      members[index].value = value
    } else {
      members.append(Member(key: key, value: value))
    }
    self = .object(members)
  }
}

extension JSONTree: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(stringLiteral text: String) { self = .text(text) }
  package init(integerLiteral number: Int) { self = .number(String(number)) }
  package init(booleanLiteral value: Bool) { self = .boolean(value) }
  package init(arrayLiteral values: JSONTree...) { self = .list(values) }
  package init(dictionaryLiteral members: (String, JSONTree)...) {
    self = .object(members.map { Member(key: $0, value: $1) })
  }

  package static func integer(_ number: Int) -> JSONTree { .number(String(number)) }
}
