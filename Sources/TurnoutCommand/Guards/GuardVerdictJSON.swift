import Turnout
import TurnoutCompiler
import TurnoutDiff

extension GuardVerdict {
  /// `"guards": […]` in an object that is open.
  func write(to writer: inout JSONWriter) {
    writer.key("guards")
    writer.beginArray()
    for finding in findings {
      writer.beginObject()
      switch finding {
      case .move(let found): Self.write(found, to: &writer)
      case .clusterLoad(let found): Self.write(found, to: &writer)
      case .unknownLoad(let guarded, let useCases, _):
        Self.write(guarded, useCases, to: &writer)
      }
      writer.endObject()
    }
    writer.endArray()
    writer.field("overridden", note == nil ? nil : override)
  }

  private static func write(_ found: GuardedMove, to writer: inout JSONWriter) {
    writer.field("guard", "max_move")
    writer.field("limit", raw: found.guarded.limit.fraction)
    writer.field("stated", found.guarded.stated)
    writer.field("holds", found.holds)
    writer.field("use_case", found.useCase.name)
    writer.field("circumstances", found.largest?.circumstances)
    writer.field("share", raw: Figures.share(found.moved.positions))
    writer.key("flows")
    writer.beginArray()
    for flow in found.largest?.flows ?? [] where flow.moves {
      writer.beginObject()
      writer.field("from", flow.from.text)
      writer.field("to", flow.to.text)
      writer.field("share", raw: Figures.share(flow.share.positions))
      writer.endObject()
    }
    writer.endArray()
  }

  private static func write(
    _ guarded: GuardsInForce.ClusterLoad, _ useCases: [String], to writer: inout JSONWriter
  ) {
    writer.field("guard", "max_cluster_load")
    writer.field("limit", raw: guarded.limit.fraction)
    writer.field("stated", guarded.stated)
    writer.field("holds", false)
    writer.field("unknown", useCases)
  }

  private static func write(_ found: GuardedLoad, to writer: inout JSONWriter) {
    writer.field("guard", "max_cluster_load")
    writer.field("limit", raw: found.guarded.limit.fraction)
    writer.field("stated", found.guarded.stated)
    writer.field("holds", found.holds)
    writer.field("cluster", found.change.cluster)
    writer.field("shard", found.change.shard)
    writer.field("load_basis", found.basis == .population ? "population" : "use_cases")
    writer.field("before", raw: Figures.share(found.change.before.total.positions))
    writer.field("after", raw: Figures.share(found.change.after.total.positions))
    let growth = ((found.change.growth ?? 0) * 1e6).rounded() / 1e6
    writer.field("growth", raw: growth == growth.rounded() ? "\(Int64(growth))" : "\(growth)")
  }
}
