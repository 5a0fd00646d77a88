import ArgumentParser
import Turnout
import TurnoutCompiler

struct FormatDocuments: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt",
    abstract: "Write routing documents in their canonical form.",
    discussion: """
      Keys in one order, two columns for each level, quotes only where they are needed, lines of \
      at most 100 columns where that is possible; comments stay with what they stand at, and what \
      the document says does not change: neither does its table's digest. Names and lists keep \
      their order. A document without a canonical form is refused, and the place says why.

      Without an option one document goes to standard output; no document is standard input.

        turnout fmt routing.yaml
        turnout fmt --in-place teams/
        turnout fmt --check routing.yaml        # a diff and exit status 1 if it would change
      """)

  @Argument(
    help: ArgumentHelp(
      "A routing document, or a folder of them. Default: standard input.", valueName: "doc"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var documents: [String] = []

  @Flag(name: [.short, .long], help: "Write into the files themselves.")
  var inPlace = false

  @Flag(help: "Write nothing; exit status 1 and a diff if a document is not in canonical form.")
  var check = false

  func validate() throws {
    if inPlace && check { throw ValidationError("--in-place writes, --check does not: take one.") }
    if documents.isEmpty && inPlace {
      throw ValidationError("--in-place needs the name of a document.")
    }
  }

  func run() throws {
    let sources = Documents.load(paths: documents.isEmpty ? ["/dev/stdin"] : documents)
    if sources.count > 1 && !inPlace && !check {
      throw ValidationError("Several documents: say --in-place or --check.")
    }
    var formatted: [(source: Source, bytes: [UInt8])] = []
    var refused = 0
    for source in sources {
      switch CanonicalForm.of(source) {
      case .written(let bytes): formatted.append((source, bytes))
      case .refused(let diagnostics):
        refused += 1
        for diagnostic in diagnostics {
          Console.printError(diagnostic.text(colored: Style.error.isColored))
        }
      }
    }
    if refused > 0 {
      throw Refusal(
        message: "\(Figures.count(refused, "document")) cannot be formatted: nothing was written.",
        status: sources.statusIfWrong)
    }
    let changed = formatted.filter { $0.source.bytes != $0.bytes }
    if check { return try report(changed, of: formatted.count) }
    guard inPlace else {
      for one in formatted { try Console.write(one.bytes) }
      return
    }
    // All that can be refused is, before the first is written.
    for one in changed { try DocumentFile.checkWritable(one.source.name) }
    for one in changed { try DocumentFile.write(one.bytes, to: one.source.name) }
    for one in changed { try Console.print(Printable.text(one.source.name)) }
  }

  private func report(_ changed: [(source: Source, bytes: [UInt8])], of count: Int) throws {
    for one in changed {
      try Console.write(
        Array(
          LineDifference.text(
            from: String(decoding: one.source.bytes, as: UTF8.self),
            to: String(decoding: one.bytes, as: UTF8.self), name: one.source.name
          ).utf8))
    }
    guard changed.isEmpty else {
      throw Refusal(
        message: "\(changed.count) of \(Figures.count(count, "document")) "
          + (changed.count == 1 ? "is" : "are")
          + " not in canonical form: `turnout fmt --in-place` writes it.")
    }
  }
}
