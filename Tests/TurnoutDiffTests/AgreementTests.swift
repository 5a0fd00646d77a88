import Testing
import Turnout
import TurnoutDiff

/// The arithmetic against the engine: what both tables answer to random units.
@Suite struct AgreementTests {
  static let unitsPerDocument = 4_200

  /// 48 pairs of documents by chance, 201,600 units.
  @Test(arguments: 0..<48)
  func sharesAreWhatRandomUnitsGet(seed: Int) throws {
    var random = RandomDocuments(seed: UInt64(seed))
    let before = random.text
    random.change()
    let tables = try ComparedTables(before, random.text)
    let context: [String: Request.Value] =
      [[:], ["country": "DE"], ["tv": true], ["country": "DE", "tv": true]][seed % 4]
    let lacksSession = seed % 5 == 4
    try tables.with { old, new in
      if old.digest == new.digest { return }
      let comparison = TableComparison(
        before: .init(name: "a", revision: nil, image: old),
        after: .init(name: "b", revision: nil, image: new), now: ComparedTables.now)
      var request = Request("U", attributes: context)
      request = comparison.request(like: request, lacking: lacksSession ? ["session"] : [])
      try comparison.add(PopulationSample(request: request, isContext: true, weight: 1))
      guard let exact = comparison.difference(population: "one").useCases.first?.population else {
        return
      }
      #expect(exact.limit == nil)
      #expect(exact.flows.reduce(Share.zero) { $0 + $1.share } == Share.one)

      var counts: [[TurnoutDiff.Destination]: Int] = [:]
      let resolvers = [old, new].map { TableResolver(image: $0, revision: 1) }
      var dice = RandomDocuments.Dice(state: UInt64(seed) &* 77)
      for _ in 0..<Self.unitsPerDocument {
        request.requestID = ""
        request.unit = Request.Unit("u\(dice.next())")
        request.units = lacksSession ? [:] : ["session": Request.Unit("s\(dice.next())")]
        counts[resolvers.map { TurnoutDiff.Destination($0.resolve(request)) }, default: 0] += 1
      }
      try expect(counts, fit: exact.flows, of: Double(Self.unitsPerDocument), seed)
    }
  }

  private func expect(
    _ counts: [[TurnoutDiff.Destination]: Int], fit flows: [Flow], of total: Double, _ seed: Int
  ) throws {
    var left = counts
    for flow in flows {
      let count = Double(left.removeValue(forKey: [flow.from, flow.to]) ?? 0)
      let share = flow.share.value
      // Six standard deviations and a little for what is rare: once in some 10^8 flows by chance.
      let slack = 6 * (total * share * (1 - share)).squareRoot() + 4
      #expect(
        abs(count - total * share) <= slack,
        "seed \(seed): \(flow.from.text) → \(flow.to.text): \(count) of \(total), not \(share)")
    }
    #expect(left.isEmpty, "seed \(seed): arithmetic does not know \(left)")
  }

  /// Every class that is named has a context; whatever it is found to move, the engine moves.
  @Test(arguments: 0..<12)
  func classesAreSharesOfTheirContexts(seed: Int) throws {
    var random = RandomDocuments(seed: UInt64(seed) + 1_000)
    let before = random.text
    random.change()
    random.change()
    let difference = try ComparedTables(before, random.text).difference()
    for useCase in difference.useCases {
      #expect(!useCase.isIncomplete)
      for found in useCase.classes {
        #expect(found.flows.reduce(Share.zero) { $0 + $1.share } == Share.one)
        #expect(found.minimum <= found.moved)
      }
      // A destination's load is what flows lead to it.
      for time in [true, false] {
        let loads = difference.loads.filter { $0.shard == nil }
          .map { time ? $0.before.primary : $0.after.primary }
        #expect(loads.reduce(Share.zero, +) == Share.one)
      }
    }
  }

  /// Where nothing of a use case changes, nothing is found, and where something may, it is looked at.
  @Test func anUnchangedUseCaseIsPassedOver() throws {
    let random = RandomDocuments(seed: 5)
    let other = random.text + "  V:\n    rules: [{ route: m@v0 }]\n"
    let difference = try ComparedTables(random.text, other).difference()
    #expect(difference.unchangedCount == 1)
    #expect(difference.useCases.map(\.name) == ["V"])
    #expect(difference.useCases[0].change == .added && difference.useCases[0].largestMove == nil)
    #expect(difference.experiments.isEmpty)
  }

  /// The answers of one table with cells and shadows, against random units.
  @Test(arguments: 0..<8)
  func outcomesAreWhatRandomUnitsGet(seed: Int) throws {
    let tables = try ComparedTables(RandomDocuments(seed: UInt64(seed) + 50).text, Self.bare)
    try tables.with { image, _ in
      var request = ContextOutcomes.withAllUnits(
        Request("U", attributes: seed % 2 == 0 ? [:] : ["country": "DE"]), in: image)
      let exact = try ContextOutcomes(request, in: image)
      #expect(exact.outcomes.reduce(Share.zero) { $0 + $1.share } == Share.one)
      var counts: [Outcome: Int] = [:]
      let resolver = TableResolver(image: image, revision: 1)
      var dice = RandomDocuments.Dice(state: UInt64(seed))
      for _ in 0..<Self.unitsPerDocument {
        request.unit = Request.Unit("u\(dice.next())")
        request.units["session"] = Request.Unit("s\(dice.next())")
        counts[Outcome(resolver.resolve(request)), default: 0] += 1
      }
      for (outcome, share) in exact.outcomes {
        let count = Double(counts.removeValue(forKey: outcome) ?? 0)
        let total = Double(Self.unitsPerDocument)
        let slack = 6 * (total * share.value * (1 - share.value)).squareRoot() + 4
        #expect(abs(count - total * share.value) <= slack, "\(outcome): \(count), \(share.value)")
      }
      #expect(counts.isEmpty, "\(counts)")
    }
  }

  private static let bare = """
    turnout: 1
    unit: user
    clusters: { a: { address: "10.1.0.1:1" } }
    models: { m: { v0: { cluster: a } } }
    use_cases: { U: { rules: [{ route: m@v0 }] } }

    """
}

extension Outcome {
  fileprivate init(_ decision: Decision) {
    self.init(TurnoutDiff.Destination(decision))
    cells = decision.cells.map { Cell(experiment: $0.experiment, cell: $0.cell) }
    shadows = decision.shadows.map { shadow in
      Shadow(
        name: shadow.name,
        endpoint: TurnoutDiff.Destination.Endpoint(
          model: shadow.model, version: shadow.version, cluster: shadow.cluster,
          shard: shadow.shard, routingKey: shadow.routingKey))
    }
  }
}
