import ArgumentParser
import Turnout
import TurnoutCompiler

struct Compile: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compile documents to a table file.",
    discussion: """
      Fleets ship tables, not documents: compile once, apply on every host, and the digest says \
      that they agree. --against names the table that the new one follows, so that only the units \
      that must move do: a table file, or a store, whose head is meant. Equal inputs give equal \
      bytes.

        turnout compile routing.yaml -o routing.table
        turnout compile routing.yaml -o next.table --against routing.table
        turnout compile routing.yaml -o next.table --against ./turnout-store
      """)

  @OptionGroup var documents: DocumentArguments

  @Option(
    name: [.short, .long], help: ArgumentHelp("The table file to write.", valueName: "table"),
    completion: .file())
  var output: String

  @Option(
    help: ArgumentHelp("The table to follow: a table file or a store.", valueName: "table|store"),
    completion: .file())
  var against: String?

  @OptionGroup var json: JSONOption

  func run() throws {
    let compilation = try Progress.during { progress in
      progress.step("reading")
      let sources = Documents.load(paths: documents.documents)
      progress.step("compiling")
      let compilation = try compile(sources)
      try compilation.requireExpected(without: against == nil ? "--against" : nil)
      progress.step("writing")
      try WholeFile.make(compilation.image, at: output, "the table")
      return compilation
    }
    if json.isOn {
      try Console.printJSON { writer in
        writer.beginObject()
        writer.field("digest", compilation.digest.description)
        writer.field("bytes", compilation.image.count)
        Moved.write(compilation.changes + compilation.gone, to: &writer)
        writer.endObject()
      }
      return
    }
    let style = Style.output
    let name = style.green(style.bold(Printable.text(output)))
    let lines =
      ["\(name): \(Figures.grouped(compilation.image.count)) bytes"]
      + [style.dim("  digest \(compilation.digest)")]
      + Moved.lines(compilation.changes + compilation.gone)
    try Console.print(lines.joined(separator: "\n"))
  }

  private func compile(_ sources: [Source]) throws -> Compilation {
    guard let against else { return try Compilation(sources, against: nil) }
    guard let status = try Directory.status(against) else {
      throw TurnoutError(.ioError, "\(against) is not there. Name a table file or a store.")
    }
    if status.isFolder {
      return try Compilation(sources, against: OpenTable.head(of: against)?.image)
    }
    let table = try TableImage.read(against)
    return try table.bytes.withBytes { bytes in
      try Compilation(sources, against: Image.validate(bytes))
    }
  }
}
