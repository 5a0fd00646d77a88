import Foundation
import Testing

/// `turnout envoy-config`: its files, its warnings. That Envoys take them is shown in
/// `bindings/envoy/tests`.
@Suite struct EnvoyConfigTests {
  /// Clusters of every kind of address; a use case with two shadows.
  static func document(beta: String = "ranker.internal:8080", users: Int = 1) -> String {
    """
    turnout: 1
    unit: user
    attributes: { country: string, tenure_days: number, app: version }
    clusters:
      alpha: { address: "10.0.1.1:8080" }
      beta: { address: "\(beta)" }
      gamma: { address: "[2001:db8::1]:8080" }
      local: { address: "unix:/run/ranker.sock" }
      chat:
        routing_key: chat-eu
        shards:
          g0: { address: "10.3.0.1:9000", weight: 2 }
          g1: { address: "10.3.0.2:9000" }
    models:
      m: { v1: { cluster: [alpha, gamma] }, v2: { cluster: [beta, local], config: { n: \(users) } } }
      chat: { v1: { cluster: chat } }
    use_cases:
      Home:
        rules: [{ name: canary, split: { m@v1: 95, m@v2: 5 } }]
        shadows: [{ name: dark, model: m@v2 }, { name: wide, model: chat@v1 }]
      Chat:
        rules: [{ route: chat@v1 }]
    """
  }

  static let template = """
    listen: 0.0.0.0:8080
    admin: unix:/run/envoy-admin.sock
    node: { id: front-1, cluster: fronts }
    paths: { store: /var/lib/turnout, files: /etc/envoy/turnout }
    module:
      unit: x-user-id
      attributes:
        country: x-country
        tenure_days: { header: x-tenure, type: number }
    routes:
      second_step: x-turnout-routing-key
      directory_assistance: /turnout/v1/resolve
    clusters:
    - { name: "chat*", protocol: grpc, health_check: { type: grpc, service: chat } }
    - { name: beta, health_check: { type: http, path: /healthz }, envoy: { lb_policy: RANDOM } }
    - { name: local, health_check: none, connect_timeout: 250ms }
    access_log: { path: /var/log/envoy.json, fields: { agent: "%REQ(user-agent)%" } }
    """

  private static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("golden")

  private func place(_ document: String = Self.document()) throws -> Workplace {
    let place = try Workplace()
    try publish(document, in: place)
    try place.write(Self.template, to: "envoy.yaml")
    return place
  }

  @discardableResult
  private func publish(_ document: String, in place: Workplace, _ more: String...) throws -> Int {
    try place.write(document, to: "routing.yaml")
    let arguments = ["publish", "routing.yaml", "--json"] + more
    let published = try place.bash("\"$turnout\" \(arguments.joined(separator: " "))")
    #expect(published.status == 0, "\(published.errors)")
    return try #require(try published.json()["revision"] as? Int)
  }

  private func file(_ name: String, in place: Workplace) throws -> String {
    try String(contentsOfFile: place.path("out/\(name)"), encoding: .utf8)
  }

  private func clusters(in place: Workplace) throws -> [String: String] {
    let lines = try file("cds.json", in: place).split(separator: "\n").dropFirst().dropLast()
    return Dictionary(
      uniqueKeysWithValues: try lines.map { line in
        let name = try #require(line.firstMatch(of: /"name":"([^"]*)"/)).output.1
        return (String(name), String(line))
      })
  }

  @Test(arguments: [("specifier", ""), ("filter", "--envoy 1.38.3")])
  func theFilesAreThoseThatWereAgreed(_ form: String, _ options: String) throws {
    let place = try place()
    let made = try place.bash(
      "\"$turnout\" envoy-config --out out --template envoy.yaml \(options)")
    #expect(made.status == 0 && made.errors.isEmpty, "\(made.errors)")
    for name in ["cds.json", "rds.json", "bootstrap.json"] {
      let found = try file(name, in: place)
      // The clusters are the same for both.
      let agreed = Self.golden.appendingPathComponent(
        name == "cds.json" ? name : "\(form)-\(name)")
      if ProcessInfo.processInfo.environment["TURNOUT_GOLDEN"] == "write" {
        try Data(found.utf8).write(to: agreed)
      }
      #expect(
        found == (try String(contentsOf: agreed, encoding: .utf8)),
        "\(agreed.path); TURNOUT_GOLDEN=write swift test --filter EnvoyConfigTests writes it anew")
    }
  }

  @Test func whatWouldNotChangeIsNotTouched() throws {
    let place = try place()
    let first = try place.turnout("envoy-config", "--out", "out", "--json").json()
    #expect(
      (first["files"] as? [[String: Any]])?.map { $0["written"] as? Bool } == [true, true, true])
    let inodes = try place.bash("stat -c %i out/*")
    // Another revision with the same destinations, and an overlay.
    try publish(Self.document(users: 2), in: place)
    _ = try place.turnout("set", "cluster", "alpha", "down")
    let second = try place.turnout("envoy-config", "--out", "out", "--json").json()
    #expect(
      (second["files"] as? [[String: Any]])?.map { $0["written"] as? Bool } == [
        false, false, false,
      ])
    expectEqual(second["revisions"], [1, 2])
    #expect(try place.bash("stat -c %i out/*").output == inodes.output)
    #expect(try place.bash("ls -A out").output == "bootstrap.json\ncds.json\nrds.json\n")
  }

  @Test func clustersOfEveryKeptRevisionAreThereAndNoOthers() throws {
    let place = try place()
    let alone = """
      turnout: 1
      unit: user
      clusters: { CLUSTER: { address: "10.9.9.9:80" } }
      models: { m: { v1: { cluster: CLUSTER } } }
      use_cases: { Home: { rules: [{ route: m@v1 }] } }
      """
    for number in 1...3 {
      try publish(alone.replacing("CLUSTER", with: "only-\(number)"), in: place, "--stage")
    }
    _ = try place.turnout("envoy-config", "--out", "out")
    let names = try clusters(in: place).keys.sorted()
    #expect(
      names == [
        "alpha", "beta", "chat-eu/g0", "chat-eu/g1", "gamma", "local", "only-1", "only-2", "only-3",
      ])
    for number in 4...19 {
      try publish(alone.replacing("CLUSTER", with: "only-\(number)"), in: place)
    }
    _ = try place.turnout("envoy-config", "--out", "out")
    #expect(try clusters(in: place).keys.sorted() == (4...19).map { "only-\($0)" }.sorted())
  }

  @Test func ofTwoAddressesHeadsCountsAndTheOtherIsSaid() throws {
    let place = try place()
    try publish(Self.document(beta: "10.0.2.2:80"), in: place, "--stage")
    let staged = try place.turnout("envoy-config", "--out", "out")
    #expect(staged.status == 0)
    #expect(
      staged.errors.contains(
        "the destination beta is 10.0.2.2:80 in revision 2, and ranker.internal:8080 in head, "
          + "revision 1: Envoy gets the latter."))
    #expect(try #require(try clusters(in: place)["beta"]).contains("ranker.internal"))
    _ = try place.turnout("activate", "2")
    _ = try place.turnout("envoy-config", "--out", "out")
    #expect(try #require(try clusters(in: place)["beta"]).contains("10.0.2.2"))
  }

  @Test func anAddressThatNobodyCanDialIsARefusalUnlessItIsPast() throws {
    let place = try place()
    try publish(Self.document(beta: "rankers"), in: place, "--stage")
    // Head's address counts while there is one.
    #expect(try place.turnout("envoy-config", "--out", "out").status == 0)
    _ = try place.turnout("activate", "2")
    let head = try place.turnout("envoy-config", "--out", "out")
    #expect(head.status == 1)
    #expect(
      head.errors.contains(
        "the cluster beta of revision 2 is left out: Envoy cannot reach `rankers`. Write ip:port, "
          + "[ipv6]:port, name:port or unix:/path; until then, its requests are answered with 503.")
    )
    #expect(try clusters(in: place)["beta"] == nil)
    #expect(try clusters(in: place)["alpha"] != nil)
    try publish(Self.document(beta: "10.0.2.2:80"), in: place)
    let mended = try place.turnout("envoy-config", "--out", "out")
    #expect(mended.status == 0, "\(mended.errors)")
  }

  @Test func whatATemplateSaysOfNothingIsWarnedOf() throws {
    let place = try place()
    try place.write(
      """
      module: { attributes: { contry: x-country, tenure_days: x-tenure, app: x-app } }
      clusters: [{ name: alpa, protocol: grpc }]
      shadow_slots: 1
      """, to: "envoy.yaml")
    let made = try place.turnout("envoy-config", "--out", "out", "--template", "envoy.yaml")
    #expect(made.status == 0)
    #expect(
      made.errors.split(separator: "\n").map(String.init) == [
        "warning: `clusters` of the template names alpa, and no kept revision has such a cluster; "
          + "did you mean `alpha`?",
        "warning: `shadow_slots` of the template is 1, and use cases have up to 2 shadows: Envoy "
          + "sends the first 1 of a decision only.",
        "warning: `attributes` of the template gives contry, which revision 1 does not declare; did "
          + "you mean `country`?",
        "warning: `attributes` of the template gives tenure_days as string, and revision 1 declares "
          + "it as number: write `type: number`.",
      ])
  }

  @Test func wrongUseIsToldApart() throws {
    let place = try place()
    #expect(try place.turnout("envoy-config").status == 2)
    #expect(try place.turnout("envoy-config", "--out", "out", "--envoy", "1.30").status == 2)
    #expect(try place.turnout("envoy-config", "--out", "").status == 2)
    #expect(try place.turnout("envoy-config", "--out", "no/such/folder").status == 3)
    #expect(try place.turnout("envoy-config", "--out", "routing.yaml").status == 2)
    #expect(try place.turnout("envoy-config", "--out", "out", "--template", "none").status == 3)
    #expect(try place.turnout("envoy-config", "--out", "out", "--store", "none").status == 3)
    try place.write("lisen: 1", to: "envoy.yaml")
    let refused = try place.turnout("envoy-config", "--out", "out", "--template", "envoy.yaml")
    #expect(refused.status == 1)
    #expect(refused.errors.hasPrefix("envoy.yaml:1:1: error: unknown key `lisen`"))
    #expect(!place.exists("out"))
  }

  @Test func whatStandsInTheWayIsNotFollowedAndPermissionsStay() throws {
    let place = try place()
    try place.write("mine", to: "theirs")
    _ = try place.bash(
      "mkdir out; ln -s ../theirs out/.cds.json.new; ln -s nowhere out/.rds.json.new")
    #expect(try place.turnout("envoy-config", "--out", "out").status == 0)
    #expect(try place.bash("cat theirs").output == "mine")
    #expect(try place.bash("ls -A out").output == "bootstrap.json\ncds.json\nrds.json\n")
    _ = try place.bash("chmod 600 out/cds.json")
    try publish(Self.document(beta: "127.0.0.1:9"), in: place)
    #expect(try place.turnout("envoy-config", "--out", "out").status == 0)
    #expect(try place.bash("stat -c %a out/cds.json out/rds.json").output == "600\n644\n")
  }

  @Test func severalThatWriteAtOnceLeaveWhatTheLastPublishSays() throws {
    let place = try place()
    let script = """
      for i in 1 2 3 4; do
        (for j in 1 2 3 4; do "$turnout" envoy-config --out out >/dev/null || echo failed; done) &
      done
      while [ -n "$(jobs -r)" ]; do
        [ ! -e out/cds.json ] || tail -c 4 out/cds.json | grep -q ']}' || echo torn
      done
      wait
      """
    #expect(try place.bash(script).output == "")
    #expect(
      (try place.turnout("envoy-config", "--out", "out", "--json").json()["files"]
        as? [[String: Any]])?.map { $0["written"] as? Bool } == [false, false, false])
  }

  @Test func whereRoutesChangeTooClustersGoLast() throws {
    let place = try place()
    _ = try place.turnout("envoy-config", "--out", "out")
    let before = try file("rds.json", in: place)
    let other = Self.document().replacing("alpha", with: "omega")
      .replacing(", { name: wide, model: chat@v1 }", with: "")
    try place.write(other, to: "routing.yaml")
    _ = try place.turnout("publish", "routing.yaml", "--store", "other")
    // A folder where the routes' forerunner should stand: not even root can write them.
    _ = try place.bash("mkdir out/.rds.json.new")
    let stopped = try place.turnout("envoy-config", "--out", "out", "--store", "other")
    #expect(stopped.status == 3)
    #expect(stopped.errors.contains("Cannot remove out/.rds.json.new"))
    let both = try clusters(in: place).keys.filter { ["alpha", "omega", "beta"].contains($0) }
    #expect(both.sorted() == ["alpha", "beta", "omega"])
    #expect(try file("rds.json", in: place) == before)
    _ = try place.bash("rmdir out/.rds.json.new")
    _ = try place.turnout("envoy-config", "--out", "out", "--store", "other")
    #expect(try clusters(in: place)["alpha"] == nil)
    #expect(try file("rds.json", in: place) != before)
  }
}
