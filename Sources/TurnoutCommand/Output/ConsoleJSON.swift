import Turnout

extension Console {
  /// Prints one JSON value on a line of its own.
  static func printJSON(_ build: (inout JSONWriter) -> Void) throws {
    var writer = JSONWriter()
    build(&writer)
    writer.endLine()
    try write(writer.bytes)
  }
}

extension JSONWriter {
  mutating func field(_ name: StaticString, _ texts: [String]) {
    key(name)
    beginArray()
    for text in texts { string(text) }
    endArray()
  }

  mutating func field(_ name: StaticString, _ findings: [StoreExamination.Finding]) {
    list(name, of: findings) { finding, writer in
      writer.beginObject()
      writer.field("place", finding.place)
      writer.field("message", finding.message)
      writer.endObject()
    }
  }

  mutating func list<Items: Sequence>(
    _ name: StaticString, of items: Items, _ write: (Items.Element, inout JSONWriter) -> Void
  ) {
    key(name)
    beginArray()
    for item in items { write(item, &self) }
    endArray()
  }

  mutating func object(_ name: StaticString, _ write: (inout JSONWriter) -> Void) {
    key(name)
    beginObject()
    write(&self)
    endObject()
  }

  /// What there is of it as an object, else null.
  mutating func object<Value>(
    _ name: StaticString, of value: Value?, _ write: (Value, inout JSONWriter) -> Void
  ) {
    guard let value else { return field(name, raw: nil) }
    object(name) { write(value, &$0) }
  }
}
