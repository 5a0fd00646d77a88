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
      writer.endObject()
    }
    writer.endArray()
  }

  private static let linesMax = 20

  /// For people, what moves most first; empty if nothing changed.
  static func lines(_ changes: [AllocationChange]) -> [String] {
    guard !changes.isEmpty else { return [] }
    let ordered = changes.enumerated().sorted { one, other in
      let (more, less) = (one.element.movement.positions, other.element.movement.positions)
      return more != less ? more > less : one.offset < other.offset
    }
    var table = TextTable([.left, .left, .right, .right])
    table.add(["moves", "", "units", "at least"], paint: Style.output.dim)
    for (_, change) in ordered.prefix(linesMax) {
      table.add([
        "\(change.kind.name)", change.owner, Figures.percent(change.movement.positions),
        Figures.percent(change.movement.minimum),
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
