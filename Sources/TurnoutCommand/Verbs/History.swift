import ArgumentParser
import Turnout
import TurnoutCompiler

struct History: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List what happened to a store, the newest first.",
    discussion: """
      Who published, staged, applied, activated, rolled back or set what, when and why. Times are UTC.

        turnout history --limit 10
        turnout history --json
      """)

  @Option(help: ArgumentHelp("Only the newest so many entries.", valueName: "n"))
  var limit: Int?

  @OptionGroup var store: StoreOption
  @OptionGroup var json: JSONOption

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
  }

  func run() throws {
    let opened = try Store.open(store.directory)
    let entries = try opened.history(limit: limit ?? .max)
    let head = try Head.read(directory: store.directory)?.revision
    let kept = Set(try opened.revisions().map(\.number))
    if json.isOn {
      return try Console.printJSON { writer in
        writer.beginArray()
        for entry in entries { write(entry, isKept: kept.contains(entry.revision), to: &writer) }
        writer.endArray()
      }
    }
    guard !entries.isEmpty else {
      return try Console.print("nothing happened yet to the store \(store.directory)")
    }
    try Console.print(lines(entries, head: head, kept: kept).joined(separator: "\n"))
  }

  /// An arrow marks what made head what it is; revisions that retention took are dim.
  private func lines(_ entries: [HistoryEntry], head: UInt64?, kept: Set<UInt64>) -> [String] {
    let style = Style.output
    var table = TextTable([.left, .left, .left, .right, .left, .left, .left])
    table.add(["", "when (UTC)", "what", "revision", "digest", "who", "why"], paint: style.dim)
    var isMarked = false
    for entry in entries {
      if entry.action == .set {
        add(entry, to: &table)
        continue
      }
      let isHead = !isMarked && entry.revision == head && entry.head == head
      if isHead { isMarked = true }
      let cells = [
        isHead ? "→" : "", Instant(nanoseconds: entry.time).readable, "\(entry.action.name)",
        String(entry.revision), String(entry.digest.description.prefix(12)),
        Printable.text(entry.author), Printable.text(entry.message),
      ]
      if isHead {
        table.add(cells, paint: style.green)
      } else if kept.contains(entry.revision) {
        table.add(cells)
      } else {
        table.add(cells, paint: style.dim)
      }
    }
    return table.lines()
  }

  /// A line for each change; the first says when, who and why.
  private func add(_ entry: HistoryEntry, to table: inout TextTable) {
    for (number, change) in entry.changes.enumerated() {
      let isFirst = number == 0
      table.add([
        "", isFirst ? Instant(nanoseconds: entry.time).readable : "",
        "set " + change.words(at: entry.time), "", "",
        isFirst ? Printable.text(entry.author) : "", isFirst ? Printable.text(entry.message) : "",
      ])
    }
  }

  private func write(_ entry: HistoryEntry, isKept: Bool, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.field("number", entry.number)
    writer.field("action", "\(entry.action.name)")
    writer.field("revision", entry.revision)
    writer.field("previous_head", entry.previousHead == 0 ? nil : entry.previousHead)
    writer.field("head", entry.head == 0 ? nil : entry.head)
    writer.field("time", Instant(nanoseconds: entry.time).precise)
    writer.field("digest", entry.digest.description)
    writer.field("bytes", entry.bytes)
    writer.field("author", entry.author)
    writer.field("message", entry.message)
    writer.field("kept", isKept)
    writer.key("changes")
    writer.beginArray()
    for change in entry.changes {
      writer.beginObject()
      writer.overlayFields(change)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
  }
}
