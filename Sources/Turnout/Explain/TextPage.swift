/// Lines of text for people, with columns that stand under each other.
struct TextPage {
  /// How words are set off on a terminal.
  struct Style {
    let isColored: Bool

    func bold(_ text: String) -> String { paint(text, "1") }
    func dim(_ text: String) -> String { paint(text, "2") }
    func red(_ text: String) -> String { paint(text, "31") }
    func green(_ text: String) -> String { paint(text, "32") }

    private func paint(_ text: String, _ code: String) -> String {
      isColored ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
    }
  }

  /// What stands before a row.
  enum Mark {
    case yes, no, result, nothing

    init(_ holds: Bool) { self = holds ? .yes : .no }
  }

  let style: Style
  private var rows: [Row] = []
  /// For each indent the table that its rows are added to.
  private var tables: [Int: Int] = [:]
  private var tableCount = 0

  init(_ style: Style) { self.style = style }

  private struct Row {
    /// Columns of one table stand under each other; nil: the row is none's.
    let table: Int?
    let indent: Int
    let mark: Mark
    let cells: [String]
  }

  /// Begins a block with a heading, after an empty line.
  mutating func begin(_ heading: String, _ rest: String = "") {
    tables = [:]
    if !rows.isEmpty { add("") }
    add(style.bold(heading) + rest)
  }

  /// A line by itself.
  mutating func add(_ line: String) { row(-1, .nothing, [line], isAligned: false) }

  /// Begins another table at an indent.
  mutating func align(_ indent: Int) { tables[indent] = nil }

  /// Adds a row, indented by so many steps.
  mutating func row(_ indent: Int, _ mark: Mark, _ cells: [String], isAligned: Bool = true) {
    if isAligned, tables[indent] == nil {
      tableCount &+= 1
      tables[indent] = tableCount
    }
    rows.append(
      Row(table: isAligned ? tables[indent] : nil, indent: indent, mark: mark, cells: cells))
  }

  var text: String {
    struct Column: Hashable {
      let table: Int
      let number: Int
    }
    var widths: [Column: Int] = [:]
    for row in rows {
      guard let table = row.table else { continue }
      // The last cell of a row needs no width.
      for (number, cell) in row.cells.dropLast().enumerated() {
        let column = Column(table: table, number: number)
        widths[column] = max(widths[column] ?? 0, cell.count)
      }
    }
    var text = ""
    for row in rows {
      var line = row.indent < 0 ? "" : String(repeating: "   ", count: row.indent)
      if row.indent >= 0 { line += "  " + painted(row.mark) + " " }
      for (number, cell) in row.cells.enumerated() {
        if number > 0 { line += "  " }
        line += cell
        guard let table = row.table, number &+ 1 < row.cells.count else { continue }
        let width = widths[Column(table: table, number: number)] ?? 0
        line += String(repeating: " ", count: max(0, width &- cell.count))
      }
      while line.last == " " { line.removeLast() }
      text += line + "\n"
    }
    return text
  }

  private func painted(_ mark: Mark) -> String {
    switch mark {
    case .yes: style.green("✓")
    case .no: style.red("✗")
    case .result: "→"
    case .nothing: " "
    }
  }
}
