import Turnout
import TurnoutCompiler

/// What `publish` and `apply` came to.
struct PublishOutcome {
  /// Nil if a dry run found something new.
  var revision: UInt64?
  /// Head afterwards; 0 for none.
  var head: UInt64
  var previousHead: UInt64?
  var digest: Digest
  var bytes: UInt64
  var unchanged: Bool
  /// Nil where head was damaged, so that nobody knows.
  var changes: [AllocationChange]?
  /// Nil where head was damaged or nothing changes.
  var summary: ChangeSummary?
  /// What `turnout diff` calls the new table, where it is no revision.
  var reference: String?
  var isNewStore = false
  /// What was done with the table in a dry run, `compiled` or `checked`; nil of a change.
  var tried: String?
  var verdict = GuardVerdict.none

  func report(in directory: String, json: Bool) throws {
    if json {
      if isNewStore { Console.printError("The store \(directory) is new.") }
      try Console.printJSON(write)
    } else {
      try Console.print(text(directory))
    }
  }

  private func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.field("revision", revision)
    writer.field("digest", digest.description)
    writer.field("bytes", bytes)
    writer.field("unchanged", unchanged)
    if let changes {
      Moved.write(changes, to: &writer)
    } else {
      writer.key("moved")
      writer.null()
    }
    Moved.write(differing: unchanged ? nil : summary, isKnown: changes != nil, to: &writer)
    writer.field("head", head == 0 ? nil : head)
    writer.field("dry_run", tried != nil)
    verdict.write(to: &writer)
    writer.endObject()
  }

  private func text(_ directory: String) -> String {
    let style = Style.output
    var lines: [String] = []
    if isNewStore { lines.append("made the store \(Printable.text(directory))") }
    lines.append(headline(style))
    if !unchanged {
      lines.append(style.dim("  digest \(digest), \(Figures.grouped(bytes)) bytes"))
      if let changes {
        let moved = Moved.lines(changes)
        let reference = revision.map { "@\($0)" } ?? reference ?? "DOCUMENTS"
        let differing = Moved.lines(differing: summary, from: previousHead, to: reference)
        if moved.isEmpty, differing.isEmpty, previousHead != nil {
          lines.append("  moves no units between arms")
        }
        lines += moved + differing
      } else {
        lines.append("  what moves cannot be said: the head before was damaged")
      }
      lines += verdict.lines.map { Printable.text($0) }
    }
    return lines.joined(separator: "\n")
  }

  private func headline(_ style: Style) -> String {
    if unchanged {
      let number = revision.map { "revision \($0)" } ?? "head"
      return "unchanged: \(style.bold(number)) already is this table"
    }
    guard let revision else {
      let against = previousHead.map { "against revision \($0)" } ?? "as the first revision"
      return style.bold("dry run") + ": nothing was written; \(tried ?? "compiled") \(against)"
    }
    let number = style.green(style.bold("revision \(revision)"))
    if head == revision {
      let before = previousHead.map { " (before: revision \($0))" } ?? ""
      return "\(number) is head\(before)"
    }
    let stays = head == 0 ? "there is no head" : "head stays at revision \(head)"
    return "\(number) is staged; \(stays). `turnout activate \(revision)` makes it head"
  }
}
