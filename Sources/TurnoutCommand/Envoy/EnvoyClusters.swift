import Turnout
import TurnoutCompiler

/// One cluster of Envoy's for each routing key of any kept revision.
struct EnvoyClusters {
  /// In byte order of their names.
  private(set) var resources: [JSONTree] = []
  private(set) var warnings: [String] = []
  /// A destination of head, or of a newer revision, has an address that Envoy cannot reach.
  private(set) var isIncomplete = false

  init(_ kept: KeptTables, _ template: EnvoyTemplate) {
    warnings = kept.warnings
    var chosen: [String: (table: UInt64, destination: TableDestinations.Destination)] = [:]
    for table in kept.byPrecedence {
      for destination in table.destinations {
        guard let other = chosen[destination.routingKey] else {
          chosen[destination.routingKey] = (table.revision, destination)
          continue
        }
        guard other.destination.address != destination.address else { continue }
        warnings.append(
          "the destination \(destination.routingKey) is \(destination.address) in revision "
            + "\(table.revision), and \(other.destination.address) in "
            + (other.table == kept.head
              ? "head, revision \(other.table)" : "revision \(other.table)")
            + ": Envoy gets the latter. To move without a gap, give the new place a cluster of its "
            + "own name.")
      }
    }
    for key in chosen.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      guard let (revision, destination) = chosen[key] else { continue }
      guard let address = DestinationAddress(destination.address) else {
        leaveOut(destination, revision, kept)
        continue
      }
      resources.append(
        Self.resource(key, address, template.upstream(of: destination.cluster)))
    }
    warnUnfit(template, Set(chosen.values.map(\.destination.cluster)))
  }

  private mutating func leaveOut(
    _ destination: TableDestinations.Destination, _ revision: UInt64, _ kept: KeptTables
  ) {
    let place = destination.shard.isEmpty ? "" : ", shard \(destination.shard)"
    var text =
      "the cluster \(destination.cluster)\(place) of revision \(revision) is left out: Envoy cannot "
      + "reach `\(destination.address)`. Write ip:port, [ipv6]:port, name:port or unix:/path"
    if revision == kept.head {
      text += "; until then, its requests are answered with 503"
      isIncomplete = true
    } else if kept.isAhead(revision) {
      text += ", and publish again instead of activating it"
      isIncomplete = true
    }
    warnings.append(text + ".")
  }

  /// A name with a mistake in it would be passed over in silence.
  private mutating func warnUnfit(_ template: EnvoyTemplate, _ names: Set<String>) {
    guard !names.isEmpty else { return }
    for exception in template.exceptions where !names.contains(where: exception.fits) {
      warnings.append(
        "`clusters` of the template names \(exception.pattern), and no kept revision has such a "
          + "cluster\(TableFacts.suggestion(for: exception.pattern, among: names.sorted()))")
    }
  }

  private static func resource(
    _ name: String, _ address: DestinationAddress, _ upstream: EnvoyTemplate.Upstream
  ) -> JSONTree {
    let endpoint: JSONTree
    var isResolved = false
    switch address {
    case .address(let address, let port):
      endpoint = ["socket_address": ["address": .text(address), "port_value": .integer(port)]]
    case .name(let name, let port):
      isResolved = true
      endpoint = ["socket_address": ["address": .text(name), "port_value": .integer(port)]]
    case .pipe(let path): endpoint = ["pipe": ["path": .text(path)]]
    }
    var cluster = JSONTree.any("envoy.config.cluster.v3.Cluster", ["name": .text(name)])
    if isResolved {
      cluster.set("cluster_type", resolving)
      cluster.set("lb_policy", "LEAST_REQUEST")
    } else {
      cluster.set("type", "STATIC")
    }
    cluster.set("connect_timeout", upstream.connectTimeout.json)
    cluster.set(
      "load_assignment",
      [
        "cluster_name": .text(name),
        "endpoints": [["lb_endpoints": [["endpoint": ["address": endpoint]]]]],
      ])
    if let check = upstream.healthCheck {
      cluster.set("health_checks", [healthCheck(check, upstream.usesHTTP2)])
    }
    cluster.set("circuit_breakers", ["thresholds": [breakers(upstream.breakers)]])
    let options = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
    let http: JSONTree =
      upstream.usesHTTP2 ? ["http2_protocol_options": [:]] : ["http_protocol_options": [:]]
    cluster.set(
      "typed_extension_protocol_options",
      .object([
        JSONTree.Member(key: options, value: .any(options, ["explicit_http_config": http]))
      ]))
    for field in upstream.fields { cluster.set(field.key, field.value) }
    return cluster
  }

  /// What was STRICT_DNS: each address that the name has is an endpoint. Asked as often as the answer
  /// says, and where it says nothing not every five seconds, which is Envoy's default: that would be
  /// hundreds of questions a second for thousands of names.
  private static let resolving: JSONTree = [
    "name": "envoy.clusters.dns",
    "typed_config": .any(
      "envoy.extensions.clusters.dns.v3.DnsCluster",
      ["dns_refresh_rate": "30s", "respect_dns_ttl": true, "dns_lookup_family": "V4_PREFERRED"]),
  ]

  private static func healthCheck(
    _ check: EnvoyTemplate.HealthCheck, _ usesHTTP2: Bool
  ) -> JSONTree {
    var tree: JSONTree = [
      "timeout": check.timeout.json, "interval": check.interval.json,
      // So that a thousand Envoys that start together do not ask together for ever.
      "interval_jitter_percent": 10,
      "no_traffic_interval": check.noTrafficInterval.json,
      "unhealthy_threshold": .integer(check.unhealthyThreshold),
      "healthy_threshold": .integer(check.healthyThreshold),
    ]
    switch check.kind {
    case .tcp: tree.set("tcp_health_check", [:])
    case .http(let path):
      var http: JSONTree = ["path": .text(path)]
      if usesHTTP2 { http.set("codec_client_type", "HTTP2") }
      tree.set("http_health_check", http)
    case .grpc(let service):
      tree.set("grpc_health_check", service.isEmpty ? [:] : ["service_name": .text(service)])
    }
    return tree
  }

  private static func breakers(_ breakers: EnvoyTemplate.CircuitBreakers) -> JSONTree {
    [
      "max_connections": .integer(breakers.maxConnections),
      "max_pending_requests": .integer(breakers.maxPendingRequests),
      "max_requests": .integer(breakers.maxRequests),
      "retry_budget": [
        "budget_percent": ["value": .integer(breakers.retryBudgetPercent)],
        "min_retry_concurrency": .integer(breakers.minRetryConcurrency),
      ],
      "track_remaining": true,
    ]
  }
}
