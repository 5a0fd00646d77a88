import Testing
import Turnout
import TurnoutDiff

/// Cases worked out by hand.
@Suite struct ComparisonTests {
  private static let ring = 4_294_967_296.0

  private static func document(_ rules: String, more: String = "", models: String = "") -> String {
    """
    turnout: 1
    unit: user
    units: { session: { missing: user } }
    attributes: { country: string, age: number, tv: boolean, app: version }
    clusters:
      a: { address: "10.0.0.1:1" }
      b: { address: "10.0.0.2:1" }
      c: { shards: { s0: { address: "10.0.1.0:1" }, s1: { address: "10.0.1.1:1" } } }
    models:
      m:
        v1: { cluster: a }
        v2: { cluster: b }
        v3: { cluster: c }
        v4: { cluster: { split: { a: 1, b: 1 }, then: [c] } }
    \(models)\(more)use_cases:
      U:
        rules: [\(rules)]

    """
  }

  private func only(_ tables: ComparedTables) throws -> UseCaseDifference {
    let difference = try tables.difference()
    return try #require(difference.useCases.first)
  }

  private func near(_ share: Share, _ value: Double) -> Bool {
    abs(share.value - value) < 8 / Self.ring
  }

  private func found(_ useCase: UseCaseDifference, _ words: String) throws -> ClassDifference {
    try #require(
      useCase.classes.first { $0.circumstances == words },
      "no `\(words)` in \(useCase.classes.map(\.circumstances))")
  }

  /// Half of the units of the one split, and of these half of the other's: a quarter, exactly.
  @Test func independentDrawsMultiply() throws {
    let tables = try ComparedTables(
      Self.document("{ route: m@v1 }"),
      Self.document("{ name: s, split: { m@v1: 1, m@v4: 1 } }"))
    let base = try found(only(tables), "nothing else given")
    #expect(
      base.flows.map { $0.share.hexadecimal }.sorted() == [
        "0.40000000", "0.40000000", "0.80000000",
      ])
    // To v4 on a moves, too: a destination is model version and place.
    #expect(base.moved == Share(positions: 1 << 31))
    #expect(base.minimum == base.moved)
  }

  /// 20 % grow to 50 %: who was there stays, so that 30 % move, all to v2.
  @Test func aRampMovesWhatItGrowsBy() throws {
    let tables = try ComparedTables(
      Self.document("{ name: s, split: { m@v1: 80, m@v2: 20 } }"),
      Self.document("{ name: s, split: { m@v1: 50, m@v2: 50 } }"))
    let useCase = try only(tables)
    let base = try found(useCase, "nothing else given")
    #expect(near(base.moved, 0.3) && base.minimum == base.moved)
    #expect(base.flows.count { $0.moves } == 1)
    // That they are drawn by the request id makes no other flows.
    #expect(useCase.classes.count == 1 && useCase.classes[0].alikeCount == 1)
  }

  /// Another salt draws all anew: of 50 % each, half change places, and nobody had to.
  @Test func anotherSaltMovesWhomItNeedNot() throws {
    let tables = try ComparedTables(
      Self.document("{ name: s, split: { m@v1: 1, m@v2: 1 } }"),
      Self.document("{ name: s, salt: other, split: { m@v1: 1, m@v2: 1 } }"))
    let base = try found(only(tables), "nothing else given")
    #expect(base.moved == Share(positions: 1 << 31) && base.minimum.isZero)
  }

  /// Draws that share a salt see one position: the units of both halves are the same.
  @Test func drawsWithOneSaltAgree() throws {
    let shared = "shared_salt: true, salt: both, "
    let rules = { (v: String) in
      "{ name: s, when: { tv: true }, \(shared)split: { m@v1: 1, m@v2: 1 } }, "
        + "{ name: t, \(shared)split: { m@v1: 1, m@\(v): 1 } }"
    }
    let tables = try ComparedTables(Self.document(rules("v2")), Self.document(rules("v3")))
    let useCase = try only(tables)
    let base = try found(useCase, "nothing else given")
    #expect(base.moved == Share(positions: 1 << 31))
    #expect(base.flows.map(\.share) == [1 << 31, 1 << 30, 1 << 30].map { Share(positions: $0) })
    #expect(!useCase.classes.contains { $0.circumstances == "tv == true" })
  }

  @Test func classesAreValuesThatAreTestedAlike() throws {
    let tables = try ComparedTables(
      Self.document(
        "{ when: { country: [DE, FR], age: { '>=': 18 } }, route: m@v2 }, { route: m@v1 }"),
      Self.document(
        "{ when: { country: [DE, FR, IT], age: { '>=': 18 } }, route: m@v2 }, { route: m@v1 }"))
    let useCase = try only(tables)
    #expect(try found(useCase, "nothing else given").moved.isZero)
    #expect(useCase.omittedCount == 0 || useCase.classes.count == 2)
    let italy = try found(useCase, "age == 18 and country == IT")
    #expect(italy.moved == Share.one && italy.minimum == Share.one)
    #expect(useCase.largestMove == italy)
  }

  @Test func lookupsAreClassesByWhereTheyLead() throws {
    let tables = try ComparedTables(
      Self.document(
        "{ lookup: country, routes: { DE: m@v2, FR: m@v2, US: m@v1 } }, { route: m@v1 }"),
      Self.document(
        "{ lookup: country, routes: { DE: m@v3, FR: m@v3, US: m@v1 } }, { route: m@v1 }"))
    let useCase = try only(tables)
    let both = try found(useCase, "country in [DE, FR]")
    #expect(both.moved == Share.one && both.flows.count == 2)
    #expect(useCase.classes.count == 2)
  }

  @Test func versionsAndBooleansAreTried() throws {
    let tables = try ComparedTables(
      Self.document("{ when: { app: { '<': '8.10' }, tv: false }, route: m@v2 }, { route: m@v1 }"),
      Self.document("{ when: { app: { '<': '8.11' }, tv: false }, route: m@v2 }, { route: m@v1 }"))
    let moved = try only(tables).classes.filter { !$0.moved.isZero }
    #expect(moved.count == 1 && moved[0].moved == Share.one, "\(moved.map(\.circumstances))")
  }

  @Test func aBooleanThatARuleNamesIsOneValue() throws {
    let tables = try ComparedTables(
      Self.document("{ when: { tv: false }, route: m@v2 }, { route: m@v1 }"),
      Self.document("{ when: { tv: false }, route: m@v1 }, { route: m@v1 }"))
    let moved = try only(tables).classes.filter { !$0.moved.isZero }
    #expect(moved.map(\.circumstances) == ["tv == false"])
  }

  @Test func whatIsRequiredIsGiven() throws {
    let before = Self.document("{ when: { country: DE }, route: m@v2 }, { route: m@v1 }")
      .replacing("    rules:", with: "    requires: [country]\n    rules:")
    let useCase = try only(
      ComparedTables(before, before.replacing("route: m@v1", with: "route: m@v3")))
    #expect(try found(useCase, "only country given").moved == Share.one)
  }

  @Test func windowsThatOpenLaterAreClasses() throws {
    let experiment = { (more: String) in
      """
      layers: { l: {} }
      experiments:
        e: { layer: l, share: 50%, \(more)cells: { x: { model: m@v2 } } }

      """
    }
    let rules = "{ experiment: e }, { route: m@v1 }"
    let tables = try ComparedTables(
      Self.document(rules, more: experiment("enabled: false, ")),
      Self.document(rules, more: experiment("starts: 2030-01-01T00:00:00Z, ")))
    let useCase = try only(tables)
    #expect(try found(useCase, "nothing else given").moved.isZero)
    let later = try found(useCase, "from 2030-01-01 00:00:00 UTC on")
    #expect(later.moved == Share(positions: 1 << 31))
  }

  @Test func namedUnitsAreCounted() throws {
    let tables = try ComparedTables(
      Self.document("{ when: { unit: [u_1, u_2] }, route: m@v2 }, { route: m@v1 }"),
      Self.document("{ when: { unit: [u_2, u_3] }, route: m@v2 }, { route: m@v1 }")
        .replacing("    rules:", with: "    overrides: { u_9: m@v3 }\n    rules:"))
    let useCase = try only(tables)
    #expect(useCase.classes.allSatisfy { $0.moved.isZero })
    #expect(
      useCase.listedUnits
        == ListedUnits(count: 4, movedCount: 3, overriddenCount: 1, omittedCount: 0))
  }

  @Test func unitsByTheirBeginningAreAClass() throws {
    let tables = try ComparedTables(
      Self.document("{ when: { unit: { prefix: test- } }, route: m@v2 }, { route: m@v1 }"),
      Self.document("{ route: m@v1 }"))
    #expect(try found(only(tables), "unit == test-").moved == Share.one)
  }

  @Test func loadsCountShadowsApart() throws {
    let shadow = "    shadows: [{ name: dark, model: m@v3, sample: 25% }]\n    rules:"
    let before = Self.document("{ route: m@v1 }")
    let tables = try ComparedTables(before, before.replacing("    rules:", with: shadow))
    let difference = try tables.difference()
    #expect(difference.useCases[0].shadows.map(\.name) == ["dark"])
    #expect(difference.useCases[0].shadows[0].after?.share == Share(positions: 1 << 30))
    let shard = try #require(difference.loads.first { $0.shard == "s0" })
    #expect(shard.after.shadow == Share(positions: 1 << 29) && shard.after.primary.isZero)
    #expect(shard.growth == nil && shard.changes)
    let cluster = try #require(difference.loads.first { $0.cluster == "a" })
    #expect(cluster.before == Load(primary: .one) && cluster.growth == 0)
  }

  @Test func experimentsGainLoseAndMix() throws {
    func experiments(_ cells: String, _ share: Int, holdout: Int) -> String {
      """
      layers: { l: {} }
      holdouts: { h: { share: \(holdout)%, layers: all } }
      experiments:
        e: { layer: l, share: \(share)%, cells: { \(cells) } }

      """
    }
    let rules = "{ experiment: e }, { route: m@v1 }"
    let two = "x: { model: m@v1 }, y: { model: m@v2 }"
    let three = two + ", z: { model: m@v3 }"
    let before = Self.document(rules, more: experiments(two, 20, holdout: 0))
    let grown = try ComparedTables(
      before, Self.document(rules, more: experiments(two, 30, holdout: 0))
    ).difference().experiments
    #expect(grown.map(\.name) == ["e"])
    #expect(near(grown[0].gained, 0.1) && grown[0].lost.isZero && grown[0].mixed.isZero)

    let mixed = try ComparedTables(
      before, Self.document(rules, more: experiments(three, 20, holdout: 0))
    ).difference().experiments[0]
    // A third of the experiment's 20 % goes to the new cell.
    #expect(near(mixed.betweenCells, 0.2 / 3) && mixed.gained.isZero)
    #expect(mixed.after?.cells.map(\.name) == ["x", "y", "z"])

    let held = try ComparedTables(
      before, Self.document(rules, more: experiments(two, 20, holdout: 10))
    ).difference().experiments[0]
    #expect(near(held.lost, 0.02) && held.gained.isZero)
  }

  @Test func aPopulationWeighsContextsAndRequests() throws {
    let tables = try ComparedTables(
      Self.document("{ when: { country: DE }, route: m@v2 }, { route: m@v1 }"),
      Self.document("{ route: m@v1 }"))
    func context(_ country: String, _ weight: UInt64) -> PopulationSample {
      var request = Request("U", attributes: ["country": .string(country)])
      request.unit = ContextOutcomes.anyUnit
      return PopulationSample(request: request, isContext: true, weight: weight * 1_000_000_000)
    }
    let weighed = try tables.difference([context("DE", 1), context("US", 3)])
    #expect(weighed.useCases[0].population?.moved == Share(positions: 1 << 30))
    #expect(weighed.useCases[0].population?.basis == .arithmetic)
    #expect(weighed.loadBasis == .population)
    #expect(weighed.loads.first { $0.cluster == "b" }?.before.primary == Share(positions: 1 << 30))

    var request = Request("U", unit: "u_1", attributes: ["country": "DE"])
    var samples = [PopulationSample(request: request, isContext: false, weight: 1_000_000_000)]
    request.attributes = [:]
    samples.append(PopulationSample(request: request, isContext: false, weight: 1_000_000_000))
    let resolved = try tables.difference(samples)
    #expect(resolved.useCases[0].population?.moved == Share(positions: 1 << 31))
    #expect(resolved.useCases[0].population?.basis == .requests)
    #expect(resolved.largestMove?.class.circumstances == "the population")
  }

  @Test func aRemovedUseCaseMovesAndAnAddedOneBegins() throws {
    let one = Self.document("{ route: m@v1 }")
    let tables = try ComparedTables(one, one.replacing("  U:", with: "  V:"))
    let difference = try tables.difference()
    #expect(difference.useCases.map(\.change) == [.removed, .added])
    #expect(difference.useCases[0].largestMove?.moved == Share.one)
    #expect(difference.useCases[1].classes[0].begun == Share.one)
    let disabled = one.replacing("    rules:", with: "    enabled: false\n    rules:")
    #expect(try only(ComparedTables(one, disabled)).largestMove?.moved == Share.one)
    #expect(try only(ComparedTables(disabled, one)).largestMove == nil)
  }

  /// As much as a use case may have: 64 rules, 16 experiments in 16 layers, everything changed.
  @Test func theLargestUseCasesAreWorkedOutOrSaidNotToBe() throws {
    func document(_ shift: Int) -> String {
      let layers = (0..<16).map { "l\($0): {}" }.joined(separator: ", ")
      let experiments = (0..<16).map { number in
        "  e\(number): { layer: l\(number), share: \(30 + shift)%, cells: { x: { model: m@v\(number % 3 + 1) }, "
          + "y: { config: { a: 1 } }, z: { weight: \(1 + shift), model: m@v4 } } }"
      }
      let order = (0..<16).map { ($0 * (shift + 1)) % 16 }.reduce(into: [Int]()) { list, number in
        if !list.contains(number) { list.append(number) }
      }
      let rules =
        (order + (0..<16).filter { !order.contains($0) }).map { "{ experiment: e\($0) }" }
        + (0..<47).map { "{ when: { country: c\($0 + shift), age: { '>': \($0) } }, route: m@v2 }" }
        + ["{ name: s, split: { m@v1: \(50 + shift), m@v3: 50 } }"]
      return Self.document(
        rules.joined(separator: ", "),
        more: """
          layers: { \(layers) }
          holdouts: { h: { share: \(5 + shift)%, layers: all } }
          experiments:
          \(experiments.joined(separator: "\n"))

          """)
    }
    for shift in [1, 2, 4] {
      let useCase = try only(ComparedTables(document(0), document(shift)))
      let base = useCase.classes[0]
      #expect(base.limit != nil || base.flows.reduce(Share.zero) { $0 + $1.share } == Share.one)
      #expect(useCase.isIncomplete)
      // Without a limit in words there are flows.
      for found in useCase.classes { #expect((found.limit == nil) == !found.flows.isEmpty) }
    }
  }
}
