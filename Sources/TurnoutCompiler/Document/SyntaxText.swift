/// The parser's complaints in words that say what to do.
enum SyntaxText {
  static func explain(_ failure: YAMLFailure) -> (message: String, suggestion: String?) {
    var message = failure.problem
    if let context = failure.context {
      message += " " + context
      if let begin = failure.begin {
        message += " that begins at line \(begin.line), column \(begin.column)"
      }
    }
    return (message, suggestion(failure.problem))
  }

  /// The tag as people write it.
  static func tag(_ tag: String) -> String {
    let common = "tag:yaml.org,2002:"
    return tag.hasPrefix(common) ? "!!" + tag.dropFirst(common.count) : tag
  }

  private static func suggestion(_ problem: String) -> String? {
    switch problem {
    case "found character that cannot start any token":
      "indent by spaces, not tabs, and quote a text that begins with `@`, `%`, `` ` `` or a tab"
    case "mapping values are not allowed in this context":
      "one `key: value` a line, with the indentation of its neighbours; quote a text that holds `: `"
    case "could not find expected ':'": "a key is followed by `: ` and its value"
    case "did not find expected key":
      "entries of one mapping begin in the same column; quote a text that holds special characters"
    case "did not find expected ',' or '}'": "close `{` with `}`, a comma between the entries"
    case "did not find expected ',' or ']'": "close `[` with `]`, a comma between the entries"
    case "did not find expected '-' indicator": "entries of one list begin in the same column"
    case "found unexpected end of stream": "close the quotes"
    case "did not find expected <document start>": "one mapping makes up the whole file"
    default: nil
    }
  }
}
