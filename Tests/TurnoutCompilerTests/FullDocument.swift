import TurnoutCompiler

/// What `fullDocument` names by `units_file`.
let fullDocumentUnitFiles = UnitFiles([
  UnitFile(path: "beta.txt", bytes: Array("u_9\r\nu_1\n\nu_9".utf8))
])

/// Everything that the language has, once, and nothing doubtful.
let fullDocument = """
  turnout: 1
  description: everything at once
  owner: home
  labels: { tier: one }
  unit: user
  units:
    session: { missing: profile }
    profile: { missing: user, description: a face on the sofa }
  attributes:
    country: string
    app_version: version
    tenure_days: number
    kids: { type: boolean, owner: kids-team }
  segments:
    north-america: { country: [US, CA], description: without Mexico }
    beta: { units: [u_17, u_42] }
    both: { all: [{ segment: beta }, { not: { segment: north-america } }] }
    listed: { units_file: beta.txt, owner: home }
  clusters:
    cw-a: { address: 10.0.1.1:8080 }
    cw-b: { address: 10.0.1.2:8080, routing_key: cw_b }
    chat:
      unit: session
      when_down: siblings
      salt: chat-shards
      allow: [empty-arm]
      shards:
        g0: { address: 10.3.0.1:9000, weight: 2 }
        g1: { address: 10.3.0.2:9000 }
        g2: { address: 10.3.0.3:9000, weight: 0 }
  models:
    cw-ranker:
      owner: cw-team
      v1: { cluster: [cw-a, cw-b], config: { top_k: 40 } }
      v2:
        cluster: cw-b
        config: { top_k: 60, input: wide, deep: { b: [1, 2.50], a: on } }
        otherwise: cw-ranker@v1
      v3:
        placement:
          - when: { segment: north-america }
            cluster: { split: { cw-a: 90, cw-b: 9 }, then: [cw-b, cw-a], allow: [weights-not-100] }
          - when: { country: NO }
            cluster: { split: { cw-a: 1, cw-b: 1 }, salt: norway }
          - cluster: [cw-b, cw-a]
        otherwise: cw-ranker@v2
    chat:
      m7: { cluster: [chat, cw-a] }
  layers:
    home: { owner: cw-team, salt: the-home-page }
    sessions: { unit: session }
    spare: {}
  holdouts:
    everything: { share: 1%, layers: all, description: a percent sees nothing new }
    home-only:
      share: 0.5%
      layers: [spare, home]
      unit: profile
      traffic: [shadow, artificial, production, shadow]
      salt: kept-out
      ranges: { in: [[0, 1], [5, 21474839]] }
  experiments:
    cw-depth:
      layer: home
      share: 20%
      when: { country: { exists: true } }
      starts: 2026-11-20T00:00:00Z
      ends: 2026-12-04T01:00:00.5+01:00
      cells:
        deep: { weight: 2, config: { depth: 9 }, model: cw-ranker@v2, labels: { kind: bold } }
        control: { model: { ContinueWatchingRanking: cw-ranker@v1, Chat: chat@m7 } }
    cw-width:
      layer: home
      share: 30%
      salt: a-salt-before-that-of-depth
      traffic: artificial
      enabled: false
      cells: { wide: { config: { width: 3 } }, control: {} }
    tool: { layer: spare, assigned: outside, cells: { a: {}, b: { weight: 3 } } }
    chat-tone: { layer: sessions, cells: { dry: {}, warm: { config: { tone: warm } } } }
  use_cases:
    ContinueWatchingRanking:
      requires: [user, country]
      when_all_down: refuse
      config: { surface: home }
      rules:
        - { name: load-test, when: { traffic: artificial }, route: cw-ranker@v1, cluster: [cw-b] }
        - name: canary
          when: { any: [{ country: NO }, { app_version: { ">=": 8.10, "<": 9 } }] }
          split: { cw-ranker@v1: 99.5, cw-ranker@v2: 0.5 }
          unit: profile
          config: { canary: true }
        - { experiment: cw-depth, name: depth, when: { kids: false } }
        - { experiment: tool, allow: [starved-experiment] }
        - name: moved
          when: { segment: listed }
          route: cw-ranker@v3
          cluster: { split: { cw-a: 99, cw-b: 1 } }
        - name: pinned
          when: { not: { segment: both }, kids: { exists: true }, tenure_days: { in: [1, 2e1] } }
          split: { cw-ranker@v1: 1, cw-ranker@v2: 1 }
          salt: pinned
          shared_salt: true
          ranges: { cw-ranker@v1: [[0, 2147483648]], cw-ranker@v2: [[2147483648, 4294967296]] }
        - { name: partners, lookup: country, routes: { DE: cw-ranker@v2, NO: cw-ranker@v1 } }
        - { when: { unit: { prefix: u_ } }, route: cw-ranker@v2 }
        - { route: cw-ranker@v1 }
      overrides:
        u_2: { tool: b, cw-depth: deep }
        u_1: cw-ranker@v2
      shadows:
        - { name: candidate, model: cw-ranker@v2, sample: 5%, when: { kids: false }, unit: profile }
        - { name: every, model: cw-ranker@v3, by: request, traffic: [production, artificial] }
        - { name: nested, model: cw-ranker@v3, sample: 1%, salt: cohort, shared_salt: true }
        - { name: nesting, model: cw-ranker@v1, sample: 2%, salt: cohort, shared_salt: true }
    Chat:
      unit: session
      enabled: false
      rules: [{ experiment: chat-tone }, { route: chat@m7 }]

  """
