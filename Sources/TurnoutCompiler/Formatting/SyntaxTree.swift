/// A document as it was written, for the canonical form: the tree with its styles, and with every
/// comment at what it belongs to.
struct SyntaxNode {
  var content: Content
  var anchor: String?
  var style: YAMLEvent.Style
  var mark: SourceMark
  /// Behind the bracket or mark that opens a collection.
  var head: [Remark] = []
  /// On lines of their own behind the last part of a collection.
  var foot: [Remark] = []

  enum Content {
    case scalar(String)
    /// The source of a block scalar from its `|` or `>` on, beside its text.
    case block(String, source: [Unicode.Scalar])
    case alias(String)
    case list([SyntaxPart])
    case mapping([SyntaxPart])
  }

  var isBlockCollection: Bool {
    switch content {
    case .list, .mapping: style == .block
    case .scalar, .block, .alias: false
    }
  }

  var parts: [SyntaxPart] {
    switch content {
    case .list(let parts), .mapping(let parts): parts
    case .scalar, .block, .alias: []
    }
  }

  /// Whether a comment stands in it: then it cannot be on one line.
  var hasRemarks: Bool {
    !head.isEmpty || !foot.isEmpty
      || parts.contains {
        !$0.leading.isEmpty || !$0.head.isEmpty || !$0.trailing.isEmpty || $0.value.hasRemarks
      }
  }
}

/// An entry of a mapping, or an item of a list, which has no key.
struct SyntaxPart {
  var key: Key?
  var value: SyntaxNode
  /// On lines of their own above it.
  var leading: [Remark] = []
  /// Behind `key:` or `-`, with the value on lines of its own.
  var head: [Remark] = []
  /// Behind the value.
  var trailing: [Remark] = []
  /// Whether an empty line stands above it, below what `leading` has.
  var hasBlankAbove = false

  struct Key {
    var text: String
    var style: YAMLEvent.Style
  }
}

/// A comment.
struct Remark {
  /// From `#` on, without blanks at its end.
  var text: String
  /// Of its `#`, from 0.
  var column: Int
  var line: Int
  /// Of its `#`, in Unicode scalars.
  var start: Int
  /// Whether nothing else stands on its line.
  var isAlone: Bool
  var hasBlankAbove: Bool
}
