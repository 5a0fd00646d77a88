/// Everything that this version reads, once.
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
  clusters:
    cw-a: { address: 10.0.1.1:8080 }
    cw-b: { address: 10.0.1.2:8080, routing_key: cw_b }
    chat:
      unit: session
      when_down: siblings
      salt: chat-shards
      shards:
        g0: { address: 10.3.0.1:9000, weight: 2 }
        g1: { address: 10.3.0.2:9000 }
        g2: { address: 10.3.0.3:9000, weight: 0 }
  models:
    cw-ranker:
      owner: cw-team
      v1: { cluster: [cw-a, cw-b], config: { top_k: 40 } }
      v2: { cluster: cw-b, config: { top_k: 60, input: wide, deep: { b: [1, 2.50], a: on } } }
    chat:
      m7: { cluster: [chat, cw-a] }
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
        - name: pinned
          when: { not: { segment: both }, kids: { exists: true }, tenure_days: { in: [1, 2e1] } }
          split: { cw-ranker@v1: 1, cw-ranker@v2: 1 }
          salt: pinned
          shared_salt: true
          ranges: { cw-ranker@v1: [[0, 2147483648]], cw-ranker@v2: [[2147483648, 4294967296]] }
        - { name: partners, lookup: country, routes: { DE: cw-ranker@v2, NO: cw-ranker@v1 } }
        - { when: { unit: { prefix: u_ } }, route: cw-ranker@v2 }
        - { route: cw-ranker@v1 }
    Chat:
      unit: session
      enabled: false
      rules: [{ route: chat@m7 }]

  """
