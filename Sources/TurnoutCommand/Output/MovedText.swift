import Turnout
import TurnoutCompiler

extension AllocationKind {
  /// As the command's JSON spells it.
  var name: StaticString {
    switch self {
    case .split: "split"
    case .layer: "layer"
    case .cells: "cells"
    case .holdout: "holdout"
    case .sample: "sample"
    case .placement: "placement"
    case .shards: "shards"
    }
  }
}

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

  /// For people; empty if nothing changed.
  static func lines(_ changes: [AllocationChange]) -> [String] {
    guard !changes.isEmpty else { return [] }
    var table = TextTable([.left, .left, .right, .right])
    table.add(["moves", "", "units", "at least"], paint: Style.output.dim)
    for change in changes {
      table.add([
        "\(change.kind.name)", change.owner, Figures.percent(change.movement.positions),
        Figures.percent(change.movement.minimum),
      ])
    }
    return table.lines(indent: "  ")
  }
}
