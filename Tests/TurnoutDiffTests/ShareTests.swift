import Testing
import Turnout
import TurnoutDiff

@Suite struct ShareTests {
  @Test func sharesOfSharesAreExact() {
    let half = Share(positions: 1 << 31)
    #expect(half.scaled(by: 1 << 31) == Share(positions: 1 << 30))
    #expect(half + half == .one)
    #expect(half - half == .zero)
    let third = Share(positions: 0x5555_5555)
    let ninth = third.scaled(by: 0x5555_5555)
    #expect(ninth.hexadecimal == "0.1c71c71c38e38e39")
    #expect(third.scaled(by: 1 << 32) == third)
  }

  @Test func differencesBorrowAcrossDigits() {
    let tiny = Share(positions: 1).scaled(by: 1)
    let rest = Share.one - tiny
    #expect(rest.hexadecimal == "0.ffffffffffffffff")
    #expect(rest + tiny == .one)
    #expect(tiny - rest == .zero)
    #expect(tiny < rest && rest < .one)
  }

  @Test func partsOfCountsAreRoundedDown() {
    #expect(Share(whole: 1).divided(by: 3).hexadecimal == "0." + String(repeating: "5", count: 32))
    #expect(Share(whole: 7).divided(by: 2) == Share(whole: 3) + Share(positions: 1 << 31))
    #expect(Share(whole: UInt64.max - 1).divided(by: UInt64.max).value == 1)
    #expect(Share(whole: 1).divided(by: 3).times(3) < .one)
  }
}

@Suite struct DifferenceTests {
  static func endpoint(_ version: String, _ cluster: String) -> TurnoutDiff.Destination {
    .endpoint(
      TurnoutDiff.Destination.Endpoint(
        model: "ranker", version: version, cluster: cluster, shard: nil, routingKey: cluster))
  }

  /// A value by hand: 5 % from one cluster to another, and what comes of it.
  @Test func movesAndTheirMinimumFollowFromTheFlows() {
    let (v1, v2) = (Self.endpoint("v1", "watch"), Self.endpoint("v2", "watch-next"))
    let (five, rest) = (Share(positions: 214_748_365), Share(positions: 4_080_218_931))
    let found = ClassDifference(
      circumstances: "nothing given", basis: .arithmetic,
      flows: [Flow(from: v1, to: v2, share: five), Flow(from: v1, to: v1, share: rest)])
    #expect(found.flows.map(\.share) == [rest, five])
    #expect(found.moved == five && found.minimum == five && found.begun.isZero)

    let swapped = ClassDifference(
      circumstances: "nothing given", basis: .arithmetic,
      flows: [
        Flow(from: v1, to: v2, share: five), Flow(from: v2, to: v1, share: five),
        Flow(from: v1, to: v1, share: rest - five),
      ])
    #expect(swapped.moved == five + five && swapped.minimum.isZero)

    var useCase = UseCaseDifference(name: "Home", change: .changed)
    useCase.classes = [found, swapped]
    #expect(useCase.largestMove == swapped)
    useCase.population = found
    #expect(useCase.largestMove == found)

    let digest = Digest(low: 1, high: 2)
    var all = TableDifference(
      before: .init(name: "@head", revision: 3, digest: digest, useCaseCount: 1),
      after: .init(name: "new.yaml", revision: nil, digest: digest, useCaseCount: 1), now: 0)
    #expect(all.largestMove == nil)
    all.useCases = [useCase]
    #expect(all.largestMove?.class.moved == five)
  }

  @Test func whatIsAddedDoesNotMove() {
    let (v1, none) = (
      Self.endpoint("v1", "watch"), TurnoutDiff.Destination.refusal(.unknownUseCase)
    )
    func alone(_ from: TurnoutDiff.Destination, _ to: TurnoutDiff.Destination) -> ClassDifference {
      ClassDifference(
        circumstances: "", basis: .arithmetic, flows: [Flow(from: from, to: to, share: .one)])
    }
    #expect(alone(none, v1).moved.isZero && alone(none, v1).begun == Share.one)
    #expect(alone(v1, none).moved == Share.one && alone(v1, none).minimum == Share.one)
    #expect(none.text == "unknown_use_case" && v1.text == "ranker@v1 on watch")
  }
}
