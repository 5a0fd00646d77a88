/// Layers, holdouts and experiments.
extension Grammar {
  static let layer = ObjectPlace(
    .layer,
    notes + [
      unitReference("its experiments draw", "the primary unit"),
      salt("layer:<layer>"), sharedSalt, ranges, allow,
    ])

  static let holdout = ObjectPlace(
    .holdout, required: ["share", "layers"],
    notes + [
      Member("share", .scalar(.percentage), "How many units are held out, such as 1%."),
      Member(
        "layers",
        .either([
          .scalar(.word(["all"])), .list(of: .scalar(.name), count: 1...Limits.layersMax),
        ]),
        "`all`, or a list of layers whose experiments they do not enter."),
      unitReference("it holds out", "the primary unit"), traffic("it"),
      salt("holdout:<name>"), sharedSalt, ranges, allow,
    ])

  static let experiment = ObjectPlace(
    .experiment, required: ["layer", "cells"],
    notes + [
      Member(
        "enabled", .scalar(.boolean), "false: nobody is in it, and its positions stay reserved."),
      Member("layer", .scalar(.name), "The layer that it takes its units from."),
      Member(
        "share", .scalar(.percentage), "Of the layer's units, such as 20%. Default: 100%."),
      Member(
        "assigned", .scalar(.word(["hash", "outside"])),
        "Who says which cell a unit is in: the `hash` (default), or only requests and overrides."),
      when("Units enter"), traffic("it"),
      Member("starts", .scalar(.time), "When it begins, such as 2026-11-01T00:00:00Z."),
      Member("ends", .scalar(.time), "When it has ended."),
      Member(
        "cells", .map(.name, of: .object(cell), count: 1...Limits.armsPerAllocationMax),
        "Its arms, by name."),
      salt("cells:<experiment>"), sharedSalt, ranges, allow,
    ])

  private static let cell = ObjectPlace(
    .cell,
    notes + [
      Member("weight", .scalar(.weight), "Its part beside the other cells. Default: 1."),
      Member(
        "model",
        .either([
          .scalar(.modelVersion),
          .map(.name, of: .scalar(.modelVersion), count: 1...Limits.useCasesMax),
        ]),
        "The model version that answers units of this cell, or one for each use case. Without it the "
          + "cell decides nothing."),
      config, allow,
    ])
}
