/// Use cases: rules, overrides, shadows.
extension Grammar {
  static let useCase = ObjectPlace(
    .useCase, required: ["rules"],
    notes + [
      Member("enabled", .scalar(.boolean), "false: it answers `disabled`."),
      unitReference("its splits draw", "the primary unit"),
      Member(
        "requires", .list(of: .scalar(.name), count: 1...Limits.requiredPerUseCaseMax),
        "Attributes and units that a caller must give."),
      Member(
        "when_all_down", .scalar(.word(WhenAllDown.allCases.map(\.rawValue))),
        "Where no cluster is up: the `first` anyway (default), marked degraded, or `refuse`."),
      useCaseGuards,
      config,
      Member(
        "rules", .list(of: .object(rule), count: 1...Limits.rulesPerUseCaseMax),
        "Tried from the top. The last is a `route` or `split` without a condition."),
      Member(
        "overrides",
        .map(
          .unit,
          of: .either([
            .scalar(.modelVersion), .map(.name, of: .scalar(.name), count: 1...Int.max),
          ]), count: 0...Limits.overridesPerUseCaseMax),
        "Units with an answer of their own: a model version, or cells by experiment."),
      Member(
        "shadows", .list(of: .object(shadow), count: 0...Limits.shadowsPerUseCaseMax),
        "Copies of the request for other model versions, whose answers are thrown away."),
      allow,
    ])

  private static let rule = ObjectPlace(
    .rule,
    laws: [
      .exactlyOne(["route", "split", "lookup", "experiment"]),
      .needs("name", with: "split"), .needs("routes", with: "lookup"),
      .only(["routes"], with: "lookup"),
      .only(["unit", "salt", "shared_salt", "ranges"], with: "split"),
      .never(["cluster", "config"], with: "experiment"),
    ],
    [
      Member(
        "name", .scalar(.name),
        "Names the decision's reason, and the salt of a split: a split must have one.")
    ] + notes + [
      when("The rule is tried"),
      Member("route", .scalar(.modelVersion), "Decides for this model version."),
      Member(
        "split",
        .map(.modelVersion, of: .scalar(.weight), count: 1...Limits.armsPerAllocationMax),
        "Decides by weight: model versions and their weights."),
      unitReference("a split draws", "the use case's"),
      Member(
        "lookup", .scalar(.name),
        "Decides by this attribute, if its value is among the `routes`."),
      Member(
        "routes",
        .map(.value, of: .scalar(.modelVersion), count: 1...Limits.routesPerLookupMax),
        "Values of the attribute and their model versions."),
      Member(
        "experiment", .scalar(.name),
        "Puts the unit into a cell; decides if the cell names a model for this use case."),
      Member(
        "cluster", .defined("clusters"), "Replaces the model version's placement, `otherwise` too."),
      config, salt("split:<use case>/<rule>"), sharedSalt, ranges, allow,
    ])

  private static let shadow = ObjectPlace(
    .shadow, required: ["name", "model"], laws: [.never(["unit"], with: "by")],
    [Member("name", .scalar(.name), "Its name in the use case.")] + notes + [
      Member("model", .scalar(.modelVersion), "The model version that gets the copy."),
      Member("sample", .scalar(.percentage), "How many units, such as 5%. Default: 100%."),
      unitReference("the sample goes", "the use case's"),
      Member("by", .scalar(.word(["request"])), "Samples requests in place of units."),
      when("Copied"), traffic("it"),
      salt("shadow:<use case>/<shadow>"), sharedSalt, ranges, allow,
    ])
}
