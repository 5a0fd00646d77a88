import Foundation
import Testing

@Suite struct ExportTests {
  /// A document with an allocation of every kind; `step` moves the weights of all.
  static func everyKind(step: Int) -> String {
    """
    turnout: 1
    unit: user
    units: { session: {} }
    attributes: { country: string }
    clusters:
      a: { address: "10.0.0.1:80" }
      b: { address: "10.0.0.2:80" }
      c: { address: "10.0.0.3:80" }
      sharded:
        unit: session
        when_down: siblings
        shards:
          s0: { address: "10.1.0.1:80", weight: \(step) }
          s1: { address: "10.1.0.2:80", weight: 2 }
    models:
      m:
        v1:
          placement:
            - when: { country: US }
              cluster: { split: { a: \(10 - step), b: \(step) }, then: [c] }
            - when: { country: DE }
              cluster: { split: { b: 1, c: \(step) }, then: a, salt: "place: 2 # odd" }
            - cluster: [c, a]
        v2: { cluster: sharded, otherwise: m@v1, config: { weight: 0.50, text: "0.50", no: NO } }
    layers:
      empty: {}
      one: { unit: session }
    holdouts:
      out: { share: \(step)%, layers: all }
    experiments:
      first:
        layer: one
        share: \(5 * step)%
        salt: old-name
        cells: { x: { model: m@v2, weight: \(step) }, y: { config: { k: null } } }
      second: { layer: one, share: 40%, cells: { z: { weight: 3 }, w: {} } }
    use_cases:
      Home:
        overrides: { pinned: m@v2, "12": { first: y } }
        rules:
          - { experiment: first }
          - { experiment: second }
          - name: ramp
            when: { not: { country: FR } }
            split: { m@v1: \(100 - step), m@v2: \(step) }
            cluster: { split: { a: 1, c: \(step) } }
          - { route: m@v1 }
        shadows:
          - { name: dark, model: m@v2, sample: \(step)% }
          - { name: all, model: m@v1, by: request, salt: "two\\nlines" }
    """
  }

  private func digest(_ place: Workplace, _ store: String) throws -> String {
    try #require(
      try place.turnout("stat", "--json", "--store", store).json()["digest"] as? String)
  }

  @Test func theDocumentComesBackAsItWasPublished() throws {
    let place = try Workplace()
    try place.publish(canary: 1)
    let first = "# a comment\n" + Workplace.document(canary: 5)
    try place.write(first, to: "routing.yaml")
    #expect(try place.turnout("publish", "routing.yaml").status == 0)
    #expect(try place.turnout("export").output == first)
    #expect(try place.turnout("export", "--at", "1").output == Workplace.document(canary: 1))
    let missing = try place.turnout("export", "--at", "9")
    #expect(missing.status == 1)
    #expect(missing.output.isEmpty)
  }

  @Test func severalDocumentsGoToAFolder() throws {
    let place = try Workplace()
    let parts = Workplace.document().split(separator: "use_cases:", maxSplits: 1)
    try place.write(String(parts[0]), to: "teams/clusters.yaml")
    try place.write("turnout: 1\nuse_cases:" + parts[1], to: "teams/home/rules.yml")
    #expect(try place.turnout("publish", "teams").status == 0)
    let refused = try place.turnout("export")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("2 documents"))
    #expect(refused.errors.contains("-o"))

    let exported = try place.turnout("export", "-o", "out")
    #expect(exported.status == 0, "\(exported.errors)")
    #expect(
      exported.output
        == "out: 2 files of revision 1\n  teams/clusters.yaml\n  teams/home/rules.yml\n")
    #expect(try place.bash("diff -r teams out/teams").status == 0)
    #expect(try place.turnout("publish", "out", "--store", "copy").status == 0)
    #expect(try digest(place, "copy") == digest(place, "turnout-store"))

    let again = try place.turnout("export", "-o", "out")
    #expect(again.status == 1)
    #expect(again.errors.contains("not empty"))
    #expect(try place.turnout("export", "-o", "teams/clusters.yaml").status == 1)
  }

  @Test func noNameLeadsOutOfTheFolder() throws {
    let place = try Workplace()
    let parts = Workplace.document().split(separator: "use_cases:", maxSplits: 1)
    try place.write(String(parts[0]), to: "clusters.yaml")
    try place.write("turnout: 1\nuse_cases:" + parts[1], to: "here/rules.yaml")
    let published = try place.bash(
      "cd here && \"$turnout\" publish ../clusters.yaml ./rules.yaml --store ../turnout-store")
    #expect(published.status == 0, "\(published.errors)")
    #expect(try place.turnout("export", "-o", "deep").status == 0)
    #expect(place.exists("deep/clusters.yaml"))
    #expect(place.exists("deep/folder1/rules.yaml"))

    let absolute = try place.bash(
      "\"$turnout\" publish \"$PWD/clusters.yaml\" \"$PWD/here/rules.yaml\" --store other")
    #expect(absolute.status == 0, "\(absolute.errors)")
    #expect(try place.turnout("export", "-o", "flat", "--store", "other").status == 0)
    #expect(place.exists("flat/clusters.yaml"))
    #expect(place.exists("flat/here/rules.yaml"))
  }

  @Test func pinnedItGivesTheSameDigestInAnEmptyStore() throws {
    let place = try Workplace()
    for step in [1, 4, 2, 7] {
      try place.write(Self.everyKind(step: step), to: "routing.yaml")
      let published = try place.turnout("publish", "routing.yaml")
      try #require(published.status == 0, "\(published.errors)")
    }
    // A revision that pins already is pinned anew, to the same.
    let pinned = try place.bash("\"$turnout\" export --ranges | tee p.yaml | wc -l")
    #expect(pinned.errors.isEmpty)
    #expect(try place.turnout("publish", "p.yaml").output.contains("unchanged"))
    for revision in 1...4 {
      let copy = "copy-\(revision)"
      let published = try place.bash(
        "\"$turnout\" export --ranges --at \(revision) | \"$turnout\" publish /dev/stdin --store \(copy)"
      )
      #expect(published.status == 0, "\(published.errors)")
      let stat = try place.turnout("stat", "--json").json()
      let revisions = try #require(stat["revisions"] as? [[String: Any]])
      expectEqual(try digest(place, copy), revisions[revision - 1]["digest"])
      let again = try place.turnout("export", "--ranges", "--store", copy).output
      #expect(again.hasPrefix("# Revision 1, digest"))
      let first = try place.turnout("export", "--ranges", "--at", "\(revision)").output
      #expect(again.split(separator: "\n").dropFirst() == first.split(separator: "\n").dropFirst())
    }
  }

  @Test func aTableWithoutDocumentsSaysSo() throws {
    let place = try Workplace()
    try place.write(Workplace.document(), to: "routing.yaml")
    #expect(try place.turnout("compile", "routing.yaml", "-o", "t.table").status == 0)
    #expect(try place.turnout("apply", "t.table").status == 0)
    for arguments in ["", "--ranges", "-o out"] {
      let refused = try place.bash("\"$turnout\" export \(arguments)")
      #expect(refused.status == 1)
      #expect(refused.errors.contains("came by `apply`"))
      #expect(refused.output.isEmpty)
    }
    #expect(!place.exists("out"))
    #expect(try place.turnout("export", "--store", "nowhere").status == 3)
  }

  @Test func headIsExportedWithoutWritePermission() throws {
    let place = try Workplace()
    try place.publish()
    _ = try place.bash("chmod -R a-w turnout-store")
    let exported = try place.turnout("export")
    _ = try place.bash("chmod -R u+w turnout-store")
    #expect(exported.output == Workplace.document())
  }
}
