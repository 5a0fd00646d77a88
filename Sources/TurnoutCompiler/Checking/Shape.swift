/// Which keys a mapping of the language may have.
struct Shape: Sendable {
  /// For messages, with its article.
  let what: String
  let keys: [String]
  /// What to say of keys that are none here, and why.
  var hints: [String: String] = [:]

  /// `description`, `owner` and `labels` may stand on every named thing.
  static let notes = ["description", "owner", "labels"]

  static let document = Shape(
    what: "a routing document",
    keys: [
      "turnout", "unit", "units", "attributes", "segments", "clusters", "models", "layers",
      "holdouts", "experiments", "use_cases", "expect", "guards",
    ] + notes)
  static let unit = Shape(what: "a unit", keys: ["missing", "allow"] + notes)
  static let attribute = Shape(what: "an attribute", keys: ["type", "allow"] + notes)
  static let cluster = Shape(
    what: "a cluster",
    keys: [
      "address", "shards", "unit", "salt", "shared_salt", "ranges", "allow", "when_down",
      "routing_key",
    ] + notes)
  static let shard = Shape(what: "a shard", keys: ["address", "weight", "allow"] + notes)
  /// Beside the tests of a segment, and beside the versions of a model.
  static let segmentNotes = Shape(what: "a condition", keys: ["allow"] + notes)
  static let modelNotes = Shape(what: "a model", keys: ["allow"] + notes)
  static let version = Shape(
    what: "a model version", keys: ["cluster", "placement", "otherwise", "config", "allow"] + notes)
  static let placementChoice = Shape(
    what: "an entry of `placement`", keys: ["when", "cluster", "allow"])
  static let clusterSplit = Shape(
    what: "a split of clusters",
    keys: ["split", "then", "salt", "shared_salt", "ranges", "allow"])
  static let layer = Shape(
    what: "a layer", keys: ["unit", "salt", "shared_salt", "ranges", "allow"] + notes)
  static let holdout = Shape(
    what: "a holdout",
    keys: ["share", "layers", "unit", "traffic", "salt", "shared_salt", "ranges", "allow"] + notes)
  static let experiment = Shape(
    what: "an experiment",
    keys: [
      "layer", "cells", "share", "when", "starts", "ends", "enabled", "traffic", "assigned", "salt",
      "shared_salt", "ranges", "allow",
    ] + notes)
  static let cell = Shape(what: "a cell", keys: ["weight", "model", "config", "allow"] + notes)
  static let useCase = Shape(
    what: "a use case",
    keys: [
      "unit", "requires", "config", "enabled", "when_all_down", "overrides", "shadows", "guards",
      "rules", "allow",
    ] + notes)
  static let shadow = Shape(
    what: "a shadow",
    keys: [
      "name", "model", "sample", "when", "traffic", "unit", "by", "salt", "shared_salt", "ranges",
      "allow",
    ] + notes)
  static let rule = Shape(
    what: "a rule",
    keys: [
      "name", "when", "route", "split", "lookup", "routes", "experiment", "cluster", "config",
      "unit", "salt", "shared_salt", "ranges", "allow",
    ] + notes)
  static let expectation = Shape(
    what: "a case of `expect`",
    keys: [
      "use_case", "unit", "units", "request_id", "share", "within", "context", "assignments", "now",
      "status", "model", "cluster", "shard", "routing_key", "cells", "shadows", "config",
    ] + notes,
    hints: [
      "traffic": "it is an attribute: write `context: { traffic: … }`",
      "version": "write `model: model@version`",
    ])
  static let guards = Shape(what: "`guards`", keys: ["max_move", "max_cluster_load"])
  static let useCaseGuards = Shape(
    what: "the `guards` of a use case", keys: ["max_move"],
    hints: ["max_cluster_load": "it stands at the top level: a cluster serves many use cases"])
  /// Beside the names of attributes.
  static let condition = Shape(
    what: "a condition", keys: ["all", "any", "not", "segment", "unit", "units", "units_file"])

  func with(_ more: [String]) -> Shape {
    Shape(what: what, keys: keys + more, hints: hints)
  }

  /// No names for attributes.
  static let reservedAttributes = condition.keys + [RoutingDocument.traffic]
}

/// A mapping with only such keys as its shape knows.
struct Fields {
  let entries: [Node.Entry]
  let mark: SourceMark

  init(_ entries: [Node.Entry], at mark: SourceMark, _ shape: Shape, _ report: Report) {
    for entry in entries where !shape.keys.contains(entry.key) {
      report.error(
        .unknownKey, at: entry.keyMark,
        "unknown key \(Printable.quoted(entry.key)) in \(shape.what)",
        shape.hints[entry.key] ?? report.suggestion(for: entry.key, among: shape.keys)
          ?? "its keys are \(shape.keys.joined(separator: ", "))")
    }
    self.entries = entries
    self.mark = mark
  }

  subscript(key: String) -> Node? { entry(key)?.value }

  func entry(_ key: String) -> Node.Entry? {
    entries.first { $0.key == key }
  }
}
