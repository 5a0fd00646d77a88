/// Which keys a mapping of the language may have.
struct Shape {
  /// For messages, with its article.
  let what: String
  let keys: [String]
  /// Keys of the language that this version of the compiler does not read yet. Each is one error
  /// where it is met. What they take to support is: moving them to `keys`.
  var later: [String] = []

  /// `description`, `owner` and `labels` may stand on every named thing.
  static let notes = ["description", "owner", "labels"]

  static let document = Shape(
    what: "a routing document",
    keys: [
      "turnout", "unit", "units", "attributes", "segments", "clusters", "models", "use_cases",
    ] + notes,
    later: ["layers", "holdouts", "experiments"])
  static let unit = Shape(what: "a unit", keys: ["missing"] + notes)
  static let attribute = Shape(what: "an attribute", keys: ["type"] + notes)
  static let cluster = Shape(
    what: "a cluster",
    keys: [
      "address", "shards", "unit", "salt", "shared_salt", "ranges", "when_down", "routing_key",
    ] + notes)
  static let shard = Shape(what: "a shard", keys: ["address", "weight"] + notes)
  static let modelNotes = Shape(what: "a model", keys: notes)
  static let version = Shape(
    what: "a model version", keys: ["cluster", "config"] + notes,
    later: ["placement", "otherwise"])
  static let clusterSplit = Shape(
    what: "a choice of clusters", keys: [], later: ["split", "then"])
  static let useCase = Shape(
    what: "a use case",
    keys: ["unit", "requires", "config", "enabled", "when_all_down", "rules"] + notes,
    later: ["overrides", "shadows"])
  static let rule = Shape(
    what: "a rule",
    keys: [
      "name", "when", "route", "split", "lookup", "routes", "cluster", "config", "unit", "salt",
      "shared_salt", "ranges",
    ] + notes,
    later: ["experiment"])
  /// Beside the names of attributes.
  static let condition = Shape(
    what: "a condition", keys: ["all", "any", "not", "segment", "unit", "units"],
    later: ["units_file"])

  func with(_ more: [String]) -> Shape {
    Shape(what: what, keys: keys + more, later: later)
  }

  /// No names for attributes.
  static let reservedAttributes = condition.keys + condition.later + [RoutingDocument.traffic]
}

/// A mapping with only such keys as its shape knows.
struct Fields {
  private let entries: [Node.Entry]
  let mark: SourceMark
  /// Whether a key of a later version stands in it.
  let isOfLaterVersion: Bool

  init(_ entries: [Node.Entry], at mark: SourceMark, _ shape: Shape, _ report: Report) {
    var isOfLaterVersion = false
    for entry in entries where !shape.keys.contains(entry.key) {
      let key = Printable.quoted(entry.key)
      if shape.later.contains(entry.key) {
        isOfLaterVersion = true
        report.error(
          .unsupported, at: entry.keyMark,
          "\(key) is not supported by this version of turnout; 0.2 brings it")
      } else {
        report.error(
          .unknownKey, at: entry.keyMark, "unknown key \(key) in \(shape.what)",
          report.suggestion(for: entry.key, among: shape.keys + shape.later)
            ?? "its keys are \(shape.keys.joined(separator: ", "))")
      }
    }
    self.entries = entries
    self.mark = mark
    self.isOfLaterVersion = isOfLaterVersion
  }

  subscript(key: String) -> Node? { entry(key)?.value }

  func entry(_ key: String) -> Node.Entry? {
    entries.first { $0.key == key }
  }
}
