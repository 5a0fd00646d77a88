import TurnoutCompiler

/// The flows of one class as bands from destinations before, at the left, to destinations after, at the
/// right. Bands and bars are SVG that is as wide as the page leaves room; names stand beside it as text.
struct FlowPicture {
  /// What becomes of the units of a flow; also the class of its markup.
  enum Kind: String {
    case stay, move, begin, end
  }

  /// Of each side; the rest is one.
  static let destinationsMax = 8
  private static let barsHeight = 168.0
  /// The same where all units come or all go: there is less to see.
  private static let lowBarsHeight = 84.0
  /// Room for a name: two lines.
  private static let slotMin = 44.0

  /// A destination at one side.
  private struct Side {
    /// Nil for the rest.
    var destination: Destination?
    var hidden = 0
    var share = Share.zero
    var slotTop = 0.0
    var slotHeight = 0.0
    var barTop = 0.0
    var barHeight = 0.0
    /// How far down the bar bands have been drawn.
    var used = 0.0

    /// How high a band is: of a thin one as much as can be seen.
    func height(of share: Share) -> Double {
      self.share.isZero ? 0 : max(1.5, share.value / self.share.value * barHeight)
    }

    /// Where the next band of the bar begins.
    mutating func take(_ share: Share) -> Double {
      let top = barTop + used
      used += self.share.isZero ? 0 : share.value / self.share.value * barHeight
      return top
    }
  }

  private struct Band {
    var from: Int
    var to: Int
    var kind: Kind
    var share: Share
  }

  private var left: [Side] = []
  private var right: [Side] = []
  private var bands: [Band] = []
  private let title: String

  init(_ found: ClassDifference) {
    title = found.circumstances
    let order = Self.order(found.flows)
    let isMoving = found.flows.contains { $0.from.endpoint != nil && $0.to.endpoint != nil }
    let height = isMoving ? Self.barsHeight : Self.lowBarsHeight
    left = Self.sides(found.flows, \.from, order, height)
    right = Self.sides(found.flows, \.to, order, height)
    bands = bands(of: found.flows)
  }

  static func kind(_ flow: Flow) -> Kind {
    if flow.from == flow.to { return .stay }
    if flow.from.endpoint == nil { return .begin }
    return flow.to.endpoint == nil ? .end : .move
  }

  /// Destinations by their share before, then after: the same order at both sides, so that what stays
  /// runs straight.
  private static func order(_ flows: [Flow]) -> [Destination: Int] {
    var before: [Destination: Share] = [:]
    var after: [Destination: Share] = [:]
    for flow in flows {
      before[flow.from, default: .zero] += flow.share
      after[flow.to, default: .zero] += flow.share
    }
    let all = Set(before.keys).union(after.keys).sorted { $0.text < $1.text }
    let sorted = all.indices.sorted { one, other in
      let shares = [one, other].map { (before[all[$0]] ?? .zero, after[all[$0]] ?? .zero) }
      if shares[0].0 != shares[1].0 { return shares[0].0 > shares[1].0 }
      if shares[0].1 != shares[1].1 { return shares[0].1 > shares[1].1 }
      return one < other
    }
    return Dictionary(
      sorted.enumerated().map { (all[$1], $0) }, uniquingKeysWith: { first, _ in first })
  }

  private static func sides(
    _ flows: [Flow], _ end: KeyPath<Flow, Destination>, _ order: [Destination: Int],
    _ barsHeight: Double
  ) -> [Side] {
    var shares: [Destination: Share] = [:]
    var moved: [Destination: Share] = [:]
    for flow in flows {
      shares[flow[keyPath: end], default: .zero] += flow.share
      if kind(flow) != .stay { moved[flow[keyPath: end], default: .zero] += flow.share }
    }
    // Where units move is what the picture is for.
    let byWeight = shares.keys.sorted { one, other in
      let weights = [one, other].map { (moved[$0] ?? .zero, shares[$0] ?? .zero) }
      if weights[0].0 != weights[1].0 { return weights[0].0 > weights[1].0 }
      if weights[0].1 != weights[1].1 { return weights[0].1 > weights[1].1 }
      return (order[one] ?? 0) < (order[other] ?? 0)
    }
    let shownCount = byWeight.count > destinationsMax ? destinationsMax - 1 : byWeight.count
    let shown = byWeight.prefix(shownCount).sorted { (order[$0] ?? 0) < (order[$1] ?? 0) }
    var sides = shown.map { Side(destination: $0, share: shares[$0] ?? .zero) }
    let rest = byWeight.dropFirst(shownCount)
    if !rest.isEmpty {
      sides.append(
        Side(
          destination: nil, hidden: rest.count,
          share: rest.reduce(Share.zero) { $0 + (shares[$1] ?? .zero) }))
    }
    var top = 0.0
    for index in sides.indices {
      let bar = max(3, sides[index].share.value * barsHeight)
      // Heights of names are classes of the style sheet, in steps of 4.
      let slot = max(slotMin, ((bar + 8) / 4).rounded(.up) * 4)
      sides[index].slotTop = top
      sides[index].slotHeight = slot
      sides[index].barHeight = bar
      sides[index].barTop = top + (slot - bar) / 2
      top += slot
    }
    return sides
  }

  private func bands(of flows: [Flow]) -> [Band] {
    func place(_ destination: Destination, in sides: [Side]) -> Int {
      sides.firstIndex { $0.destination == destination } ?? sides.count - 1
    }
    var sums: [[Int]: Share] = [:]
    let kinds: [Kind] = [.stay, .move, .begin, .end]
    for flow in flows {
      let kind = kinds.firstIndex(of: Self.kind(flow)) ?? 0
      sums[[place(flow.from, in: left), place(flow.to, in: right), kind], default: .zero] +=
        flow.share
    }
    return sums.keys.sorted { $0.lexicographicallyPrecedes($1) }.map {
      Band(from: $0[0], to: $0[1], kind: kinds[$0[2]], share: sums[$0] ?? .zero)
    }
  }

  // MARK: Markup

  var markup: String {
    let height = Int(
      [left, right].map { $0.last.map { $0.slotTop + $0.slotHeight } ?? 0 }.max() ?? 0)
    var text =
      "<figure class=\"flow\"><div class=\"ends\"><ol aria-label=\"before\">\(names(left))</ol>"
      + "<svg width=\"100%\" height=\"\(height)\" role=\"img\">"
      + "<title>Where units go: \(Markup.text(title))</title>"
    text +=
      "<svg width=\"100%\" height=\"\(height)\" viewBox=\"0 0 100 \(height)\" "
      + "preserveAspectRatio=\"none\">\(paths)</svg>"
    for side in left { text += bar(side, "<rect x=\"0\"") }
    for side in right { text += bar(side, "<rect x=\"100%\" transform=\"translate(-5)\"") }
    text += "</svg><ol aria-label=\"after\" class=\"to\">\(names(right))</ol></div></figure>"
    return text
  }

  private func bar(_ side: Side, _ start: String) -> String {
    return "\(start) y=\"\(number(side.barTop))\" width=\"5\" height=\"\(number(side.barHeight))\" "
      + "class=\"bar\"><title>\(Markup.text(name(side))): \(PageWords.percent(side.share))</title></rect>"
  }

  private func names(_ sides: [Side]) -> String {
    sides.map { side in
      var title = PageWords.count(side.hidden, "more destination")
      var place = ""
      if let destination = side.destination {
        title = PageWords.name(PageWords.title(destination))
        place = PageWords.place(destination).map { PageWords.name($0) } ?? ""
      }
      return "<li class=\"h\(Int(side.slotHeight / 4))\"><span class=\"who\"><b>\(title)</b>"
        + "<span class=\"on\">\(place)</span></span>"
        + "<span class=\"share\">\(PageWords.percent(side.share))</span></li>"
    }.joined()
  }

  /// Bands of what stays first, so that what moves lies over them.
  private var paths: String {
    var (left, right) = (left, right)
    var drawn: [(kind: Kind, path: String)] = []
    // Leaving a bar in the order of where they go, and arriving in the order of where they come from.
    var tops = [(from: Double, to: Double)](repeating: (0, 0), count: bands.count)
    for index in bands.indices.sorted(by: {
      (bands[$0].from, bands[$0].to) < (bands[$1].from, bands[$1].to)
    }) {
      tops[index].from = left[bands[index].from].take(bands[index].share)
    }
    for index in bands.indices.sorted(by: {
      (bands[$0].to, bands[$0].from) < (bands[$1].to, bands[$1].from)
    }) {
      tops[index].to = right[bands[index].to].take(bands[index].share)
    }
    for (index, band) in bands.enumerated() {
      let from = (tops[index].from, left[band.from].height(of: band.share))
      let to = (tops[index].to, right[band.to].height(of: band.share))
      let words =
        "\(name(left[band.from])) → \(name(right[band.to])): \(PageWords.percent(band.share))"
      let path =
        edge(from.0, to.0, start: "M0 \(number(from.0))", end: 100)
        + edge(to.0 + to.1, from.0 + from.1, start: "V\(number(to.0 + to.1))", end: 0)
      drawn.append(
        (
          band.kind,
          "<path class=\"\(band.kind)\" d=\"\(path)Z\"><title>\(Markup.text(words))</title></path>"
        ))
    }
    return (drawn.filter { $0.kind == .stay } + drawn.filter { $0.kind != .stay }).map(\.path)
      .joined()
  }

  /// One edge of a band, over the whole width.
  private func edge(_ from: Double, _ to: Double, start: String, end: Int) -> String {
    "\(start)C50 \(number(from)) 50 \(number(to)) \(end) \(number(to))"
  }

  private func name(_ side: Side) -> String { side.destination?.text ?? "\(side.hidden) more" }

  private func number(_ value: Double) -> String { Markup.number(value) }
}
