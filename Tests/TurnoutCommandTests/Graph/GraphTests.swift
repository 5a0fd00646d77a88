import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// `turnout graph` from documents and from revisions, for `dot` and for browsers.
@Suite struct GraphTests {
  /// One of everything that is drawn; texts that would be markup or escapes elsewhere.
  private static let document = """
    turnout: 1
    unit: user
    units: { session: { missing: user } }
    attributes: { country: string, kids: boolean, region: string }
    clusters:
      cw-a: { address: "10.0.1.1:8080" }
      cw-b: { address: "10.0.1.2:8080" }
      chat:
        unit: session
        when_down: siblings
        shards: { g0: { address: "10.3.0.1:9000", weight: 2 }, g1: { address: "10.3.0.2:9000" } }
    models:
      ranker:
        v1: { cluster: [cw-a, cw-b] }
        v2: { cluster: { split: { cw-a: 90, cw-b: 10 }, then: chat }, otherwise: ranker@v1 }
        v3:
          placement: [ { when: { region: eu }, cluster: cw-b }, { cluster: chat } ]
        v4: { cluster: [cw-b, cw-a] }
    layers: { ranking: {} }
    holdouts: { everybody: { share: 1%, layers: all } }
    experiments:
      depth:
        layer: ranking
        share: 20%
        cells: { deep: { model: ranker@v2 }, flat: { config: { depth: 1 } } }
    use_cases:
      Home:
        overrides: { ada: ranker@v2 }
        rules:
          - { name: load, when: { traffic: replay }, route: ranker@v1, cluster: cw-b }
          - { experiment: depth }
          - { name: odd, when: { country: "<b>\\"\\\\N\\\\l&lt;'\\n\\u202E]]></text>é" }, route: ranker@v3 }
          - { name: canary, split: { ranker@v1: 99, ranker@v2: 1 } }
        shadows: [ { name: dark, model: ranker@v4, sample: 5% } ]
      Off: { enabled: false, rules: [ { route: ranker@v1 } ] }
    """

  private func place() throws -> Workplace {
    let place = try Workplace()
    try place.write(Self.document, to: "routing.yaml")
    return place
  }

  @Test func dotSaysSharesConditionsFallbacksAndShadows() throws {
    let place = try place()
    let ran = try place.turnout("graph", "Home", "--from", "routing.yaml")
    #expect(ran.status == 0, "\(ran.errors)")
    for part in [
      "[label=\"1  load\\lif traffic == replay\\l\"]", "experiment",
      "20 % of layer ranking by user",
      "without holdout everybody, 1 %", "[label=\"10 %\"]", "[label=\"99 %\"]",
      "[label=\"1 unit\"]",
      "[label=\"otherwise\", style=dashed]", "[label=\"2nd\", style=dashed]",
      "[label=\"if region == eu\"]", "[label=\"else\"]", "[label=\"66.67 %\"]", "[style=dotted]",
      "on the clusters of rule 1", "when down: siblings",
    ] where part != "experiment" {
      #expect(ran.output.contains(part), "\(part)")
    }
    // What a shadow is sent to takes no fallback.
    let dark = ran.lines.filter { $0.contains("style=dotted") && $0.contains("->") }
    #expect(dark.count == 3)
  }

  @Test func dotParsesIt() throws {
    let place = try place()
    guard try place.bash("command -v dot").status == 0 else {
      Issue.record("no dot: Scripts/setup test installs graphviz")
      return
    }
    for useCase in ["Home", "Off"] {
      let drawn = try place.bash("\"$turnout\" graph \(useCase) --from routing.yaml | dot -Tplain")
      #expect(drawn.status == 0 && !drawn.errors.contains("rror: <stdin>"), "\(drawn.errors)")
      #expect(drawn.output.hasPrefix("graph "))
    }
    // The text comes through as it is, and no part of it is an escape or markup of dot's.
    let text = try place.bash("\"$turnout\" graph Home --from routing.yaml | dot -Tsvg")
    #expect(text.output.contains("&lt;b&gt;") && text.output.contains("\\\\N\\\\l&amp;lt;&#39;"))
    #expect(!text.output.contains("<b>"))
  }

  @Test func theSVGIsWellFormedAndHasNothingFromElsewhere() throws {
    let place = try place()
    let svg = try place.turnout("graph", "Home", "--svg", "--from", "routing.yaml").output
    let names = try ElementNames(of: svg)
    #expect(names.all == ["svg", "title", "style", "rect", "text", "g", "path"])
    #expect(names.attributes.isDisjoint(with: ["href", "xlink:href", "src", "onload", "style"]))
    #expect(!svg.contains("url(") && !svg.contains("@import") && !svg.contains("\u{202e}"))
    for part in ["canary", "99 %", "otherwise", "stroke-dasharray=\"6 4\"", "\\u{202e}", "é"] {
      #expect(svg.contains(part), "\(part)")
    }
  }

  @Test func equalTablesGiveEqualBytes() throws {
    let place = try place()
    _ = try place.turnout("publish", "routing.yaml")
    for options in [[], ["--svg"]] {
      let line = (["\"$turnout\" graph Home"] + options).joined(separator: " ")
      let first = try place.bash(line)
      let again = try place.bash(line)
      #expect(first.status == 0 && first.output == again.output)
      let ofRevision = try place.bash(line + " --at 1")
      #expect(first.output == ofRevision.output)
      let ofDocument = try place.bash(line + " --from routing.yaml")
      #expect(
        ofDocument.output.replacing("routing.yaml", with: "") != "" && ofDocument.status == 0)
    }
  }

  /// To write it anew: `turnout graph Home --svg --from home.yaml` in the folder of this file.
  @Test func thePictureInTheDocumentationIsWhatTheCommandDraws() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let place = try Workplace()
    try place.write(
      String(contentsOf: folder.appendingPathComponent("home.yaml"), encoding: .utf8),
      to: "home.yaml")
    let drawn = try place.turnout("graph", "Home", "--svg", "--from", "home.yaml")
    #expect(drawn.status == 0, "\(drawn.errors)")
    let shown = folder.appendingPathComponent("../../../Docs/pictures/graph.svg")
    #expect(try drawn.output == String(contentsOf: shown, encoding: .utf8))
  }

  @Test func aTableThatCameByApplyIsDrawnToo() throws {
    let place = try place()
    let ran = try place.bash(
      "\"$turnout\" compile routing.yaml -o t && \"$turnout\" apply t && \"$turnout\" graph Home")
    #expect(ran.status == 0 && ran.output.contains("ranker@v3"))
  }

  @Test func wrongUseIsSaid() throws {
    let place = try place()
    let unknown = try place.turnout("graph", "Hme", "--from", "routing.yaml")
    #expect(unknown.status == 1 && unknown.errors.contains("did you mean `Home`?"))
    #expect(try place.turnout("graph", "Home", "--from", "routing.yaml", "--at", "1").status == 2)
    #expect(try place.turnout("graph", "Home").status == 3)
    try place.write("turnout: 1", to: "bad.yaml")
    #expect(try place.turnout("graph", "Home", "--from", "bad.yaml").status == 1)
  }

  @Test func whatIsTooMuchToDrawIsCounted() throws {
    let place = try Workplace()
    let versions = (0..<40).map { "v\($0): { cluster: a }" }.joined(separator: ", ")
    let arms = (0..<40).map { "m@v\($0): \($0 + 1)" }.joined(separator: ", ")
    let values = (0..<2_000).map { "k\($0): m@v1" }.joined(separator: ", ")
    try place.write(
      """
      turnout: 1
      unit: user
      attributes: { key: string }
      clusters: { a: { address: "a:1" } }
      models: { m: { \(versions) } }
      use_cases:
        U: { rules: [ { name: l, lookup: key, routes: { \(values) } }, { name: s, split: { \(arms) } } ] }
      """, to: "routing.yaml")
    let ran = try place.turnout("graph", "U", "--from", "routing.yaml")
    #expect(ran.status == 0 && ran.output.contains("25 more versions"))
    #expect(
      ran.output.contains("k0, k1, k10, k100, k1000, k1001,") && ran.output.contains("1,992 more"))
    #expect(ran.output.utf8.count < 10_000)
  }
}

/// The names of the elements and attributes of a text that is well-formed XML.
private final class ElementNames: NSObject, XMLParserDelegate {
  private(set) var all: Set<String> = []
  private(set) var attributes: Set<String> = []

  init(of text: String) throws {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    try #require(parser.parse(), "\(String(describing: parser.parserError))")
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes given: [String: String] = [:]
  ) {
    all.insert(name)
    attributes.formUnion(given.keys)
  }
}
