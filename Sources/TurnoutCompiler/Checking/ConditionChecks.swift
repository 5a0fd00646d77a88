extension Checker {
  /// A condition; `what` is what messages call its place. Entries of a mapping are taken in byte
  /// order of their keys, so that the order in which they were written changes nothing.
  func condition(_ node: Node, _ what: String) -> Condition {
    guard case .mapping(let entries) = node.content else {
      if node.isNull {
        report.error(
          .empty, at: node.mark, "\(what) says nothing",
          "write a condition; `{}` is one that always holds")
      } else {
        reportWrongType(
          node, what, "a condition", "write it as a mapping, such as `{ country: US }`")
      }
      return .always
    }
    return condition(entries)
  }

  func condition(_ entries: [Node.Entry]) -> Condition {
    let parts = entries.sorted { Text($0.key) < Text($1.key) }.map(condition)
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private func condition(_ entry: Node.Entry) -> Condition {
    switch entry.key {
    case "all": return .all(conditions(entry))
    case "any": return .any(conditions(entry))
    case "not": return .not(condition(entry.value, "`not`"))
    case "segment":
      guard let segment = name(entry.value, "`segment`") else { return .always }
      checkReference(
        segment, at: entry.value.mark, "segment", in: segments, section: "segments")
      return .segment(segment)
    case "unit": return test(.unit, .string, entry)
    case "units": return unitList(entry.value)
    case "units_file": return unitFile(entry.value)
    default: break
    }
    guard let type = attributes[entry.key] else {
      reportUnknownAttribute(entry.key, at: entry.keyMark, also: Shape.condition.keys)
      return .always
    }
    return test(.attribute(name: entry.key, type: type), type, entry)
  }

  /// `also` are other words that could stand there.
  func reportUnknownAttribute(_ name: String, at mark: SourceMark, also: [String] = []) {
    guard !namesAreIncomplete else { return }
    report.error(
      .unknownName, at: mark, "there is no attribute \(Printable.quoted(name))",
      report.suggestion(for: name, among: Array(attributes.keys) + also)
        ?? "declare it under `attributes`")
  }

  private func conditions(_ entry: Node.Entry) -> [Condition] {
    guard case .list(let nodes) = entry.value.content else {
      reportWrongType(entry.value, "`\(entry.key)`", "a list of conditions")
      return []
    }
    guard !nodes.isEmpty else {
      report.error(
        .empty, at: entry.value.mark, "`\(entry.key)` is an empty list",
        "list at least one condition")
      return []
    }
    return nodes.map { condition($0, "an entry of `\(entry.key)`") }
  }

  private func unitList(_ node: Node) -> Condition {
    guard case .list(let nodes) = node.content else {
      reportWrongType(node, "`units`", "a list of units")
      return .always
    }
    guard !nodes.isEmpty, nodes.count <= Limits.unitsPerListMax else {
      reportCount(node, "`units`", nodes.count, Limits.unitsPerListMax)
      return .always
    }
    let units = nodes.compactMap { node -> Text? in
      guard let text = text(node, "a unit", bytesMax: Limits.valueBytesMax) else { return nil }
      guard !text.isEmpty else {
        report.error(
          .empty, at: node.mark, "a unit is empty",
          "leave it out: an empty unit counts as missing")
        return nil
      }
      return Text(text)
    }
    return .units(UnitSet(units.map(\.utf8)))
  }

  func reportCount(_ node: Node, _ what: String, _ count: Int, _ countMax: Int) {
    if count == 0 {
      report.error(.empty, at: node.mark, "\(what) is empty", "list at least one")
    } else {
      report.error(.limit, at: node.mark, "\(what) has \(count) entries", "at most \(countMax)")
    }
  }

  static func sortedOnce<Value: Comparable & Hashable>(_ values: [Value]) -> [Value] {
    var result: [Value] = []
    for value in values.sorted() where value != result.last { result.append(value) }
    return result
  }
}
