/// What a case of `expect:` expects.
extension Checker {
  static let outcomeKeys = [
    "status", "model", "cluster", "shard", "routing_key", "cells", "shadows", "config",
  ]

  func outcome(
    _ fields: Fields, of useCase: UseCase?, _ answering: AnsweringNames
  ) -> ExpectedOutcome {
    var outcome = ExpectedOutcome()
    let said = fields.entries.filter { Self.outcomeKeys.contains($0.key) }
    guard !said.isEmpty else {
      report.error(
        .missingKey, at: fields.mark, "the case expects nothing",
        "add `model: model@version`, or another of \(Self.outcomeKeys.joined(separator: ", "))")
      return outcome
    }
    if let node = fields["status"] {
      outcome.status = status(node)
      outcome.statusMark = node.mark
    }
    if outcome.status != .ok, let other = said.first(where: { $0.key != "status" }) {
      report.error(
        .conflictingKeys, at: other.keyMark,
        "with `status: \(outcome.status.rawValue)` there is no answer to have a `\(other.key)`",
        "leave `\(other.key)` or `status` out")
    }
    if let node = fields["model"] { outcome.model = expected(node) { model($0) } }
    if let node = fields["cluster"] { outcome.cluster = expected(node) { clusterReference($0) } }
    if let node = fields["shard"] {
      let shards = answering.shards(of: outcome.cluster?.alternatives)
      outcome.shard = expected(node) { known($0, "shard", among: shards) }
    }
    if let node = fields["routing_key"] {
      let keys = answering.routingKeys
      outcome.routingKey = expected(node) { known($0, "routing key", among: keys) }
    }
    if let node = fields["cells"] {
      outcome.cells = parts(node, "cells", "{ experiment: cell }") { entry in
        guard isNamed(entry, by: useCase) else { return nil }
        return { self.cell($0, of: entry.key) }
      }
    }
    if let node = fields["shadows"] {
      outcome.shadows = parts(node, "shadows", "{ shadow: model@version }") { entry in
        checkShadow(entry, of: useCase)
        return { self.model($0) }
      }
    }
    if let node = fields["config"] { outcome.config = expectedConfig(node) }
    return outcome
  }

  private func status(_ node: Node) -> ExpectedStatus {
    if case .scalar("unavailable", _) = node.content {
      report.error(
        .invalidValue, at: node.mark, "no case comes to `unavailable`",
        "a case asks the table alone, and there every cluster is up")
      return .ok
    }
    return word(node, "`status`", as: ExpectedStatus.self) ?? .ok
  }

  // MARK: Names

  /// `model@version`, or the name of a model.
  private func model(_ node: Node) -> ExpectedModel? {
    guard case .scalar(let text, _) = node.content, !node.isNull else {
      reportWrongType(node, "a model", "a name, written `model@version` or `model`")
      return nil
    }
    guard !text.utf8.contains(UInt8(ascii: "@")) else {
      return versionReference(text, at: node.mark).map {
        ExpectedModel(model: $0.model, version: $0.version)
      }
    }
    checkReference(text, at: node.mark, "model", in: versions, section: "models")
    return ExpectedModel(model: text, version: nil)
  }

  private func known(_ node: Node, _ kind: String, among names: [String]) -> String? {
    guard let text = text(node, "a \(kind)", bytesMax: Limits.routingKeyBytesMax) else {
      return nil
    }
    guard !names.contains(text), !namesAreIncomplete else { return text }
    report.error(
      .unknownName, at: node.mark, "there is no \(kind) \(Printable.quoted(text))",
      report.suggestion(for: text, among: names)
        ?? (names.isEmpty
          ? "there is none there"
          : "there is " + names.prefix(8).map { "`\($0)`" }.joined(separator: ", ")))
    return text
  }

  /// Whether a rule of the use case names the experiment that an entry is about.
  func isNamed(_ entry: Node.Entry, by useCase: UseCase?) -> Bool {
    guard cells[entry.key] != nil else {
      checkReference(
        entry.key, at: entry.keyMark, "experiment", in: cells, section: "experiments")
      return false
    }
    guard let useCase else { return true }
    let isNamed = useCase.rules.contains { rule in
      if case .experiment(let name) = rule.action { name == entry.key } else { false }
    }
    guard !isNamed else { return true }
    report.error(
      .unknownName, at: entry.keyMark,
      "no rule of `\(useCase.name)` names the experiment `\(entry.key)`",
      "add `- experiment: \(entry.key)` to its rules, or leave it out here")
    return false
  }

  func cell(_ node: Node, of experiment: String) -> String? {
    guard let cell = name(node, "a cell") else { return nil }
    if let known = cells[experiment] ?? nil, !known.contains(cell) {
      report.error(
        .unknownName, at: node.mark, "the experiment `\(experiment)` has no cell `\(cell)`",
        report.suggestion(for: cell, among: known)
          ?? "its cells are \(known.sorted().prefix(8).joined(separator: ", "))")
    }
    return cell
  }

  private func checkShadow(_ entry: Node.Entry, of useCase: UseCase?) {
    guard let useCase, !useCase.shadows.contains(where: { $0.name == entry.key }) else { return }
    let names = useCase.shadows.map(\.name)
    report.error(
      .unknownName, at: entry.keyMark,
      "`\(useCase.name)` has no shadow \(Printable.quoted(entry.key))",
      report.suggestion(for: entry.key, among: names)
        ?? (names.isEmpty ? "it has none" : "it has \(names.joined(separator: ", "))"))
  }

  // MARK: Alternatives

  /// One thing, or a list of which any will do.
  private func expected<Value>(
    _ node: Node, _ read: (Node) -> Value?
  ) -> Expected<Value>? {
    guard let all = alternatives(node, read) else { return nil }
    return Expected(alternatives: all, mark: node.mark)
  }

  private func alternatives<Value>(_ node: Node, _ read: (Node) -> Value?) -> [Value]? {
    guard case .list(let nodes) = node.content else { return read(node).map { [$0] } }
    guard !nodes.isEmpty, nodes.count <= Limits.alternativesMax else {
      reportCount(node, "the list of what will do", nodes.count, Limits.alternativesMax)
      return nil
    }
    let all = nodes.compactMap(read)
    return all.count == nodes.count ? all : nil
  }

  /// A mapping from names to alternatives, or to null. `reader` checks the name, and gives what reads
  /// the rest; nil where there is no use in that.
  private func parts<Value>(
    _ node: Node, _ key: String, _ example: String,
    _ reader: (Node.Entry) -> ((Node) -> Value?)?
  ) -> [ExpectedPart<Value>] {
    let entries = entries(node, key, "write `\(example)`")
    return entries.sorted { Text($0.key) < Text($1.key) }.compactMap { entry in
      guard let read = reader(entry) else { return nil }
      if entry.value.isNull {
        return ExpectedPart(name: entry.key, alternatives: nil, mark: entry.value.mark)
      }
      return alternatives(entry.value, read).map {
        ExpectedPart(name: entry.key, alternatives: $0, mark: entry.value.mark)
      }
    }
  }

  /// Of a mapping that says at least one thing and not too many; else none, and that is reported.
  private func entries(_ node: Node, _ key: String, _ advice: String) -> [Node.Entry] {
    guard case .mapping(let entries) = node.content else {
      reportWrongType(node, "`\(key)`", "a mapping", advice)
      return []
    }
    guard !entries.isEmpty, entries.count <= Limits.expectedPartsMax else {
      reportCount(node, "`\(key)`", entries.count, Limits.expectedPartsMax)
      return []
    }
    return entries
  }

  private func expectedConfig(_ node: Node) -> [ExpectedConfig] {
    let entries = entries(node, "config", "write the keys that it must have")
    guard !entries.isEmpty else { return [] }
    let marks = Dictionary(entries.map { (Text($0.key), $0.value.mark) }) { first, _ in first }
    return config(node).entries.map {
      ExpectedConfig(entry: $0, mark: marks[$0.key] ?? node.mark)
    }
  }
}
