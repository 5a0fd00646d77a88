/// Documents by chance, and changes of them by chance: everything that a unit may draw by stands in some.
struct RandomDocuments {
  private var dice: Dice
  private var splitWeights: [[Int]] = []
  private var cellWeights: [[Int]] = []
  private var shares: [Int] = []
  private var shardWeights: [Int] = []
  private var placementWeights: [Int] = []
  private var holdoutShare = 5
  private var order: [Int] = []
  private var hasLookup = true
  private var layerOf: [String] = []
  private var otherwiseRouted = 0

  struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  init(seed: UInt64) {
    dice = Dice(state: seed)
    splitWeights = (0..<2).map { _ in weights(3) }
    cellWeights = (0..<4).map { _ in weights(2 + roll(2)) }
    shares = (0..<4).map { _ in 10 + roll(35) }
    layerOf = (0..<4).map { _ in ["one", "two"][roll(2)] }
    shardWeights = weights(4)
    placementWeights = weights(2)
    holdoutShare = roll(20)
    order = Array(0..<4).shuffled(using: &dice)
    otherwiseRouted = roll(4)
  }

  private mutating func roll(_ count: Int) -> Int { Int.random(in: 0..<count, using: &dice) }
  private mutating func weights(_ count: Int) -> [Int] { (0..<count).map { _ in 1 + roll(50) } }

  /// Changes one to four things.
  mutating func change() {
    for _ in 0..<1 + roll(4) {
      switch roll(9) {
      case 0: splitWeights[roll(2)] = weights(3)
      case 1: cellWeights[roll(4)] = weights(2 + roll(2))
      case 2: shares[roll(4)] = 5 + roll(40)
      case 3: shardWeights = weights(4)
      case 4: placementWeights = weights(2)
      case 5: holdoutShare = roll(30)
      case 6: order.shuffle(using: &dice)
      case 7: hasLookup.toggle()
      default: otherwiseRouted = roll(4)
      }
    }
  }

  var text: String {
    var shareSums: [String: Int] = [:]
    let experiments = (0..<4).map { number -> String in
      // The shares of a layer add up to 100 % at the most.
      let share = min(shares[number], 100 - shareSums[layerOf[number], default: 0])
      shareSums[layerOf[number], default: 0] += share
      let cells = cellWeights[number].enumerated().map { cell, weight in
        // The first cell of the odd ones names no model, so that other rules decide.
        let isBare = cell == 0 && number % 2 == 1
        let model = isBare ? "config: { a: 1 }" : "model: m@v\(cell + number % 3)"
        return "c\(cell): { weight: \(weight), \(model) }"
      }
      let when = number == 2 ? "when: { country: DE }, " : ""
      return "  e\(number): { layer: \(layerOf[number]), share: \(share)%, \(when)cells: { "
        + cells.joined(separator: ", ") + " } }"
    }
    func split(_ weights: [Int]) -> String {
      weights.enumerated().map { "m@v\($0): \($1)" }.joined(separator: ", ")
    }
    let rules =
      order.map { "      - { experiment: e\($0) }" }
      + (hasLookup
        ? ["      - { lookup: country, routes: { FR: m@v2, DE: m@v\(otherwiseRouted) } }"] : [])
      + [
        "      - { name: tv, when: { tv: true }, split: { \(split(splitWeights[0])) } }",
        "      - { name: last, unit: session, split: { \(split(splitWeights[1])) } }",
      ]
    let shards = shardWeights.enumerated()
      .map { "s\($0): { address: \"10.0.0.\($0):1\", weight: \($1) }" }.joined(separator: ", ")
    return """
      turnout: 1
      unit: user
      units: { session: { missing: user } }
      attributes: { country: string, tv: boolean }
      clusters:
        a: { address: "10.1.0.1:1" }
        b: { address: "10.1.0.2:1" }
        c: { unit: session, shards: { \(shards) } }
      models:
        m:
          v0: { cluster: a }
          v1: { cluster: { split: { a: \(placementWeights[0]), c: \(placementWeights[1]) } } }
          v2: { placement: [{ when: { tv: true }, cluster: b }, { cluster: c }] }
          v3: { cluster: b }
          v4: { cluster: c }
      layers: { one: {}, two: { unit: session } }
      holdouts: { h: { share: \(holdoutShare)%, layers: all } }
      experiments:
      \(experiments.joined(separator: "\n"))
      use_cases:
        U:
          rules:
      \(rules.joined(separator: "\n"))
          shadows:
            - { name: dark, model: m@v4, sample: \(10 + placementWeights[0])% }

      """
  }
}
