import Turnout

/// What was set beside the tables at one of two times and not, or otherwise, at the other. A comparison of
/// tables does not see it, and users do.
struct OverlayDifference {
  /// What held of each before and after; what no entry names is up or on.
  private let changes: [(before: OverlayEntry, after: OverlayEntry)]

  /// Nil unless one of the two was asked for by a time; the other has the overlay of now, which is beside
  /// all tables.
  init?(
    from before: ReferencedTable, to after: ReferencedTable, in directory: String
  ) throws(TurnoutError) {
    guard before.past != nil || after.past != nil else { return nil }
    let head = try Head.read(directory: directory)
    let now = (head?.overlay ?? []).filter { $0.holds(at: SystemClock.now) }
    self.init(from: before.past?.overlay ?? now, to: after.past?.overlay ?? now)
  }

  init(from before: [OverlayEntry], to after: [OverlayEntry]) {
    let were = Dictionary(before.map { ($0.withoutIt, $0) }) { first, _ in first }
    let are = Dictionary(after.map { ($0.withoutIt, $0) }) { first, _ in first }
    changes = Set(were.keys).union(are.keys).sorted(by: OverlayEntry.precedes)
      .map { (were[$0] ?? $0, are[$0] ?? $0) }
      .filter { $0.before.state != $0.after.state }
  }

  var lines: [String] {
    guard !changes.isEmpty else { return ["", "beside the tables: the same was set"] }
    var table = TextTable([.left, .left])
    for change in changes {
      table.add([
        "\(change.before.kind.verb) \(Printable.text(change.before.name))",
        "\(change.before.state.name) → \(change.after.state.name)",
      ])
    }
    return ["", "beside the tables, and in no figure above:"] + table.lines(indent: "  ")
  }

  func write(to writer: inout JSONWriter) {
    writer.beginArray()
    for change in changes {
      writer.beginObject()
      writer.field("kind", change.before.kind.name)
      writer.field("name", change.before.name)
      writer.field("before", change.before.state.name)
      writer.field("after", change.after.state.name)
      writer.endObject()
    }
    writer.endArray()
  }
}
