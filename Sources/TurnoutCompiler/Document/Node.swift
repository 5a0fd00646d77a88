/// A part of a document as it was written: no types yet, but a place.
struct Node {
  var content: Content
  var mark: SourceMark

  enum Content {
    /// A plain scalar is one without quotes that is no block either.
    case scalar(String, isPlain: Bool)
    case list([Node])
    /// No key twice.
    case mapping([Entry])
  }

  struct Entry {
    var key: String
    var keyMark: SourceMark
    var value: Node
  }

  /// Whether nothing, or a word for nothing, stands where a value should.
  var isNull: Bool {
    if case .scalar(let text, isPlain: true) = content { return CoreSchema.isNull(text) }
    return false
  }

  /// For messages: what stands there.
  var description: String {
    switch content {
    case .scalar where isNull: "nothing"
    case .scalar(let text, _): Printable.quoted(text)
    case .list: "a list"
    case .mapping: "a mapping"
    }
  }
}
