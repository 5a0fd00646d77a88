/// Writes one evaluation down. It allocates, which a resolve never does: an explanation is asked
/// for by somebody who looks into one request.
final class Recorder: Observer {
  static var listens: Bool { true }

  let names: TableNames
  private let request: RequestReference
  private let tests: TestReader
  private(set) var evaluation = Evaluation(decision: Decision(status: .ok))
  /// The record of the use case; nil until it is checked.
  var useCase: Place?
  /// The request's class of traffic.
  private var traffic = Evaluation.Value(Format.defaultTraffic)
  private let constants: Attributes
  /// Those that were looked up, for a table may have many.
  private var salts: [SaltKey: (salt: String, owner: String)] = [:]

  // What is told before that which it belongs to.
  private var pendingTests: [Evaluation.Test] = []
  private var pendingDraw: Evaluation.Draw?
  private var pendingClusterDraws: [Evaluation.Draw] = []
  private var walk: Evaluation.Walk?
  private var testCount = 0
  private var drawCount = 0
  private var choiceCount = 0

  /// What is passed is read until the evaluation ends.
  init(_ image: Image, _ request: RequestReference, constants: Attributes) {
    names = TableNames(image: image)
    self.constants = constants
    tests = TestReader(names: names)
    self.request = request
  }

  private struct SaltKey: Hashable {
    let kind: AllocationKind
    let owner: UInt32
    let part: UInt32
  }

  // MARK: The use case

  func checked(_ useCase: Place, _ finding: Observation.UseCase) {
    self.useCase = useCase
    lookAtRequest(useCase)
    evaluation.rulesLeft = Int(useCase.u16(Layout.UseCase.ruleCount))
    switch finding {
    case .answers: evaluation.refusal = nil
    case .disabled: evaluation.refusal = "the document says `enabled: false` of the use case"
    case .switchedOff: evaluation.refusal = "the overlay says that the use case is off"
    case .lacksAttribute(let number):
      evaluation.refusal =
        "the use case requires the attribute `\(names.attribute(number))`, which the request lacks"
    case .lacksUnit(let number):
      evaluation.refusal =
        "the use case requires the unit `\(names.unit(UInt8(truncatingIfNeeded: number)))`, "
        + "which the request lacks"
    }
  }

  /// Finds the use case's unit and the class of traffic as the evaluation does.
  private func lookAtRequest(_ useCase: Place) {
    Frame.with(
      names.image, revision: 0, overlay: .none, request, constants: constants
    ) { frame in
      let context = Context(frame, observer: Unobserved())
      context.useCase = useCase
      context.primary = request.unit
      _ = context.bind()
      traffic = Evaluation.Value(context.traffic)
      let asked = useCase.u8(Layout.UseCase.unit)
      let value = context.unit(asked)
      let given = context.numberOfUnit(asked)
      evaluation.unit = Evaluation.Unit(
        name: names.unit(asked), standsIn: given == asked ? nil : names.unit(given),
        value: value.isEmpty ? nil : Evaluation.Value(value))
    }
  }

  func searchedOverrides(by unit: Text, _ finding: Observation.Override) {
    switch finding {
    case .none: evaluation.override = Evaluation.Override.none
    case .version(let version): evaluation.override = .version(names.version(version))
    case .versionOfOtherTraffic(let version):
      evaluation.override = .versionOfOtherTraffic(names.version(version))
    case .cells: evaluation.override = .cells(overrideCells(of: unit))
    }
  }

  private func overrideCells(of unit: Text) -> [Evaluation.OverrideCell] {
    guard let useCase, useCase.u32(Layout.UseCase.overrides) != 0,
      let found = names.image.value(map: useCase.u32(Layout.UseCase.overrides) &- 1, unit),
      found & Layout.Override.isList != 0
    else { return [] }
    let list = useCase + (found & ~Layout.Override.isList)
    let rules = useCase + useCase.u32(Layout.UseCase.rules)
    return (0..<Int(list.u32(Layout.Override.count))).map { i in
      let entry = list + Layout.Override.entries + i &* Layout.Override.entryBytes
      let rule = rules + Int(entry.u16(Layout.Override.rule)) &* Layout.Rule.bytes
      let experiment = rule.u32(Layout.Rule.target)
      return Evaluation.OverrideCell(
        experiment: names.experiment(experiment),
        cell: names.cell(UInt32(entry.u16(Layout.Override.cell)), of: experiment))
    }
  }

  // MARK: Tests and draws

  func guarded(
    by attribute: UInt8, _ key: UInt64, isLast: Bool, _ value: Observation.Value, _ held: Bool
  ) {
    add { tests.guarding(attribute, key, isLast: isLast, value: value, held: held) }
  }

  func tested(_ test: Place, in base: Place, _ value: Observation.Value, _ held: Bool) {
    // A condition that always holds has no test, though a table may need one for it.
    let end = tests.constantEnd(of: test)
    if end == Format.holds { return }
    add {
      end == nil ? tests.read(test, in: base, value: value, held: held) : tests.never(value)
    }
  }

  private func add(_ test: () -> Evaluation.Test) {
    testCount &+= 1
    guard testCount <= Evaluation.Limit.tests else {
      evaluation.leftOut.tests &+= 1
      return
    }
    pendingTests.append(test())
  }

  func takeTests() -> [Evaluation.Test] {
    let taken = pendingTests
    pendingTests = []
    return taken
  }

  func takeDraw() -> Evaluation.Draw? {
    let taken = pendingDraw
    pendingDraw = nil
    return taken
  }

  func drew(_ draw: Observation.Draw) {
    drawCount &+= 1
    guard drawCount <= Evaluation.Limit.draws else {
      evaluation.leftOut.draws &+= 1
      return
    }
    let drawn = record(draw)
    switch draw.kind {
    case .split: changeRule { $0.draw = drawn }
    case .placement: walk?.draw = drawn
    case .shards: pendingClusterDraws.append(drawn)
    case .layer, .cells, .holdout, .sample: pendingDraw = drawn
    }
  }

  private func record(_ draw: Observation.Draw) -> Evaluation.Draw {
    let key = SaltKey(kind: draw.kind, owner: draw.owner, part: draw.part)
    let found = salts[key] ?? names.salt(draw.kind, owner: draw.owner, part: draw.part)
    salts[key] = found
    var source = Evaluation.Draw.Source.requestID
    switch draw.source {
    case .unit(let asked, let given):
      source = .unit(names.unit(asked), standsIn: given == asked ? nil : names.unit(given))
    case .nothing(let asked): source = .nothing(names.unit(asked))
    case .requestID: break
    }
    return Evaluation.Draw(
      allocation: draw.kind, owner: found.owner,
      salt: draw.again == 0 ? found.salt : "\(found.salt)#\(draw.again)", source: source,
      value: draw.interval == nil ? nil : Evaluation.Value(draw.value),
      position: draw.interval == nil ? nil : draw.position,
      interval: draw.interval.map { Self.bounds(of: $0, in: draw.block) },
      arm: names.arm(draw.kind, owner: draw.owner, target: draw.target))
  }

  private static func bounds(of interval: Int, in block: Place) -> Range<UInt64> {
    let lasts = block + Layout.Allocation.lasts
    let lower = interval == 0 ? 0 : UInt64(lasts.u32((interval &- 1) &* 4)) &+ 1
    return lower..<max(lower, UInt64(lasts.u32(interval &* 4)) &+ 1)
  }

  // MARK: Rules

  func tries(rule number: Int, _ record: Place) {
    guard let useCase else { return }
    evaluation.rulesLeft &-= 1
    let kind = RuleKind(rawValue: record.u8(Layout.Rule.kind)) ?? .route
    var rule = Evaluation.Rule(
      number: number &+ 1, name: names.rule(record, of: useCase), kind: kind)
    if kind == .experiment {
      let experiment = record.u32(Layout.Rule.target)
      let layer = names.image.record(.experiments, experiment).u32(Layout.Experiment.layer)
      rule.experiment = Evaluation.Experiment(
        name: names.experiment(experiment), layer: names.layer(layer))
    }
    evaluation.rules.append(rule)
  }

  func changeRule(_ change: (inout Evaluation.Rule) -> Void) {
    guard let last = evaluation.rules.indices.last else { return }
    change(&evaluation.rules[last])
  }

  func found(rule number: Int, _ record: Place, held: Bool) {
    let tests = takeTests()
    changeRule {
      $0.tests = tests
      $0.held = held
      // Unless more is told.
      $0.outcome = held ? .passed : .skipped
    }
  }

  func probed(rule record: Place, _ value: Observation.Value, _ version: UInt32?) {
    let lookup = Evaluation.Lookup(
      attribute: names.attribute(record.u32(Layout.Rule.attribute)),
      value: Evaluation.Value(value), version: version.map(names.version))
    changeRule { $0.lookup = lookup }
  }

  // MARK: Placement

  func places(_ version: UInt32, placement: UInt32, _ reason: Observation.PlacementReason) {
    endWalk()
    let name = names.version(version)
    switch reason {
    case .decided, .rule:
      evaluation.placement = Evaluation.Placement()
      if case .version = evaluation.override {
      } else {
        changeRule {
          $0.outcome = .decided
          $0.version = name
        }
      }
      walk = Evaluation.Walk(version: name, reason: reason == .rule ? .rule : .decided)
    case .otherwise: walk = Evaluation.Walk(version: name, reason: .otherwise)
    case .shadow: walk = Evaluation.Walk(version: name, reason: .shadow)
    }
  }

  private func endWalk() {
    guard let ended = walk else { return }
    if ended.reason != .shadow {
      evaluation.placement?.walks.append(ended)
    } else if let last = evaluation.shadows.indices.last {
      evaluation.shadows[last].walk = ended
    }
    walk = nil
  }

  func chose(placement: UInt32, held: Bool) {
    let tests = takeTests()
    choiceCount &+= 1
    guard held || choiceCount <= Evaluation.Limit.choices else {
      evaluation.leftOut.choices &+= 1
      return
    }
    walk?.choices.append(Evaluation.Choice(held: held, tests: tests))
  }

  func tried(_ cluster: Observation.Cluster) {
    var draws = pendingClusterDraws
    pendingClusterDraws = []
    var tried = Evaluation.Cluster(
      name: names.cluster(cluster.number), state: Self.state(cluster.clusterState),
      isUp: cluster.isUp)
    if let shard = names.shard(cluster.shard) {
      let first = draws.isEmpty ? nil : draws.removeFirst()
      tried.shard = Evaluation.Cluster.Shard(
        name: shard, state: Self.state(cluster.shardState), draw: first)
      tried.siblings = draws
      if cluster.final != cluster.shard { tried.sibling = names.shard(cluster.final) }
    }
    walk?.clusters.append(tried)
  }

  private static func state(_ state: UInt8) -> Evaluation.Cluster.State {
    switch state {
    case OverlayStates.up: .up
    case OverlayStates.draining: .draining
    default: .down
    }
  }

  func placed(_ end: Observation.PlacementEnd) {
    endWalk()
    switch end {
    case .up(let version, let shard, let isFallback):
      // A shadow's end is told with its own gates.
      guard evaluation.shadows.isEmpty else { return }
      evaluation.placement?.end = .up(
        version: names.version(version), routingKey: names.routingKey(shard),
        isFallback: isFallback)
    case .degraded(let version, let shard):
      evaluation.placement?.end = .degraded(
        version: names.version(version), routingKey: names.routingKey(shard))
    case .unavailable:
      evaluation.placement?.end = .unavailable
      evaluation.refusal =
        "no cluster is up, and the use case says `when_all_down: refuse`"
    case .leftOut: break
    }
  }

  // MARK: The end

  func ended(_ status: Status) {}

  /// Notes a gate of the experiment of the rule that is tried.
  func note(_ gate: Evaluation.Gate) { changeRule { $0.experiment?.gates.append(gate) } }

  /// Notes a gate of a shadow, whose first gate begins it.
  func note(_ gate: Evaluation.Shadow.Gate, shadow index: Int, _ begin: () -> Evaluation.Shadow) {
    if evaluation.shadows.count <= index { evaluation.shadows.append(begin()) }
    guard let last = evaluation.shadows.indices.last else { return }
    evaluation.shadows[last].gates.append(gate)
    if gate.kind == .cluster { evaluation.shadows[last].isAdded = gate.passes }
  }

  /// The request's class and a set of those that fit, whose number counts from 1.
  func traffic(_ set: UInt32) -> Evaluation.Traffic {
    let (classes, count) =
      set == 0 ? ([Evaluation.Value(Format.defaultTraffic)], 1) : tests.texts(ofSet: set &- 1)
    return Evaluation.Traffic(value: traffic, classes: classes, classCount: count)
  }
}
