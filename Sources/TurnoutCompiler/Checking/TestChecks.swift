/// The tests of one attribute, or of the unit: a value, a list of values, or operators.
extension Checker {
  static let operators = [
    "in", "not_in", "==", "!=", "<", "<=", ">", ">=", "prefix", "suffix", "contains", "exists",
  ]

  /// What other languages write; by letters alone, `=>` would be as near to `==`.
  private static let meant = ["=>": ">=", "=<": "<=", "=": "==", "<>": "!="]

  func test(_ subject: ConditionTest.Subject, _ type: AttributeType, _ entry: Node.Entry)
    -> Condition
  {
    let what = "`\(entry.key)`"
    switch entry.value.content {
    case .scalar:
      guard let value = value(entry.value, type, what) else { return .always }
      return .test(ConditionTest(subject: subject, operation: .equal(value)))
    case .list:
      return .test(
        ConditionTest(subject: subject, operation: .among(values(entry.value, type, what))))
    case .mapping(let operations):
      guard !operations.isEmpty else {
        report.error(
          .empty, at: entry.value.mark, "\(what) is tested for nothing",
          "write a value, a list of values, or an operator such as `{ exists: true }`")
        return .always
      }
      let tests = operations.sorted { Text($0.key) < Text($1.key) }.compactMap {
        operation($0, type, what).map {
          Condition.test(ConditionTest(subject: subject, operation: $0))
        }
      }
      return tests.count == 1 ? tests[0] : .all(tests)
    }
  }

  private func operation(
    _ entry: Node.Entry, _ type: AttributeType, _ what: String
  ) -> ConditionTest.Operation? {
    switch entry.key {
    case "in": return .among(values(entry.value, type, what))
    case "not_in": return .notAmong(values(entry.value, type, what))
    case "==": return value(entry.value, type, what).map { .equal($0) }
    case "!=": return value(entry.value, type, what).map { .notEqual($0) }
    case "<": return ordered(entry, type, what).map { .less($0) }
    case "<=": return ordered(entry, type, what).map { .lessOrEqual($0) }
    case ">": return ordered(entry, type, what).map { .greater($0) }
    case ">=": return ordered(entry, type, what).map { .greaterOrEqual($0) }
    case "prefix": return part(entry, type, what).map { .prefix($0) }
    case "suffix": return part(entry, type, what).map { .suffix($0) }
    case "contains": return part(entry, type, what).map { .contains($0) }
    case "exists": return boolean(entry.value, "`exists`").map { .exists($0) }
    default:
      report.error(
        .unknownKey, at: entry.keyMark, "unknown operator \(Printable.quoted(entry.key))",
        Self.meant[entry.key].map { "did you mean `\($0)`?" }
          ?? report.suggestion(for: entry.key, among: Self.operators)
          ?? "the operators are \(Self.operators.joined(separator: " "))")
      return nil
    }
  }

  /// A list of values; empty only where an error is reported.
  private func values(_ node: Node, _ type: AttributeType, _ what: String) -> [AttributeValue] {
    guard case .list(let nodes) = node.content else {
      reportWrongType(node, what, "a list here", "write `[…]`, or `==` and `!=` for one value")
      return []
    }
    guard !nodes.isEmpty, nodes.count <= Limits.valuesPerListMax else {
      reportCount(node, "the list of values of \(what)", nodes.count, Limits.valuesPerListMax)
      return []
    }
    return Self.sortedOnce(nodes.compactMap { value($0, type, what) })
  }

  private func ordered(
    _ entry: Node.Entry, _ type: AttributeType, _ what: String
  ) -> AttributeValue? {
    guard type != .boolean else {
      report.error(
        .wrongType, at: entry.keyMark, "\(what) is a boolean: it has no order for `\(entry.key)`",
        "compare it with true or false")
      return nil
    }
    return value(entry.value, type, what)
  }

  private func part(_ entry: Node.Entry, _ type: AttributeType, _ what: String) -> Text? {
    guard type == .string else {
      report.error(
        .wrongType, at: entry.keyMark,
        "`\(entry.key)` is for strings, \(what) is a \(type.rawValue)",
        type == .boolean ? "compare it with true or false" : "use == != < <= > >= in not_in")
      return nil
    }
    guard let value = value(entry.value, .string, what), case .string(let text) = value else {
      return nil
    }
    return text
  }
}
