import Turnout

/// A document with everything that a table has a place for, as small as it can be, and requests that
/// reach all of it.
enum DamagedTableDocument {
  static let text = """
    turnout: 1
    unit: user
    units: { session: { missing: user }, device: {} }
    attributes: { country: string, kids: boolean, days: number, version: version }
    segments:
      north: { country: [US, CA] }
      beta: { units: [u_0, u_1, u_2, u_3, u_4, u_5, u_6, u_7, u_8, u_9] }
    clusters:
      a: { address: "10.0.0.1:80" }
      b: { address: "10.0.0.2:80", routing_key: key-b }
      s: { unit: session, when_down: siblings, shards: { s0: { address: "10.0.1.1:80", weight: 2 }, s1: { address: "10.0.1.2:80" } } }
      t: { unit: device, shards: { t0: { address: "10.0.2.1:80" }, t1: { address: "10.0.2.2:80" } } }
    models:
      m:
        v1: { cluster: a, config: { k: 1, z: [1.50, "x"] } }
        v2: { cluster: [b, t], config: { k: 2 }, otherwise: m@v1 }
        v3: { cluster: s, otherwise: m@v2 }
        v4:
          placement:
            - { when: { country: DE }, cluster: { split: { a: 1, t: 3 }, then: [b] } }
            - { when: { kids: true }, cluster: [s, a] }
            - { cluster: { split: { a: 1, s: 1 }, salt: second } }
    layers: { home: {}, none: {}, search: { unit: session } }
    holdouts:
      all: { share: 60%, layers: all }
      late: { share: 100%, layers: [search], unit: session, traffic: [production, replay] }
    experiments:
      one:
        layer: home
        share: 40%
        when: { any: [ { segment: beta }, { version: { ">=": 1.2 } } ] }
        starts: 2026-01-01T00:00:00Z
        ends: 2026-02-01T00:00:00Z
        cells: { control: {}, treated: { weight: 3, model: m@v2, config: { k: 9 } } }
      three: { layer: search, assigned: outside, enabled: false, cells: { x: { model: m@v4 } } }
      two:
        layer: home
        share: 60%
        traffic: [production, replay]
        cells: { a: { model: { Chat: m@v3 } }, b: { config: { b: two } }, c: { model: { Rank: m@v1 } } }
    use_cases:
      Chat:
        unit: session
        requires: [country, session]
        when_all_down: refuse
        rules:
          - { experiment: three }
          - { experiment: two, when: { country: { exists: true } } }
          - { name: away, route: m@v1, cluster: { split: { b: 1, t: 1 }, then: s } }
      Off: { enabled: false, rules: [ { route: m@v1 } ] }
      Rank:
        config: { k: 3, surface: home }
        overrides:
          u_3: { one: treated, two: b }
          u_4: { two: c }
          u_5: { one: treated, two: b }
          u_6: m@v4
        shadows:
          - { name: first, model: m@v3, sample: 50%, when: { country: [DE, FR] } }
          - { name: second, model: m@v4, by: request, traffic: [production, replay] }
        rules:
          - { name: kids, when: { kids: true, not: { segment: north } }, route: m@v4, config: { q: null } }
          - { name: one, experiment: one }
          - { experiment: two }
          - { when: { days: { in: [1, 2.5] }, version: { in: [1.2, 1.3-rc] } }, route: m@v2, cluster: s }
          - { name: partners, lookup: country, routes: { DE: m@v2, FR: m@v3 } }
          - { name: canary, split: { m@v1: 75, m@v4: 25 } }

    """

  /// All of them, and some that there are not.
  static let routingKeys = [
    "a", "key-b", "s/s0", "s/s1", "t/t0", "t/t1", "b", "s", "s/s2", "\u{e9}",
  ]

  static let requests: [Request] = {
    let contexts: [[String: Request.Value]] = [
      ["country": "DE", "kids": true], ["country": "FR", "traffic": "replay"],
      ["country": "US", "kids": true, "days": 2.5, "version": "1.3-rc"],
      ["nobody": "declared this"],
    ]
    var requests: [Request] = []
    for (context, unit) in contexts.flatMap({ context in
      ["u_0", "u_1", "u_3", "u_6", "u_17", ""].map { (context, $0) }
    }) {
      for name in ["Rank", "Chat"] {
        requests.append(
          Request(
            name, unit: Request.Unit(unit), units: unit == "u_17" ? ["session": "s"] : [:],
            attributes: context, requestID: unit == "u_0" ? "" : "r",
            assignments: unit == "u_17" ? ["two": "c", "three": nil, "one": "no such"] : [:],
            now: 1_768_000_000_000_000_000, wantsConfig: true))
      }
    }
    return requests + [Request("Off"), Request("Nobody"), Request("")]
  }()

  /// Overlays: where the second cluster or shard is taken, and where there is none to take.
  static let heads: [Head] = {
    let some = ["b", "s/s0"].map { OverlayEntry(kind: .cluster, state: .down, name: $0) }
    let all = ["a", "b", "t", "s/s0", "s/s1"].map {
      OverlayEntry(kind: .cluster, state: $0 == "a" ? .down : .draining, name: $0)
    }
    let off = [
      OverlayEntry(kind: .experiment, state: .off, name: "one"),
      OverlayEntry(kind: .shadow, state: .off, name: "Rank/second"),
      OverlayEntry(kind: .useCase, state: .off, name: "Off"),
    ]
    return [some, all + off].map { entries in
      let digest = Digest(low: 0, high: 0)
      return Head(
        store: .random(), revision: 1,
        seal: [UInt8]().withBytes { TableSeal($0, mappedBytes: 0) }, imageDigest: digest,
        activated: 0, generation: 1, overlay: entries)
    }
  }()
}
