/// The parser's complaints in words that say what to do.
enum SyntaxText {
  static func explain(_ failure: YAMLFailure) -> (message: String, suggestion: String?) {
    let message = failure.problem + (failure.context.map { " " + $0 } ?? "")
    return (message, suggestion(failure.problem))
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
