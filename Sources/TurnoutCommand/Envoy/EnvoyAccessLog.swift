import TurnoutCompiler

/// What a line of the access log says.
enum EnvoyAccessLog {
  /// Of the decision.
  static let decided = [
    "status", "use_case", "model", "version", "routing_key", "revision", "reason", "rule",
    "cells", "traffic", "fallback", "degraded",
  ]

  static func fields(
    _ log: EnvoyTemplate.AccessLog, _ target: EnvoyTarget, shadowSlots: Int
  ) -> JSONTree {
    var fields: JSONTree = [
      "time": "%START_TIME%", "method": "%REQ(:METHOD)%", "path": "%REQ(:PATH)%",
      "request_id": "%REQ(X-REQUEST-ID)%", "code": "%RESPONSE_CODE%", "flags": "%RESPONSE_FLAGS%",
      "details": "%RESPONSE_CODE_DETAILS%", "duration_ms": "%DURATION%",
    ]
    for key in decided { fields.set(key, .text(target.metadata(key))) }
    if shadowSlots > 0 {
      for slot in 1...shadowSlots {
        fields.set("shadow_\(slot)", .text(target.metadata("shadow_\(slot)")))
      }
    }
    fields.set("upstream_cluster", "%UPSTREAM_CLUSTER%")
    fields.set("upstream_host", "%UPSTREAM_HOST%")
    fields.set("attempts", "%UPSTREAM_REQUEST_ATTEMPT_COUNT%")
    for field in log.fields { fields.set(field.key, field.value) }
    return fields
  }

  /// The keys of metadata that headers and the log print: each that the module writes costs something
  /// on every request.
  static func metadata(
    _ log: EnvoyTemplate.AccessLog?, _ target: EnvoyTarget, shadowSlots: Int
  ) -> JSONTree {
    var keys = ["status", "use_case", "model", "version", "routing_key", "revision"]
    if let log {
      keys += decided.filter { !keys.contains($0) }
      let formats = log.fields.compactMap { field in
        if case .text(let format) = field.value { format } else { nil }
      }
      for key in ["cluster", "shard", "digest", "holdouts", "config"]
      where formats.contains(where: { $0.contains(target.metadata(key)) }) {
        keys.append(key)
      }
    }
    if shadowSlots > 0 { keys.append("shadows") }
    return .list(keys.map { .text($0) })
  }
}
