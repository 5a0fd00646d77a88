/// What comes to clusters, in use cases: 1 is what one use case is asked, and each is taken to be asked
/// as often as any other, since documents know no traffic. Production traffic alone counts, and every
/// cluster is up.
struct Loads {
  /// By cluster: of what is decided, as much as any context could make it.
  private(set) var decided: [String: Double] = [:]
  /// By cluster: of shadows, what they send whatever the context is.
  private(set) var shadowed: [String: [(share: Double, mark: SourceMark)]] = [:]

  private var placements: [ModelReference: Placement] = [:]
  private var most: [ModelReference: [String: Double]] = [:]
  private var experiments: [String: (experiment: Experiment, share: Double)] = [:]

  /// Of shadows, those that `isCounted` wants.
  init(_ document: RoutingDocument, isCounted: (Shadow) -> Bool) {
    for model in document.models {
      for version in model.versions {
        let reference = ModelReference(model: model.name, version: version.name)
        placements[reference] = version.placement
      }
    }
    for useCase in document.useCases where useCase.isEnabled {
      for shadow in useCase.shadows where shadow.isForAll && isCounted(shadow) { count(shadow) }
    }
    if shadowed.isEmpty { return }
    var shares: [String: Double] = [:]
    for layer in document.layers {
      for arm in layer.allocation?.arms ?? [] { shares[arm.name] = arm.share(of: 1) }
    }
    for experiment in document.experiments {
      experiments[experiment.name] = (experiment, shares[experiment.name] ?? 0)
    }
    for useCase in document.useCases where useCase.isEnabled { count(useCase) }
  }

  /// A shadow goes to the first cluster alone; where that depends on the context, what is sent anyway.
  private mutating func count(_ shadow: Shadow) {
    guard let placement = placements[shadow.version] else { return }
    let sample = shadow.sample.arms.first?.share(of: 1) ?? 0
    let choices = placement.choices.map(\.clusters.shares)
    for (cluster, share) in choices.first ?? [:] {
      let least = choices.reduce(share) { min($0, $1[cluster] ?? 0) }
      if least * sample > 0 { shadowed[cluster, default: []].append((least * sample, shadow.mark)) }
    }
  }

  /// Of rules one decides, for whom the experiments above it leave: the one that sends most.
  private mutating func count(_ useCase: UseCase) {
    var byRules: [String: Double] = [:]
    var byCells: [String: Double] = [:]
    for rule in useCase.rules {
      switch rule.action {
      case .experiment(let name):
        guard let (experiment, share) = experiments[name] else { break }
        let whole = experiment.allocation.weightOfAll
        for (cell, arm) in zip(experiment.cells, experiment.allocation.arms) {
          guard let version = cell.model(for: useCase.name) else { continue }
          Self.add(most(of: version), times: share * arm.share(of: whole), to: &byCells)
        }
      case .route(let version): Self.raise(&byRules, to: most(of: version, rule))
      case .lookup(let lookup):
        for version in Set(lookup.routes.map(\.version)) {
          Self.raise(&byRules, to: most(of: version, rule))
        }
      case .split(let split):
        var sum: [String: Double] = [:]
        let whole = split.allocation.weightOfAll
        for (version, arm) in zip(split.versions, split.allocation.arms) {
          Self.add(most(of: version, rule), times: arm.share(of: whole), to: &sum)
        }
        Self.raise(&byRules, to: sum)
      }
    }
    Self.add(byCells, times: 1, to: &byRules)
    for (cluster, share) in byRules where shadowed[cluster] != nil {
      decided[cluster, default: 0] += min(1, share)
    }
  }

  private mutating func most(of version: ModelReference, _ rule: Rule? = nil) -> [String: Double] {
    if let own = rule?.placement { return own.mostShares }
    if let known = most[version] { return known }
    let shares = placements[version]?.mostShares ?? [:]
    most[version] = shares
    return shares
  }

  private static func raise(_ shares: inout [String: Double], to others: [String: Double]) {
    shares.merge(others) { max($0, $1) }
  }

  private static func add(
    _ others: [String: Double], times factor: Double, to shares: inout [String: Double]
  ) {
    for (cluster, share) in others { shares[cluster, default: 0] += share * factor }
  }
}

/// `shadow-load`
extension Warnings {
  func checkLoads() {
    let loads = Loads(document) { !isAllowed(.shadowLoad, at: $0.mark) }
    for cluster in document.clusters {
      guard let decided = loads.decided[cluster.name], decided > 0,
        let shadows = loads.shadowed[cluster.name], !isAllowed(.shadowLoad, at: cluster.mark)
      else { continue }
      let shadowed = shadows.reduce(0) { $0 + $1.share }
      guard shadowed > decided - 1e-9 else { continue }
      let heaviest = shadows.reduce(shadows[0]) { best, next in
        let isBetter =
          next.share > best.share || next.share == best.share && next.mark.precedes(best.mark)
        return isBetter ? next : best
      }
      report.warning(
        .shadowLoad, at: heaviest.mark,
        "shadows at least double what the cluster `\(cluster.name)` has to do: they send it what"
          + " \(Self.text(shadowed)) use cases are asked, decisions \(Self.text(decided)) at most",
        "take a smaller `sample`, or say `allow: [shadow-load]` if the cluster is made for it")
    }
  }

  /// With two digits that say something.
  private static func text(_ number: Double) -> String {
    var step = 100.0
    while number * step < 10, step < 1e9 { step *= 10 }
    let rounded = (number * step).rounded() / step
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }
}

extension Shadow {
  /// Whatever a production request says.
  fileprivate var isForAll: Bool {
    condition.isAlways && traffic.classes.contains("production")
  }
}

extension AllocationSpec {
  fileprivate var weightOfAll: Double {
    arms.reduce(0) { sum, arm in
      if case .weight(let weight) = arm.size { sum + Double(weight.units) } else { sum }
    }
  }
}

extension ArmSpec {
  /// Of a weight, beside all weights of the allocation.
  fileprivate func share(of whole: Double) -> Double {
    switch size {
    case .weight(let weight): Double(weight.units) / whole
    case .share(let share): Double(share.units) / Double(Percentage.whole)
    }
  }
}

extension Placement {
  fileprivate var mostShares: [String: Double] {
    choices.reduce(into: [:]) { most, choice in
      most.merge(choice.clusters.shares) { max($0, $1) }
    }
  }
}

extension ClusterChoice {
  /// Of those that come first.
  fileprivate var shares: [String: Double] {
    switch self {
    case .list(let names): names.first.map { [$0: 1] } ?? [:]
    case .split(let split):
      Dictionary(
        split.allocation.arms.map { ($0.name, $0.share(of: split.allocation.weightOfAll)) }
      ) { first, _ in first }
    }
  }
}
