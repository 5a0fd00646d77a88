import Turnout

/// Scalars take the type of their place, from their text; quotes make no difference.
extension Checker {
  /// `what` is what messages call the place, with its article or in backticks.
  func reportWrongType(_ node: Node, _ what: String, _ wanted: String, _ suggestion: String? = nil)
  {
    report.error(
      .wrongType, at: node.mark, "\(what) must be \(wanted), not \(node.description)", suggestion)
  }

  func text(_ node: Node, _ what: String, bytesMax: Int) -> String? {
    guard case .scalar(let text, _) = node.content, !node.isNull else {
      reportWrongType(node, what, "a text")
      return nil
    }
    guard text.utf8.count <= bytesMax else {
      report.error(
        .limit, at: node.mark, "\(what) has \(text.utf8.count) bytes", "at most \(bytesMax)")
      return nil
    }
    return text
  }

  /// A text that is sent or dialled: not empty, printable, without spaces.
  func token(_ node: Node, _ what: String, bytesMax: Int) -> String? {
    guard let text = text(node, what, bytesMax: bytesMax) else { return nil }
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
      report.error(
        .invalidValue, at: node.mark, "\(what) cannot be \(Printable.quoted(text))",
        "printable ASCII without spaces")
      return nil
    }
    return text
  }

  func name(_ node: Node, _ what: String) -> String? {
    guard case .scalar(let text, _) = node.content, !node.isNull else {
      reportWrongType(node, what, "a name")
      return nil
    }
    guard Name.isValid(text) else {
      reportInvalidName(text, at: node.mark, "a name")
      return nil
    }
    return text
  }

  func boolean(_ node: Node, _ what: String) -> Bool? {
    guard case .scalar(let text, _) = node.content else {
      reportWrongType(node, what, "true or false")
      return nil
    }
    switch text {
    case "true": return true
    case "false": return false
    default: break
    }
    var suggestion: String?
    switch text.lowercased() {
    case "yes", "on", "y", "1", "true", "t": suggestion = "write true"
    case "no", "off", "n", "0", "false", "f": suggestion = "write false"
    default: break
    }
    reportWrongType(node, what, "true or false", suggestion)
    return nil
  }

  /// One of the words that an enumeration knows.
  func word<Word: RawRepresentable & CaseIterable>(
    _ node: Node, _ what: String, as: Word.Type
  ) -> Word? where Word.RawValue == String {
    let words = Word.allCases.map(\.rawValue)
    guard case .scalar(let text, _) = node.content, let word = Word(rawValue: text) else {
      var suggestion: String?
      if case .scalar(let text, _) = node.content {
        suggestion = report.suggestion(for: text, among: words)
      }
      reportWrongType(node, what, Self.alternatives(words), suggestion)
      return nil
    }
    return word
  }

  func weight(_ node: Node) -> Weight? {
    guard case .scalar(let text, _) = node.content, !node.isNull else {
      reportWrongType(node, "a weight", "a number")
      return nil
    }
    guard let weight = Weight(text) else {
      report.error(
        .invalidValue, at: node.mark, "\(Printable.quoted(text)) is no weight",
        text.utf8.last == UInt8(ascii: "%")
          ? "weights are shares of their sum: leave the % out"
          : "write digits, at most 9 before and 9 after the point: 1, 95, 0.5")
      return nil
    }
    return weight
  }

  func percentage(_ node: Node, _ what: String) -> Percentage? {
    guard case .scalar(let text, _) = node.content, !node.isNull else {
      reportWrongType(node, what, "a percentage")
      return nil
    }
    guard let percentage = Percentage(text) else {
      report.error(
        .invalidValue, at: node.mark, "\(Printable.quoted(text)) is no percentage",
        Weight(text) != nil
          ? "did you mean `\(text)%`?"
          : "write digits and `%`, from 0% to 100%, with at most 9 digits after the point: 0.5%")
      return nil
    }
    return percentage
  }

  /// In nanoseconds since 1970.
  func instant(_ node: Node, _ what: String) -> Int64? {
    guard case .scalar(let text, _) = node.content, !node.isNull else {
      reportWrongType(node, what, "a time")
      return nil
    }
    guard let instant = Instant(text) else {
      report.error(
        .invalidValue, at: node.mark, "\(what) cannot be \(Printable.quoted(text))",
        Instant.expectation)
      return nil
    }
    return instant.nanoseconds
  }

  /// `a, b or c`
  static func alternatives(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }

  /// `description`, `owner` and `labels` are for people: they are checked and not kept. The
  /// sources are stored beside the table.
  func checkNotes(_ fields: Fields) {
    guard fields.entries.contains(where: { Shape.notes.contains($0.key) }) else { return }
    for key in ["description", "owner"] {
      if let node = fields[key] {
        _ = text(node, "`\(key)`", bytesMax: Limits.noteBytesMax)
      }
    }
    guard let labels = fields["labels"] else { return }
    guard case .mapping(let entries) = labels.content else {
      return reportWrongType(labels, "`labels`", "a mapping from texts to texts")
    }
    for entry in entries {
      _ = text(entry.value, "a label", bytesMax: Limits.noteBytesMax)
    }
  }
}
