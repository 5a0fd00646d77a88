/// Clusters, and the model versions that run on them.
extension Grammar {
  static let cluster = ObjectPlace(
    .cluster,
    laws: [
      .exactlyOne(["address", "shards"]),
      .never(["unit", "salt", "shared_salt", "ranges", "when_down"], with: "address"),
    ],
    [
      Member(
        "address", .scalar(.token(bytesMax: Limits.addressBytesMax)),
        "Where it is reached: `host:port`."),
      unitReference("the choice of a shard", "the primary unit"),
      Member(
        "when_down", .scalar(.word(WhenDown.allCases.map(\.rawValue))),
        "Where only the unit's shard is down: the `next` cluster (default), or `siblings`, which draws "
          + "another shard."),
      Member(
        "shards", .map(.name, of: .object(shard), count: 1...Limits.armsPerAllocationMax),
        "Shards with an address each; a unit stays on its own."),
      Member(
        "routing_key", .scalar(.token(bytesMax: Limits.routingKeyBytesMax)),
        "What a proxy routes on, in place of the cluster's name."),
      salt("shards:<cluster>"), sharedSalt, ranges, allow,
    ] + notes)

  private static let shard = ObjectPlace(
    .shard, required: ["address"],
    [
      Member(
        "address", .scalar(.token(bytesMax: Limits.addressBytesMax)),
        "Where it is reached: `host:port`."),
      Member("weight", .scalar(.weight), "Its part beside the other shards. Default: 1."),
      allow,
    ] + notes)

  static let model = ObjectPlace(
    .modelNotes,
    others: MapPlace(keys: .name, value: .object(version), count: 1...Limits.versionsPerModelMax),
    notes + [allow])

  private static let version = ObjectPlace(
    .version, laws: [.exactlyOne(["cluster", "placement"])],
    notes + [
      Member("cluster", .defined("clusters"), "The clusters that it runs on, the first preferred."),
      Member(
        "placement",
        .list(of: .object(placementChoice), count: 1...Limits.choicesPerPlacementMax),
        "Clusters by context: the first entry that holds counts. The last, and only the last, has no "
          + "`when`."),
      Member(
        "otherwise", .scalar(.modelVersion),
        "The model version to try where none of its clusters is up."),
      config, allow,
    ])

  private static let placementChoice = ObjectPlace(
    .placementChoice, required: ["cluster"],
    [
      when("The entry counts"),
      Member("cluster", .defined("clusters"), "The clusters, the first preferred."),
      allow,
    ])

  static let clusters = Place.either([
    .scalar(.name), .list(of: .scalar(.name), count: 1...Limits.clustersPerPlacementMax),
    .object(clusterSplit),
  ])

  private static let clusterSplit = ObjectPlace(
    .clusterSplit, required: ["split"],
    [
      Member(
        "split", .map(.name, of: .scalar(.weight), count: 1...Limits.armsPerAllocationMax),
        "Clusters and their weights; the unit's arm comes first."),
      Member(
        "then",
        .either([
          .scalar(.name), .list(of: .scalar(.name), count: 1...Limits.clustersPerPlacementMax),
        ]),
        "Clusters to try after the arm, in order."),
      salt("placement:<model@version>"), sharedSalt, ranges, allow,
    ])
}
