/// What an operator says of an Envoy: everything that `turnout envoy-config` does not take from the
/// store. `Docs/envoy.md` explains the keys.
package struct EnvoyTemplate: Sendable {
  package var listen = SocketPlace.port("127.0.0.1", 10000)
  /// Nil: no admin interface.
  package var admin: SocketPlace? = .port("127.0.0.1", 9901)
  package var nodeID = "turnout"
  package var nodeCluster = "turnout"
  package var paths = Paths()
  package var module = ModuleSettings()
  package var routes = Routes()
  package var upstream = Upstream()
  package var exceptions: [Exception] = []
  /// Nil: as many as any use case has shadows.
  package var shadowSlots: Int?
  package var accessLog: AccessLog? = AccessLog()

  package init() {}

  /// Where an address is bound or dialled.
  package enum SocketPlace: Sendable, Hashable {
    case port(_ address: String, _ port: Int)
    case pipe(_ path: String)
  }

  /// How Envoy sees what this command sees elsewhere, as in a container.
  package struct Paths: Sendable {
    /// Nil: as the command does.
    package var store: String?
    /// Nil: as the command does.
    package var files: String?
    /// A name, searched as `lib<name>.so`, or an absolute path.
    package var module = "turnout_envoy"
  }

  package struct Routes: Sendable {
    package var timeout = Duration(milliseconds: 15_000)
    package var idleTimeout = Duration(milliseconds: 300_000)
    /// Nil: no retries.
    package var retry: Retry? = Retry()
    /// Names the header by which the second step goes; nil: there is none.
    package var secondStep: String?
    /// The path of directory assistance; nil: there is none.
    package var directoryAssistance: String?
  }

  package struct Retry: Sendable {
    package var on = ["connect-failure", "refused-stream"]
    package var times = 2
    package var perTryTimeout: Duration?
  }

  /// How clusters are reached.
  package struct Upstream: Sendable {
    package var usesHTTP2 = false
    package var connectTimeout = Duration(milliseconds: 1_000)
    /// Nil: none.
    package var healthCheck: HealthCheck? = HealthCheck()
    package var breakers = CircuitBreakers()
    /// Fields of Envoy's cluster, as they are.
    package var fields: [JSONTree.Member] = []
  }

  package struct HealthCheck: Sendable {
    package enum Kind: Sendable {
      case tcp
      case http(path: String)
      case grpc(service: String)
    }

    package var kind = Kind.tcp
    package var interval = Duration(milliseconds: 10_000)
    package var noTrafficInterval = Duration(milliseconds: 60_000)
    package var timeout = Duration(milliseconds: 2_000)
    package var unhealthyThreshold = 3
    package var healthyThreshold = 1
  }

  package struct CircuitBreakers: Sendable {
    package var maxConnections = 1024
    package var maxPendingRequests = 1024
    package var maxRequests = 1024
    package var retryBudgetPercent = 20
    package var minRetryConcurrency = 3
  }

  /// Clusters of the routing documents that are reached in another way.
  package struct Exception: Sendable {
    /// A name; `*` stands for any characters.
    package var pattern: String
    package var mark: SourceMark
    package var usesHTTP2: Bool?
    package var connectTimeout: Duration?
    /// Nil: not said.
    package var healthCheck: HealthCheck??
    package var breakers: CircuitBreakers?
    package var fields: [JSONTree.Member] = []
  }

  package struct AccessLog: Sendable {
    package var path = "/dev/stdout"
    /// Beside those that every line has.
    package var fields: [JSONTree.Member] = []
  }

  /// As Envoy's JSON has it: seconds with an `s`.
  package struct Duration: Sendable, Hashable {
    package let milliseconds: Int

    package var json: JSONTree {
      let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
      guard rest > 0 else { return .text("\(seconds)s") }
      let digits = String(rest + 1000).dropFirst()
      return .text("\(seconds).\(digits)s")
    }
  }
}

extension EnvoyTemplate {
  /// How the cluster of that name is reached.
  package func upstream(of cluster: String) -> Upstream {
    guard let exception = exceptions.first(where: { $0.fits(cluster) }) else { return upstream }
    var upstream = upstream
    if let usesHTTP2 = exception.usesHTTP2 { upstream.usesHTTP2 = usesHTTP2 }
    if let timeout = exception.connectTimeout { upstream.connectTimeout = timeout }
    if let healthCheck = exception.healthCheck { upstream.healthCheck = healthCheck }
    if let breakers = exception.breakers { upstream.breakers = breakers }
    for field in exception.fields {
      upstream.fields.removeAll { $0.key == field.key }
      upstream.fields.append(field)
    }
    return upstream
  }
}

extension EnvoyTemplate.Exception {
  package func fits(_ name: String) -> Bool {
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard let first = parts.first, let last = parts.last, parts.count > 1 else {
      return name == pattern
    }
    var rest = Substring(name)
    guard rest.hasPrefix(first) else { return false }
    rest = rest.dropFirst(first.count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let found = rest.firstRange(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return rest.count >= last.count && rest.hasSuffix(last)
  }
}

/// What became of a template: itself, or everything that is wrong with it.
package struct CheckedTemplate: Sendable {
  /// Nil if there is any error.
  package let template: EnvoyTemplate?
  package let diagnostics: [Diagnostic]

  package init(_ source: Source) {
    let report = Report(sources: [source])
    let template = Checker(report, .none).envoyTemplate()
    diagnostics = report.finish().diagnostics
    self.template = report.errorCount == 0 ? template : nil
  }
}
