import Turnout

/// An allocation that draws by another unit than in the table compiled against.
struct UnitChange {
  var spec: AllocationSpec
  var before: String

  /// `unit-changed`: one for each pair of units, at the first place, since the unit of a use case or
  /// of the whole document draws for many.
  static func warnings(_ changes: [UnitChange]) -> [CompileFault] {
    let pairs = Dictionary(grouping: changes) { [$0.before, $0.spec.unit] }
    return pairs.values.compactMap { changes -> CompileFault? in
      guard let first = changes.min(by: { $0.spec.mark.precedes($1.spec.mark) }) else { return nil }
      let spec = first.spec
      let others = changes.count - 1
      let also =
        others == 0 ? "" : " and " + Numerals.count(others, "other allocation")
      return CompileFault(
        code: .unitChanged,
        message:
          "`\(spec.unit)` draws \(spec.kind.what) `\(spec.owner)`\(also), and in the table before it"
          + " was `\(first.before)`: everybody is drawn again",
        suggestion:
          "go back to `\(first.before)`, or say `allow: [unit-changed]` if both are one identity or a"
          + " new draw is meant", mark: spec.mark)
    }.sorted { $0.mark.precedes($1.mark) }
  }
}
