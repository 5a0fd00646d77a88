import Turnout
import TurnoutDiff

/// A comparison for programs; `Docs/diff.md` says what each key is.
enum DifferenceJSON {
  static func write(
    _ difference: TableDifference, overlay: OverlayDifference? = nil, to writer: inout JSONWriter
  ) {
    writer.beginObject()
    writer.object("before") { fields(difference.before, to: &$0) }
    writer.object("after") { fields(difference.after, to: &$0) }
    writer.field("now", Instant(nanoseconds: difference.now).precise)
    writer.field("moves", difference.moves)
    writer.object("largest_move", of: difference.largestMove) { largest, writer in
      writer.field("use_case", largest.useCase.name)
      writer.field("requests", largest.class.circumstances)
      writer.field("share", largest.class.moved)
    }
    writer.field("unchanged_use_cases", difference.unchangedCount)
    writer.list("use_cases", of: difference.useCases) { write($0, to: &$1) }
    writer.field("load_basis", difference.loadBasis == .population ? "population" : "use_cases")
    writer.list("loads", of: difference.loads) { write($0, to: &$1) }
    writer.field("unknown_loads", difference.unknownLoads)
    writer.list("experiments", of: difference.experiments) { write($0, to: &$1) }
    writer.key("overlay")
    if let overlay { overlay.write(to: &writer) } else { writer.null() }
    writer.object("population", of: difference.population) { population, writer in
      writer.field("name", population.name)
      writer.field("requests", population.requestCount)
      writer.field("contexts", population.contextCount)
    }
    writer.endObject()
  }

  private static func fields(
    _ table: TableDifference.ComparedTable, to writer: inout JSONWriter
  ) {
    writer.field("name", table.name)
    writer.field("revision", table.revision)
    writer.field("digest", table.digest.description)
    writer.field("use_cases", table.useCaseCount)
  }

  // MARK: Use cases

  private static func write(_ useCase: UseCaseDifference, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.field("name", useCase.name)
    writer.field("change", "\(useCase.change)")
    writer.list("classes", of: useCase.classes) { found, writer in
      writer.beginObject()
      fields(found, to: &writer)
      writer.endObject()
    }
    writer.field("still_classes", useCase.stillClassCount)
    writer.field("omitted_combinations", useCase.omittedCount)
    writer.object("population", of: useCase.population) { fields($0, to: &$1) }
    writer.object("listed_units", of: useCase.listedUnits) { listed, writer in
      writer.field("count", listed.count)
      writer.field("moved", listed.movedCount)
      writer.field("overridden", listed.overriddenCount)
      writer.field("omitted", listed.omittedCount)
    }
    writer.list("shadows", of: useCase.shadows) { shadow, writer in
      writer.beginObject()
      writer.field("name", shadow.name)
      writer.object("before", of: shadow.before) { fields($0, to: &$1) }
      writer.object("after", of: shadow.after) { fields($0, to: &$1) }
      writer.endObject()
    }
    writer.endObject()
  }

  private static func fields(_ copies: ShadowChange.Copies, to writer: inout JSONWriter) {
    writer.field("target", copies.target)
    writer.field("share", copies.share)
  }

  private static func fields(_ found: ClassDifference, to writer: inout JSONWriter) {
    writer.field("requests", found.circumstances)
    writer.field("basis", "\(found.basis)")
    writer.field("limit", found.limit)
    writer.field("alike", found.alikeCount)
    writer.field("moved", found.moved)
    writer.field("moved_exact", found.moved.hexadecimal)
    writer.field("minimum", found.minimum)
    writer.field("begun", found.begun)
    writer.list("flows", of: found.flows) { flow, writer in
      writer.beginObject()
      writer.object("from") { fields(flow.from, to: &$0) }
      writer.object("to") { fields(flow.to, to: &$0) }
      writer.field("share", flow.share)
      writer.field("exact", flow.share.hexadecimal)
      writer.field("moves", flow.moves)
      writer.endObject()
    }
  }

  private static func fields(
    _ destination: TurnoutDiff.Destination, to writer: inout JSONWriter
  ) {
    switch destination {
    case .refusal(let status): writer.field("status", "\(status.name)")
    case .endpoint(let endpoint):
      writer.field("status", "ok")
      writer.field("model", endpoint.model)
      writer.field("version", endpoint.version)
      writer.field("cluster", endpoint.cluster)
      writer.field("shard", endpoint.shard)
      writer.field("routing_key", endpoint.routingKey)
    }
  }

  // MARK: Loads and experiments

  private static func write(_ change: LoadChange, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.field("cluster", change.cluster)
    writer.field("shard", change.shard)
    writer.object("before") { fields(change.before, to: &$0) }
    writer.object("after") { fields(change.after, to: &$0) }
    writer.field("growth", raw: change.growth.map { "\($0)" })
    writer.field("address_before", change.addressBefore)
    writer.field("address_after", change.addressAfter)
    writer.endObject()
  }

  private static func fields(_ load: Load, to writer: inout JSONWriter) {
    writer.field("primary", load.primary)
    writer.field("shadow", load.shadow)
  }

  private static func write(_ change: ExperimentChange, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.field("name", change.name)
    writer.object("before", of: change.before) { fields($0, to: &$1) }
    writer.object("after", of: change.after) { fields($0, to: &$1) }
    writer.field("gained", change.gained)
    writer.field("lost", change.lost)
    writer.field("between_cells", change.betweenCells)
    writer.field("from_others", change.fromOthers)
    writer.field("to_others", change.toOthers)
    writer.field("condition_changes", change.conditionChanges)
    writer.endObject()
  }

  private static func fields(_ state: ExperimentChange.State, to writer: inout JSONWriter) {
    writer.field("layer", state.layer)
    writer.field("running", state.isRunning)
    writer.list("cells", of: state.cells) { cell, writer in
      writer.beginObject()
      writer.field("name", cell.name)
      writer.field("share", cell.share)
      writer.endObject()
    }
  }
}

extension JSONWriter {
  /// As the shortest decimal that is less than one position of a ring off.
  mutating func field(_ name: StaticString, _ share: Share) {
    field(name, raw: Figures.share(share.positions))
  }
}
