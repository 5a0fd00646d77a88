import Turnout
import TurnoutDiff

/// A comparison for programs; `Docs/diff.md` says what each key is.
enum DifferenceJSON {
  static func write(
    _ difference: TableDifference, overlay: OverlayDifference? = nil, to writer: inout JSONWriter
  ) {
    writer.beginObject()
    write("before", difference.before, to: &writer)
    write("after", difference.after, to: &writer)
    writer.field("now", Instant(nanoseconds: difference.now).precise)
    writer.field("moves", difference.moves)
    writer.key("largest_move")
    if let largest = difference.largestMove {
      writer.beginObject()
      writer.field("use_case", largest.useCase.name)
      writer.field("requests", largest.class.circumstances)
      write("share", largest.class.moved, to: &writer)
      writer.endObject()
    } else {
      writer.null()
    }
    writer.field("unchanged_use_cases", difference.unchangedCount)
    writer.key("use_cases")
    writer.beginArray()
    for useCase in difference.useCases { write(useCase, to: &writer) }
    writer.endArray()
    writer.field("load_basis", difference.loadBasis == .population ? "population" : "use_cases")
    writer.key("loads")
    writer.beginArray()
    for load in difference.loads { write(load, to: &writer) }
    writer.endArray()
    writer.field("unknown_loads", difference.unknownLoads)
    writer.key("experiments")
    writer.beginArray()
    for experiment in difference.experiments { write(experiment, to: &writer) }
    writer.endArray()
    writer.key("overlay")
    if let overlay { overlay.write(to: &writer) } else { writer.null() }
    writer.key("population")
    if let population = difference.population {
      writer.beginObject()
      writer.field("name", population.name)
      writer.field("requests", population.requestCount)
      writer.field("contexts", population.contextCount)
      writer.endObject()
    } else {
      writer.null()
    }
    writer.endObject()
  }

  private static func write(
    _ key: StaticString, _ table: TableDifference.ComparedTable, to writer: inout JSONWriter
  ) {
    writer.key(key)
    writer.beginObject()
    writer.field("name", table.name)
    writer.field("revision", table.revision)
    writer.field("digest", table.digest.description)
    writer.field("use_cases", table.useCaseCount)
    writer.endObject()
  }

  /// As the shortest decimal that is less than one position of a ring off.
  private static func write(_ key: StaticString, _ share: Share, to writer: inout JSONWriter) {
    writer.field(key, raw: Figures.share(share.positions))
  }

  // MARK: Use cases

  private static func write(_ useCase: UseCaseDifference, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.field("name", useCase.name)
    writer.field("change", "\(useCase.change)")
    writer.key("classes")
    writer.beginArray()
    for found in useCase.classes { write(found, to: &writer) }
    writer.endArray()
    writer.field("still_classes", useCase.stillClassCount)
    writer.field("omitted_combinations", useCase.omittedCount)
    writer.key("population")
    if let population = useCase.population {
      write(population, to: &writer)
    } else {
      writer.null()
    }
    writer.key("listed_units")
    if let listed = useCase.listedUnits {
      writer.beginObject()
      writer.field("count", listed.count)
      writer.field("moved", listed.movedCount)
      writer.field("overridden", listed.overriddenCount)
      writer.field("omitted", listed.omittedCount)
      writer.endObject()
    } else {
      writer.null()
    }
    writer.key("shadows")
    writer.beginArray()
    for shadow in useCase.shadows {
      writer.beginObject()
      writer.field("name", shadow.name)
      write("before", shadow.before, to: &writer)
      write("after", shadow.after, to: &writer)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
  }

  private static func write(
    _ key: StaticString, _ copies: ShadowChange.Copies?, to writer: inout JSONWriter
  ) {
    writer.key(key)
    guard let copies else { return writer.null() }
    writer.beginObject()
    writer.field("target", copies.target)
    write("share", copies.share, to: &writer)
    writer.endObject()
  }

  private static func write(_ found: ClassDifference, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.field("requests", found.circumstances)
    writer.field("basis", "\(found.basis)")
    writer.field("limit", found.limit)
    writer.field("alike", found.alikeCount)
    write("moved", found.moved, to: &writer)
    writer.field("moved_exact", found.moved.hexadecimal)
    write("minimum", found.minimum, to: &writer)
    write("begun", found.begun, to: &writer)
    writer.key("flows")
    writer.beginArray()
    for flow in found.flows {
      writer.beginObject()
      write("from", flow.from, to: &writer)
      write("to", flow.to, to: &writer)
      write("share", flow.share, to: &writer)
      writer.field("exact", flow.share.hexadecimal)
      writer.field("moves", flow.moves)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
  }

  private static func write(
    _ key: StaticString, _ destination: TurnoutDiff.Destination, to writer: inout JSONWriter
  ) {
    writer.key(key)
    writer.beginObject()
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
    writer.endObject()
  }

  // MARK: Loads and experiments

  private static func write(_ change: LoadChange, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.field("cluster", change.cluster)
    writer.field("shard", change.shard)
    for (key, load) in [("before" as StaticString, change.before), ("after", change.after)] {
      writer.key(key)
      writer.beginObject()
      write("primary", load.primary, to: &writer)
      write("shadow", load.shadow, to: &writer)
      writer.endObject()
    }
    writer.field("growth", raw: change.growth.map { "\($0)" })
    writer.field("address_before", change.addressBefore)
    writer.field("address_after", change.addressAfter)
    writer.endObject()
  }

  private static func write(_ change: ExperimentChange, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.field("name", change.name)
    for (key, state) in [("before" as StaticString, change.before), ("after", change.after)] {
      writer.key(key)
      guard let state else {
        writer.null()
        continue
      }
      writer.beginObject()
      writer.field("layer", state.layer)
      writer.field("running", state.isRunning)
      writer.key("cells")
      writer.beginArray()
      for cell in state.cells {
        writer.beginObject()
        writer.field("name", cell.name)
        write("share", cell.share, to: &writer)
        writer.endObject()
      }
      writer.endArray()
      writer.endObject()
    }
    write("gained", change.gained, to: &writer)
    write("lost", change.lost, to: &writer)
    write("between_cells", change.betweenCells, to: &writer)
    write("from_others", change.fromOthers, to: &writer)
    write("to_others", change.toOthers, to: &writer)
    writer.field("condition_changes", change.conditionChanges)
    writer.endObject()
  }
}
