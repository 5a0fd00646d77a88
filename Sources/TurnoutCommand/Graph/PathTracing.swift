import Turnout
import TurnoutCompiler

/// From a use case's outline to the path that is drawn.
struct PathTracing {
  private let outline: UseCaseOutline
  private(set) var path: DecisionPath
  /// Versions that requests themselves reach, not only copies.
  private var primary: Set<UInt32> = []
  private var drawn: Set<String> = []

  init(_ outline: UseCaseOutline, title: String) {
    self.outline = outline
    path = DecisionPath(title: title)
    gatherPrimary()
    trace()
  }

  private mutating func gatherPrimary() {
    primary.formUnion(outline.overrides.toVersions.keys)
    for rule in outline.rules where rule.placement == nil {
      switch rule.action {
      case .route(let version): primary.insert(version)
      case .split(_, let arms): primary.formUnion(arms.map(\.target))
      case .lookup(_, let routes): primary.formUnion(routes.map(\.version))
      case .experiment(let experiment): primary.formUnion(experiment.cells.compactMap(\.version))
      }
    }
  }

  private mutating func trace() {
    var details = ["unit \(outline.unit)"]
    if !outline.isEnabled { details.append("enabled: false") }
    if outline.refusesWhenAllDown { details.append("refuses when all are down") }
    path.add(
      DecisionPath.Node(
        id: "use", column: .useCase, kind: .useCase, title: outline.name, details: details,
        isOff: !outline.isEnabled))
    var before = "use"
    if !outline.overrides.isEmpty { traceOverrides(after: &before) }
    for (index, rule) in outline.rules.enumerated() { trace(rule, index + 1, after: &before) }
    for (index, shadow) in outline.shadows.enumerated() { trace(shadow, index + 1) }
  }

  private mutating func traceOverrides(after before: inout String) {
    let count = outline.overrides.toVersions.values.reduce(outline.overrides.toCells, +)
    var details = [Figures.count(count, "unit") + " by name"]
    if outline.overrides.toCells > 0 {
      details.append(
        Figures.count(outline.overrides.toCells, "of them to a cell", plural: "of them to cells"))
    }
    path.add(
      DecisionPath.Node(
        id: "overrides", column: .rules, kind: .overrides, title: "overrides", details: details))
    path.connect(before, "overrides", .next)
    before = "overrides"
    for version in outline.overrides.toVersions.keys.sorted() {
      let units = outline.overrides.toVersions[version] ?? 0
      path.connect("overrides", traced(version), .decides, Figures.count(units, "unit"))
    }
  }

  // MARK: Rules

  private mutating func trace(
    _ rule: UseCaseOutline.Rule, _ number: Int, after before: inout String
  ) {
    let id = "rule\(number)"
    var details: [String] = []
    if !rule.condition.isAlways { details.append("if \(rule.condition.text)") }
    var kind = DecisionPath.Kind.rule
    var title = rule.name
    var isOff = false
    switch rule.action {
    case .route: if details.isEmpty { details.append("always") }
    case .split(let unit, _): details.append("split by \(unit)")
    case .lookup(let attribute, _): details.append("lookup \(attribute)")
    case .experiment(let experiment):
      kind = .experiment
      if title == nil || title == experiment.name {
        title = experiment.name
      } else {
        details.append("experiment \(experiment.name)")
      }
      details += words(of: experiment)
      isOff = !experiment.isEnabled
    }
    path.add(
      DecisionPath.Node(
        id: id, column: .rules, kind: kind, title: title.map { "\(number)  \($0)" } ?? "\(number)",
        details: details, isOff: isOff))
    path.connect(before, id, .next)
    before = id
    // With clusters of its own, a rule leads to versions that are placed as nowhere else.
    let place = rule.placement.map { (choices: $0, rule: number) }
    switch rule.action {
    case .route(let version): path.connect(id, traced(version, by: place), .decides)
    case .split(_, let arms):
      let (shown, rest) = foremost(arms, \.positions)
      for arm in shown {
        path.connect(
          id, traced(arm.target, by: place), .decides, RingShare.roundedPercent(arm.positions))
      }
      others(of: id, .versions, rest.count, "version", share: sum(rest))
    case .lookup(_, let routes):
      let (shown, rest) = foremost(routes) { UInt64($0.valueCount) }
      for route in shown {
        path.connect(id, traced(route.version, by: place), .decides, words(of: route))
      }
      others(of: id, .versions, rest.count, "version")
    case .experiment(let experiment): trace(experiment, of: number)
    }
  }

  private func words(of route: UseCaseOutline.LookupRoute) -> String {
    let values = route.values.map(\.words).joined(separator: ", ")
    let left = route.valueCount - route.values.count
    return left == 0 ? values : "\(values) and \(Figures.grouped(left)) more"
  }

  private func words(of experiment: UseCaseOutline.Experiment) -> [String] {
    let share = RingShare.roundedPercent(experiment.positions)
    var words = ["\(share) of layer \(experiment.layer) by \(experiment.unit)"]
    if experiment.isAssignedOutside { words.append("assigned outside") }
    if !experiment.condition.isAlways { words.append("when \(experiment.condition.text)") }
    for holdout in experiment.holdouts {
      let share = RingShare.roundedPercent(holdout.positions)
      words.append("without holdout \(holdout.name), \(share)")
    }
    if let starts = experiment.starts { words.append("from \(Instant(nanoseconds: starts).whole)") }
    if let ends = experiment.ends { words.append("until \(Instant(nanoseconds: ends).whole)") }
    if !experiment.isEnabled { words.append("enabled: false") }
    return words
  }

  private mutating func trace(_ experiment: UseCaseOutline.Experiment, of rule: Int) {
    let (shown, rest) = foremost(experiment.cells, \.positions)
    for (index, cell) in shown.enumerated() {
      let id = "rule\(rule)cell\(index + 1)"
      var details: [String] = []
      if cell.hasConfig { details.append("adds its config") }
      if cell.version == nil { details.append("names no model: the next rule is tried") }
      path.add(
        DecisionPath.Node(
          id: id, column: .cells, kind: .cell, title: cell.name, details: details,
          isOff: cell.positions == 0 && !experiment.isAssignedOutside))
      path.connect("rule\(rule)", id, .decides, share(of: cell.positions, in: experiment))
      if let version = cell.version { path.connect(id, traced(version), .decides) }
    }
    others(
      of: "rule\(rule)", .cells, rest.count, "cell",
      share: rest.reduce(0) { $0 + $1.positions })
  }

  /// Of all units: what the cell has of what the experiment has of its layer.
  private func share(of cell: UInt64, in experiment: UseCaseOutline.Experiment) -> String {
    if experiment.isAssignedOutside { return "assigned" }
    // At most 2^32 · 2^32, rounded to whole positions.
    let product = UInt128(cell) * UInt128(experiment.positions)
    return RingShare.roundedPercent(UInt64((product + (1 << 31)) >> 32))
  }

  private mutating func trace(_ shadow: UseCaseOutline.Shadow, _ number: Int) {
    let id = "shadow\(number)"
    let by = shadow.isByRequest ? "request" : shadow.unit
    var details = ["shadow, \(RingShare.roundedPercent(shadow.positions)) by \(by)"]
    if !shadow.condition.isAlways { details.append("when \(shadow.condition.text)") }
    path.add(
      DecisionPath.Node(
        id: id, column: .rules, kind: .shadow, title: shadow.name, details: details,
        isOff: shadow.positions == 0))
    path.connect("use", id, .shadow)
    path.connect(id, traced(shadow.version), .shadow)
  }

  // MARK: Versions and clusters

  /// The node of a version, drawn with all that it leads to.
  private mutating func traced(
    _ number: UInt32, by place: (choices: [UseCaseOutline.PlacementChoice], rule: Int)? = nil
  ) -> String {
    let id = "version\(number)" + (place.map { "rule\($0.rule)" } ?? "")
    guard drawn.insert(id).inserted, let version = outline.versions[number] else { return id }
    path.add(
      DecisionPath.Node(
        id: id, column: .versions, kind: .version, title: version.name,
        details: place.map { ["on the clusters of rule \($0.rule)"] } ?? []))
    let isCopy = place == nil && !primary.contains(number)
    for (index, choice) in (place?.choices ?? version.placement).enumerated() {
      trace(choice, isFirst: index == 0, of: id, isCopy: isCopy)
    }
    // A rule's clusters replace what stands in for the version, too; a shadow takes none.
    if let otherwise = version.otherwise, place == nil, !isCopy {
      primary.insert(otherwise)
      path.connect(id, traced(otherwise), .fallback, "otherwise")
    }
    return id
  }

  private mutating func trace(
    _ choice: UseCaseOutline.PlacementChoice, isFirst: Bool, of version: String, isCopy: Bool
  ) {
    let condition =
      choice.condition.isAlways ? (isFirst ? "" : "else") : "if \(choice.condition.text)"
    func label(_ rest: String) -> String {
      condition.isEmpty || rest.isEmpty ? condition + rest : "\(condition): \(rest)"
    }
    let (shown, rest) = foremost(choice.split, \.positions)
    for arm in shown {
      path.connect(
        version, traced(cluster: arm.target), isCopy ? .shadow : .decides,
        label(RingShare.roundedPercent(arm.positions)))
    }
    others(of: version, .clusters, rest.count, "cluster", share: sum(rest))
    for (index, cluster) in choice.list.enumerated() {
      let place = index + (choice.split.isEmpty ? 1 : 2)
      if isCopy && place > 1 { break }
      if place == 1 {
        path.connect(version, traced(cluster: cluster), isCopy ? .shadow : .decides, label(""))
      } else {
        path.connect(version, traced(cluster: cluster), .fallback, label(ordinal(place)))
      }
    }
  }

  private func ordinal(_ number: Int) -> String {
    switch (number % 10, number % 100) {
    case (1, let tens) where tens != 11: "\(number)st"
    case (2, let tens) where tens != 12: "\(number)nd"
    case (3, let tens) where tens != 13: "\(number)rd"
    default: "\(number)th"
    }
  }

  private mutating func traced(cluster number: UInt32) -> String {
    let id = "cluster\(number)"
    guard drawn.insert(id).inserted, let cluster = outline.clusters[number] else { return id }
    var details: [String] = []
    if let address = cluster.address { details.append(address) }
    if cluster.routingKey != cluster.name, cluster.shards.isEmpty {
      details.append("routing key \(cluster.routingKey)")
    }
    if !cluster.shards.isEmpty { details.append("sharded by \(cluster.unit)") }
    if cluster.standsInForSiblings { details.append("when down: siblings") }
    path.add(
      DecisionPath.Node(
        id: id, column: .clusters, kind: .cluster, title: cluster.name, details: details))
    let (shown, rest) = foremost(cluster.shards, \.positions)
    for (index, shard) in shown.enumerated() {
      let shardID = "\(id)shard\(index + 1)"
      path.add(
        DecisionPath.Node(
          id: shardID, column: .shards, kind: .shard, title: shard.name, details: [shard.address],
          isOff: shard.positions == 0))
      path.connect(id, shardID, .decides, RingShare.roundedPercent(shard.positions))
    }
    others(
      of: id, .shards, rest.count, "shard", share: rest.reduce(0) { $0 + $1.positions })
    return id
  }

  // MARK: What is not drawn one by one

  /// The first ones in order if there are many: those with most; and the others.
  private func foremost<Item>(
    _ items: [Item], _ size: (Item) -> UInt64
  ) -> (shown: [Item], rest: [Item]) {
    guard items.count > DecisionPath.siblingsMax else { return (items, []) }
    let sizes = items.map(size)
    let order = items.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
    let kept = Set(order.prefix(DecisionPath.siblingsMax - 1))
    return (
      items.indices.filter { kept.contains($0) }.map { items[$0] },
      items.indices.filter { !kept.contains($0) }.map { items[$0] }
    )
  }

  private mutating func others(
    of id: String, _ column: DecisionPath.Column, _ count: Int, _ noun: String,
    share: UInt64? = nil
  ) {
    guard count > 0 else { return }
    let other = id + "others"
    path.add(
      DecisionPath.Node(
        id: other, column: column, kind: .others,
        title: Figures.count(count, "more \(noun)", plural: "more \(noun)s"), details: []))
    path.connect(id, other, .decides, share.map { RingShare.roundedPercent($0) } ?? "")
  }

  private func sum(_ arms: [UseCaseOutline.Arm]) -> UInt64 { arms.reduce(0) { $0 + $1.positions } }
}
