import ArgumentParser
import Turnout

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Read a store in full and say what is damaged.",
    discussion: """
      Every table with its documents, and every page and record of the catalog, whatever writers and \
      readers do meanwhile. Exit status 1 if anything is not as it was written; each finding says \
      where, what, and what to do. Nothing is changed.

        turnout verify
        turnout verify --json
      """)

  @OptionGroup var store: StoreOption
  @OptionGroup var json: JSONOption

  func run() throws {
    let found = try Progress.during { progress in
      try StoreExamination(store.directory) { progress.note($0) }
    }
    if json.isOn {
      try Console.printJSON { write(found, to: &$0) }
    } else {
      for note in found.notes { try Console.print("note: " + Printable.text(note)) }
      for finding in found.findings {
        try Console.print(
          Style.output.red(finding.place) + ": " + Printable.text(finding.message))
      }
      let read =
        "\(Figures.count(found.tables, "table")) of \(Figures.grouped(found.tableBytes)) bytes, "
        + Figures.count(found.historyEntries, "change", plural: "changes") + " in the history"
      try Console.print(
        found.findings.isEmpty
          ? Style.output.green("whole") + "  \(read)"
          : Figures.count(found.findings.count, "finding") + " in \(read)")
    }
    if !found.findings.isEmpty { throw Refusal() }
  }

  private func write(_ found: StoreExamination, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.field("store", found.directory)
    writer.field("whole", found.findings.isEmpty)
    writer.field("tables", UInt64(found.tables))
    writer.field("tables_bytes", found.tableBytes)
    writer.field("history_entries", UInt64(found.historyEntries))
    writer.field("findings", found.findings)
    writer.field("notes", found.notes)
    writer.endObject()
  }
}
