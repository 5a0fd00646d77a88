package import Turnout

/// One line of a population: a request, or a context that stands for all units.
package struct PopulationSample: Sendable {
  package var request: Request
  /// Whether it has no unit of its own: its share goes to all units alike.
  package var isContext: Bool
  /// Billionths.
  package var weight: UInt64

  package init(request: Request, isContext: Bool, weight: UInt64) {
    self.request = request
    self.isContext = isContext
    self.weight = weight
  }
}

/// What the lines of a population come to, by their weights.
struct PopulationTally {
  var requestCount = 0
  var contextCount = 0
  var total: UInt64 = 0
  var loads = LoadTally()
  /// Use cases with a context that was too much to work out.
  var excesses: [String] = []
  private var useCases: [String: Entry] = [:]

  private struct Entry {
    var total: UInt64 = 0
    var hasContexts = false
    var hasRequests = false
    var flows: [JointDraw.Pair: Share] = [:]
    var limit: String?
  }

  mutating func add(
    _ flows: [JointDraw.Pair: Share], of useCase: String, weight: UInt64, isContext: Bool
  ) {
    var entry = useCases[useCase] ?? Entry()
    // Taken out, so that it is changed in place.
    useCases[useCase] = nil
    entry.total += weight
    entry.hasContexts = entry.hasContexts || isContext
    entry.hasRequests = entry.hasRequests || !isContext
    for (pair, share) in flows { entry.flows[pair, default: .zero] += share.times(weight) }
    useCases[useCase] = entry
  }

  mutating func exceed(_ words: String, _ useCase: String) {
    useCases[useCase, default: Entry()].limit = words
    if !excesses.contains(useCase) { excesses.append(useCase) }
  }

  /// What it comes to for a use case; nil if no line is for it.
  func difference(of useCase: String, _ outcomes: Numbering<Outcome>) -> ClassDifference? {
    guard let entry = useCases[useCase] else { return nil }
    let words = "the population"
    if let limit = entry.limit { return ClassDifference(circumstances: words, limit: limit) }
    guard entry.total > 0 else { return nil }
    return ClassDifference(
      circumstances: words,
      basis: entry.hasContexts ? (entry.hasRequests ? .population : .arithmetic) : .requests,
      flows: entry.flows.map { pair, share in
        Flow(
          from: outcomes[pair.before].destination, to: outcomes[pair.after].destination,
          share: share.divided(by: entry.total))
      })
  }
}

extension TableComparison {
  /// The most that all weights may add up to.
  package static let weightMax = UInt64(Int64.max)

  /// Adds a line of a population. A context without a use case is one of every use case. Throws
  /// `.limitExceeded` if weights add up to too much.
  package func add(_ sample: PopulationSample) throws(TurnoutError) {
    var samples = [sample]
    if sample.request.useCase.isEmpty {
      samples = useCases.map { useCase in
        var one = sample
        one.request.useCase = useCase.name
        return one
      }
    }
    if sample.isContext { population.contextCount += 1 } else { population.requestCount += 1 }
    for one in samples {
      guard one.weight <= Self.weightMax - population.total else {
        throw TurnoutError(
          .limitExceeded, "the weights add up to more than \(Self.weightMax / 1_000_000_000)")
      }
      population.total += one.weight
      if one.isContext { add(context: one) } else { add(request: one) }
    }
  }

  private func add(request sample: PopulationSample) {
    var request = sample.request
    if request.now == nil { request.now = now }
    request.wantsConfig = false
    let (old, new) = (before.resolver.resolve(request), after.resolver.resolve(request))
    let weight = Share(whole: sample.weight)
    let ends = [(old, LoadTally.Time.before), (new, .after)].map { decision, time in
      let outcome = Outcome(Destination(decision))
      if let endpoint = outcome.destination.endpoint {
        population.loads.add(endpoint, weight, time, isShadow: false)
      }
      for shadow in decision.shadows {
        population.loads.add(Destination.Endpoint(shadow), weight, time, isShadow: true)
      }
      return numbers.outcomes.number(outcome)
    }
    population.add(
      [JointDraw.Pair(before: ends[0], after: ends[1]): .one], of: request.useCase,
      weight: sample.weight, isContext: false)
  }

  private func add(context sample: PopulationSample) {
    var request = sample.request
    if request.now == nil { request.now = now }
    let name = request.useCase
    var steps = Self.stepsMax
    let joint: JointDraw
    do throws(JointDraw.Excess) {
      joint = try JointDraw(
        ProgramBuilder.program(before, request), ProgramBuilder.program(after, request),
        steps: &steps)
    } catch {
      population.exceed(error.words, name)
      return
    }
    population.add(joint.ends, of: name, weight: sample.weight, isContext: true)
    func add(_ outcome: Int, _ share: Share, _ time: LoadTally.Time, isShadow: Bool) {
      guard let endpoint = numbers.outcomes[outcome].destination.endpoint else { return }
      population.loads.add(endpoint, share.times(sample.weight), time, isShadow: isShadow)
    }
    for (pair, share) in joint.ends {
      add(pair.before, share, .before, isShadow: false)
      add(pair.after, share, .after, isShadow: false)
    }
    for (side, time) in [(before, LoadTally.Time.before), (after, .after)] {
      for copy in copies(side, request) {
        for (outcome, share) in copy.ends { add(outcome, share, time, isShadow: true) }
      }
    }
  }

  /// Whether either table has a unit of this name.
  package func hasUnit(_ name: String) -> Bool {
    otherUnits.contains(name) || primaryUnits.contains(name)
  }

  private var primaryUnits: [String] {
    [before.records, after.records].map { $0.name(.units, 0) }
  }

  /// A context as a request that has every unit but those that it lacks, and a request id.
  package func request(like context: Request, lacking: Set<String>) -> Request {
    var request = context
    request.requestID = ContextOutcomes.anyUnit
    request.unit = lacking.isDisjoint(with: primaryUnits) ? ContextOutcomes.anyUnit : ""
    for unit in otherUnits where !lacking.contains(unit) {
      request.units[unit] = ContextOutcomes.anyUnit
    }
    return request
  }
}
