/// Where the boxes of a path stand: columns from left to right, in each an order that lets edges run
/// straight, and bends where an edge passes a column. The same path gives the same places.
struct PathLayout {
  struct Box {
    var x = 0.0
    var y = 0.0
    var width = 0.0
    var height = 0.0
    /// Those of the title come first.
    var lines: [String] = []
    var titleLineCount = 0

    var middle: Double { y + height / 2 }
  }

  static let titleSize = 13.0
  static let textSize = 11.5
  static let lineHeight = 16.0
  static let padding = 9.0
  private static let gap = 16.0
  private static let margin = 20.0
  private static let headHeight = 46.0
  private static let footHeight = 34.0
  /// Between two columns, beside the labels at the left: room for edges to part.
  private static let channel = 72.0
  private static let titleMax = 32
  private static let labelMax = 26
  static let labelHeight = 13.0
  private static let arcHeight = 14.0

  private(set) var boxes: [String: Box] = [:]
  /// By edge: where it bends on its way, in the middle of a column.
  private(set) var bends: [[(x: Double, y: Double, width: Double)]] = []
  /// By edge: its label's lines, and where it leaves and enters a box.
  private(set) var labels: [[String]] = []
  private(set) var ends: [(from: Double, to: Double)] = []
  private(set) var width = 0.0
  private(set) var height = 0.0

  /// What stands in a column: a box, or the bend of an edge.
  private struct Place {
    var id: String
    var height: Double
    var y = 0.0
    var isFixed: Bool

    var middle: Double { y + height / 2 }
  }

  private var columns: [[Place]] = []
  /// Of a place, what it is joined to in the columns before and behind.
  private var before: [String: [String]] = [:]
  private var behind: [String: [String]] = [:]

  init(_ path: DecisionPath) {
    let used = DecisionPath.Column.allCases.filter { column in
      path.nodes.contains { $0.column == column }
    }
    let ranks = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($1, $0) })
    columns = used.map { _ in [] }
    for node in path.nodes {
      let box = Self.box(node)
      boxes[node.id] = box
      columns[ranks[node.column] ?? 0].append(
        Place(id: node.id, height: box.height, isFixed: node.column.rawValue <= 1))
    }
    labels = path.edges.map {
      $0.label.isEmpty ? [] : TextLines.wrapped($0.label, lineMax: Self.labelMax)
    }
    widen(path)
    join(path, ranks)
    order()
    for _ in 0..<4 { settle() }
    place(path, used, ranks)
    part(path)
  }

  private static func box(_ node: DecisionPath.Node) -> Box {
    var box = Box()
    let titles = TextLines.wrapped(node.title, lineMax: titleMax)
    let details = node.details.flatMap { TextLines.wrapped($0) }
    box.lines = titles + details
    box.titleLineCount = titles.count
    let widths =
      titles.map { TextLines.width($0, size: titleSize) * 1.1 }
      + details.map { TextLines.width($0, size: textSize) }
    box.width = max(56, (widths.max() ?? 0) + 2 * padding)
    box.height = textHeight(box)
    return box
  }

  static func textHeight(_ box: Box) -> Double {
    Double(box.lines.count) * lineHeight + 2 * padding - 4
  }

  /// What an edge takes of the side of a box.
  private func portHeight(_ edge: Int) -> Double {
    labels[edge].isEmpty ? 10 : Double(labels[edge].count) * Self.labelHeight + 5
  }

  /// Makes boxes as high as their edges need.
  private mutating func widen(_ path: DecisionPath) {
    var needed: [String: Double] = [:]
    let columnOf = Dictionary(path.nodes.map { ($0.id, $0.column) }, uniquingKeysWith: { $1 })
    for (number, edge) in path.edges.enumerated() where !edge.isDown {
      needed[edge.from, default: 6] += portHeight(number)
      // An arc from the same column enters where others leave, above and below of them.
      if columnOf[edge.from] == columnOf[edge.to] {
        needed[edge.to, default: 6] += 2 * Self.arcHeight
      }
    }
    for column in columns.indices {
      for index in columns[column].indices {
        let id = columns[column][index].id
        let height = max(columns[column][index].height, needed[id] ?? 0)
        columns[column][index].height = height
        boxes[id]?.height = height
      }
    }
  }

  /// Gives each edge its own place at the sides of its boxes, in the order of where it comes from and
  /// goes to.
  private mutating func part(_ path: DecisionPath) {
    ends = path.edges.map { _ in (0, 0) }
    var leaving: [String: [Int]] = [:]
    var entering: [String: [Int]] = [:]
    for (number, edge) in path.edges.enumerated() where !edge.isDown {
      leaving[edge.from, default: []].append(number)
      entering[edge.to, default: []].append(number)
    }
    for (id, numbers) in leaving {
      guard let box = boxes[id] else { continue }
      let aims = numbers.map { number -> Double in
        guard let to = boxes[path.edges[number].to] else { return 0 }
        // An arc to another box of the column leaves outside of all others.
        if to.x == box.x { return to.y < box.y ? -.infinity : .infinity }
        return bends[number].first?.y ?? to.middle
      }
      let order = numbers.indices.sorted { (aims[$0], $0) < (aims[$1], $1) }.map { numbers[$0] }
      let heights = order.map(portHeight)
      let scale = min(1, box.height / max(1, heights.reduce(0, +)))
      var y = box.middle - heights.reduce(0, +) * scale / 2
      for (number, height) in zip(order, heights) {
        ends[number].from = y + height * scale / 2
        y += height * scale
      }
    }
    for (id, all) in entering {
      guard let box = boxes[id] else { continue }
      let numbers = all.filter { boxes[path.edges[$0].from]?.x != box.x }
      for number in all {
        guard let from = boxes[path.edges[number].from], from.x == box.x else { continue }
        let inset = Self.arcHeight / 2
        ends[number].to = from.y < box.y ? box.y + inset : box.y + box.height - inset
      }
      let sources = numbers.map { bends[$0].last?.y ?? ends[$0].from }
      let order = numbers.indices.sorted { (sources[$0], $0) < (sources[$1], $1) }.map {
        numbers[$0]
      }
      let step = min(9, (box.height - 10) / Double(order.count))
      for (rank, number) in order.enumerated() {
        ends[number].to = box.middle + (Double(rank) - Double(order.count - 1) / 2) * step
      }
    }
  }

  /// Puts bends where an edge passes columns, and notes what is joined.
  private mutating func join(_ path: DecisionPath, _ ranks: [DecisionPath.Column: Int]) {
    let columnOf = Dictionary(
      uniqueKeysWithValues: path.nodes.map { ($0.id, ranks[$0.column] ?? 0) })
    for (number, edge) in path.edges.enumerated() {
      bends.append([])
      guard let from = columnOf[edge.from], let to = columnOf[edge.to], from < to else { continue }
      var last = edge.from
      for column in (from + 1)..<(to + 1) {
        let next = column == to ? edge.to : "bend \(number) \(column)"
        if column < to { columns[column].append(Place(id: next, height: 12, isFixed: false)) }
        behind[last, default: []].append(next)
        before[next, default: []].append(last)
        last = next
      }
    }
  }

  /// By the mean place of what comes before: what stands in order in one column does in the next.
  private mutating func order() {
    var ranks: [String: Double] = [:]
    for column in columns.indices {
      if !columns[column].contains(where: \.isFixed) {
        let means = columns[column].map { place in
          mean(before[place.id] ?? []) { ranks[$0] } ?? .infinity
        }
        let sorted = columns[column].indices.sorted { (means[$0], $0) < (means[$1], $1) }
        columns[column] = sorted.map { columns[column][$0] }
      }
      for (rank, place) in columns[column].enumerated() { ranks[place.id] = Double(rank) }
    }
  }

  /// Moves every column to where its neighbours are: from the left, then from the right.
  private mutating func settle() {
    for column in columns.indices { align(column, to: before, orElse: behind) }
    for column in columns.indices.reversed() { align(column, to: behind, orElse: before) }
  }

  private mutating func align(
    _ column: Int, to neighbours: [String: [String]], orElse others: [String: [String]]
  ) {
    let middles = Dictionary(
      columns.joined().map { ($0.id, $0.middle) }, uniquingKeysWith: { first, _ in first })
    let wanted = columns[column].map { place in
      let joined = neighbours[place.id] ?? others[place.id] ?? []
      return (mean(joined) { middles[$0] } ?? place.middle) - place.height / 2
    }
    let tops = Self.spread(wanted, columns[column].map(\.height), gap: Self.gap)
    for index in columns[column].indices { columns[column][index].y = tops[index] }
  }

  private func mean(_ ids: [String], _ value: (String) -> Double?) -> Double? {
    let values = ids.compactMap(value)
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// Tops in order, none over another, as near to those wanted as can be: where two would touch, they
  /// move as one block whose mean distance is 0.
  static func spread(_ wanted: [Double], _ heights: [Double], gap: Double) -> [Double] {
    var blocks: [(first: Int, count: Int, top: Double, height: Double)] = []
    for index in wanted.indices {
      blocks.append((index, 1, wanted[index], heights[index] + gap))
      while blocks.count > 1 {
        let lower = blocks[blocks.count - 1]
        let upper = blocks[blocks.count - 2]
        guard upper.top + upper.height > lower.top else { break }
        let count = upper.count + lower.count
        let top =
          (upper.top * Double(upper.count) + (lower.top - upper.height) * Double(lower.count))
          / Double(count)
        blocks.removeLast(2)
        blocks.append((upper.first, count, top, upper.height + lower.height))
      }
    }
    var tops: [Double] = []
    for block in blocks {
      var top = block.top
      for index in block.first..<(block.first + block.count) {
        tops.append(top)
        top += heights[index] + gap
      }
    }
    return tops
  }

  /// From places in columns to boxes on the page.
  private mutating func place(
    _ path: DecisionPath, _ used: [DecisionPath.Column], _ ranks: [DecisionPath.Column: Int]
  ) {
    let top = columns.joined().map(\.y).min() ?? 0
    let shift = Self.headHeight + Self.margin - top
    // Room between two columns for the longest label that starts there, and for arcs inside the first.
    var channels = [Double](repeating: Self.channel, count: used.count)
    let columnOf = Dictionary(
      uniqueKeysWithValues: path.nodes.map { ($0.id, ranks[$0.column] ?? 0) })
    for (edge, lines) in zip(path.edges, labels) {
      guard let from = columnOf[edge.from] else { continue }
      let widest = lines.map { TextLines.width($0, size: Self.textSize) }.max() ?? 0
      if !edge.isDown { channels[from] = max(channels[from], widest + Self.channel) }
    }
    var x = Self.margin
    for column in columns.indices {
      let widest = columns[column].compactMap { boxes[$0.id]?.width }.max() ?? 0
      for place in columns[column] {
        let y = place.y + shift
        height = max(height, y + place.height + Self.margin)
        if boxes[place.id] != nil {
          boxes[place.id]?.x = x
          boxes[place.id]?.y = y
          boxes[place.id]?.width = widest
        } else if let number = place.id.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        {
          bends[number].append((x, y + place.height / 2, widest))
        }
      }
      x += widest + channels[column]
    }
    let hasArcs = path.edges.contains {
      columnOf[$0.from] == used.count - 1 && columnOf[$0.to] == used.count - 1
    }
    width = max(x - (hasArcs ? 0 : channels.last ?? 0) + Self.margin, 560)
    height += Self.footHeight
  }
}
