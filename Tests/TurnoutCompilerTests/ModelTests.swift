import Testing
import Turnout
import TurnoutCompiler

/// What experiments, shadows and placements of a document become.
struct ModelTests {
  private let document: RoutingDocument

  init() throws {
    let checked = CheckedDocuments(
      [Source(name: "doc.yaml", text: fullDocument)], unitFiles: fullDocumentUnitFiles)
    document = try #require(checked.document, "\(checked.text())")
  }

  @Test func aLayersArmsAreItsExperimentsByTheSaltsOfTheirCells() throws {
    #expect(document.layers.map(\.name) == ["home", "sessions", "spare"])
    #expect(document.layers.map(\.unit) == ["user", "session", "user"])
    let home = try #require(document.layers[0].allocation)
    #expect(home.kind == .layer && home.owner == "home" && home.salt == "the-home-page")
    #expect(home.arms.map(\.name) == ["cw-width", "cw-depth"])
    #expect(home.arms.map(\.key) == ["a-salt-before-that-of-depth", "cells:cw-depth"])
    #expect(home.arms.map(\.size) == [share("30%"), share("20%")])
    let spare = try #require(document.layers[2].allocation)
    #expect(spare.salt == "layer:spare" && spare.arms.map(\.size) == [share("0%")])
  }

  @Test func aHoldoutNamesItsLayersAndClasses() {
    #expect(document.holdouts.map(\.name) == ["everything", "home-only"])
    #expect(
      document.holdouts.map(\.layers) == [["home", "sessions", "spare"], ["home", "spare"]])
    let (all, home) = (document.holdouts[0], document.holdouts[1])
    #expect(all.traffic == .production && all.allocation.salt == "holdout:everything")
    #expect(all.allocation.arms.map(\.name) == ["in"] && all.allocation.unit == "user")
    #expect(all.allocation.arms.map(\.size) == [share("1%")])
    #expect(home.traffic.classes == ["artificial", "production", "shadow"])
    #expect(home.allocation.unit == "profile" && home.allocation.salt == "kept-out")
    #expect(home.allocation.ranges?.first?.intervals.map(\.high) == [1, 21_474_839])
  }

  @Test func anExperimentHasCellsAndAWindow() {
    #expect(document.experiments.map(\.name) == ["chat-tone", "cw-depth", "cw-width", "tool"])
    let depth = document.experiments[1]
    #expect(depth.layer == "home" && depth.isEnabled && !depth.isAssignedOutside)
    #expect(depth.starts == Int64(1_795_132_800_000_000_000))
    #expect(depth.ends == Int64(1_796_342_400_500_000_000))
    #expect(depth.allocation.salt == "cells:cw-depth" && depth.allocation.unit == "user")
    #expect(depth.cells.map(\.name) == ["control", "deep"])
    #expect(depth.allocation.arms.map(\.name) == ["control", "deep"])
    #expect(depth.cells[0].model(for: "Chat")?.description == "chat@m7")
    #expect(depth.cells[0].model(for: "Other") == nil)
    #expect(depth.cells[1].model(for: "Other")?.description == "cw-ranker@v2")
    #expect(depth.cells[1].config.json == #"{"depth":9}"#)
    let width = document.experiments[2]
    #expect(!width.isEnabled && width.traffic.classes == ["artificial"])
    #expect(width.condition == .always && width.starts == nil && width.ends == nil)
    #expect(document.experiments[3].isAssignedOutside)
    #expect(document.experiments[0].allocation.unit == "session")
  }

  @Test func aPlacementIsChosenByContext() throws {
    let versions = try #require(document.models.last?.versions)
    #expect(versions.map(\.otherwise?.description) == [nil, "cw-ranker@v1", "cw-ranker@v2"])
    let choices = versions[2].placement.choices
    #expect(choices.map(\.condition).last == .always && choices.count == 3)
    #expect(choices[2].clusters == .list(["cw-b", "cw-a"]))
    guard case .split(let first) = choices[0].clusters,
      case .split(let second) = choices[1].clusters
    else {
      Issue.record("no splits")
      return
    }
    #expect(first.then == ["cw-b", "cw-a"] && second.then == [])
    #expect(first.allocation.kind == .placement && first.allocation.allowed == [.weightsNot100])
    #expect(first.allocation.salt == "placement:cw-ranker@v3")
    #expect(second.allocation.salt == "norway")
    #expect(second.allocation.owner == "cw-ranker@v3" && second.allocation.unit == "")
    guard
      case .split(let moved) = document.useCases[1].rules[4].placement?.choices.first?.clusters
    else {
      Issue.record("the rule has no split of clusters")
      return
    }
    #expect(moved.allocation.salt == "placement:ContinueWatchingRanking/moved")
  }

  @Test func overridesAreSortedAndNameCells() {
    let overrides = document.useCases[1].overrides
    #expect(overrides.map(\.unit) == ["u_1", "u_2"])
    guard case .version(let version) = overrides[0].target,
      case .cells(let cells) = overrides[1].target
    else {
      Issue.record("wrong targets")
      return
    }
    #expect(version.description == "cw-ranker@v2")
    #expect(cells.map(\.experiment) == ["cw-depth", "tool"] && cells.map(\.cell) == ["deep", "b"])
    guard case .experiment("cw-depth") = document.useCases[1].rules[2].action else {
      Issue.record("the rule names no experiment")
      return
    }
  }

  @Test func shadowsKeepTheirOrder() {
    let shadows = document.useCases[1].shadows
    #expect(shadows.map(\.name) == ["candidate", "every", "nested", "nesting"])
    #expect(shadows.map(\.sample.arms[0].size) == ["5%", "100%", "1%", "2%"].map(share))
    #expect(shadows.map(\.isByRequest) == [false, true, false, false])
    #expect(shadows.map(\.sample.sharedSalt) == [false, false, true, true])
    #expect(shadows[0].sample.salt == "shadow:ContinueWatchingRanking/candidate")
    #expect(shadows[0].sample.unit == "profile" && shadows[2].sample.unit == "user")
    #expect(shadows[1].traffic.classes == ["artificial", "production"])
    #expect(shadows[0].condition != .always && shadows[1].condition == .always)
  }

  @Test func aFileOfUnitsIsASetOfThem() throws {
    let segment = try #require(document.segments.first { $0.name == "listed" })
    #expect(segment.condition == .units(UnitSet(["u_1", "u_9"].map(\.utf8))))
  }

  private func share(_ text: String) -> ArmSpec.Size {
    .share(Percentage(text) ?? .all)
  }
}
