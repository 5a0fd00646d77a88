import TurnoutCompiler

/// How Envoy loads the module, and with which settings.
struct EnvoyModule {
  let template: EnvoyTemplate
  let target: EnvoyTarget
  /// As Envoy sees it.
  let store: String
  let shadowSlots: Int

  /// The HTTP filter that decides.
  static let deciding = "turnout"
  /// The one for the second step.
  static let routingKey = "turnout.routing_key"
  /// The one that gives directory assistance beside a cluster specifier.
  static let directory = "turnout.directory"

  /// The specifier, or one for the second step.
  func specifier(_ name: String, secondStep: String? = nil) -> JSONTree {
    var settings: [JSONTree.Member] = []
    if let secondStep {
      settings = lookingUp(secondStep)
    } else {
      settings = resolving.filter { $0.key != "response_headers" }
      if shadowSlots > 0 {
        settings.append(JSONTree.Member(key: "shadow_overrides", value: true))
      }
    }
    var specifier = JSONTree.any(
      "envoy.extensions.router.cluster_specifiers.dynamic_modules.v3.DynamicModuleClusterSpecifier",
      [
        "dynamic_module_config": library, "specifier_name": .text(name),
        "specifier_config": structure([storeMember] + settings),
      ])
    if secondStep == nil, shadowSlots > 0 { specifier.set("route_action_overrides", overrides) }
    return ["extension": ["name": .text(name), "typed_config": specifier]]
  }

  /// Most requests have no shadows, and what a route says of mirrors costs every request of it: so the
  /// routes say nothing, and the module asks for as many as the decision has.
  private var overrides: JSONTree {
    let mirrors = EnvoyMirrors(target: target, slots: shadowSlots).policies
    return .object(
      (1...shadowSlots).map { count in
        JSONTree.Member(
          key: "shadows-\(count)",
          value: ["request_mirror_policies": .list(Array(mirrors.prefix(count)))])
      })
  }

  /// The filter that decides.
  var filter: JSONTree {
    var settings = resolving
    if let path = template.routes.directoryAssistance {
      settings.append(JSONTree.Member(key: "directory", value: .text(path)))
    }
    return filter(Self.deciding, settings)
  }

  /// A filter for directory assistance alone: off but on the route of its path, so that no other
  /// request meets it.
  func directory(_ path: String) -> JSONTree {
    let kept = ["attributes", "statuses", "counters"]
    var settings = template.module.members.filter { kept.contains($0.key) }
    settings.append(JSONTree.Member(key: "directory", value: .text(path)))
    var filter = filter(Self.directory, settings)
    filter.set("disabled", true)
    return filter
  }

  /// A filter for the second step alone, on its routes, in place of the one that decides.
  func routingKeys(_ header: String) -> JSONTree {
    var filter = filter(Self.routingKey, lookingUp(header))
    filter.set("disabled", true)
    return filter
  }

  private func lookingUp(_ header: String) -> [JSONTree.Member] {
    [
      JSONTree.Member(key: "mode", value: "routing_key"),
      JSONTree.Member(key: "routing_key", value: ["header": .text(header)]),
      JSONTree.Member(
        key: "metadata", value: ["status", "cluster", "shard", "routing_key", "revision"]),
    ] + template.module.members.filter { ["statuses", "counters"].contains($0.key) }
  }

  private var resolving: [JSONTree.Member] {
    var members = template.module.members
    if !members.contains(where: { $0.key == "metadata" }) {
      let keys = EnvoyAccessLog.metadata(template.accessLog, target, shadowSlots: shadowSlots)
      members.append(JSONTree.Member(key: "metadata", value: keys))
    }
    return members + [JSONTree.Member(key: "shadow_slots", value: .integer(shadowSlots))]
  }

  private func filter(_ name: String, _ settings: [JSONTree.Member]) -> JSONTree {
    [
      "name": .text(name),
      "typed_config": .any(
        "envoy.extensions.filters.http.dynamic_modules.v3.DynamicModuleFilter",
        [
          "dynamic_module_config": library, "filter_name": "turnout",
          "filter_config": structure([storeMember] + settings),
        ]),
    ]
  }

  /// Keeps the module's gauges true while no request comes.
  var bootstrapExtension: JSONTree {
    [
      "name": "envoy.bootstrap.dynamic_modules",
      "typed_config": .any(
        "envoy.extensions.bootstrap.dynamic_modules.v3.DynamicModuleBootstrapExtension",
        [
          "dynamic_module_config": library, "extension_name": "turnout",
          "extension_config": structure([storeMember]),
        ]),
    ]
  }

  private var storeMember: JSONTree.Member { JSONTree.Member(key: "store", value: .text(store)) }

  private var library: JSONTree {
    let module = template.paths.module
    var config: JSONTree =
      module.hasPrefix("/")
      ? ["module": ["local": ["filename": .text(module)]]] : ["name": .text(module)]
    // A library with a thread of its own must not be taken away from under it.
    config.set("do_not_close", true)
    config.set("metrics_namespace", "turnout")
    return config
  }

  private func structure(_ members: [JSONTree.Member]) -> JSONTree {
    .any("google.protobuf.Struct", ["value": .object(members)])
  }
}
