import Testing

@testable import TurnoutCompiler

/// Which names are taken for slips of each other.
struct SimilarNameTests {
  private func areSimilar(_ one: String, _ other: String) -> Bool {
    !SimilarNames([one, other]).pairs.isEmpty
  }

  @Test(arguments: [
    ("ranker-v1", "ranker-vl"), ("Home", "home"), ("cw_ranker", "cw-ranker"), ("v1.0", "v1-0"),
    ("cw-O", "cw-0"), ("ranker", "rankr"), ("ranker", "rankers"), ("watch-ranker", "watch-rankre"),
    ("ContinueWatching", "ContinueWaching"), ("cw-main", "cw-mian"), ("payments", "payment"),
    ("ranker-v1", "rankar-v1"), ("balloon", "baloon"),
  ])
  func aSlipIsFound(_ one: String, _ other: String) {
    #expect(areSimilar(one, other) && areSimilar(other, one))
  }

  @Test(arguments: [
    ("v1", "v2"), ("cw-10", "cw-100"), ("cw-a", "cw-b"), ("eu", "us"), ("east", "west"),
    ("watch", "match"), ("HomeRowA", "HomeRowB"), ("tv", "tvs"), ("ranker", "ranking"),
    ("shard1a", "shard1b"), ("main-2", "main-12"), ("country", "county-2"), ("", "a"),
  ])
  func whatIsMeantIsNot(_ one: String, _ other: String) {
    #expect(!areSimilar(one, other) && !areSimilar(other, one))
  }

  /// Hashes of what is left of names only propose pairs: they find all that comparing all finds.
  @Test func noPairIsMissedThatComparingAllWouldFind() {
    var dice = Dice(seed: 5)
    for _ in 0..<200 {
      let names = Set(
        (0..<8).map { _ in
          "abcde"
            + String((0..<dice.upTo(3)).map { _ in "ab-1".randomElement(using: &dice) ?? "a" })
            + "fg"
        }
      ).sorted()
      let found = Set(SimilarNames(names).pairs.map(\.1))
      for (number, name) in names.enumerated() {
        let isSlip = names[..<number].contains {
          SimilarNames.isSlip(Array($0.utf8), Array(name.utf8))
        }
        if isSlip { #expect(found.contains(number), "\(names) \(name)") }
      }
    }
  }

  @Test func manyNamesAreComparedInTimeThatGrowsWithThem() {
    let names = (0..<20_000).map { "UseCase-\($0)" } + ["UseCsae-7"]
    #expect(SimilarNames(names).pairs.map(\.1) == [20_000])
  }
}
