import ArgumentParser
import Turnout
import TurnoutCompiler

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Get back the documents of a revision.",
    discussion: """
      The documents as they were published: one goes to standard output; several, or one that \
      reads its units from files, go to a new folder that -o names.

      With --ranges it is one document, merged from all, in which `ranges:` pins every allocation \
      to where it lies in that revision, and lists of units stand where they were read from \
      files. Published into an empty store it gives the same digest; comments and anchors are \
      lost. With -o too, the units stay in files beside it.

        turnout export > routing.yaml
        turnout export --at 7 -o revision-7/
        turnout export --ranges | turnout publish /dev/stdin --store ./copy
      """)

  @Option(
    help: ArgumentHelp(
      "The revision, or what was head at a time. Default: head.", valueName: StorePoint.valueName),
    completion: .revisions)
  var at: StorePoint?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("A new folder for the documents.", valueName: "dir"),
    completion: .directory)
  var output: String?

  @Flag(help: "One document, every allocation pinned where it lies.")
  var ranges = false

  @OptionGroup var store: StoreOption

  func validate() throws {
    if output?.isEmpty == true { throw ValidationError("-o needs the name of a folder.") }
  }

  func run() throws {
    let table = try OpenTable.asked(at, of: store.directory, sources: .read)
    let sources = try StoredSources(table.sources)
    guard !sources.documents.isEmpty else {
      throw Refusal(
        message: "revision \(table.revision) came by `apply`, as a table without documents. Export "
          + "it where it was compiled.")
    }
    guard let output else { return try print(sources, of: table) }
    var seen: Set<[String]> = []
    let files = try (ranges ? pinned(sources, table) : asPublished(sources))
      .filter { seen.insert($0.place).inserted }
    try ExportFolder.write(files, to: output)
    let style = Style.output
    var lines = [
      style.green(style.bold(Printable.text(output)))
        + ": \(Figures.count(files.count, "file")) of revision \(table.revision)"
    ]
    lines += files.map { "  " + Printable.text($0.place.joined(separator: "/")) }
    try Console.print(lines.joined(separator: "\n"))
  }

  private func print(_ sources: StoredSources, of table: OpenTable) throws {
    if ranges {
      let document = try Progress.during { progress in
        progress.step("pinning")
        return try PinnedDocument(sources, of: table, unitFile: nil)
      }
      return try Console.write(document.bytes)
    }
    guard sources.documents.count == 1, sources.unitFiles.isEmpty else {
      let documents = Figures.count(sources.documents.count, "document")
      let units = Figures.count(
        sources.unitFiles.count, "file of units", plural: "files of units")
      throw Refusal(
        message: "revision \(table.revision) was made from \(documents)"
          + (sources.unitFiles.isEmpty ? "" : " and \(units)")
          + ": write them to a folder with -o, or make one document of them with --ranges.")
    }
    try Console.write(sources.documents[0].bytes)
  }

  private func asPublished(_ sources: StoredSources) -> [ExportFolder.File] {
    let documents = sources.documents.map { ($0.name, $0.bytes, true) }
    let units = sources.unitFiles.map { ($0.path, $0.bytes, false) }
    let places = ExportFolder.places(documents + units)
    return zip(places, documents + units).map { ($0, $1.1) }
  }

  private func pinned(
    _ sources: StoredSources, _ table: OpenTable
  ) throws -> [ExportFolder.File] {
    let units = sources.unitFiles
    let places = ExportFolder.places(units.map { ($0.path, $0.bytes, false) })
      .map { ["units"] + $0 }
    let names = zip(units, places).map { ($0.path, $1.joined(separator: "/")) }
    let document = try Progress.during { progress in
      progress.step("pinning")
      return try PinnedDocument(
        sources, of: table, unitFile: Dictionary(names) { first, _ in first })
    }
    return [([PinnedDocument.name], document.bytes)] + zip(places, units).map { ($0, $1.bytes) }
  }
}
