import Turnout

extension Checker {
  /// The mapping as JSON. Plain scalars follow the core schema, all others are strings.
  func config(_ node: Node) -> Config {
    guard case .mapping(let entries) = node.content else {
      reportWrongType(node, "`config`", "a mapping", "write `{}` if there is nothing to say")
      return .empty
    }
    guard entries.count <= Limits.configKeysMax else {
      report.error(
        .limit, at: node.mark, "the config has \(entries.count) keys",
        "at most \(Limits.configKeysMax); group them in mappings")
      return .empty
    }
    var bytesLeft = Limits.configBytesMax
    let checked = entries.sorted { Text($0.key) < Text($1.key) }.map { entry in
      var json = ""
      appendJSON(entry.value, to: &json, &bytesLeft)
      // As a decision has it: with its quotes, a colon and a comma.
      bytesLeft -= min(JSONText.quoted(entry.key).utf8.count + 2, bytesLeft)
      return ConfigEntry(key: Text(entry.key), json: Text(json))
    }
    if bytesLeft == 0 {
      report.error(
        .limit, at: node.mark, "the config is larger than \(Limits.configBytesMax) bytes",
        "keep large things beside the model and name them in the config")
    }
    return Config(entries: checked)
  }

  /// Stops writing where no bytes are left; `bytesLeft` is then 0.
  private func appendJSON(_ node: Node, to json: inout String, _ bytesLeft: inout Int) {
    guard bytesLeft > 0 else { return }
    switch node.content {
    case .scalar(let text, let isPlain):
      append(isPlain ? plainJSON(text, at: node.mark) : JSONText.quoted(text), &json, &bytesLeft)
    case .list(let nodes):
      append("[", &json, &bytesLeft)
      for (index, node) in nodes.enumerated() {
        if index > 0 { append(",", &json, &bytesLeft) }
        appendJSON(node, to: &json, &bytesLeft)
      }
      append("]", &json, &bytesLeft)
    case .mapping(let entries):
      append("{", &json, &bytesLeft)
      for (index, entry) in entries.sorted(by: { Text($0.key) < Text($1.key) }).enumerated() {
        if index > 0 { append(",", &json, &bytesLeft) }
        append(JSONText.quoted(entry.key) + ":", &json, &bytesLeft)
        appendJSON(entry.value, to: &json, &bytesLeft)
      }
      append("}", &json, &bytesLeft)
    }
  }

  private func append(_ text: String, _ json: inout String, _ bytesLeft: inout Int) {
    guard text.utf8.count < bytesLeft else {
      bytesLeft = 0
      return
    }
    bytesLeft -= text.utf8.count
    json += text
  }

  private func plainJSON(_ text: String, at mark: SourceMark) -> String {
    switch CoreSchema.value(text) {
    case .json(let json): return json
    case .text: return JSONText.quoted(text)
    case .notFinite:
      report.error(
        .invalidValue, at: mark, "JSON has no number `\(text)`",
        "write a finite number, or put it in quotes to mean the text")
    case .tooLarge:
      report.error(
        .invalidValue, at: mark, "\(Printable.quoted(text)) has more than 64 bits",
        "write it in decimal digits, or put it in quotes to mean the text")
    }
    return "null"
  }
}
