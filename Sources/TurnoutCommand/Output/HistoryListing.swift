import Turnout
import TurnoutCompiler

/// How the history reads, beside what the store holds now.
struct HistoryListing {
  private let head: UInt64?
  private let kept: Set<UInt64>
  private let pinned: [UInt64: Pin]
  private let style = Style.output
  private static let messageLength = 60

  init(head: UInt64?, store: StoreStatus) {
    self.head = head
    kept = Set(store.revisions.map(\.number))
    pinned = Dictionary(store.pins.map { ($0.revision, $0) }) { first, _ in first }
  }

  // MARK: All

  /// An arrow marks what made head what it is; revisions that retention took are in parentheses.
  func lines(_ entries: [HistoryEntry]) -> [String] {
    var table = TextTable([.left, .right, .left, .left, .right, .left, .left, .left, .left])
    table.add(
      ["", "no.", "when (UTC)", "what", "revision", "digest", "moved", "who", "why"],
      paint: style.dim)
    var isMarked = false
    for entry in entries {
      if entry.action == .set {
        add(entry, to: &table)
        continue
      }
      let isHead = !isMarked && entry.isMove && entry.revision == head && entry.head == head
      if isHead { isMarked = true }
      let isTable = entry.revision != 0 && entry.action != .retention
      let cells = [
        isHead ? "→" : "", String(entry.number), Instant(nanoseconds: entry.time).readable,
        what(entry), isTable ? number(entry.revision) : "",
        isTable ? String(entry.digest.description.prefix(12)) : "",
        entry.moved?.short ?? "", Printable.text(entry.author), Self.short(entry.message),
      ]
      if isHead {
        table.add(cells, paint: style.green)
      } else if kept.contains(entry.revision) || !isTable {
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
        "", isFirst ? String(entry.number) : "",
        isFirst ? Instant(nanoseconds: entry.time).readable : "",
        "set " + change.words(at: entry.time), "", "", "",
        isFirst ? Printable.text(entry.author) : "", isFirst ? Self.short(entry.message) : "",
      ])
    }
  }

  private func number(_ revision: UInt64) -> String {
    kept.contains(revision) ? String(revision) : "(\(revision))"
  }

  private func what(_ entry: HistoryEntry) -> String {
    if let retention = entry.retention { return "retention: \(retention.brief)" }
    return entry.isMaking && pinned[entry.revision] != nil
      ? "\(entry.action.name), pinned" : "\(entry.action.name)"
  }

  private static func short(_ message: String) -> String {
    let text = Printable.text(message)
    return text.count > messageLength ? text.prefix(messageLength - 1) + "…" : text
  }

  // MARK: One

  func whole(_ entry: HistoryEntry) -> [String] {
    var rows: [(String, String)] = [
      ("when", "\(Instant(nanoseconds: entry.time).readable) UTC"),
      ("who", Printable.text(entry.author)), ("why", Printable.text(entry.message)),
    ]
    if entry.action != .set, entry.action != .retention { rows += revision(entry) }
    if entry.isMove {
      let before = entry.previousHead == 0 ? "none" : "revision \(entry.previousHead)"
      let after = entry.head == 0 ? "none" : "revision \(entry.head)"
      rows.append(
        ("head", before == after ? "stays \(after)" : "\(after) (before: \(before))"))
      rows += moved(entry.moved)
    }
    if let retention = entry.retention { rows.append(("kept are", retention.words)) }
    for (number, change) in entry.changes.enumerated() {
      rows.append((number == 0 ? "set" : "", change.words(at: entry.time)))
    }
    let title = "\(entry.action.name)"
    return ["entry \(entry.number): \(style.green(style.bold(title)))"]
      + rows.filter { !$0.1.isEmpty }.map { name, value in
        "  " + style.dim(name + String(repeating: " ", count: max(0, 13 - name.count))) + value
      }
  }

  private func revision(_ entry: HistoryEntry) -> [(String, String)] {
    let isKept = kept.contains(entry.revision)
    var rows = [
      (
        "revision",
        "\(entry.revision), \(Figures.grouped(entry.bytes)) bytes"
          + (isKept ? "" : "; its table is no longer kept")
      ),
      ("digest", entry.digest.description),
    ]
    if let pin = pinned[entry.revision] {
      let who = pin.author.isEmpty ? "" : " by \(Printable.text(pin.author))"
      let why = pin.message.isEmpty ? "" : ": \(Printable.text(pin.message))"
      rows.append(("pinned", "\(Instant(nanoseconds: pin.time).readable) UTC\(who)\(why)"))
    }
    return rows
  }

  private func moved(_ moved: ChangeSummary?) -> [(String, String)] {
    guard let moved else { return [("moved", "not known")] }
    if moved.isEmpty { return [("moved", "no units between arms")] }
    var table = TextTable([.left, .left, .right, .left])
    for one in moved.allocations {
      let least = one.minimum == one.positions ? "" : "at least \(Figures.percent(one.minimum))"
      let released = one.released == 0 ? "" : "\(Figures.percent(one.released)) have no arm now"
      table.add([
        "\(one.kind.name)", Printable.text(one.owner), Figures.percent(one.positions),
        [least, released].filter { !$0.isEmpty }.joined(separator: "; "),
      ])
    }
    var lines = table.lines()
    let left = moved.allocationCount - moved.allocations.count
    if left > 0 { lines.append("and \(Figures.count(left, "more allocation"))") }
    var rows = lines.enumerated().map { ($0.offset == 0 ? "moved" : "", $0.element) }
    rows += [("came", moved.added.words()), ("went", moved.removed.words())]
    rows.append(("differ", moved.differing?.words() ?? ""))
    return rows
  }

  // MARK: For programs

  func write(_ entry: HistoryEntry, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.field("number", entry.number)
    writer.field("action", "\(entry.action.name)")
    writer.field("revision", entry.revision == 0 ? nil : entry.revision)
    writer.field("previous_head", entry.previousHead == 0 ? nil : entry.previousHead)
    writer.field("head", entry.head == 0 ? nil : entry.head)
    writer.field("time", Instant(nanoseconds: entry.time).precise)
    writer.field("digest", entry.digest.description)
    writer.field("bytes", entry.bytes)
    writer.field("author", entry.author)
    writer.field("message", entry.message)
    writer.field("kept", kept.contains(entry.revision))
    writer.key("changes")
    writer.beginArray()
    for change in entry.changes {
      writer.beginObject()
      writer.overlayFields(change)
      writer.endObject()
    }
    writer.endArray()
    writer.key("moved")
    writer.summary(entry.moved)
    writer.key("retention")
    writer.retention(entry.retention)
    writer.field(
      "pinned", entry.action != .set && entry.retention == nil && pinned[entry.revision] != nil)
    writer.endObject()
  }
}

extension HistoryEntry {
  /// Whether it made a revision.
  fileprivate var isMaking: Bool { [.publish, .stage, .apply].contains(action) }
  /// Whether it was about which table is head.
  fileprivate var isMove: Bool { isMaking || [.activate, .rollback].contains(action) }
}

extension Retention {
  /// `keep 16 for 30 d`.
  fileprivate var brief: String {
    let kept = "keep \(Figures.grouped(keep))"
    return span == 0 ? kept : "\(kept) for \(Figures.duration(seconds: span / 1_000_000_000))"
  }
}

extension ChangeSummary {
  /// `45 %, +1 use case`; of the allocations, what moved most. Use cases that may answer differently only
  /// where no split tells of them.
  fileprivate var short: String {
    var parts: [String] = []
    if let most = allocations.first?.positions, most > 0 { parts.append(Figures.percent(most)) }
    if added.count > 0 { parts.append("+" + Figures.count(added.count, "use case")) }
    if removed.count > 0 { parts.append("-" + Figures.count(removed.count, "use case")) }
    if untold.count > 0 {
      parts.append(
        Figures.count(untold.count, "use case") + (untold.count == 1 ? " differs" : " differ"))
    }
    return parts.joined(separator: ", ")
  }
}

extension ChangeSummary.Names {
  /// `2 use cases: Home, Kids`; `verb` follows the count.
  func words(_ verb: String = "") -> String {
    guard count > 0 else { return "" }
    let names = first.map { Printable.text($0) }.joined(separator: ", ")
    let left = count - first.count
    return Figures.count(count, "use case") + verb + ": \(names)"
      + (left > 0 ? " and \(left) more" : "")
  }
}

extension JSONWriter {
  fileprivate mutating func summary(_ summary: ChangeSummary?) {
    guard let summary else { return null() }
    beginObject()
    field("allocations", UInt64(summary.allocationCount))
    key("most")
    beginArray()
    for one in summary.allocations {
      beginObject()
      field("kind", "\(one.kind.name)")
      field("owner", one.owner)
      field("share", raw: Figures.share(one.positions))
      field("minimum", raw: Figures.share(one.minimum))
      field("released", raw: Figures.share(one.released))
      endObject()
    }
    endArray()
    for (name, names) in [
      ("use_cases_added" as StaticString, summary.added), ("use_cases_removed", summary.removed),
    ] {
      key(name)
      self.names(names)
    }
    key("use_cases_differing")
    if let differing = summary.differing { names(differing) } else { null() }
    endObject()
  }

  mutating func names(_ names: ChangeSummary.Names) {
    beginObject()
    field("count", UInt64(names.count))
    field("first", names.first)
    endObject()
  }

  mutating func retention(_ retention: Retention?) {
    guard let retention else { return null() }
    beginObject()
    fields(retention)
    endObject()
  }

  mutating func fields(_ retention: Retention) {
    field("keep", retention.keep)
    field("for_seconds", retention.span == 0 ? nil : retention.span / 1_000_000_000)
  }
}
