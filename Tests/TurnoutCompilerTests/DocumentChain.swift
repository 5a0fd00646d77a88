import Turnout

@testable import TurnoutCompiler

/// A document with every kind of allocation that changes from step to step as people change theirs:
/// weights, arms, shares, experiments that come and go, renames that keep their salt.
struct DocumentChain {
  struct Named {
    var name: String
    /// None: the default.
    var salt: String?

    /// A new name, and the salt that keeps the draw.
    mutating func rename(_ prefix: String, to new: String) {
      salt = salt ?? "\(prefix):\(name)"
      name = new
    }

    var said: String { salt.map { ", salt: \"\($0)\"" } ?? "" }
  }

  struct Test {
    var named: Named
    var layer: Int
    /// In thousandths of a percent.
    var share: Int
    var cells: [String: Int]
  }

  var dice: Dice
  var layers = [Named(name: "ranking"), Named(name: "layout"), Named(name: "empty")]
  var tests: [Test] = []
  var holdouts = [(name: "everywhere", share: 1_000), (name: "ranking-only", share: 2_500)]
  var versions = ["v1": 99, "v2": 1]
  var shards = ["s0": 1, "s1": 1, "s2": 2]
  var clusters = ["a": 3, "b": 1]
  var sample = 500
  private var names = 0

  init(seed: UInt64) {
    dice = Dice(seed: seed)
    for layer in [0, 0, 1] { addTest(layer) }
  }

  /// Shares of one layer stay below 100 % whatever is drawn: at most six experiments of 16 % each.
  private mutating func addTest(_ layer: Int) {
    guard tests.count(where: { $0.layer == layer }) < 6 else { return }
    names += 1
    tests.append(
      Test(
        named: Named(name: "test-\(names)"), layer: layer, share: dice.upTo(16_000),
        cells: ["control": 1, "treatment": 1 + dice.upTo(3)]))
  }

  mutating func step() {
    for _ in 0..<(1 + dice.upTo(4)) { change() }
  }

  private mutating func change() {
    switch dice.upTo(12) {
    case 0: Self.weigh(&versions, ["v1", "v2", "v3", "v4"], &dice)
    case 1: Self.weigh(&shards, ["s0", "s1", "s2", "s3", "s4"], &dice)
    case 2: Self.weigh(&clusters, ["a", "b", "sharded"], &dice)
    case 3: sample = dice.upTo(100_001)
    case 4: holdouts[dice.upTo(2)].share = dice.upTo(30_000)
    case 5: addTest(dice.upTo(2))
    case 6: if tests.count > 1 { tests.remove(at: dice.upTo(tests.count)) }
    case 7: tests[dice.upTo(tests.count)].share = dice.upTo(16_000)
    case 8:
      Self.weigh(&tests[dice.upTo(tests.count)].cells, ["control", "treatment", "third"], &dice)
    case 9:
      names += 1
      tests[dice.upTo(tests.count)].named.rename("cells", to: "renamed-\(names)")
    case 10:
      names += 1
      layers[dice.upTo(2)].rename("layer", to: "layer-\(names)")
    default: tests.shuffle(using: &dice)
    }
  }

  /// Changes one weight, or adds or removes an arm; one weight at least stays above 0.
  private static func weigh(
    _ weights: inout [String: Int], _ names: [String], _ dice: inout Dice
  ) {
    let name = names[dice.upTo(names.count)]
    weights[name] = dice.chance(20) ? nil : dice.upTo(100)
    if weights.values.allSatisfy({ $0 == 0 }) { weights[names[0]] = 1 }
  }

  private static func percent(_ thousandths: Int) -> String {
    let fraction = String(String(1_000 + thousandths % 1_000).dropFirst())
    return "\(thousandths / 1_000).\(fraction)%"
  }

  private func list(_ weights: [String: Int], _ line: (String, Int) -> String) -> String {
    weights.sorted { $0.key < $1.key }.map { line($0.key, $0.value) }.joined(separator: ", ")
  }

  var text: String {
    let experiments = tests.map { test -> String in
      let cells = list(test.cells) { "\($0): { weight: \($1) }" }
      return "  \(test.named.name): { layer: \(self.layers[test.layer].name), "
        + "share: \(Self.percent(test.share))\(test.named.said), cells: { \(cells) } }"
    }
    let layers = self.layers.map { layer -> String in
      "  \(layer.name): { unit: user\(layer.said) }"
    }
    let shards = list(self.shards) { "\($0): { address: \"\($0):1\", weight: \($1) }" }
    let split = list(clusters) { "\($0): \($1)" }
    return """
      turnout: 1
      unit: user
      attributes: { country: string }
      clusters:
        a: { address: "a:1" }
        b: { address: "b:1" }
        c: { address: "c:1" }
        sharded: { when_down: siblings, shards: { \(shards) } }
      models:
        m:
          v1: { cluster: a }
          v2: { cluster: { split: { \(split) }, then: c } }
          v3: { cluster: sharded, otherwise: m@v1 }
          v4:
            placement:
              - { when: { country: [NO, SE] }, cluster: { split: { a: 1, b: 2 } } }
              - { when: { country: US }, cluster: [b, c] }
              - { cluster: { split: { \(split) }, salt: elsewhere } }
      layers:
      \(layers.joined(separator: "\n"))
      holdouts:
        everywhere: { share: \(Self.percent(holdouts[0].share)), layers: all }
        ranking-only: { share: \(Self.percent(holdouts[1].share)), layers: [\(self.layers[0].name)] }
      experiments:
      \(experiments.joined(separator: "\n"))
      use_cases:
        Rank:
          rules:
            - { experiment: \(tests[0].named.name) }
            - { name: canary, split: { \(list(versions) { "m@\($0): \($1)" }) } }
          shadows:
            - { name: dark, model: m@v3, sample: \(Self.percent(sample)) }
        Plain:
          rules:
            - { name: moved, route: m@v1, cluster: { split: { \(split) }, then: [c] } }
      """
  }

  func table(against earlier: [UInt8]?) throws -> CompiledTable {
    let sources = [Source(name: "chain.yaml", text: text)]
    guard let earlier else { return CompiledTable(sources, against: nil) }
    return try earlier.withBytes { bytes in
      CompiledTable(sources, against: try Image.validate(bytes))
    }
  }
}

/// What a table says of its allocations.
func allocations(of image: [UInt8]) throws -> TableAllocations {
  try image.withBytes { TableAllocations(try Image.validate($0)) }
}

/// The same as the next table would be carried from.
func carried(in image: [UInt8]) throws -> [EarlierAllocation] {
  try image.withBytes { TableAllocations.carried(in: try Image.validate($0)) }
}

extension CompiledTable {
  var words: String { diagnostics.map { $0.text(colored: false) }.joined(separator: "\n") }

  /// Warnings of what draws everybody again.
  var redraws: [Diagnostic] {
    diagnostics.filter { [.renameWithoutSalt, .saltChanged, .unitChanged].contains($0.code) }
  }
}

extension CheckedDocuments {
  /// What is wrong, without what is doubtful.
  var errors: String {
    diagnostics.filter { $0.severity == .error }.map { $0.text() }.joined(separator: "\n")
  }
}
