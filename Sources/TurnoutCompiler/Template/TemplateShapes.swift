extension Shape {
  static let template = Shape(
    what: "a template",
    keys: [
      "listen", "admin", "node", "paths", "module", "routes", "upstream", "clusters",
      "shadow_slots", "access_log",
    ])
  static let node = Shape(what: "`node`", keys: ["id", "cluster"])
  static let paths = Shape(what: "`paths`", keys: ["store", "files", "module"])
  static let module = Shape(
    what: "`module`",
    keys: [
      "use_case", "unit", "units", "attributes", "request_id", "metadata", "statuses", "counters",
      "response_headers",
    ])
  static let header = Shape(what: "where a value comes from", keys: ["header", "value"])
  static let templateAttribute = Shape(what: "an attribute", keys: ["header", "value", "type"])
  static let routes = Shape(
    what: "`routes`",
    keys: ["timeout", "idle_timeout", "retry", "second_step", "directory_assistance"])
  static let retry = Shape(what: "`retry`", keys: ["on", "times", "per_try_timeout"])
  static let upstream = Shape(what: "`upstream`", keys: upstreamKeys)
  static let exception = Shape(what: "an entry of `clusters`", keys: ["name"] + upstreamKeys)
  static let healthCheck = Shape(
    what: "a health check",
    keys: [
      "type", "path", "service", "interval", "no_traffic_interval", "timeout",
      "unhealthy_threshold", "healthy_threshold",
    ])
  static let circuitBreakers = Shape(
    what: "`circuit_breakers`",
    keys: [
      "max_connections", "max_pending_requests", "max_requests", "retry_budget_percent",
      "min_retry_concurrency",
    ])
  static let accessLog = Shape(what: "`access_log`", keys: ["path", "fields"])

  private static let upstreamKeys = [
    "protocol", "connect_timeout", "health_check", "circuit_breakers", "envoy",
  ]
}
