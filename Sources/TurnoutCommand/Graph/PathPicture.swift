import TurnoutCompiler

/// A path as SVG that reads on light and dark, with nothing from elsewhere in it. Equal paths give equal
/// bytes.
struct PathPicture {
  private let path: DecisionPath
  private let layout: PathLayout

  init(_ path: DecisionPath) {
    self.path = path
    layout = PathLayout(path)
  }

  private static let style = """
    .page{fill:#fff}.box{fill:#f6f7f9;stroke:#8b95a3}.text{fill:#1b2330}.small{fill:#4a5565}\
    .line{fill:none;stroke:#5b6778}.tip{fill:#5b6778}.halo{stroke:#fff}\
    .useCase .box,.version .box{fill:#e7f0fa;stroke:#2f6db3}.cluster .box,.shard .box{fill:#e9f5ef;stroke:#2c8a5c}\
    .experiment .box,.cell .box{fill:#fbf1e0;stroke:#b3761b}.next .line{stroke:#b3bac4}.next .tip{fill:#b3bac4}\
    .off{opacity:.5}\
    @media(prefers-color-scheme:dark){\
    .page{fill:#0f141b}.box{fill:#1a212b;stroke:#6b7686}.text{fill:#e8ecf2}.small{fill:#aab4c2}\
    .line{stroke:#93a0b2}.tip{fill:#93a0b2}.halo{stroke:#0f141b}\
    .useCase .box,.version .box{fill:#13263c;stroke:#5a9be0}.cluster .box,.shard .box{fill:#122a20;stroke:#4fb585}\
    .experiment .box,.cell .box{fill:#2e2411;stroke:#d69a3e}.next .line{stroke:#4d5866}.next .tip{fill:#4d5866}}
    """

  var text: String {
    let width = number(layout.width.rounded(.up))
    let height = number(layout.height.rounded(.up))
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\" "
        + "width=\"\(width)\" height=\"\(height)\" role=\"img\" "
        + "font-family=\"system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif\">",
      "<title>\(Markup.text(path.title))</title>",
      "<style>\(Self.style)</style>",
      "<rect class=\"page\" width=\"100%\" height=\"100%\"/>",
      "<text class=\"text\" x=\"20\" y=\"30\" font-size=\"15\" font-weight=\"600\">"
        + Markup.text(path.title) + "</text>",
    ]
    var labels: [String] = []
    for (index, edge) in path.edges.enumerated() { draw(edge, index, &lines, &labels) }
    for node in path.nodes { draw(node, &lines) }
    legend(&labels)
    return (lines + labels + ["</svg>"]).joined(separator: "\n")
  }

  private func draw(_ node: DecisionPath.Node, _ lines: inout [String]) {
    guard let box = layout.boxes[node.id] else { return }
    let dashes =
      switch node.kind {
      case .shadow: " stroke-dasharray=\"1.5 3.5\" stroke-linecap=\"round\""
      case .others: " stroke-dasharray=\"6 4\""
      default: ""
      }
    lines.append("<g class=\"\(node.kind)\(node.isOff ? " off" : "")\">")
    lines.append(
      "<rect class=\"box\" x=\"\(number(box.x))\" y=\"\(number(box.y))\" "
        + "width=\"\(number(box.width))\" height=\"\(number(box.height))\" rx=\"6\"\(dashes)/>")
    let top = box.y + (box.height - PathLayout.textHeight(box)) / 2 + PathLayout.padding + 10
    for (index, line) in box.lines.enumerated() {
      let isTitle = index < box.titleLineCount
      let y = top + Double(index) * PathLayout.lineHeight
      let font =
        isTitle
        ? "class=\"text\" font-size=\"\(number(PathLayout.titleSize))\" font-weight=\"600\""
        : "class=\"small\" font-size=\"\(number(PathLayout.textSize))\""
      lines.append(
        "<text \(font) x=\"\(number(box.x + PathLayout.padding))\" y=\"\(number(y))\">"
          + Markup.text(line) + "</text>")
    }
    lines.append("</g>")
  }

  private func draw(
    _ edge: DecisionPath.Edge, _ index: Int, _ lines: inout [String], _ labels: inout [String]
  ) {
    guard let from = layout.boxes[edge.from], let to = layout.boxes[edge.to] else { return }
    let line: Line
    let ends = layout.ends[index]
    if edge.isDown {
      line = down(from, to)
    } else {
      let start = (x: from.x + from.width, y: ends.from)
      let stub = stub(index)
      line =
        from.x == to.x
        ? beside(start, stub, to: ends.to)
        : across(start, stub, (to.x, ends.to), layout.bends[index])
      write(layout.labels[index], at: start, &labels)
    }
    lines.append("<g class=\"\(edge.way)\">")
    lines.append(
      "<path class=\"line\" stroke-width=\"1.4\" d=\"\(line.path)\"\(dashes(edge.way))/>")
    lines.append("<path class=\"tip\" d=\"\(line.tip)\"/>")
    lines.append("</g>")
  }

  /// How far an edge runs straight, under its label.
  private func stub(_ edge: Int) -> Double {
    let widths = layout.labels[edge].map { TextLines.width($0, size: PathLayout.textSize) }
    return widths.max().map { $0 + 12 } ?? 0
  }

  private func write(
    _ label: [String], at start: (x: Double, y: Double), _ labels: inout [String]
  ) {
    for (row, text) in label.enumerated() {
      let y = start.y + (Double(row) - Double(label.count - 1) / 2) * PathLayout.labelHeight + 4
      labels.append(
        "<text class=\"small halo\" paint-order=\"stroke\" stroke-width=\"5\" "
          + "font-size=\"\(number(PathLayout.textSize))\" x=\"\(number(start.x + 9))\" "
          + "y=\"\(number(y))\">\(Markup.text(text))</text>")
    }
  }

  private typealias Line = (path: String, tip: String)

  /// The beginning of a line, with a gap for its label.
  private func begun(at start: (x: Double, y: Double), _ stub: Double) -> String {
    let path = "M\(point(start.x, start.y))"
    return stub == 0 ? path : path + "h6M\(point(start.x + stub - 4, start.y))"
  }

  /// From the right of a box, straight under the label, through bends to the left of another.
  private func across(
    _ start: (x: Double, y: Double), _ stub: Double, _ end: (x: Double, y: Double),
    _ bends: [(x: Double, y: Double, width: Double)]
  ) -> Line {
    var path = begun(at: start, stub)
    var here = start
    func run(to x: Double) {
      path += "H\(number(x))"
      here.x = x
    }
    func curve(to x: Double, _ y: Double) {
      let reach = (x - here.x) / 2
      path += "C\(point(here.x + reach, here.y)) \(point(x - reach, y)) \(point(x, y))"
      here = (x, y)
    }
    if stub > 0 { run(to: start.x + stub) }
    for bend in bends {
      curve(to: bend.x, bend.y)
      run(to: bend.x + bend.width)
    }
    curve(to: end.x - 6, end.y)
    return (path, "M\(point(end.x, end.y))l-7 -3.5v7z")
  }

  /// To another box of the column, as an arc at the right.
  private func beside(_ start: (x: Double, y: Double), _ stub: Double, to end: Double) -> Line {
    let bulge = start.x + stub + 34
    return (
      begun(at: start, stub) + "H\(number(start.x + stub))"
        + "C\(point(bulge, start.y)) \(point(bulge, end)) \(point(start.x + stub, end))"
        + "H\(number(start.x + 6))",
      "M\(point(start.x, end))l7 -3.5v7z"
    )
  }

  /// Straight down to the next rule.
  private func down(_ from: PathLayout.Box, _ to: PathLayout.Box) -> Line {
    let x = from.x + 18
    return (
      "M\(point(x, from.y + from.height))V\(number(to.y - 6))", "M\(point(x, to.y))l-3.5 -7h7z"
    )
  }

  /// What lines mean.
  private func legend(_ lines: inout [String]) {
    let words: [(DecisionPath.Way, String)] = [
      (.decides, "goes there"), (.next, "the next rule"),
      (.fallback, "if the one before is not up"),
      (.shadow, "copy for a shadow"),
    ]
    var x = 20.0
    let y = layout.height - 18
    for (way, text) in words where path.edges.contains(where: { $0.way == way }) {
      lines.append(
        "<g class=\"\(way)\"><path class=\"line\" stroke-width=\"1.4\" "
          + "d=\"M\(point(x, y))h26\"\(dashes(way))/></g>")
      lines.append(
        "<text class=\"small\" font-size=\"\(number(PathLayout.textSize))\" "
          + "x=\"\(number(x + 34))\" y=\"\(number(y + 4))\">\(text)</text>")
      x += 34 + TextLines.width(text, size: PathLayout.textSize) + 22
    }
  }

  private func dashes(_ way: DecisionPath.Way) -> String {
    switch way {
    case .fallback: " stroke-dasharray=\"6 4\""
    case .shadow: " stroke-dasharray=\"1.5 3.5\" stroke-linecap=\"round\""
    case .decides, .next: ""
    }
  }

  private func point(_ x: Double, _ y: Double) -> String { "\(number(x)) \(number(y))" }

  private func number(_ value: Double) -> String { Markup.number(value) }
}
