import TurnoutCompiler

/// JSON on one line, written as it comes. It puts the commas; the caller closes what it opens.
struct JSONWriter {
  private(set) var bytes: [UInt8] = []
  private var needsComma = false

  mutating func beginObject() { open("{") }
  mutating func endObject() { close("}") }
  mutating func beginArray() { open("[") }
  mutating func endArray() { close("]") }

  mutating func key(_ name: StaticString) {
    separate()
    append("\"\(name)\":")
    needsComma = false
  }

  mutating func string(_ text: String) {
    separate()
    let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x22 && $0 != 0x5c }
    if isPlain {
      append("\"")
      append(text)
      append("\"")
    } else {
      append(JSONText.quoted(text))
    }
  }

  mutating func integer(_ number: some BinaryInteger) { raw(String(number)) }
  mutating func boolean(_ value: Bool) { raw(value ? "true" : "false") }
  mutating func null() { raw("null") }

  /// Text that is JSON already.
  mutating func raw(_ json: String) {
    separate()
    append(json)
  }

  // MARK: Fields

  mutating func field(_ name: StaticString, _ text: String?) {
    key(name)
    if let text { string(text) } else { null() }
  }

  mutating func field(_ name: StaticString, _ number: (some BinaryInteger)?) {
    key(name)
    if let number { integer(number) } else { null() }
  }

  mutating func field(_ name: StaticString, _ value: Bool) {
    key(name)
    boolean(value)
  }

  mutating func field(_ name: StaticString, raw json: String?) {
    key(name)
    raw(json ?? "null")
  }

  // MARK: Lines

  /// Ends the line; the next value begins another.
  mutating func endLine() {
    bytes.append(UInt8(ascii: "\n"))
    needsComma = false
  }

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    needsComma = false
  }

  private mutating func open(_ bracket: String) {
    separate()
    append(bracket)
    needsComma = false
  }

  private mutating func close(_ bracket: String) {
    append(bracket)
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { append(",") }
    needsComma = true
  }

  private mutating func append(_ text: String) {
    bytes.append(contentsOf: text.utf8)
  }
}

extension Console {
  /// Prints one JSON value on a line of its own.
  static func printJSON(_ build: (inout JSONWriter) -> Void) throws {
    var writer = JSONWriter()
    build(&writer)
    writer.endLine()
    try write(writer.bytes)
  }
}
