import Turnout

/// A writer for each section of an image.
struct SectionWriters {
  private var writers = [ByteWriter](
    repeating: ByteWriter(), count: Section.allCases.count)

  subscript(section: Section) -> ByteWriter {
    get { writers[section.rawValue] }
    _modify { yield &writers[section.rawValue] }
  }

  /// Of all sections.
  var byteCount: Int { writers.reduce(0) { $0 + $1.count } }
}
