/// `guards:` of documents and of use cases.
extension Checker {
  /// Those of a top level.
  func checkGuards(_ node: Node) {
    guard let fields = guardFields(node, .guards) else { return }
    guards.all.tighten(share(fields))
    guard let node = fields["max_cluster_load"] else { return }
    guards.all.tighten(growth(node))
  }

  func checkGuards(_ node: Node, of useCase: String) {
    guards.useCases[useCase] = guardFields(node, .useCaseGuards).flatMap(share)
  }

  private func guardFields(_ node: Node, _ shape: Shape) -> Fields? {
    guard case .mapping(let entries) = node.content else {
      reportWrongType(node, "`guards`", "a mapping", "write `{ max_move: 5% }`")
      return nil
    }
    if entries.isEmpty {
      report.error(.empty, at: node.mark, "`guards` is empty", "write `{ max_move: 5% }`")
    }
    return Fields(entries, at: node.mark, shape, report)
  }

  private func share(_ fields: Fields) -> GuardedShare? {
    fields["max_move"].flatMap { node in
      percentage(node, "`max_move`").map { GuardedShare(share: $0, mark: node.mark) }
    }
  }

  private func growth(_ node: Node) -> GuardedGrowth? {
    let what = "`max_cluster_load`"
    guard case .scalar(let text, _) = node.content, !node.isNull else {
      reportWrongType(node, what, "a growth in percent", "write it as +20%")
      return nil
    }
    guard let growth = Growth(text) else {
      report.error(
        .invalidValue, at: node.mark, "\(Printable.quoted(text)) is no growth",
        Growth("+" + text) != nil
          ? "did you mean `+\(text)`?"
          : "write `+`, digits and `%`, with at most 9 digits after the point: +20%")
      return nil
    }
    return GuardedGrowth(growth: growth, mark: node.mark)
  }
}

extension Guards {
  /// Of two the stricter one holds.
  mutating func tighten(_ other: GuardedShare?) {
    guard let other, move.map({ other.share.units < $0.share.units }) ?? true else { return }
    move = other
  }

  mutating func tighten(_ other: GuardedGrowth?) {
    guard let other, clusterLoad.map({ other.growth < $0.growth }) ?? true else { return }
    clusterLoad = other
  }
}
