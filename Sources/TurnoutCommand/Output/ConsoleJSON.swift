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
}
