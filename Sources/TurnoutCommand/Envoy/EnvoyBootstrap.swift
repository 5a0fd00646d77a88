import TurnoutCompiler

/// What Envoy reads when it starts: the listener, and where clusters and routes are found.
struct EnvoyBootstrap {
  let template: EnvoyTemplate
  let target: EnvoyTarget
  let module: EnvoyModule

  enum Source {
    /// Envoy follows the files of this folder.
    case files(folder: String)
    /// All is in the bootstrap.
    case inline(clusters: [JSONTree], routes: JSONTree)
  }

  func tree(_ source: Source) -> JSONTree {
    var bootstrap: JSONTree = [
      "node": ["id": .text(template.nodeID), "cluster": .text(template.nodeCluster)]
    ]
    if let admin = template.admin {
      bootstrap.set("admin", ["address": address(admin)])
    }
    // Most of thousands of clusters see no traffic in most Envoys: what a cluster needs in each
    // worker, and its counters, are made when the first request comes.
    bootstrap.set("cluster_manager", ["enable_deferred_cluster_creation": true])
    bootstrap.set("deferred_stat_options", ["enable_deferred_creation_stats": true])
    bootstrap.set("bootstrap_extensions", [module.bootstrapExtension])
    var resources: JSONTree = ["listeners": [listener(source)]]
    switch source {
    case .files(let folder):
      bootstrap.set("dynamic_resources", ["cds_config": file(folder, "cds.json")])
    case .inline(let clusters, _): resources.set("clusters", .list(clusters.map(withoutType)))
    }
    bootstrap.set("static_resources", resources)
    return bootstrap
  }

  /// Without a watched folder: a file is read again when it is replaced itself, not its neighbour.
  private func file(_ folder: String, _ name: String) -> JSONTree {
    [
      "path_config_source": ["path": .text(folder + "/" + name)], "resource_api_version": "V3",
    ]
  }

  private func withoutType(_ resource: JSONTree) -> JSONTree {
    guard case .object(let members) = resource else { return resource }
    return .object(members.filter { $0.key != "@type" })
  }

  private func address(_ place: EnvoyTemplate.SocketPlace) -> JSONTree {
    switch place {
    case .port(let address, let port):
      ["socket_address": ["address": .text(address), "port_value": .integer(port)]]
    case .pipe(let path): ["pipe": ["path": .text(path)]]
    }
  }

  private func listener(_ source: Source) -> JSONTree {
    [
      "name": "turnout", "address": address(template.listen),
      "filter_chains": [
        [
          "filters": [
            [
              "name": "envoy.filters.network.http_connection_manager",
              "typed_config": connectionManager(source),
            ]
          ]
        ]
      ],
    ]
  }

  private func connectionManager(_ source: Source) -> JSONTree {
    var manager = JSONTree.any(
      "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
      ["stat_prefix": "turnout"])
    switch source {
    case .files(let folder):
      manager.set(
        "rds",
        [
          "route_config_name": .text(EnvoyRoutes.name), "config_source": file(folder, "rds.json"),
        ])
    case .inline(_, let routes): manager.set("route_config", withoutType(routes))
    }
    // A request id that the client gave is what a request without a unit draws by.
    manager.set("preserve_external_request_id", true)
    manager.set("stream_idle_timeout", template.routes.idleTimeout.json)
    manager.set("http_filters", .list(filters))
    manager.set("local_reply_config", refusals)
    if let log = template.accessLog { manager.set("access_log", [accessLog(log)]) }
    return manager
  }

  private var filters: [JSONTree] {
    var filters: [JSONTree] = []
    var router: JSONTree = [:]
    switch target.form {
    case .filter:
      filters.append(module.filter)
      if let header = template.routes.secondStep { filters.append(module.routingKeys(header)) }
    case .specifier:
      if let path = template.routes.directoryAssistance {
        filters.append(module.directory(path))
      }
      // On each attempt: a retry may go to another version than the first attempt.
      let told = ["model", "version", "revision"].map { key -> JSONTree in
        ["append": .header("x-turnout-" + key, target.metadata(key))]
      }
      router.set(
        "upstream_http_filters",
        [
          [
            "name": "envoy.filters.http.header_mutation",
            "typed_config": .any(
              "envoy.extensions.filters.http.header_mutation.v3.HeaderMutation",
              ["mutations": ["request_mutations": .list(told)]]),
          ],
          [
            "name": "envoy.filters.http.upstream_codec",
            "typed_config": .any("envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec"),
          ],
        ])
    }
    filters.append([
      "name": "envoy.filters.http.router",
      "typed_config": .any("envoy.extensions.filters.http.router.v3.Router", router),
    ])
    return filters
  }

  /// Words for what Envoy answers without any where it has no cluster.
  private var refusals: JSONTree {
    [
      "mappers": [
        [
          "filter": ["response_flag_filter": ["flags": ["NC"]]],
          "headers_to_add": [.header("x-turnout-status", target.metadata("status"))],
          "body_format_override": [
            "json_format": [
              "status": .text(target.metadata("status")),
              "use_case": .text(target.metadata("use_case")),
              "routing_key": .text(target.metadata("routing_key")),
            ]
          ],
        ]
      ]
    ]
  }

  private func accessLog(_ log: EnvoyTemplate.AccessLog) -> JSONTree {
    let fields = EnvoyAccessLog.fields(log, target, shadowSlots: module.shadowSlots)
    return [
      "name": "envoy.access_loggers.file",
      "typed_config": .any(
        "envoy.extensions.access_loggers.file.v3.FileAccessLog",
        ["path": .text(log.path), "log_format": ["json_format": fields]]),
    ]
  }
}
