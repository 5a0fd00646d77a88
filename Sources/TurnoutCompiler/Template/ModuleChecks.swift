internal import Turnout

/// The module's settings, from a template's tree. The module reads them once more, and is strict too;
/// here a mistake has a line.
extension Checker {
  func moduleSettings(_ fields: Fields) -> ModuleSettings {
    var settings = ModuleSettings()
    func put(_ key: String, _ value: JSONTree?) {
      if let value { settings.members.append(JSONTree.Member(key: key, value: value)) }
    }
    put("use_case", fields["use_case"].flatMap { source($0, "`use_case`", mayBeValue: true) })
    put("unit", fields["unit"].flatMap { source($0, "`unit`") })
    if let units = fields["units"].flatMap({ named($0, "`units`") }) {
      let members = units.compactMap { entry in
        source(entry.value, "a unit").map { JSONTree.Member(key: entry.key, value: $0) }
      }
      put("units", .object(members))
    }
    if let attributes = fields["attributes"].flatMap({ named($0, "`attributes`") }) {
      let members = attributes.compactMap { entry -> JSONTree.Member? in
        guard let (type, value) = attribute(entry.value) else { return nil }
        settings.attributes.append(
          ModuleSettings.Attribute(name: entry.key, type: type, mark: entry.keyMark))
        return JSONTree.Member(key: entry.key, value: value)
      }
      put("attributes", .object(members))
    }
    put("request_id", fields["request_id"].flatMap { source($0, "`request_id`") })
    put("metadata", fields["metadata"].flatMap(metadata))
    put("statuses", fields["statuses"].flatMap(statuses))
    for key in ["counters", "response_headers"] {
      put(key, fields[key].flatMap { boolean($0, "`\(key)`") }.map { .boolean($0) })
    }
    return settings
  }

  /// `x-header`, `{ header: x-header }` or, where one request is as the other, `{ value: Name }`.
  private func source(_ node: Node, _ what: String, mayBeValue: Bool = false) -> JSONTree? {
    if case .scalar = node.content {
      return headerName(node, what).map { ["header": .text($0)] }
    }
    guard case .mapping(let entries) = node.content else {
      reportWrongType(node, what, "the name of a header")
      return nil
    }
    let fields = Fields(entries, at: node.mark, .header, report)
    switch (fields["header"], fields["value"]) {
    case (let header?, nil): return headerName(header, "`header`").map { ["header": .text($0)] }
    case (nil, let value?) where mayBeValue:
      return text(value, "`value`", bytesMax: Limits.valueBytesMax).map { ["value": .text($0)] }
    case (nil, _?):
      report.error(
        .conflictingKeys, at: node.mark, "\(what) comes from a header", "write `header:`")
    default:
      report.error(
        .missingKey, at: node.mark, "\(what) needs one source",
        mayBeValue ? "either `header:` or `value:`" : "write `header:`")
    }
    return nil
  }

  private func named(_ node: Node, _ what: String) -> [Node.Entry]? {
    guard case .mapping(let entries) = node.content else {
      reportWrongType(node, what, "a mapping from names", "such as `country: x-country`")
      return nil
    }
    for entry in entries where !Name.isValid(entry.key) {
      reportInvalidName(entry.key, at: entry.keyMark, "a name in \(what)")
    }
    return entries
  }

  private enum TypeWord: String, CaseIterable {
    case string
    case number
    case boolean
  }

  private func attribute(_ node: Node) -> (type: String, value: JSONTree)? {
    if case .scalar = node.content {
      return headerName(node, "an attribute's header").map {
        ("string", ["header": .text($0), "type": "string"])
      }
    }
    guard let fields = mapping(node, .templateAttribute, "or the name of a header") else {
      return nil
    }
    let type = fields["type"].flatMap { word($0, "`type`", as: TypeWord.self) } ?? .string
    switch (fields["header"], fields["value"]) {
    case (let header?, nil):
      return headerName(header, "`header`").map {
        (type.rawValue, ["header": .text($0), "type": .text(type.rawValue)])
      }
    case (nil, let value?):
      return attributeValue(value, type).map { (type.rawValue, ["value": $0]) }
    default:
      report.error(
        .missingKey, at: node.mark, "an attribute needs one source",
        "either `header:` or `value:`")
      return nil
    }
  }

  /// The module sees the type in the JSON.
  private func attributeValue(_ node: Node, _ type: TypeWord) -> JSONTree? {
    switch type {
    case .string:
      return text(node, "`value`", bytesMax: Limits.valueBytesMax).map { .text($0) }
    case .boolean: return boolean(node, "`value`").map { .boolean($0) }
    case .number:
      if case .scalar(let text, _) = node.content, case .json(let json) = CoreSchema.value(text),
        json.utf8.last.map(Digits.isDigit) == true
      {
        return .number(json)
      }
      reportWrongType(node, "`value`", "a number")
      return nil
    }
  }

  private static let metadataKeys = [
    "status", "use_case", "model", "version", "cluster", "shard", "routing_key", "revision",
    "digest", "reason", "rule", "cells", "holdouts", "traffic", "fallback", "degraded", "shadows",
    "config",
  ]

  private func metadata(_ node: Node) -> JSONTree? {
    guard case .list(let nodes) = node.content else {
      reportWrongType(node, "`metadata`", "a list", "`[]` writes none")
      return nil
    }
    return .list(
      nodes.compactMap { node in
        known(node, "a key of metadata", Self.metadataKeys).map { .text($0) }
      })
  }

  private static let statusKeys = [
    "missing_header", "unknown_use_case", "unknown_routing_key", "disabled", "missing_required",
    "unavailable", "invalid_argument", "no_table", "failure",
  ]

  private func statuses(_ node: Node) -> JSONTree? {
    guard case .mapping(let entries) = node.content else {
      reportWrongType(node, "`statuses`", "a mapping", "such as `unknown_use_case: 404`")
      return nil
    }
    let shape = Shape(what: "`statuses`", keys: Self.statusKeys)
    return .object(
      Fields(entries, at: node.mark, shape, report).entries.compactMap { entry in
        count(entry.value, "a status", 400...599).map {
          JSONTree.Member(key: entry.key, value: .integer($0))
        }
      })
  }

  private func known(_ node: Node, _ what: String, _ words: [String]) -> String? {
    guard let text = text(node, what, bytesMax: Limits.nameBytesMax) else { return nil }
    guard words.contains(text) else {
      report.error(
        .unknownName, at: node.mark, "\(Printable.quoted(text)) is not \(what)",
        report.suggestion(for: text, among: words) ?? Self.alternatives(words))
      return nil
    }
    return text
  }
}
