/// What a routing document may say: its sections, and what many places have in common.
enum Grammar {
  static let document = ObjectPlace(
    .document, required: ["turnout"],
    [
      Member(
        "turnout", .scalar(.language), "The version of the language: 1."),
      description, owner, labels,
      Member(
        "unit", .scalar(.name),
        "The primary unit: what identifies a request, such as `user`. One file of all says it."),
      Member(
        "units", section(unit, Limits.unitsMax),
        "Other units that requests may carry, such as `session`."),
      Member(
        "attributes", .map(.attribute, of: attribute, count: 0...Limits.attributesMax),
        "All that conditions may test of a request, each with its type."),
      Member(
        "segments", section(.object(segment), Limits.segmentsMax),
        "Conditions with a name, for `segment:` in other conditions."),
      Member(
        "clusters", section(.object(cluster), Limits.clustersMax),
        "Computers behind one stable address, or shards with an address each."),
      Member(
        "models", section(.object(model), Limits.modelsMax),
        "Models with their versions, and where each version runs."),
      Member(
        "layers", section(.object(layer), Limits.layersMax),
        "Groups of experiments that never share a unit."),
      Member(
        "holdouts", section(.object(holdout), Limits.holdoutsMax),
        "Units that are kept out of experiments."),
      Member(
        "experiments", section(.object(experiment), Limits.experimentsMax),
        "Tests: cells that units are drawn into."),
      Member(
        "use_cases", section(.object(useCase), Limits.useCasesMax),
        "What clients ask for, and the rules that answer."),
      Member(
        "guards", guards, "How much a publish may change at most: what goes beyond is refused."),
      Member(
        "expect", expectations,
        "Cases that the table must answer so: one that it does not stops the publish."),
    ])

  /// What `$ref` leads to, in the order in which the schema says it.
  static let definitions: [(name: String, place: Place, purpose: String)] = [
    (
      "condition", .object(condition),
      "All entries must hold; `{}` always holds. An attribute with a value (equal), a list of values "
        + "(one of them) or operators, or one of the words below."
    ),
    (
      "test", test,
      "A value (equal), a list of values (one of them), or operators that must all hold."
    ),
    (
      "clusters", clusters,
      "A cluster, a list in order of preference, or a split of clusters by weight."
    ),
    (
      "config", .map(.text(bytesMax: Limits.configBytesMax), of: .anything, count: configKeys),
      "JSON for the serving host. Merged at the top level: model version, use case, rule, then cells."
    ),
    (
      "traffic",
      .either([
        .scalar(.text(bytesMax: Limits.valueBytesMax)),
        .list(
          of: .scalar(.text(bytesMax: Limits.valueBytesMax)), count: 1...Limits.trafficClassesMax),
      ]),
      "Classes of traffic that this concerns, one or a list. Left out, it is `production`."
    ),
    (
      "ranges",
      .map(
        .text(bytesMax: Limits.nameBytesMax * 2 + 1),
        of: .list(
          of: .list(of: .scalar(.position), count: 2...2), count: 0...Limits.intervalsPerArmMax),
        count: 1...Limits.armsPerAllocationMax),
      "Pins an allocation: for each arm its intervals `[lo, hi]` of 0 … 4294967296, hi exclusive. "
        + "`turnout export --ranges` writes them."
    ),
    (
      "allow",
      .list(
        of: .scalar(.word(DiagnosticCode.warnings.map(\.rawValue))),
        count: 0...DiagnosticCode.warnings.count),
      "Warnings that are silenced here."
    ),
  ]

  private static let configKeys = 0...Limits.configKeysMax

  // MARK: What many have

  static let description = Member(
    "description", .scalar(.text(bytesMax: Limits.noteBytesMax)), "For people.")
  static let owner = Member(
    "owner", .scalar(.text(bytesMax: Limits.noteBytesMax)), "Who answers for it.")
  static let labels = Member(
    "labels",
    .map(
      .text(bytesMax: Limits.noteBytesMax), of: .scalar(.text(bytesMax: Limits.noteBytesMax)),
      count: 0...Int.max),
    "For people and their tools: texts by text.")
  static let notes = [description, owner, labels]

  static let config = Member("config", .defined("config"), "JSON for the serving host.")
  static let ranges = Member("ranges", .defined("ranges"), "Pins the allocation where it lies.")
  static let allow = Member("allow", .defined("allow"), "Warnings that are silenced here.")
  static let sharedSalt = Member(
    "shared_salt", .scalar(.boolean),
    "true at each of several allocations that draw alike by one salt.")

  static func when(_ what: String) -> Member {
    Member("when", .defined("condition"), "\(what) only where this holds.")
  }

  /// `salt`, with the one that it replaces.
  static func salt(_ standard: String) -> Member {
    Member(
      "salt", .scalar(.text(bytesMax: Limits.saltBytesMax)),
      "What is drawn by; replaces `\(standard)`, so that a rename moves nobody.")
  }

  static func unitReference(_ what: String, _ standard: String) -> Member {
    Member("unit", .scalar(.name), "The unit that \(what) goes by. Default: \(standard).")
  }

  static func traffic(_ what: String) -> Member {
    Member(
      "traffic", .defined("traffic"), "Classes of traffic that \(what) concerns, not production.")
  }

  private static func section(_ place: Place, _ countMax: Int) -> Place {
    .map(.name, of: place, count: 0...countMax)
  }

  // MARK: Units and attributes

  private static let unit = Place.object(
    ObjectPlace(
      .unit,
      [
        Member(
          "missing", .scalar(.name), "The unit to use in place of this one where it is absent."),
        allow,
      ] + notes))

  private static let attributeType = Place.scalar(
    .word(["string", "number", "boolean", "version"]))

  private static let attribute = Place.either([
    attributeType,
    .object(
      ObjectPlace(
        .attribute, required: ["type"], [Member("type", attributeType, "Its type."), allow] + notes)
    ),
  ])
}
