internal import CYaml

/// What the YAML parser reports, one after another.
struct YAMLEvent {
  var content: Content
  /// From 1.
  var line: Int
  /// In Unicode scalars, from 1.
  var column: Int
  /// Where it begins and ends in the source, in Unicode scalars; the end of a block is where the next
  /// thing begins.
  var range: Range<Int>
  /// The line on which it ends, from 1.
  var endLine: Int
  var style: Style

  /// How it is written.
  enum Style {
    case plain
    case singleQuoted
    case doubleQuoted
    case literal
    case folded
    case block
    case flow
    /// The start or end of a document without its mark, and what has no style.
    case implicit
    /// `---` or `...`.
    case explicit
  }

  enum Content {
    case streamStart
    case streamEnd
    case documentStart
    case documentEnd
    case alias(String)
    case scalar(String, isPlain: Bool, Properties)
    case sequenceStart(Properties)
    case sequenceEnd
    case mappingStart(Properties)
    case mappingEnd
  }

  struct Properties {
    var anchor: String?
    var tag: String?
  }
}

/// Why the YAML parser could not go on.
struct YAMLFailure: Error {
  var problem: String
  /// What the parser was doing, if it says so, and where that began, if elsewhere.
  var context: String?
  var begin: (line: Int, column: Int)?
  /// Both from 1.
  var line: Int
  var column: Int
}

/// libyaml's event parser, as Yams brings it along, over bytes in memory.
///
/// Yams' own composer stops at the first duplicate key and gives the second one no place; errors
/// here are reported all at once, so the events are read directly. It also calls itself for each
/// level and writes out nothing of what an alias costs; see `Composer`. This is the one file that
/// touches libyaml.
@safe final class YAMLEvents {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeMutableBufferPointer<UInt8>

  /// The bytes must be UTF-8.
  init(_ bytes: [UInt8]) {
    // SAFETY: both allocations are ours until deinit frees them; the parser keeps pointers to
    // itself and to the input, and neither moves. Initialising fails only without memory, which
    // ends a Swift program anyway; the parser is then all zeros and every later call fails.
    unsafe parser = .allocate(capacity: 1)
    unsafe input = .allocate(capacity: bytes.count)
    unsafe _ = input.initialize(from: bytes)
    unsafe parser.initialize(to: yaml_parser_t())
    unsafe yaml_parser_initialize(parser)
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    unsafe yaml_parser_set_input_string(parser, input.baseAddress, input.count)
  }

  deinit {
    // SAFETY: made in init, freed once.
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
    unsafe input.deallocate()
  }

  /// The next event; after `streamEnd` always `streamEnd`.
  func next() throws(YAMLFailure) -> YAMLEvent {
    // SAFETY: libyaml fills the event, its pointers are copied from before it is deleted, once.
    var event = unsafe yaml_event_t()
    guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw failure() }
    defer { unsafe yaml_event_delete(&event) }
    let content: YAMLEvent.Content
    // SAFETY: `type` says which member of `data` libyaml has filled.
    switch unsafe event.type {
    case YAML_STREAM_START_EVENT: content = .streamStart
    case YAML_DOCUMENT_START_EVENT: content = .documentStart
    case YAML_DOCUMENT_END_EVENT: content = .documentEnd
    case YAML_ALIAS_EVENT: content = unsafe .alias(Self.text(event.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT:
      let scalar = unsafe event.data.scalar
      let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      content = unsafe .scalar(
        String(decoding: bytes, as: UTF8.self),
        isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE,
        .init(anchor: Self.text(scalar.anchor), tag: Self.text(scalar.tag)))
    case YAML_SEQUENCE_START_EVENT:
      let start = unsafe event.data.sequence_start
      content = unsafe .sequenceStart(
        .init(anchor: Self.text(start.anchor), tag: Self.text(start.tag)))
    case YAML_SEQUENCE_END_EVENT: content = .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      let start = unsafe event.data.mapping_start
      content = unsafe .mappingStart(
        .init(anchor: Self.text(start.anchor), tag: Self.text(start.tag)))
    case YAML_MAPPING_END_EVENT: content = .mappingEnd
    default: content = .streamEnd
    }
    let start = unsafe event.start_mark
    let end = unsafe event.end_mark
    let first = Int(clamping: start.index)
    return unsafe YAMLEvent(
      content: content, line: Int(clamping: start.line) + 1,
      column: Int(clamping: start.column) + 1,
      range: first..<max(first, Int(clamping: end.index)), endLine: Int(clamping: end.line) + 1,
      style: Self.style(event))
  }

  private static func style(_ event: yaml_event_t) -> YAMLEvent.Style {
    // SAFETY: `type` says which member of `data` libyaml has filled; numbers are read from it.
    switch unsafe event.type {
    case YAML_DOCUMENT_START_EVENT:
      return unsafe event.data.document_start.implicit == 0 ? .explicit : .implicit
    case YAML_DOCUMENT_END_EVENT:
      return unsafe event.data.document_end.implicit == 0 ? .explicit : .implicit
    case YAML_SCALAR_EVENT:
      switch unsafe event.data.scalar.style {
      case YAML_SINGLE_QUOTED_SCALAR_STYLE: return .singleQuoted
      case YAML_DOUBLE_QUOTED_SCALAR_STYLE: return .doubleQuoted
      case YAML_LITERAL_SCALAR_STYLE: return .literal
      case YAML_FOLDED_SCALAR_STYLE: return .folded
      default: return .plain
      }
    case YAML_SEQUENCE_START_EVENT:
      return unsafe event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE ? .flow : .block
    case YAML_MAPPING_START_EVENT:
      return unsafe event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE ? .flow : .block
    default: return .implicit
    }
  }

  private func failure() -> YAMLFailure {
    // SAFETY: problem and context are null or C literals; the parser is ours.
    let parser = unsafe parser.pointee
    let problem = unsafe parser.problem.map { unsafe String(cString: $0) }
    let context = unsafe parser.context.map { unsafe String(cString: $0) }
    let mark = unsafe parser.error == YAML_READER_ERROR ? parser.mark : parser.problem_mark
    let begin = unsafe parser.context_mark
    let isElsewhere = begin.line != mark.line || begin.column != mark.column
    return YAMLFailure(
      problem: problem ?? "out of memory", context: context,
      begin: isElsewhere
        ? (Int(clamping: begin.line) + 1, Int(clamping: begin.column) + 1) : nil,
      line: Int(clamping: mark.line) + 1, column: Int(clamping: mark.column) + 1)
  }

  private static func text(_ characters: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    // SAFETY: libyaml ends its texts with NUL; the copy is made before the event is deleted.
    unsafe characters.map { unsafe String(cString: $0) }
  }
}
