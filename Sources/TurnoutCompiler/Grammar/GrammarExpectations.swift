/// What documents expect of themselves, and how much a publish may change. Neither is part of a table.
extension Grammar {
  static let expectations = Place.list(of: .object(expectation), count: 0...Limits.expectationsMax)

  private static let expectation = ObjectPlace(
    .expectation, required: ["use_case"],
    laws: [
      .atLeastOne(Checker.outcomeKeys),
      .never(["unit", "units", "request_id", "config"], with: "share"),
      .only(["within"], with: "share"),
    ],
    notes + [
      Member("use_case", .scalar(.name), "The use case that is asked."),
      Member("unit", .scalar(.unit), "The primary unit of the request."),
      Member(
        "units", .map(.name, of: .scalar(.unit), count: 0...Limits.unitsMax),
        "Other units of the request, by name."),
      Member("request_id", .scalar(.unit), "The id of the request."),
      Member(
        "share", .scalar(.percentage),
        "In place of one request: what share of all units gets what is expected."),
      Member(
        "within", .scalar(.percentage), "How far off the share may be. Default: 0.001%."),
      Member(
        "context", .map(.name, of: .scalar(.value), count: 0...Limits.attributesMax + 1),
        "Attributes of the request and their values, `traffic` among them."),
      Member(
        "assignments",
        .map(.name, of: .either([.scalar(.name), .null]), count: 0...Limits.experimentsMax),
        "Cells that are given from outside, by experiment; null keeps the unit out."),
      Member("now", .scalar(.time), "The time of the request. Default: the clock."),
      Member(
        "status", .scalar(.word(["ok", "disabled", "missing_required"])),
        "The status. Default: `ok`; with another there is nothing else to expect."),
      Member("model", oneOf(.model), "This model version, or any version of this model."),
      Member("cluster", oneOf(.name), "The cluster."),
      Member("shard", oneOf(.name), "The shard."),
      Member(
        "routing_key",
        oneOf(.token(bytesMax: Limits.routingKeyBytesMax + 1 + Limits.nameBytesMax)),
        "The routing key."),
      Member(
        "cells", .map(.name, of: orNull(.name), count: 1...Limits.expectedPartsMax),
        "The cell that the decision has, by experiment; null: none."),
      Member(
        "shadows", .map(.name, of: orNull(.model), count: 1...Limits.expectedPartsMax),
        "The model version, or model, that a shadow adds; null: it is not added."),
      Member(
        "config",
        .map(
          .text(bytesMax: Limits.configBytesMax), of: .anything, count: 1...Limits.expectedPartsMax),
        "Keys that the merged config has, with these values; it may have others."),
    ])

  /// One, or a list of which any will do.
  private static func oneOf(_ kind: ScalarKind) -> Place {
    .either([.scalar(kind), .list(of: .scalar(kind), count: 1...Limits.expectedPartsMax)])
  }

  private static func orNull(_ kind: ScalarKind) -> Place { .either([oneOf(kind), .null]) }

  private static let maxMove = Member(
    "max_move", .scalar(.percentage),
    "A publish that moves a larger share of a use case's units is refused.")

  static let guards = Place.object(
    ObjectPlace(
      .guards, laws: [.atLeastOne(["max_move", "max_cluster_load"])],
      [
        maxMove,
        Member(
          "max_cluster_load", .scalar(.growth),
          "A publish that gives a cluster or a shard so much more load is refused, such as +20%."),
      ]))

  static let useCaseGuards = Member(
    "guards", .object(ObjectPlace(.useCaseGuards, required: ["max_move"], [maxMove])),
    "How much a publish may change of this use case at most.")
}
