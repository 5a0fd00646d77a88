import Testing
import Turnout

import enum TurnoutDiff.Destination

@testable import TurnoutDiff

/// The page as text. `Tests/Page` opens it in a browser.
@Suite struct PageTests {
  private static let hostile = "<script>\"'&\u{202e}\u{7}</style>"
  private static let harmless = "&lt;script&gt;&quot;&#39;&amp;\\u{202e}\\u{7}&lt;/style&gt;"

  /// Tables that another compiler wrote may have any text for a name.
  @Test func everyTextIsEscapedWhereverItStands() {
    let bad = Self.hostile
    let there = PageExample.endpoint(bad, bad, shard: bad, model: bad)
    let gone = PageExample.endpoint("v1", bad)
    var useCase = UseCaseDifference(name: bad, change: .changed)
    useCase.classes = [
      ClassDifference(
        circumstances: bad, basis: .arithmetic,
        flows: PageExample.flows((there, there), [(there, gone, 10)])),
      ClassDifference(circumstances: bad, limit: bad),
    ]
    useCase.listedUnits = ListedUnits(
      count: 2, movedCount: 1, overriddenCount: 1, omittedCount: 1)
    useCase.shadows = [
      ShadowChange(name: bad, before: nil, after: .init(share: .one, target: bad))
    ]
    var difference = TableDifference(
      before: PageExample.table(bad, revision: 1, useCases: 1),
      after: PageExample.table(bad, revision: nil, useCases: 1), now: 0)
    difference.useCases = [useCase]
    var load = PageExample.load(bad, 1, 2, shard: nil, shadow: 1)
    load.addressAfter = bad
    difference.loads = [load, PageExample.load(bad, 0, 2, shard: bad)]
    var experiment = ExperimentChange(
      name: bad, before: nil,
      after: .init(layer: bad, isRunning: true, cells: [.init(name: bad, share: .one)]))
    experiment.betweenCells = .one
    difference.experiments = [experiment]
    difference.population = .init(name: bad, requestCount: 1, contextCount: 1)
    difference.unknownLoads = [bad]

    let text = DifferencePage(difference).text
    #expect(text.split(separator: Self.harmless, omittingEmptySubsequences: false).count > 30)
    #expect(text.split(separator: "<script", omittingEmptySubsequences: false).count == 2)
    #expect(text.split(separator: "</style", omittingEmptySubsequences: false).count == 2)
    #expect(!text.unicodeScalars.contains("\u{202e}") && !text.unicodeScalars.contains("\u{7}"))
  }

  @Test func theUsualChangeSaysWhoMovesAndWhatThatDoes() {
    let text = DifferencePage(PageExample.usual).text
    for part in [
      "<b class=\"move\">45 %</b> of the units of <bdi>ContinueWatching</bdi> and "
        + "1 other use case move.",
      "<bdi>Previews</bdi> is removed.", "<bdi>Billboard</bdi> is added.",
      "not worked out: more than 1,024 outcomes", "In 14 more kinds of requests nobody moves.",
      "3 combinations of what the conditions ask were not looked at.",
      "3 of 12 units that the documents name move, 1 by an override.", "mixes units",
      "5 % to <bdi>fraud@v6</bdi>", "+800 %", "−75 %", "<span class=\"on\">or more</span>",
    ] {
      #expect(text.contains(part), "\(part)")
    }
    #expect(text == DifferencePage(PageExample.usual).text)
  }

  @Test func useCasesThatChangeAlikeAreOneChange() {
    let groups = ChangeGroup.all(of: PageExample.usual.useCases)
    #expect(
      groups.map { $0.useCases.map(\.name) } == [
        ["Previews"], ["ContinueWatching", "ContinueWatchingTV"], ["Search"], ["Billboard"],
        ["PaymentFraud"],
      ])
  }

  /// What is beyond the bounds of the page is counted on it.
  @Test func largeDifferencesAreCutAndSayWhere() {
    var difference = PageExample.usual
    let (v1, v2) = (PageExample.endpoint("v1", "a"), PageExample.endpoint("v2", "b"))
    difference.useCases = (0..<1_000).map { number in
      var useCase = UseCaseDifference(name: "U\(number)", change: .changed)
      useCase.classes = [
        ClassDifference(
          circumstances: "", basis: .arithmetic,
          flows: PageExample.flows((v1, v1), [(v1, v2, Double(number + 1) / 20)]))
      ]
      return useCase
    }
    let destinations = (0..<600).map { PageExample.endpoint("v\($0)", "c") }
    difference.useCases[0].classes = [
      ClassDifference(
        circumstances: "", basis: .arithmetic,
        flows: PageExample.flows((v1, v1), destinations.map { (v1, $0, 0.1) }))
    ]
    let text = DifferencePage(difference).text
    func count(_ part: String) -> Int {
      text.split(separator: part, omittingEmptySubsequences: false).count - 1
    }
    #expect(count("<figure") == DifferencePage.Limit.groupsWithPictures)
    #expect(count("<article") == DifferencePage.Limit.groups)
    #expect(count("<tr><th scope=\"row\">") >= 1_000)
    #expect(text.contains("800 use cases more, which move no more than these"))
    #expect(text.contains("Pictures are drawn of the 80 changes that move most"))
    #expect(text.contains("there are 1,000."))
    #expect(text.contains("593 more flows") && text.contains("And 393 flows with 79.2 % in all"))
    #expect(text.contains("594 more destinations"))
  }

  @Test func figuresNeverRoundToNothingOrToAll() {
    let one = Share(positions: 1)
    #expect(PageWords.percent(one) == "0.000000023 %")
    #expect(PageWords.percent(Share.one - one) == "> 99.99 %")
    #expect(PageWords.percent(.zero) == "0 %" && PageWords.percent(.one) == "100 %")
    #expect(PageWords.percent(PageExample.percent(33.3333333)) == "33.33 %")
    #expect(PageWords.growth(PageExample.load("c", 0, 1)) == "new")
    #expect(PageWords.growth(PageExample.load("c", 1, 0)) == "gone")
    #expect(PageWords.growth(PageExample.load("c", 1, 1)) == "=")
    #expect(PageWords.growth(PageExample.load("c", 1, 1.0004)) == "< +0.1 %")
    #expect(PageWords.growth(PageExample.load("c", 1, 0.944)) == "−5.6 %")
    #expect(PageWords.load(Share(whole: 1).divided(by: 1_000), .useCases) == "< 0.01")
  }

  @Test func bandsOfAPictureAddUpToItsBars() {
    let flows = PageExample.usual.useCases.first { $0.name == "ContinueWatching" }?.classes[0]
    guard let flows else {
      Issue.record("no such use case")
      return
    }
    let markup = FlowPicture(flows).markup
    // 45 of 95 hundredths of a bar that is 0.95 · 168 high, which begins where the slot has room.
    #expect(markup.contains("<title>ranker@v1 on watch → ranker@v2 on watch-next: 45 %</title>"))
    #expect(markup.contains("height=\"159.6\"") && markup.contains("height=\"84\""))
    #expect(markup.split(separator: "<path").count == 4)
  }
}
