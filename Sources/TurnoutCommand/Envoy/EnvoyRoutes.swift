import TurnoutCompiler

/// The route configuration. It names no cluster: it follows from the template and from the number of
/// shadow slots alone.
struct EnvoyRoutes {
  static let name = "turnout"

  let template: EnvoyTemplate
  let target: EnvoyTarget
  let module: EnvoyModule

  /// What upstreams are told, and no client may say.
  private static let told = ["x-turnout-model", "x-turnout-version", "x-turnout-revision"]
  /// All of which the module may give eight.
  private static let slotsMax = 8

  var resource: JSONTree {
    var configuration = JSONTree.any(
      "envoy.config.route.v3.RouteConfiguration", ["name": .text(Self.name)])
    if target.form == .specifier {
      var plugins = [module.specifier("turnout")]
      if let header = template.routes.secondStep {
        plugins.append(module.specifier(EnvoyModule.routingKey, secondStep: header))
      }
      configuration.set("cluster_specifier_plugins", .list(plugins))
    }
    configuration.set(
      "virtual_hosts",
      [["name": "turnout", "domains": ["*"], "routes": .list(routes)]])
    return configuration
  }

  private var routes: [JSONTree] {
    var routes: [JSONTree] = []
    if let path = template.routes.directoryAssistance, target.form == .specifier {
      routes.append([
        "name": "directory-assistance", "match": ["path": .text(path)],
        "direct_response": ["status": 404],
        "typed_per_filter_config": .object([
          JSONTree.Member(key: EnvoyModule.directory, value: Self.filter(isOn: true))
        ]),
      ])
    }
    if let header = template.routes.secondStep {
      routes.append(route("second-step-grpc", isGRPC: true, secondStep: header))
      routes.append(route("second-step", isGRPC: false, secondStep: header))
    }
    if target.form == .filter, module.shadowSlots > 0 {
      // What a route says of mirrors costs every request of it, and most have none. The filter has
      // taken away what a client said in this header, and then the route is chosen anew.
      routes.append(route("grpc-shadowed", isGRPC: true, isMirrored: true))
      routes.append(route("http-shadowed", isGRPC: false, isMirrored: true))
    }
    routes.append(route("grpc", isGRPC: true))
    routes.append(route("http", isGRPC: false))
    return routes
  }

  /// A config, if an empty one, is what turns on a filter that is off elsewhere.
  private static func filter(isOn: Bool) -> JSONTree {
    .any("envoy.config.route.v3.FilterConfig", isOn ? ["config": [:]] : ["disabled": true])
  }

  private func route(
    _ name: String, isGRPC: Bool, secondStep: String? = nil, isMirrored: Bool = false
  ) -> JSONTree {
    var match: JSONTree = ["prefix": "/"]
    if isGRPC { match.set("grpc", [:]) }
    if let header = isMirrored ? "x-turnout-shadow-1" : secondStep {
      match.set("headers", [["name": .text(header), "present_match": true]])
    }
    var route: JSONTree = ["name": .text(name), "match": match]
    if target.form == .specifier {
      // Removed before any is added, so that no client's value is left.
      let slots = (1...Self.slotsMax).map { "x-turnout-shadow-\($0)" }
      let internals = Self.told + ["x-turnout-cluster", "x-turnout-shadow"] + slots
      route.set("request_headers_to_remove", .list(internals.map { .text($0) }))
      if module.shadowSlots > 0, secondStep == nil {
        route.set(
          "request_headers_to_add",
          .list(
            (1...module.shadowSlots).map {
              .header("x-turnout-shadow-\($0)", target.metadata("shadow_\($0)"))
            }))
      }
    } else {
      // The filter has set or removed all others for every request.
      route.set("request_headers_to_remove", ["x-turnout-cluster"])
      if secondStep != nil {
        route.set(
          "typed_per_filter_config",
          .object([
            JSONTree.Member(key: EnvoyModule.deciding, value: Self.filter(isOn: false)),
            JSONTree.Member(key: EnvoyModule.routingKey, value: Self.filter(isOn: true)),
          ]))
      }
    }
    var action = action(isGRPC: isGRPC, secondStep: secondStep)
    if isMirrored {
      let mirrors = EnvoyMirrors(target: target, slots: module.shadowSlots)
      action.set("request_mirror_policies", .list(mirrors.policies))
    }
    route.set("route", action)
    return route
  }

  private func action(isGRPC: Bool, secondStep: String?) -> JSONTree {
    var action: JSONTree
    switch target.form {
    case .specifier:
      action = [
        "cluster_specifier_plugin": secondStep == nil ? "turnout" : .text(EnvoyModule.routingKey)
      ]
    case .filter:
      action = [
        "cluster_header": "x-turnout-cluster",
        "cluster_not_found_response_code": "SERVICE_UNAVAILABLE",
      ]
    }
    if isGRPC {
      // A stream may last; a call ends when its client says so, in grpc-timeout.
      action.set("timeout", "0s")
      action.set("max_stream_duration", ["grpc_timeout_header_max": "0s"])
    } else {
      action.set("timeout", template.routes.timeout.json)
    }
    action.set("idle_timeout", template.routes.idleTimeout.json)
    if let retry = template.routes.retry { action.set("retry_policy", self.retry(retry)) }
    return action
  }

  private func retry(_ retry: EnvoyTemplate.Retry) -> JSONTree {
    var policy: JSONTree = [
      "retry_on": .text(retry.on.joined(separator: ",")), "num_retries": .integer(retry.times),
    ]
    if let timeout = retry.perTryTimeout { policy.set("per_try_timeout", timeout.json) }
    // The module is asked once more: what was set down meanwhile is not tried again.
    if target.form == .specifier { policy.set("refresh_cluster_on_retry", true) }
    return policy
  }
}
