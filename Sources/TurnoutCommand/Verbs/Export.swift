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

  @Option(help: ArgumentHelp("The revision. Default: head.", valueName: "revision"))
  var at: UInt64?

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
    let table = try OpenTable.revision(at, orHeadOf: store.directory)
    let sources = try StoredSources.decode(table.sources)
    guard !sources.isEmpty else {
      throw Refusal(
        message: "revision \(table.revision) came by `apply`, as a table without documents. Export "
          + "it where it was compiled.")
    }
    var files = sources
    if ranges {
      files = try Progress.during { progress in
        progress.step("pinning")
        return [Source(name: "routing.yaml", bytes: try PinnedDocument(sources, of: table).bytes)]
      }
    }
    guard let output else { return try print(files, of: table) }
    let places = ExportFolder.places(files.map(\.name), isDocument: files.map { _ in true })
    try ExportFolder.write(zip(places, files).map { ($0, $1.bytes) }, to: output)
    let style = Style.output
    var lines = [
      style.green(style.bold(Printable.text(output)))
        + ": \(Figures.count(files.count, "file")) of revision \(table.revision)"
    ]
    for place in places { lines.append("  " + Printable.text(place.joined(separator: "/"))) }
    try Console.print(lines.joined(separator: "\n"))
  }

  private func print(_ files: [Source], of table: OpenTable) throws {
    guard files.count == 1, let file = files.first else {
      throw Refusal(
        message: "revision \(table.revision) was made from \(files.count) files: write them to a "
          + "folder with -o, or merge them into one with --ranges.")
    }
    try Console.write(file.bytes)
  }
}
