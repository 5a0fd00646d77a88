import Turnout
import TurnoutCompiler

/// What a change of tables moves.
enum Moved {
  static func write(_ changes: [AllocationChange], to writer: inout JSONWriter) {
    writer.key("moved")
    writer.beginArray()
    for change in changes {
      writer.beginObject()
      writer.field("kind", "\(change.kind.name)")
      writer.field("owner", change.owner)
      writer.field("share", raw: Figures.share(change.movement.positions))
      writer.field("minimum", raw: Figures.share(change.movement.minimum))
      writer.field("released", raw: Figures.share(change.movement.released))
      writer.field("gone", change.isGone)
      writer.endObject()
    }
    writer.endArray()
  }

  /// As the field `use_cases_differing`.
  static func write(
    differing summary: ChangeSummary?, isKnown: Bool, to writer: inout JSONWriter
  ) {
    writer.key("use_cases_differing")
    guard isKnown else { return writer.null() }
    writer.names(summary?.differing ?? ChangeSummary.Names([]))
  }

  /// For people, where use cases may answer differently of which no split tells.
  static func lines(
    differing summary: ChangeSummary?, from previous: UInt64?, to reference: String
  ) -> [String] {
    guard let previous, let summary, summary.untold.count > 0 else { return [] }
    let words = summary.untold.words(" may answer differently")
    return ["  \(words); `turnout diff @\(previous) \(reference)` says who moves"]
  }

  private static let linesMax = 20

  /// For people, what moves most first; empty if nothing changed.
  static func lines(_ all: [AllocationChange]) -> [String] {
    let changes = all.filter { !$0.isGone }
    var lines = movedLines(changes)
    let gone = all.filter(\.isGone)
    if !gone.isEmpty {
      let named = gone.prefix(goneMax).map { "\($0.kind.name) \($0.owner)" }
      let more = gone.count > goneMax ? " and \(gone.count - goneMax) more; --json lists all" : ""
      lines.append("  gone: " + named.joined(separator: ", ") + more)
    }
    return lines
  }

  private static let goneMax = 6

  private static func movedLines(_ changes: [AllocationChange]) -> [String] {
    guard !changes.isEmpty else { return [] }
    let ordered = changes.enumerated().sorted { one, other in
      let (more, less) = (one.element.movement, other.element.movement)
      if more.positions != less.positions { return more.positions > less.positions }
      return more.released != less.released
        ? more.released > less.released : one.offset < other.offset
    }
    // Positions that nobody has any more: where a share, a sample or a holdout shrinks.
    let releases = changes.contains { $0.movement.released > 0 }
    var table = TextTable([.left, .left, .right, .right, .right])
    table.add(
      ["moves", "", "units", "at least", releases ? "released" : ""], paint: Style.output.dim)
    for (_, change) in ordered.prefix(linesMax) {
      let movement = change.movement
      table.add([
        "\(change.kind.name)", change.owner, Figures.percent(movement.positions),
        Figures.percent(movement.minimum),
        movement.released > 0 ? Figures.percent(movement.released) : "",
      ])
    }
    var lines = table.lines(indent: "  ")
    if changes.count > linesMax {
      let more = Figures.count(changes.count - linesMax, "more allocation")
      lines.append("  and \(more); --json lists all")
    }
    return lines
  }
}
