import Turnout

import enum TurnoutDiff.Destination

@testable import TurnoutDiff

/// Differences by hand, for pages.
enum PageExample {
  static func endpoint(
    _ version: String, _ cluster: String, shard: String? = nil, model: String = "ranker"
  ) -> Destination {
    .endpoint(
      Destination.Endpoint(
        model: model, version: version, cluster: cluster, shard: shard,
        routingKey: shard.map { "\(cluster)/\($0)" } ?? cluster))
  }

  static func percent(_ percent: Double) -> Share {
    Share(positions: UInt64((percent / 100 * 4_294_967_296).rounded()))
  }

  /// Flows that add up to 1: the first one takes what the others leave.
  static func flows(
    _ first: (Destination, Destination), _ rest: [(Destination, Destination, Double)]
  )
    -> [Flow]
  {
    let others = rest.map { Flow(from: $0.0, to: $0.1, share: percent($0.2)) }
    let left = Share.one - others.reduce(Share.zero) { $0 + $1.share }
    return [Flow(from: first.0, to: first.1, share: left)] + others
  }

  static func table(_ name: String, revision: UInt64?, useCases: Int)
    -> TableDifference.ComparedTable
  {
    TableDifference.ComparedTable(
      name: name, revision: revision, digest: Digest(low: 0x1234_5678, high: 0x9abc_def0),
      useCaseCount: useCases)
  }

  static func load(
    _ cluster: String, _ before: Double, _ after: Double, shard: String? = nil, shadow: Double = 0
  ) -> LoadChange {
    func share(_ value: Double) -> Share {
      Share(whole: UInt64((value * 1_000_000).rounded())).divided(by: 1_000_000)
    }
    var change = LoadChange(
      cluster: cluster, shard: shard, before: Load(primary: share(before)),
      after: Load(primary: share(after), shadow: share(shadow)))
    change.addressBefore = "10.0.1.1:8080"
    change.addressAfter = "10.0.1.1:8080"
    return change
  }

  /// A canary that grows, a swap, a new use case, one that goes, an experiment that mixes units.
  static var usual: TableDifference {
    let v1 = endpoint("v1", "watch")
    let v2 = endpoint("v2", "watch-next")
    let v3 = endpoint("v3", "spare")
    var canary = UseCaseDifference(name: "ContinueWatching", change: .changed)
    canary.classes = [
      ClassDifference(
        circumstances: "production, nothing else given", basis: .arithmetic,
        flows: flows((v1, v1), [(v1, v2, 45), (v2, v2, 5)])),
      ClassDifference(
        circumstances: "kids == true", basis: .arithmetic, flows: flows((v1, v1), [])),
      ClassDifference(
        circumstances: "device == tv", basis: .arithmetic,
        flows: flows((v1, v1), [(v1, v2, 20), (v2, v1, 5), (v1, v3, 1)])),
      ClassDifference(circumstances: "country in 312 values", limit: "more than 1,024 outcomes"),
    ]
    canary.listedUnits = ListedUnits(count: 12, movedCount: 3, overriddenCount: 1, omittedCount: 0)
    canary.stillClassCount = 14
    canary.omittedCount = 3
    var twin = canary
    twin.name = "ContinueWatchingTV"
    var search = UseCaseDifference(name: "Search", change: .changed)
    search.classes = [
      ClassDifference(
        circumstances: "production, nothing else given", basis: .arithmetic,
        flows: (0..<12).flatMap { shard in
          let from = endpoint("v12", "search", shard: "s\(shard)", model: "search")
          let to = endpoint("v12", "search", shard: "s\((shard * 5 + 3) % 12)", model: "search")
          let moved = shard % 3 == 0 ? 1 / 48.0 : 1 / 120.0
          return [
            Flow(from: from, to: from, share: percent((1 / 12.0 - moved) * 100)),
            Flow(from: from, to: to, share: percent(moved * 100)),
          ]
        })
    ]
    var new = UseCaseDifference(name: "Billboard", change: .added)
    new.classes = [
      ClassDifference(
        circumstances: "production, nothing else given", basis: .arithmetic,
        flows: [
          Flow(from: .refusal(.unknownUseCase), to: v1, share: percent(70)),
          Flow(from: .refusal(.unknownUseCase), to: v2, share: percent(30)),
        ])
    ]
    var gone = UseCaseDifference(name: "Previews", change: .removed)
    gone.classes = [
      ClassDifference(
        circumstances: "production, nothing else given", basis: .arithmetic,
        flows: [Flow(from: v1, to: .refusal(.unknownUseCase), share: .one)])
    ]
    var shadows = UseCaseDifference(name: "PaymentFraud", change: .changed)
    shadows.classes = [
      ClassDifference(
        circumstances: "production, nothing else given", basis: .arithmetic,
        flows: [Flow(from: v1, to: v1, share: .one)])
    ]
    shadows.shadows = [
      ShadowChange(
        name: "v6-dark", before: nil,
        after: ShadowChange.Copies(share: percent(5), target: "fraud@v6"))
    ]
    var depth = ExperimentChange(
      name: "cw-depth",
      before: .init(
        layer: "ranking", isRunning: true,
        cells: [
          .init(name: "control", share: percent(10)), .init(name: "deeper", share: percent(10)),
        ]),
      after: .init(
        layer: "ranking", isRunning: true,
        cells: [
          .init(name: "control", share: percent(20)), .init(name: "deeper", share: percent(10)),
        ]))
    depth.gained = percent(9)
    depth.betweenCells = percent(1)
    var all = TableDifference(
      before: table("@head", revision: 41, useCases: 14),
      after: table("teams/home.yaml", revision: nil, useCases: 14),
      now: 1_795_300_000_000_000_000)
    all.useCases = [new, canary, twin, shadows, gone, search].sorted { $0.name < $1.name }
    all.unchangedCount = 9
    all.loads = [
      load("fraud", 1, 1), load("search", 1, 1), load("search", 1 / 12.0, 0.0952, shard: "s0"),
      load("search", 1 / 12.0, 0.0714, shard: "s3"), load("spare", 0.2, 0.05),
      load("watch", 3.85, 2.75, shadow: 0.05), load("watch-next", 0.15, 1.35),
    ]
    all.experiments = [depth]
    return all
  }
}
