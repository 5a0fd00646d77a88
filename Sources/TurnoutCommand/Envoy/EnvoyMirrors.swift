import TurnoutCompiler

/// The mirror policies of shadows, one for each slot.
struct EnvoyMirrors {
  let target: EnvoyTarget
  let slots: Int

  var policies: [JSONTree] { slots > 0 ? (1...slots).map(policy) : [] }

  /// A slot sends a copy where its header says, and none without the header.
  private func policy(_ slot: Int) -> JSONTree {
    let told: [(String, String)] = [
      ("x-turnout-model", target.metadata("shadow_\(slot)_model")),
      ("x-turnout-version", target.metadata("shadow_\(slot)_version")),
      ("x-turnout-revision", target.metadata("revision")),
      ("x-turnout-shadow", "1"),
    ]
    let headers = (1...slots).map { "x-turnout-shadow-\($0)" }
    return [
      "cluster_header": .text("x-turnout-shadow-\(slot)"),
      "disable_shadow_host_suffix_append": true,
      "request_headers_mutations": .list(
        told.map { ["append": .header($0, $1)] } + headers.map { ["remove": .text($0)] }),
    ]
  }
}
