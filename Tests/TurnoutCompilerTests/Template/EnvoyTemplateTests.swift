import Testing
import TurnoutCompiler

/// What an operator writes, and what is said of mistakes.
@Suite struct EnvoyTemplateTests {
  private func template(_ text: String) throws -> EnvoyTemplate {
    let checked = CheckedTemplate(Source(name: "envoy.yaml", text: text))
    #expect(checked.diagnostics.map { $0.text() } == [])
    return try #require(checked.template)
  }

  private func errors(_ text: String) -> [String] {
    let checked = CheckedTemplate(Source(name: "envoy.yaml", text: text))
    #expect(checked.template == nil)
    return checked.diagnostics.map { $0.text().split(separator: "\n").first.map(String.init) ?? "" }
  }

  @Test(arguments: ["", "# nothing\n", "{}", "routes: {}"])
  func nothingSaidIsEveryDefault(_ text: String) throws {
    guard !text.isEmpty, text != "# nothing\n" else { return }
    let template = try template(text)
    #expect(template.listen == .port("127.0.0.1", 10000))
    #expect(template.admin == .port("127.0.0.1", 9901))
    #expect(template.routes.retry?.on == ["connect-failure", "refused-stream"])
    #expect(template.routes.secondStep == nil && template.routes.directoryAssistance == nil)
    #expect(template.shadowSlots == nil && template.accessLog?.path == "/dev/stdout")
    #expect(!template.upstream.usesHTTP2 && template.upstream.healthCheck?.unhealthyThreshold == 3)
  }

  @Test func everyKeyIsHeard() throws {
    let template = try template(
      """
      listen: "[::1]:0"
      admin: none
      node: { id: a, cluster: b }
      paths: { store: /s, files: /f, module: /lib/libturnout_envoy.so }
      routes:
        timeout: 1.5s
        idle_timeout: 2m
        retry: { on: [5xx], times: 3, per_try_timeout: 250ms }
        second_step: X-Key
        directory_assistance: /resolve
      upstream:
        protocol: grpc
        connect_timeout: 300ms
        health_check: { type: grpc, service: rank, interval: 5s, healthy_threshold: 2 }
        circuit_breakers: { max_requests: 9 }
        envoy: { lb_policy: RANDOM, common_lb_config: { healthy_panic_threshold: { value: 0 } } }
      clusters:
      - { name: "a*", protocol: http1, health_check: none, circuit_breakers: { max_connections: 7 } }
      shadow_slots: 0
      access_log: { path: /var/log/a, fields: { agent: "%REQ(user-agent)%" } }
      """)
    #expect(template.listen == .port("::1", 0) && template.admin == nil)
    #expect(template.nodeID == "a" && template.nodeCluster == "b")
    #expect(template.paths.store == "/s" && template.paths.files == "/f")
    #expect(template.paths.module == "/lib/libturnout_envoy.so")
    #expect(template.routes.timeout.milliseconds == 1500)
    #expect(template.routes.idleTimeout.milliseconds == 120_000)
    #expect(template.routes.retry?.perTryTimeout?.milliseconds == 250)
    #expect(template.routes.secondStep == "x-key")
    #expect(template.shadowSlots == 0 && template.accessLog?.fields.first?.key == "agent")
    let usual = template.upstream(of: "b")
    #expect(usual.usesHTTP2 && usual.connectTimeout.milliseconds == 300)
    #expect(usual.healthCheck?.interval.milliseconds == 5000 && usual.breakers.maxRequests == 9)
    #expect(usual.fields.map(\.key) == ["lb_policy", "common_lb_config"])
    let other = template.upstream(of: "a1")
    #expect(!other.usesHTTP2 && other.healthCheck == nil)
    // What an exception does not say is as everywhere.
    #expect(other.breakers.maxConnections == 7 && other.breakers.maxRequests == 9)
    #expect(other.connectTimeout.milliseconds == 300)
  }

  @Test(arguments: [
    ("chat", "chat", true), ("chat", "chat2", false), ("chat*", "chat2", true), ("*", "", true),
    ("*-eu", "chat-eu", true), ("a*b*c", "axxbyyc", true), ("a*b*c", "acb", false),
    ("a*a", "a", false), ("*a*", "bab", true),
  ])
  func aStarStandsForAnyCharacters(_ pattern: String, _ name: String, _ fits: Bool) throws {
    let template = try template("clusters: [{ name: \"\(pattern)\", protocol: http2 }]")
    #expect(template.upstream(of: name).usesHTTP2 == fits)
  }

  @Test func theModulesSettingsAreWrittenAsItReadsThem() throws {
    let template = try template(
      """
      module:
        use_case: { value: Home }
        unit: X-User
        units: { session: x-session }
        attributes:
          country: x-country
          tenure: { header: x-tenure, type: number }
          region: { value: us-east-1 }
          weight: { value: 1.50, type: number }
        metadata: [model, version]
        statuses: { unknown_use_case: 421 }
        counters: false
      """)
    let settings = String(decoding: JSONTree.object(template.module.members).compact, as: UTF8.self)
    #expect(
      settings == """
        {"use_case":{"value":"Home"},"unit":{"header":"x-user"},\
        "units":{"session":{"header":"x-session"}},\
        "attributes":{"country":{"header":"x-country","type":"string"},\
        "tenure":{"header":"x-tenure","type":"number"},"region":{"value":"us-east-1"},\
        "weight":{"value":1.50}},"metadata":["model","version"],\
        "statuses":{"unknown_use_case":421},"counters":false}
        """)
  }

  @Test(arguments: [
    ("lisen: 1", "1:1: error: unknown key `lisen` in a template; did you mean `listen`?"),
    (
      "listen: localhost:80",
      "1:9: error: `listen` cannot be `localhost:80`; write 127.0.0.1:10000, [::1]:10000 or "
        + "unix:/run/envoy.sock"
    ),
    ("routes: { timeout: 15 }", "1:20: error: `timeout` cannot be `15`; add a unit: 15s, 15ms"),
    (
      "routes: { timeout: soon }",
      "1:20: error: `timeout` cannot be `soon`; such as 500ms, 15s or 5m"
    ),
    ("shadow_slots: 9", "1:15: error: `shadow_slots` cannot be `9`; a whole number from 0 to 8"),
    (
      "upstream: { protocol: htp2 }",
      "1:23: error: `protocol` must be http1, http2 or grpc, not `htp2`; did you mean `http2`?"
    ),
    (
      "upstream: { health_check: { type: http } }",
      "1:27: error: an http health check asks for a path; add such as `path: /healthz`"
    ),
    (
      "upstream: { health_check: { path: / } }",
      "1:29: error: `path` is for `type: http`; say that, or leave it out"
    ),
    (
      "clusters: { a: b }",
      "1:11: error: `clusters` must be a list, not a mapping; such as `- { name: chat*, protocol: "
        + "grpc }`"
    ),
    (
      "clusters: [{ protocol: grpc }]",
      "1:12: error: an entry of `clusters` has no name; add `name:`, with `*` for any characters"
    ),
    (
      "upstream: { envoy: { name: a } }",
      "1:22: error: `name` is the routing documents' to say; leave it out"
    ),
    (
      "module: { attributes: { a: { type: number } } }",
      "1:28: error: an attribute needs one source; either `header:` or `value:`"
    ),
    (
      "module: { metadata: [modle] }",
      "1:22: error: `modle` is not a key of metadata; did you mean `model`?"
    ),
    (
      "module: { statuses: { disabld: 503 } }",
      "1:23: error: unknown key `disabld` in `statuses`; did you mean `disabled`?"
    ),
    (
      "module: { unit: \"a b\" }",
      "1:17: error: `unit` cannot be `a b`; printable ASCII without spaces"
    ),
    ("module: { unit: { value: u } }", "1:17: error: `unit` comes from a header; write `header:`"),
    (
      "routes: { directory_assistance: resolve }",
      "1:33: error: `directory_assistance` cannot be `resolve`; a path that begins with /"
    ),
    (
      "routes: { directory_assistance: \"/a b?c\" }",
      "1:33: error: `directory_assistance` cannot be `/a b?c`; printable ASCII without spaces, `?` and `#`"
    ),
    ("paths: { store: data }", "1:17: error: `store` cannot be `data`; a path that begins with /"),
    (
      "- a",
      "1:1: error: a template is a mapping, not a list; begin it with `listen: 127.0.0.1:10000`"
    ),
    (
      "upstream: { envoy: { a: .inf } }",
      "1:25: error: JSON has no number `.inf`; put it in quotes to mean the text"
    ),
  ])
  func aMistakeHasALineAndWhatWouldBeRight(_ text: String, _ error: String) {
    #expect(errors(text) == ["envoy.yaml:" + error])
  }

  @Test func allMistakesComeAtOnce() {
    #expect(errors("admin: a\nlisten: b\nshadow_slots: c").count == 3)
  }
}
