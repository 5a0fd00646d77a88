import Testing
import Turnout
import TurnoutCompiler

/// What the compiler proves of rules, beside what the engine decides for every request of a small world.
struct ReachPropertyTests {
  /// What came of many documents.
  struct Tally {
    /// Rules that no request of the world is decided by, and those of them that were warned of.
    var unreached = 0
    var found = 0
    var always = 0
    var falseClaims: [String] = []
  }

  @Test func noRuleThatIsSaidToBeUnreachableDecides() throws {
    let tally = try Self.tally(seeds: 1...250)
    #expect(tally.falseClaims == [])
    #expect(tally.unreached > 100 && tally.always > 5)
    // Of what a whole small world shows, nearly all is proved.
    #expect(tally.found * 100 >= tally.unreached * 95, "\(tally)")
  }

  static func tally(seeds: ClosedRange<UInt64>) throws -> Tally {
    var tally = Tally()
    for seed in seeds {
      let document = ReachDocument(seed: seed)
      let compiled = CompiledTable(
        [Source(name: "d.yaml", text: document.text)], against: nil, proves: true)
      let image = try #require(compiled.image, "seed \(seed): \(compiled.words)")
      var decided = [Int](repeating: 0, count: document.ruleCount)
      try image.withBytes { bytes in
        let resolver = TableResolver(image: try Image.validate(bytes), revision: 1)
        for request in document.requests {
          let decision = resolver.resolve(request)
          guard decision.status == .ok, let rule = Int(decision.version.dropFirst()) else {
            continue
          }
          decided[rule] += 1
        }
      }
      let lines = decided.indices.map { ReachDocument.firstRuleLine + $0 }
      func warned(_ line: Int, _ codes: DiagnosticCode...) -> Bool {
        compiled.diagnostics.contains { $0.line == line && codes.contains($0.code) }
      }
      for (rule, line) in lines.enumerated() {
        let isClaimed =
          warned(line, .unreachableRule)
          || compiled.diagnostics.contains {
            $0.line == line && $0.code == .unreachableValues && $0.message.hasPrefix("none")
          }
        if decided[rule] == 0 { tally.unreached += 1 }
        if isClaimed, decided[rule] == 0 { tally.found += 1 }
        if isClaimed, decided[rule] > 0 { tally.falseClaims.append("seed \(seed) line \(line)") }
        // A rule that always holds leaves nothing for those below it, unless it is a lookup.
        guard warned(line, .alwaysHolds) else { continue }
        tally.always += 1
        let isLookup = document.text.split(separator: "\n")[line - 1].contains("lookup")
        if !isLookup, decided[(rule + 1)...].contains(where: { $0 > 0 }) {
          tally.falseClaims.append("seed \(seed) line \(line) always")
        }
      }
    }
    return tally
  }
}
