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
