internal import Turnout

/// Where model versions run.
extension Checker {
  /// `placement: [{ when: …, cluster: … }, …]` of a version; only the last has no `when`.
  func placement(_ node: Node, owner: String) -> Placement? {
    guard case .list(let nodes) = node.content else {
      reportWrongType(
        node, "`placement`", "a list of `{ when: …, cluster: … }`",
        "to run in one place whatever the request, write `cluster:`")
      return nil
    }
    guard !nodes.isEmpty, nodes.count <= Limits.choicesPerPlacementMax else {
      reportCount(node, "`placement`", nodes.count, Limits.choicesPerPlacementMax)
      return nil
    }
    var choices: [PlacementChoice] = []
    var hasSplit = false
    for (index, node) in nodes.enumerated() {
      guard case .mapping(let entries) = node.content else {
        reportWrongType(
          node, "an entry of `placement`", "a mapping", "write `{ when: …, cluster: … }`")
        continue
      }
      let fields = Fields(entries, at: node.mark, .placementChoice, report)
      let condition = choiceCondition(fields, isLast: index == nodes.count - 1)
      guard let cluster = fields["cluster"] else {
        report.error(
          .missingKey, at: node.mark, "the entry names no cluster",
          "add `cluster:` with the clusters that it stands for")
        continue
      }
      let clusters = allowing(allow(fields, at: node.mark)) {
        self.clusters(cluster, owner: owner, isSecondSplit: hasSplit)
      }
      guard let clusters else { continue }
      if case .split = clusters { hasSplit = true }
      choices.append(
        PlacementChoice(condition: condition, clusters: clusters, mark: node.mark))
    }
    return choices.isEmpty ? nil : Placement(choices: choices)
  }

  private func choiceCondition(_ fields: Fields, isLast: Bool) -> Condition {
    guard let when = fields["when"] else {
      if !isLast {
        report.error(
          .missingKey, at: fields.mark, "the entries below this one are never reached",
          "add a `when` to it, or put it last")
      }
      return .always
    }
    let condition = self.condition(when, "`when`")
    checkTestCount(condition, at: when.mark)
    guard case .mapping(let entries) = when.content, entries.isEmpty != isLast else {
      return condition
    }
    if isLast {
      report.error(
        .lastRule, at: fields.mark, "the last entry of `placement` does not serve every request",
        "take its `when` away, or add `- cluster: …` below it")
    } else {
      report.error(
        .missingKey, at: when.mark, "the entries below this one are never reached",
        "write a condition, or put it last")
    }
    return condition
  }

  /// What a `cluster:` holds. `owner` is what a split of clusters is known by, nil in a rule without
  /// a name.
  func clusters(_ node: Node, owner: String?, isSecondSplit: Bool = false) -> ClusterChoice? {
    switch node.content {
    case .scalar, .list: clusterList(node, "`cluster`").map(ClusterChoice.list)
    case .mapping(let entries):
      clusterSplit(entries, at: node.mark, owner, isSecondSplit).map(ClusterChoice.split)
    }
  }

  /// One cluster, or several in order of preference.
  private func clusterList(_ node: Node, _ what: String) -> [String]? {
    guard case .list(let nodes) = node.content else {
      return clusterReference(node).map { [$0] }
    }
    guard !nodes.isEmpty else {
      report.error(.empty, at: node.mark, "\(what) is an empty list", "name a cluster")
      return nil
    }
    guard nodes.count <= Limits.clustersPerPlacementMax else {
      report.error(
        .limit, at: node.mark, "\(what) lists \(nodes.count) clusters",
        "at most \(Limits.clustersPerPlacementMax)")
      return nil
    }
    var names: [String] = []
    for node in nodes {
      guard let cluster = clusterReference(node) else { continue }
      if names.contains(cluster) {
        report.error(
          .duplicateName, at: node.mark, "the cluster `\(cluster)` stands here twice",
          "list each cluster once, in order of preference")
      } else {
        names.append(cluster)
      }
    }
    return names
  }

  private func clusterSplit(
    _ entries: [Node.Entry], at mark: SourceMark, _ owner: String?, _ isSecondSplit: Bool
  ) -> ClusterSplit? {
    let errors = report.errorCount
    let fields = Fields(entries, at: mark, .clusterSplit, report)
    let then = fields["then"].map { clusterList($0, "`then`") ?? [] } ?? []
    guard let split = fields.entry("split") else {
      if report.errorCount == errors {
        report.error(
          .missingKey, at: mark, "the split of clusters has no `split`",
          "write `{ split: { cluster-a: 90, cluster-b: 10 } }`, or a cluster or a list of clusters")
      }
      return nil
    }
    guard case .mapping(let weights) = split.value.content else {
      reportWrongType(
        split.value, "`split`", "a mapping from clusters to weights",
        "write `{ cluster-a: 90, cluster-b: 10 }`")
      return nil
    }
    guard !weights.isEmpty else {
      report.error(
        .empty, at: split.value.mark, "`split` is empty",
        "write `{ cluster-a: 90, cluster-b: 10 }`")
      return nil
    }
    var arms: [ArmSpec] = []
    for entry in weights {
      let key = Node(content: .scalar(entry.key, isPlain: false), mark: entry.keyMark)
      let weight = self.weight(entry.value)
      guard let cluster = clusterReference(key) else { continue }
      arms.append(ArmSpec(name: cluster, size: .weight(weight ?? .one), mark: entry.keyMark))
    }
    guard let owner, !arms.isEmpty else {
      if owner == nil {
        report.error(
          .missingKey, at: split.keyMark, "a rule with a split of clusters needs a `name`",
          "add one, such as `name: move`: its salt, and so every user's cluster, comes from it")
      }
      return nil
    }
    let needsSalt = isSecondSplit && fields["salt"] == nil
    if needsSalt {
      report.error(
        .missingKey, at: split.keyMark,
        "a second split of clusters in one placement needs a `salt` of its own",
        "add one beside `split`; by default all of them have `placement:\(owner)`")
    }
    let allocation = allocation(
      .placement, owner: needsSalt ? "\(owner)#" : owner, unit: "", arms: arms, fields,
      at: split.keyMark, since: errors, allowed: allow(fields, at: split.keyMark))
    return ClusterSplit(allocation: allocation, then: then)
  }
}
