import Testing
import Turnout
import TurnoutCompiler

/// Splits of so many intervals that the one with a position is searched by halves.
@Suite struct ManyArmsTests {
  private static func document(arms: Int) -> String {
    let versions = (0..<arms).map { "v\($0): { cluster: a }" }.joined(separator: ", ")
    let shares = (0..<arms).map { "m@v\($0): \($0 % 7 + 1)" }.joined(separator: ", ")
    return """
      turnout: 1
      unit: user
      clusters: { a: { address: "a:1" } }
      models: { m: { \(versions) } }
      use_cases: { A: { rules: [ { name: s, split: { \(shares) } } ] } }
      """
  }

  @Test(arguments: [1, 2, 15, 16, 17, 18, 31, 32, 33, 100])
  func everyUnitFallsToTheArmThatHasItsPosition(arms: Int) throws {
    let table = try DocumentTable(Self.document(arms: arms))
    try table.asked { resolver, image in
      let splits = TableAllocations(image).all.filter { $0.kind == .split }
      let split = try #require(splits.first)
      #expect(splits.count == 1 && split.arms.count == arms)
      let seed = Ring.seed(salt: split.salt)
      for number in 0..<1000 {
        let unit = "u\(number)"
        let position = UInt64(Ring.position(unit: Array(unit.utf8), seed: seed))
        let decision = resolver.resolve(Request("A", unit: .init(unit)))
        let arm = split.arms.first { $0.intervals.contains { $0.contains(position) } }
        #expect(arm?.name == "m@" + decision.version)
      }
    }
  }
}
