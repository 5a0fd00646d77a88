/// A place in the documents that were checked together.
///
/// Two models that differ only in where they were written are the same model: any two marks
/// compare equal, so that the types that carry them compare by what they say.
package struct SourceMark: Sendable {
  /// Index among the sources that were checked together.
  package var source: Int32
  /// From 1.
  package var line: Int32
  /// In Unicode scalars, from 1.
  package var column: Int32

  package init(source: Int, line: Int, column: Int) {
    self.source = Int32(clamping: source)
    self.line = Int32(clamping: line)
    self.column = Int32(clamping: column)
  }

  /// The order in which errors are reported. `<` would contradict `==`.
  package func precedes(_ other: SourceMark) -> Bool {
    (source, line, column) < (other.source, other.line, other.column)
  }
}

extension SourceMark: Hashable {
  package static func == (left: SourceMark, right: SourceMark) -> Bool { true }
  package func hash(into hasher: inout Hasher) {}
}
