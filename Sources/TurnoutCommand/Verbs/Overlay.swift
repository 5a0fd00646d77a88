import ArgumentParser
import Turnout
import TurnoutCompiler

/// `turnout overlay`: not called `Overlay`, which is the engine's.
struct ShowOverlay: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "overlay",
    abstract: "List what `turnout set` has set and still holds.",
    discussion: """
      Read as services read it, without write permission; since when and by whom is in the catalog, \
      and left out where that cannot be opened. What it does not list is up or on.

        turnout overlay
        turnout overlay --json
      """)

  @OptionGroup var store: StoreOption
  @OptionGroup var json: JSONOption

  func run() throws {
    let head = try Head.read(directory: store.directory)
    let now = SystemClock.now
    let entries = (head?.overlay ?? []).filter { $0.holds(at: now) }
    let origins = try entries.isEmpty ? [:] : origins(of: entries)
    // A damaged table leaves its overlay to be read.
    let image = entries.isEmpty ? nil : (try? OpenTable.head(of: store.directory))?.image
    if json.isOn {
      return try Console.printJSON { writer in
        writer.beginObject()
        writer.field("revision", head?.revision)
        writer.field("generation", head?.generation)
        writer.key("entries")
        writer.beginArray()
        for entry in entries { write(entry, origins[entry], image, to: &writer) }
        writer.endArray()
        writer.endObject()
      }
    }
    guard !entries.isEmpty else {
      return try Console.print(
        head == nil
          ? "nothing is published yet in the store \(store.directory)"
          : "nothing is set: every cluster is up, and every use case, experiment and shadow on")
    }
    try Console.print(lines(entries, origins, image).joined(separator: "\n"))
  }

  /// The changes that made the entries; empty where the catalog cannot be opened.
  private func origins(of entries: [OverlayEntry]) throws -> [OverlayEntry: HistoryEntry] {
    do throws(TurnoutError) {
      return try Store.openToRead(store.directory).origins(of: entries)
    } catch {
      guard error.status == .permissionDenied || error.status == .networkFileSystem else {
        throw error
      }
      return [:]
    }
  }

  private func lines(
    _ entries: [OverlayEntry], _ origins: [OverlayEntry: HistoryEntry], _ image: Image?
  ) -> [String] {
    let style = Style.output
    var table = TextTable([.left, .left, .left, .left, .left, .left])
    table.add(["what", "state", "since (UTC)", "until (UTC)", "who", "why"], paint: style.dim)
    for entry in entries {
      let origin = origins[entry]
      let isKnown = image?.knows(entry) ?? true
      let state = entry.state.name + (isKnown ? "" : " (not in the table)")
      let cells: [String] = [
        "\(entry.kind.verb) \(Printable.text(entry.name))", state, time(origin?.time),
        time(entry.until), Printable.text(origin?.author ?? ""),
        Printable.text(origin?.message ?? ""),
      ]
      if isKnown { table.add(cells) } else { table.add(cells, paint: style.dim) }
    }
    return table.lines()
  }

  private func time(_ nanoseconds: Int64?) -> String {
    nanoseconds.map { Instant(nanoseconds: $0).readable } ?? ""
  }

  private func write(
    _ entry: OverlayEntry, _ origin: HistoryEntry?, _ image: Image?, to writer: inout JSONWriter
  ) {
    writer.beginObject()
    writer.overlayFields(entry)
    writer.field("since", origin.map { Instant(nanoseconds: $0.time).precise })
    writer.field("author", origin?.author)
    writer.field("message", origin?.message)
    writer.key("in_table")
    if let image { writer.boolean(image.knows(entry)) } else { writer.null() }
    writer.endObject()
  }
}
