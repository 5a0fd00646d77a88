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
    head("max_move", found.guarded.limit.fraction, found.guarded.stated, found.holds, to: &writer)
    writer.field("use_case", found.useCase.name)
    writer.field("circumstances", found.largest?.circumstances)
    writer.field("share", found.moved)
    let flows = (found.largest?.flows ?? []).filter(\.moves)
    writer.list("flows", of: flows) { flow, writer in
      writer.beginObject()
      writer.field("from", flow.from.text)
      writer.field("to", flow.to.text)
      writer.field("share", flow.share)
      writer.endObject()
    }
  }

  private static func write(
    _ guarded: GuardsInForce.ClusterLoad, _ useCases: [String], to writer: inout JSONWriter
  ) {
    head("max_cluster_load", guarded.limit.fraction, guarded.stated, false, to: &writer)
    writer.field("unknown", useCases)
  }

  private static func write(_ found: GuardedLoad, to writer: inout JSONWriter) {
    let guarded = found.guarded
    head("max_cluster_load", guarded.limit.fraction, guarded.stated, found.holds, to: &writer)
    writer.field("cluster", found.change.cluster)
    writer.field("shard", found.change.shard)
    writer.field("load_basis", found.basis == .population ? "population" : "use_cases")
    writer.field("before", found.change.before.total)
    writer.field("after", found.change.after.total)
    let growth = ((found.change.growth ?? 0) * 1e6).rounded() / 1e6
    writer.field("growth", raw: growth == growth.rounded() ? "\(Int64(growth))" : "\(growth)")
  }

  private static func head(
    _ name: String, _ limit: String, _ stated: String, _ holds: Bool, to writer: inout JSONWriter
  ) {
    writer.field("guard", name)
    writer.field("limit", raw: limit)
    writer.field("stated", stated)
    writer.field("holds", holds)
  }
}
