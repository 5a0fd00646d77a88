import ArgumentParser
import Turnout
import TurnoutCompiler

struct Graph: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw the way of a use case's requests: rules, cells, versions, clusters, shards.",
    discussion: """
      In the language of Graphviz, or with --svg as a picture that every browser shows. Edges say \
      which share of units, or which condition, takes them; dashed ones are taken only where what \
      stands before is not up, and dotted ones by copies for shadows. Reads head, another revision, \
      or documents that nobody has published. Equal tables give equal bytes.

        turnout graph ContinueWatching | dot -Tpdf > path.pdf
        turnout graph ContinueWatching --svg > path.svg
        turnout graph ContinueWatching --svg --from routing.yaml > next.svg
      """)

  @Argument(help: ArgumentHelp("The use case.", valueName: "use-case"), completion: .useCases)
  var useCase: String

  @Flag(help: "Write SVG.")
  var svg = false

  @Option(
    help: ArgumentHelp(
      "The revision, or what was head at a time. Default: head.", valueName: StorePoint.valueName),
    completion: .revisions)
  var at: StorePoint?

  @Option(
    name: .customLong("from"),
    help: ArgumentHelp(
      "A document, or a folder of them, in place of a revision; may be repeated.", valueName: "doc"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var documents: [String] = []

  @OptionGroup var store: StoreOption

  func validate() throws {
    if at != nil, !documents.isEmpty {
      throw ValidationError("--at is of a store, and --from reads documents: give one of them.")
    }
  }

  func run() throws {
    let path = try documents.isEmpty ? ofRevision() : ofDocuments()
    try Console.print(svg ? PathPicture(path).text : DotText(path).text)
  }

  private func ofRevision() throws -> DecisionPath {
    let table = try OpenTable.asked(at, of: store.directory)
    return try path(in: table.image, of: "revision \(table.revision)")
  }

  private func ofDocuments() throws -> DecisionPath {
    let sources = Documents.load(paths: documents)
    let compilation = try Compilation(sources, against: nil, tellsWarnings: false)
    return try compilation.image.withBytes { bytes in
      try path(
        in: Image.validate(bytes), of: documents.map { Printable.text($0) }.joined(separator: ", "))
    }
  }

  private func path(in image: Image, of table: String) throws -> DecisionPath {
    guard let outline = UseCaseOutline(useCase, of: image) else {
      let hint = TableFacts.hint(for: useCase, among: image.useCaseNames)
      throw Refusal(
        message: "\(table) has no use case `\(Printable.text(useCase))`\(hint)")
    }
    return PathTracing(outline, title: "\(outline.name), \(table)").path
  }
}
