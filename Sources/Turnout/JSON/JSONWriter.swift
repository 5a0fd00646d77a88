/// JSON on one line, written as it comes. It puts the commas; the caller closes what it opens.
package struct JSONWriter {
  package private(set) var bytes: [UInt8] = []
  private var needsComma = false

  package init() {}

  package mutating func reserve(_ byteCount: Int) { bytes.reserveCapacity(byteCount) }

  package mutating func beginObject() { open("{") }
  package mutating func endObject() { close("}") }
  package mutating func beginArray() { open("[") }
  package mutating func endArray() { close("]") }

  package mutating func key(_ name: StaticString) {
    separate()
    append("\"\(name)\":")
    needsComma = false
  }

  package mutating func string(_ text: String) {
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

  /// A text that is UTF-8 for certain, such as a document that compiled: of many megabytes perhaps.
  package mutating func string(utf8 text: [UInt8]) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    var written = 0
    for (index, byte) in text.enumerated() where byte < 0x20 || byte == 0x22 || byte == 0x5c {
      bytes.append(contentsOf: text[written..<index])
      bytes.append(contentsOf: JSONText.escape(byte).utf8)
      written = index &+ 1
    }
    bytes.append(contentsOf: text[written...])
    bytes.append(UInt8(ascii: "\""))
  }

  package mutating func integer(_ number: some BinaryInteger) { raw(String(number)) }
  package mutating func boolean(_ value: Bool) { raw(value ? "true" : "false") }
  package mutating func null() { raw("null") }

  /// Text that is JSON already.
  package mutating func raw(_ json: String) {
    separate()
    append(json)
  }

  // MARK: Fields

  package mutating func field(_ name: StaticString, _ text: String?) {
    key(name)
    if let text { string(text) } else { null() }
  }

  package mutating func field(_ name: StaticString, utf8 text: [UInt8]) {
    key(name)
    string(utf8: text)
  }

  package mutating func field(_ name: StaticString, _ number: (some BinaryInteger)?) {
    key(name)
    if let number { integer(number) } else { null() }
  }

  package mutating func field(_ name: StaticString, _ value: Bool) {
    key(name)
    boolean(value)
  }

  package mutating func field(_ name: StaticString, raw json: String?) {
    key(name)
    raw(json ?? "null")
  }

  // MARK: Lines

  /// Ends the line; the next value begins another.
  package mutating func endLine() {
    bytes.append(UInt8(ascii: "\n"))
    needsComma = false
  }

  package mutating func removeAll() {
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
