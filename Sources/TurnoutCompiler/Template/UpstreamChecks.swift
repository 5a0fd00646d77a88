internal import Turnout

/// How clusters are reached, from a template's tree.
extension Checker {
  func upstream(_ fields: Fields) -> EnvoyTemplate.Upstream {
    var upstream = EnvoyTemplate.Upstream()
    if let node = fields["protocol"], let uses = usesHTTP2(node) { upstream.usesHTTP2 = uses }
    if let node = fields["connect_timeout"], let timeout = duration(node, "`connect_timeout`") {
      upstream.connectTimeout = timeout
    }
    if let node = fields["health_check"] { upstream.healthCheck = healthCheck(node) }
    if let node = fields["circuit_breakers"] {
      upstream.breakers = breakers(node, upstream.breakers)
    }
    if let node = fields["envoy"] { upstream.fields = envoyFields(node) }
    return upstream
  }

  /// The first that fits a cluster counts, so it is a list.
  func exceptions(
    _ node: Node, _ breakers: EnvoyTemplate.CircuitBreakers
  ) -> [EnvoyTemplate.Exception] {
    guard case .list(let nodes) = node.content else {
      reportWrongType(node, "`clusters`", "a list", "such as `- { name: chat*, protocol: grpc }`")
      return []
    }
    return nodes.compactMap { node in
      guard let fields = mapping(node, .exception) else { return nil }
      guard let name = fields["name"] else {
        report.error(
          .missingKey, at: node.mark, "an entry of `clusters` has no name",
          "add `name:`, with `*` for any characters")
        return nil
      }
      guard let pattern = token(name, "`name`", bytesMax: Limits.nameBytesMax) else { return nil }
      var exception = EnvoyTemplate.Exception(pattern: pattern, mark: name.mark)
      exception.usesHTTP2 = fields["protocol"].flatMap(usesHTTP2)
      exception.connectTimeout = fields["connect_timeout"].flatMap {
        duration($0, "`connect_timeout`")
      }
      if let node = fields["health_check"] { exception.healthCheck = .some(healthCheck(node)) }
      exception.breakers = fields["circuit_breakers"].map { self.breakers($0, breakers) }
      exception.fields = fields["envoy"].map(envoyFields) ?? []
      return exception
    }
  }

  private enum UpstreamProtocol: String, CaseIterable {
    case http1
    case http2
    case grpc
  }

  private func usesHTTP2(_ node: Node) -> Bool? {
    word(node, "`protocol`", as: UpstreamProtocol.self).map { $0 != .http1 }
  }

  private enum HealthCheckType: String, CaseIterable {
    case tcp
    case http
    case grpc
  }

  private func healthCheck(_ node: Node) -> EnvoyTemplate.HealthCheck? {
    if isNone(node) { return nil }
    var check = EnvoyTemplate.HealthCheck()
    if case .scalar("tcp", _) = node.content { return check }
    guard
      let fields = mapping(
        node, .healthCheck, "`none`, `tcp`, or such as `{ type: http, path: /healthz }`")
    else { return check }
    let type = fields["type"].flatMap { word($0, "`type`", as: HealthCheckType.self) } ?? .tcp
    let path = fields["path"].flatMap { absolutePath($0, "`path`") }
    let service = fields["service"].flatMap {
      text($0, "`service`", bytesMax: Limits.nameBytesMax)
    }
    switch type {
    case .tcp: break
    case .http:
      if fields["path"] == nil {
        report.error(
          .missingKey, at: fields.mark, "an http health check asks for a path",
          "add such as `path: /healthz`")
      }
      check.kind = .http(path: path ?? "/")
    case .grpc: check.kind = .grpc(service: service ?? "")
    }
    for (key, type, only) in [("path", HealthCheckType.http, "http"), ("service", .grpc, "grpc")] {
      guard let entry = fields.entry(key), type.rawValue != (fields["type"].flatMap(Self.text))
      else {
        continue
      }
      report.error(
        .conflictingKeys, at: entry.keyMark, "`\(key)` is for `type: \(only)`",
        "say that, or leave it out")
    }
    if let node = fields["interval"], let value = duration(node, "`interval`") {
      check.interval = value
    }
    if let node = fields["no_traffic_interval"],
      let value = duration(node, "`no_traffic_interval`")
    {
      check.noTrafficInterval = value
    }
    if let node = fields["timeout"], let value = duration(node, "`timeout`") {
      check.timeout = value
    }
    if let node = fields["unhealthy_threshold"],
      let value = count(node, "`unhealthy_threshold`", 1...100)
    {
      check.unhealthyThreshold = value
    }
    if let node = fields["healthy_threshold"],
      let value = count(node, "`healthy_threshold`", 1...100)
    {
      check.healthyThreshold = value
    }
    return check
  }

  private static func text(_ node: Node) -> String? {
    if case .scalar(let text, _) = node.content { return text }
    return nil
  }

  private func breakers(
    _ node: Node, _ defaults: EnvoyTemplate.CircuitBreakers
  ) -> EnvoyTemplate.CircuitBreakers {
    var breakers = defaults
    guard let fields = mapping(node, .circuitBreakers) else { return breakers }
    func read(_ key: String, _ range: ClosedRange<Int>, _ value: inout Int) {
      if let node = fields[key], let number = count(node, "`\(key)`", range) { value = number }
    }
    let most = Int(UInt32.max)
    read("max_connections", 1...most, &breakers.maxConnections)
    read("max_pending_requests", 1...most, &breakers.maxPendingRequests)
    read("max_requests", 1...most, &breakers.maxRequests)
    read("retry_budget_percent", 0...100, &breakers.retryBudgetPercent)
    read("min_retry_concurrency", 0...most, &breakers.minRetryConcurrency)
    return breakers
  }

  /// What follows from the routing documents is not for a template to say.
  private static let ownFields = ["@type", "name"]

  private func envoyFields(_ node: Node) -> [JSONTree.Member] {
    guard case .mapping(let entries) = node.content else {
      reportWrongType(
        node, "`envoy`", "a mapping",
        "fields of Envoy's cluster, such as `lb_policy: LEAST_REQUEST`"
      )
      return []
    }
    for entry in entries where Self.ownFields.contains(entry.key) {
      report.error(
        .reservedName, at: entry.keyMark, "`\(entry.key)` is the routing documents' to say",
        "leave it out")
    }
    return entries.map { JSONTree.Member(key: $0.key, value: tree($0.value)) }
  }
}
