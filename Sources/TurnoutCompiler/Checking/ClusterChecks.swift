internal import Turnout

extension Checker {
  func checkClusters(_ declarations: [Declaration]) -> [Cluster] {
    for declaration in declarations { clusters[declaration.name] = declaration.mark }
    return declarations.compactMap(checkCluster)
  }

  private func checkCluster(_ declaration: Declaration) -> Cluster? {
    let name = declaration.name
    guard case .mapping(let entries) = declaration.value.content else {
      reportWrongType(
        declaration.value, "the cluster `\(name)`", "a mapping",
        "write `{ address: host:port }`")
      return nil
    }
    let fields = Fields(entries, at: declaration.value.mark, .cluster, report)
    checkNotes(fields)
    let allowed = allow(fields, at: declaration.mark)
    var routingKey = name
    if let node = fields["routing_key"] {
      routingKey = token(node, "`routing_key`", bytesMax: Limits.routingKeyBytesMax) ?? name
    }
    var site: Cluster.Site?
    switch (fields["address"], fields.entry("shards")) {
    case (let address?, nil):
      for key in ["unit", "salt", "shared_salt", "ranges", "when_down"] {
        guard let entry = fields.entry(key) else { continue }
        report.error(
          .conflictingKeys, at: entry.keyMark, "`\(key)` concerns shards, and there are none",
          "leave it out, or write `shards` in place of `address`")
      }
      site = self.address(address).map(Cluster.Site.address)
    case (nil, let shards?):
      site = allowing(allowed) {
        self.shards(shards.value, declaration, routingKey, fields, allowed)
      }.map(Cluster.Site.shards)
    case (_?, let shards?):
      report.error(
        .conflictingKeys, at: shards.keyMark,
        "the cluster `\(name)` has `address` and `shards`", "give it one of the two")
    case (nil, nil):
      report.error(
        .missingKey, at: declaration.mark, "the cluster `\(name)` has no address",
        "add `address: host:port`, or `shards`")
    }
    return site.map {
      Cluster(name: name, routingKey: routingKey, site: $0, mark: declaration.mark)
    }
  }

  private func address(_ node: Node) -> String? {
    token(node, "`address`", bytesMax: Limits.addressBytesMax)
  }

  private func shards(
    _ node: Node, _ cluster: Declaration, _ routingKey: String, _ fields: Fields,
    _ allowed: Set<DiagnosticCode>
  ) -> Shards? {
    var unit = primaryUnit
    if let node = fields["unit"] { unit = unitReference(node, "`unit`") ?? unit }
    let whenDown = fields["when_down"].flatMap { word($0, "`when_down`", as: WhenDown.self) }
    guard case .mapping(let entries) = node.content else {
      reportWrongType(
        node, "`shards`", "a mapping from names", "write `g0: { address: host:port }` below it")
      return nil
    }
    guard !entries.isEmpty else {
      report.error(
        .empty, at: node.mark, "`shards` is empty", "name at least one shard with its address")
      return nil
    }
    let errors = report.errorCount
    var arms: [ArmSpec] = []
    var checked: [Shard] = []
    for declaration in declarations(entries, "shard") {
      guard case .mapping(let entries) = declaration.value.content else {
        reportWrongType(
          declaration.value, "the shard `\(declaration.name)`", "a mapping",
          "write `{ address: host:port }`")
        continue
      }
      let fields = Fields(entries, at: declaration.value.mark, .shard, report)
      checkNotes(fields)
      allow(fields, at: declaration.mark)
      let weight = fields["weight"].map { self.weight($0) } ?? .one
      arms.append(
        ArmSpec(name: declaration.name, size: .weight(weight ?? .one), mark: declaration.mark))
      guard let node = fields["address"] else {
        report.error(
          .missingKey, at: declaration.mark, "the shard `\(declaration.name)` has no address",
          "add `address: host:port`")
        continue
      }
      guard let address = address(node) else { continue }
      checked.append(
        Shard(
          name: declaration.name, address: address,
          routingKey: "\(routingKey)/\(declaration.name)", mark: declaration.mark))
    }
    let allocation = allocation(
      .shards, owner: cluster.name, unit: unit, arms: arms, fields, at: cluster.mark,
      since: errors, allowed: allowed)
    return Shards(
      allocation: allocation, shards: checked.sorted { Text($0.name) < Text($1.name) },
      whenDown: whenDown ?? .next)
  }

  /// The proxy routes on the key alone, so no two destinations have one.
  func checkRoutingKeys(_ clusters: [Cluster]) {
    var all: [(key: String, mark: SourceMark)] = []
    for cluster in clusters {
      switch cluster.site {
      case .address: all.append((cluster.routingKey, cluster.mark))
      case .shards(let shards): all += shards.shards.map { ($0.routingKey, $0.mark) }
      }
    }
    all.sort { $0.mark.precedes($1.mark) }
    var first: [String: SourceMark] = [:]
    for (key, mark) in all {
      if let earlier = first[key] {
        report.error(
          .sharedRoutingKey, at: mark, "the routing key `\(key)` is taken",
          "it is that of the destination at \(report.place(earlier)); set another `routing_key`")
      } else {
        first[key] = mark
      }
    }
  }
}
