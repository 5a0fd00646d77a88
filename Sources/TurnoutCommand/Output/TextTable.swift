/// Rows of texts in columns, two spaces between two.
struct TextTable {
  enum Alignment {
    case left
    case right
  }

  private let alignments: [Alignment]
  private var rows: [(cells: [String], paint: (String) -> String)] = []

  init(_ alignments: [Alignment]) {
    self.alignments = alignments
  }

  /// Adds a row of as many cells as there are columns. `paint` sets off the whole row; it must not
  /// change how wide it looks.
  mutating func add(_ cells: [String], paint: @escaping (String) -> String = { $0 }) {
    rows.append((cells, paint))
  }

  /// The rows as lines, each after `indent`.
  func lines(indent: String = "") -> [String] {
    let widths = alignments.indices.map { column in
      rows.map { column < $0.cells.count ? $0.cells[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.cells.enumerated() where column < widths.count {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        if column > 0 { line += "  " }
        line += alignments[column] == .right ? padding + cell : cell + padding
      }
      while line.last == " " { line.removeLast() }
      return indent + row.paint(line)
    }
  }
}
