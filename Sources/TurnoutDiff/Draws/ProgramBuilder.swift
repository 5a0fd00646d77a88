import Turnout

/// Writes down what a use case does with every unit in one context: the evaluation of a resolve, with
/// each draw left open. `Docs/semantics.md` says the order of things.
struct ProgramBuilder {
  let side: ComparedSide
  let scope: Circumstances
  /// What outcomes tell beside the destination. What neither is told nor changes it is left out.
  let told: OutcomeParts

  private var program = DrawProgram()
  /// An experiment that may be entered, in the order of the rules.
  private var entries: [Entry] = []
  private var ending = Ending.version(0, placement: 0)
  private var rules: [RuleKey: Int] = [:]
  private var placed: [PlaceKey: Int] = [:]
  private var leaves: [Int: Int] = [:]
  private var visitsLeft = visitsMax

  private struct Entry {
    var experiment: Int
    var record: Int
    /// Where the versions of its cells are listed; 0 without any.
    var versions: Int
    /// Given by an assignment.
    var given: Int?
    /// Whether outcomes tell its cell.
    var isTold: Bool
  }

  private enum Ending {
    /// A model version, and the rule's reference to a placement of its own.
    case version(Int, placement: Int)
    /// A split: its block, its unit, and the same reference.
    case split(Int, unit: Int, placement: Int)
  }

  private struct RuleKey: Hashable {
    var entry: Int
    var cells: [Int]
  }

  private struct PlaceKey: Hashable {
    var version: Int
    var shards: Bool
    var number: Int
    var cells: [Int]
  }

  private init(_ side: ComparedSide, _ scope: Circumstances, telling told: OutcomeParts = .none) {
    self.side = side
    self.scope = scope
    self.told = told
  }

  /// What becomes of the units of a request: it says what is given, which units are only there or not.
  static func program(
    _ side: ComparedSide, _ request: Request, telling told: OutcomeParts = .none
  ) -> DrawProgram {
    side.resolver.circumstances(of: request) { scope, status in
      guard let scope else { return DrawProgram.ended(side.outcome(status)) }
      var builder = ProgramBuilder(side, scope, telling: told)
      builder.readRules()
      builder.program.root = builder.rule(0, cells: [])
      builder.program.isCut = builder.visitsLeft < 0
      return builder.program
    }
  }

  private var records: TableRecords { side.records }
  private var useCase: Int { scope.useCase }

  // MARK: Rules

  private mutating func readRules() {
    if let version = scope.override() {
      ending = .version(Int(version), placement: 0)
      return
    }
    for number in 0..<records.ruleCount(useCase) where scope.holds(rule: number) {
      let rule = records.rule(number, of: useCase)
      let target = records.u32(rule + Layout.Rule.target)
      let placement = records.u32(rule + Layout.Rule.placement)
      switch RuleKind(rawValue: UInt8(records.u8(rule))) {
      case .route:
        ending = .version(target, placement: placement)
        return
      case .split:
        ending = .split(
          useCase + target, unit: records.u8(rule + Layout.Rule.unit), placement: placement)
        return
      case .lookup:
        if let version = scope.lookedUp(rule: number) {
          ending = .version(Int(version), placement: placement)
          return
        }
      case .experiment: readExperiment(target, rule, number)
      case nil: break
      }
    }
  }

  private mutating func readExperiment(_ experiment: Int, _ rule: Int, _ number: Int) {
    let listed = records.u32(rule + Layout.Rule.cellVersions)
    let versions = listed == 0 ? 0 : useCase + listed
    let isTold = told.tell(experiment: records.name(.experiments, experiment))
    guard isTold || versions != 0, scope.isRunning(experiment: UInt32(experiment)) else { return }
    let record = records.record(.experiments, experiment)
    var entry = Entry(
      experiment: experiment, record: record, versions: versions, isTold: isTold)
    if let given = scope.givenCell(rule: number) {
      if given == Format.nobody { return }
      entry.given = Int(given)
    } else {
      let layer = records.u32(record + Layout.Experiment.layer)
      let flags = UInt8(records.u8(record + Layout.Experiment.flags))
      guard flags & Layout.Experiment.flagOutside == 0, !scope.isTaken(layer: UInt32(layer)),
        scope.holds(condition: UInt32(records.u32(record + Layout.Experiment.condition)))
      else { return }
    }
    entries.append(entry)
  }

  /// Combinations of what is told that are followed before it is given up.
  private static let visitsMax = 200_000

  /// False where there were too many: what follows then means nothing.
  private mutating func visit() -> Bool {
    visitsLeft -= 1
    return visitsLeft >= 0
  }

  /// The node of what happens from an experiment on.
  private mutating func rule(_ index: Int, cells: [Int]) -> Int {
    let key = RuleKey(entry: index, cells: cells)
    if let known = rules[key] { return known }
    guard visit() else { return leaf(side.outcome(.ok)) }
    let node = index < entries.count ? enter(index, cells) : end(cells)
    rules[key] = node
    return node
  }

  private mutating func enter(_ index: Int, _ cells: [Int]) -> Int {
    let entry = entries[index]
    if let given = entry.given { return cell(given, of: index, cells) }
    let next = rule(index + 1, cells: cells)
    let layer = records.record(.layers, records.u32(entry.record + Layout.Experiment.layer))
    let unit = UInt8(records.u8(layer + Layout.Layer.unit))
    guard case .unit(let source) = scope.source(ofUnit: unit) else { return next }

    let cellBlock = records.allocation(records.u32(entry.record + Layout.Experiment.allocation))
    let drawn = draw(side.coordinate(cellBlock, unit: source), cellBlock) {
      $0.cell($1, of: index, cells)
    }
    let layerBlock = records.allocation(records.u32(layer + Layout.Layer.allocation))
    var node = program.add(
      draw: side.coordinate(layerBlock, unit: source), side.intervals(layerBlock)
    ) { $0 == entry.experiment ? drawn : next }
    for number in records.holdouts(ofLayer: layer) {
      node = holdout(number, inside: next, outside: node)
    }
    return node
  }

  private mutating func holdout(_ number: Int, inside: Int, outside: Int) -> Int {
    let record = records.record(.holdouts, number)
    let unit = UInt8(records.u8(record + Layout.Holdout.unit))
    guard scope.hasTraffic(of: UInt32(records.u32(record + Layout.Holdout.traffic))),
      case .unit(let source) = scope.source(ofUnit: unit)
    else { return outside }
    let block = records.allocation(records.u32(record + Layout.Holdout.allocation))
    return program.add(draw: side.coordinate(block, unit: source), side.intervals(block)) {
      $0 == 0 ? inside : outside
    }
  }

  /// The node of a unit that is in a cell.
  private mutating func cell(_ cell: Int, of index: Int, _ cells: [Int]) -> Int {
    let entry = entries[index]
    let entered = entry.isTold ? cells + [entry.experiment, cell] : cells
    let version = entry.versions == 0 ? 0 : records.u32(entry.versions + cell * 4)
    return version == 0
      ? rule(index + 1, cells: entered) : place(version - 1, placement: 0, cells: entered)
  }

  private mutating func end(_ cells: [Int]) -> Int {
    switch ending {
    case .version(let version, let placement):
      return place(version, placement: placement, cells: cells)
    case .split(let block, let unit, let placement):
      return drawn(block, unit) { $0.place($1, placement: placement, cells: cells) }
    }
  }
}

// MARK: Placements

extension ProgramBuilder {
  /// A draw that is made in any case: by the request id where there is no unit, and of one without either
  /// the arm with most positions.
  private mutating func drawn(
    _ block: Int, _ unit: Int, _ next: (inout ProgramBuilder, Int) -> Int
  ) -> Int {
    let coordinate: Int
    switch scope.source(ofUnit: UInt8(unit)) {
    case .unit(let source): coordinate = side.coordinate(block, unit: source)
    case .requestID: coordinate = side.coordinateByRequest(block)
    case .nothing: return next(&self, records.heaviest(block))
    }
    return draw(coordinate, block, next)
  }

  private mutating func draw(
    _ coordinate: Int, _ block: Int, _ next: (inout ProgramBuilder, Int) -> Int
  ) -> Int {
    let intervals = side.intervals(block)
    // Nodes come after those that they lead to: these first.
    var nodes: [Int: Int] = [:]
    for interval in intervals where nodes[interval.target] == nil {
      nodes[interval.target] = next(&self, interval.target)
    }
    return program.add(draw: coordinate, intervals) { nodes[$0] ?? 0 }
  }

  /// The cluster of a model version, while every cluster is up: the first of its list.
  private mutating func place(_ version: Int, placement own: Int, cells: [Int]) -> Int {
    let placement =
      own == 0
      ? records.u32(records.record(.versions, version) + Layout.Version.placement) : own - 1
    let key = PlaceKey(version: version, shards: false, number: placement, cells: cells)
    if let known = placed[key] { return known }
    let node = first(of: placement) { builder, cluster in
      builder.shard(version, cluster, cells)
    }
    placed[key] = node
    return node
  }

  /// The first cluster of the choice of a placement whose condition holds.
  private mutating func first(
    of placement: Int, _ next: (inout ProgramBuilder, Int) -> Int
  ) -> Int {
    var record = records.record(.placements, placement)
    while true {
      let condition = records.u32(record + Layout.Placement.condition)
      if scope.holds(condition: UInt32(condition)) { break }
      record = records.record(.placements, records.u32(record + Layout.Placement.next))
    }
    let split = records.u32(record + Layout.Placement.split)
    if split == 0 {
      let list = records.u32(record + Layout.Placement.firstCluster)
      return next(&self, records.u32(records.record(.clusterLists, list)))
    }
    return drawn(records.allocation(split), records.u8(useCase + Layout.UseCase.unit), next)
  }

  private mutating func shard(_ version: Int, _ cluster: Int, _ cells: [Int]) -> Int {
    let key = PlaceKey(version: version, shards: true, number: cluster, cells: cells)
    if let known = placed[key] { return known }
    let node = shards(of: cluster) { builder, shard in builder.leaf(version, shard, cells) }
    placed[key] = node
    return node
  }

  private mutating func shards(
    of cluster: Int, _ next: (inout ProgramBuilder, Int) -> Int
  ) -> Int {
    let record = records.record(.clusters, cluster)
    let allocation = records.u32(record + Layout.Cluster.allocation)
    if allocation == 0 { return next(&self, records.u32(record + Layout.Cluster.firstShard)) }
    return drawn(
      records.allocation(allocation), records.u8(record + Layout.Cluster.unit), next)
  }

  private mutating func leaf(_ version: Int, _ shard: Int, _ cells: [Int]) -> Int {
    guard told.areAny else { return leaf(side.outcome(version: version, shard: shard)) }
    var outcome = Outcome(.endpoint(side.endpoint(version, shard)))
    for at in stride(from: 0, to: cells.count, by: 2) {
      let first = records.u32(
        records.record(.experiments, cells[at]) + Layout.Experiment.firstCell)
      outcome.cells.append(
        Outcome.Cell(
          experiment: records.name(.experiments, cells[at]),
          cell: records.name(.cells, first + cells[at + 1])))
    }
    return shadows(from: 0, outcome)
  }

  private mutating func leaf(_ outcome: Int) -> Int {
    if let known = leaves[outcome] { return known }
    let node = program.add(.leaf(outcome))
    leaves[outcome] = node
    return node
  }
}

// MARK: Shadows

extension ProgramBuilder {
  /// The node of the shadows from one on, behind an outcome that is known so far.
  private mutating func shadows(from index: Int, _ outcome: Outcome) -> Int {
    guard index < records.shadowCount(useCase) else {
      return leaf(side.numbers.outcomes.number(outcome))
    }
    guard visit() else { return leaf(side.outcome(.ok)) }
    let shadow = records.shadow(index, of: useCase)
    let name = records.shadowName(shadow, of: useCase)
    guard told.tell(shadow: name) else { return shadows(from: index + 1, outcome) }
    let without = shadows(from: index + 1, outcome)
    return copies(shadow, without: without) { builder, version, shard in
      var added = outcome
      added.shadows.append(
        Outcome.Shadow(name: name, endpoint: builder.side.endpoint(version, shard)))
      return builder.shadows(from: index + 1, added)
    }
  }

  /// The node of one shadow: it leads to `without` where there is no copy.
  private mutating func copies(
    _ shadow: Int, without: Int, _ next: (inout ProgramBuilder, Int, Int) -> Int
  ) -> Int {
    guard scope.hasTraffic(of: UInt32(records.u32(shadow + Layout.Shadow.traffic))),
      scope.holds(condition: UInt32(records.u32(shadow + Layout.Shadow.condition)))
    else { return without }
    let block = useCase + records.u32(shadow + Layout.Shadow.allocation)
    let coordinate: Int
    if UInt8(records.u8(shadow + Layout.Shadow.flags)) & Layout.Shadow.flagByRequest != 0 {
      guard scope.hasRequestID else { return without }
      coordinate = side.coordinateByRequest(block)
    } else {
      guard
        case .unit(let source) = scope.source(
          ofUnit: UInt8(records.u8(shadow + Layout.Shadow.unit)))
      else { return without }
      coordinate = side.coordinate(block, unit: source)
    }
    let version = records.u32(shadow + Layout.Shadow.version)
    let placement = records.u32(records.record(.versions, version) + Layout.Version.placement)
    let sent = first(of: placement) { builder, cluster in
      builder.shards(of: cluster) { builder, shard in next(&builder, version, shard) }
    }
    return program.add(draw: coordinate, side.intervals(block)) { $0 == 0 ? sent : without }
  }

  /// Where the copies of each shadow go: a program for each, that ends in an outcome or, without a copy, in
  /// a refusal. Empty where the use case gives no answer.
  static func shadows(_ side: ComparedSide, _ request: Request) -> [ShadowProgram] {
    side.resolver.circumstances(of: request) { scope, _ in
      guard let scope else { return [] }
      return (0..<side.records.shadowCount(scope.useCase)).map { index in
        var builder = ProgramBuilder(side, scope)
        let shadow = side.records.shadow(index, of: scope.useCase)
        let without = builder.leaf(side.outcome(.ok))
        builder.program.root = builder.copies(shadow, without: without) { builder, version, shard in
          builder.leaf(side.outcome(version: version, shard: shard))
        }
        return ShadowProgram(
          name: side.records.shadowName(shadow, of: scope.useCase),
          target: side.records.target(side.records.u32(shadow + Layout.Shadow.version)),
          program: builder.program)
      }
    }
  }
}

/// The copies of one shadow.
struct ShadowProgram {
  var name: String
  /// `model@version`.
  var target: String
  var program: DrawProgram
}
