import Turnout

/// A document with one of everything that an explanation tells of.
enum ExplainDocument {
  static let text = """
    turnout: 1
    unit: user
    units: { account: { missing: user }, session: {} }
    attributes: { country: string, app: version, age: number, kids: boolean }
    segments:
      staff: { units: [ada, bob] }
      many: { country: [A, B, C, D, E, F, G, H, I, J] }
      flock: { units: [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r] }
    clusters:
      a: { address: "a:1" }
      b: { address: "b:1", routing_key: to-b }
      c: { address: "c:1" }
      s:
        unit: session
        when_down: siblings
        shards: { s0: { address: "s0:1" }, s1: { address: "s1:1" }, s2: { address: "s2:1" } }
    models:
      m:
        v1: { cluster: [a, b], config: { v: 1 } }
        v2: { cluster: [s, c], otherwise: m@v1 }
        v3:
          placement:
            - { when: { country: NO, kids: true }, cluster: b }
            - { cluster: { split: { a: 1, b: 1 }, then: c } }
    layers: { one: {}, two: { unit: session } }
    holdouts:
      all: { share: 10%, layers: all }
      load: { share: 50%, layers: [one], traffic: load }
      sessions: { share: 50%, layers: [one], unit: session }
    experiments:
      depth:
        layer: one
        share: 50%
        when: { country: { exists: true } }
        starts: 2026-01-01T00:00:00Z
        ends: 2026-12-01T00:00:00.5Z
        traffic: [production, load]
        cells: { deep: { model: m@v2 }, flat: { config: { d: 0 } } }
      rival: { layer: one, share: 40%, cells: { x: {}, y: {} } }
      tool: { layer: two, assigned: outside, cells: { on: { config: { t: 1 } } } }
      off: { layer: two, enabled: false, cells: { z: {} } }
    use_cases:
      Home:
        config: { use: home }
        overrides: { ada: m@v3, bob: { depth: deep, tool: on } }
        rules:
          - { name: kids, when: { kids: true, not: { country: [DE, AT] } }, route: m@v1 }
          - { name: depth, experiment: depth }
          - { experiment: rival }
          - { experiment: tool, when: { any: [ { age: { ">=": 18 } }, { segment: staff } ] } }
          - { experiment: off }
          - { name: by-country, lookup: country, routes: { SE: m@v2, FI: m@v3 } }
          - { name: own, when: { segment: many }, route: m@v2, cluster: [c, b] }
          - { name: old, when: { app: { "<": 8.10 }, segment: flock }, route: m@v2 }
          - { name: canary, split: { m@v1: 1, m@v2: 1, m@v3: 1 }, unit: account }
        shadows:
          - { name: north, model: m@v3, when: { country: "NO" }, sample: 50% }
          - { name: each, model: m@v2, by: request, sample: 50%, traffic: [production, load] }
      Refusing:
        requires: [country, session]
        when_all_down: refuse
        rules: [ { route: m@v1 } ]
      Off: { enabled: false, rules: [ { route: m@v1 } ] }
    """

  private static let compiled = Result { try DocumentTable(text) }
  static func table() throws -> DocumentTable { try compiled.get() }

  /// A random request for any of the use cases, or for none.
  static func request(_ dice: inout Dice) -> Request {
    var request = Request(
      dice.of(["Home", "Home", "Home", "Home", "Home", "Refusing", "Off", "None"]),
      wantsConfig: dice.rolls(2))
    if !dice.rolls(6) { request.unit = dice.of(["ada", "bob"] + (0..<30).map { .init("u\($0)") }) }
    if dice.rolls(2) { request.units["session"] = dice.of(["s1", "s2", "s3", "s4", "s5"]) }
    if dice.rolls(4) { request.units["account"] = dice.of(["c1", "c2"]) }
    if dice.rolls(3) { request.requestID = dice.of(["r1", "r2", "r3"]) }
    if !dice.rolls(3) {
      request.attributes["country"] = .string(dice.of(["NO", "SE", "FI", "DE", "A", "J", "", "Z"]))
    }
    if dice.rolls(3) { request.attributes["kids"] = .boolean(dice.rolls(2)) }
    if dice.rolls(3) { request.attributes["age"] = .number(dice.of([17, 18, 18.5, -1])) }
    if dice.rolls(3) { request.attributes["app"] = .string(dice.of(["8.2", "8.10", "9", "x"])) }
    if dice.rolls(4) { request.attributes["traffic"] = .string(dice.of(["load", "production"])) }
    if dice.rolls(9) { request.attributes["age"] = .number(.nan) }
    if dice.rolls(4) { request.assignments["depth"] = dice.of(["deep", "flat", nil, "none"]) }
    if dice.rolls(4) { request.assignments["tool"] = dice.of(["on", nil]) }
    if dice.rolls(8) { request.assignments["rival"] = "x" }
    // Before the window, its first and last moments, and after it.
    request.now = dice.of(
      [
        1_767_225_599_999_999_999, 1_767_225_600_000_000_000, 1_796_083_200_499_999_999,
        1_796_083_200_500_000_000, 1_780_000_000_000_000_000,
      ])
    return request
  }

  static func overlay(_ dice: inout Dice) -> [OverlayEntry] {
    var entries: [OverlayEntry] = []
    for name in ["a", "b", "c", "s", "s/s0", "s/s1", "s/s2"] where dice.rolls(2) {
      entries.append(.cluster(name, dice.of([.down, .draining])))
    }
    if dice.rolls(8) { entries.append(.off(.experiment, "depth")) }
    if dice.rolls(8) { entries.append(.off(.shadow, "Home/each")) }
    if dice.rolls(12) { entries.append(.off(.useCase, "Home")) }
    return entries
  }
}

/// The same numbers each time.
struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Once in so many.
  mutating func rolls(_ sides: Int) -> Bool { Int.random(in: 0..<sides, using: &self) == 0 }
  mutating func of<T>(_ list: [T]) -> T { list[Int.random(in: 0..<list.count, using: &self)] }
}
