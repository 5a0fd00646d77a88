import ArgumentParser
import Turnout
import TurnoutCompiler

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find everything that is wrong with routing documents.",
    discussion: """
      All errors at once, each with file, line, column and what would be right. Exit status 1 if \
      there is any. With --store, also what only shows beside the table that is head there.

      Warnings say what is allowed and seldom meant; they stop nothing, unless --strict is given. \
      `allow: [code]` on the thing that one is given for silences it there.

        turnout check routing.yaml
        turnout check teams/ --json
        turnout check routing.yaml --store ./turnout-store --strict     # for a pipeline
      """)

  @OptionGroup var documents: DocumentArguments

  @Option(
    help: ArgumentHelp("Check as a publish into this store would.", valueName: "dir"),
    completion: .directory)
  var store: String?

  @Flag(help: "Exit status 1 if there is a warning, too.")
  var strict = false

  @Option(
    help: ArgumentHelp("Whether an experiment is over is asked of this time.", valueName: "time"))
  var now: String?

  @OptionGroup var json: JSONOption

  func validate() throws {
    if let now, Instant(now) == nil { throw ValidationError("--now: \(Instant.expectation).") }
  }

  func run() throws {
    let (sources, compiled) = try Progress.during { progress in
      progress.step("reading")
      let sources = Documents.load(paths: documents.documents)
      progress.step("checking")
      let now = now.flatMap { Instant($0)?.nanoseconds } ?? SystemClock.now
      return (
        sources,
        CompiledTable(sources, unitFiles: Documents.unitFiles, against: try head(), now: now)
      )
    }
    if json.isOn {
      try Console.printJSON { write(compiled, to: &$0) }
    } else {
      try report(compiled, files: sources.count)
    }
    let isRefused = strict && DiagnosticCounts(compiled).warnings > 0
    if compiled.image == nil || isRefused { throw Refusal() }
  }

  private func head() throws(TurnoutError) -> Image? {
    guard let store, try Directory.status(store) != nil else { return nil }
    return try OpenTable.head(of: store)?.image
  }

  private func report(_ compiled: CompiledTable, files: Int) throws {
    for diagnostic in compiled.diagnostics {
      Console.printError(diagnostic.text(colored: Style.error.isColored))
    }
    let counts = DiagnosticCounts(compiled)
    guard let image = compiled.image else {
      return Console.fail(counts.summary(files: files) + ".")
    }
    let facts = try image.withBytes { bytes throws(TurnoutError) in
      TableFacts(try Image.validate(bytes)).summary
    }
    var line = Style.output.green("ok") + "  " + Figures.count(files, "file") + ": " + facts
    if counts.warnings > 0 { line += "; " + Figures.count(counts.warnings, "warning") }
    try Console.print(line)
  }

  private func write(_ compiled: CompiledTable, to writer: inout JSONWriter) {
    let counts = DiagnosticCounts(compiled)
    writer.beginObject()
    writer.field("ok", compiled.image != nil)
    writer.field("errors", counts.errors)
    writer.field("warnings", counts.warnings)
    writer.key("diagnostics")
    writer.beginArray()
    for diagnostic in compiled.diagnostics {
      writer.beginObject()
      writer.field("severity", diagnostic.severity.rawValue)
      writer.field("code", diagnostic.code.rawValue)
      writer.field("file", diagnostic.file)
      // 0 where the whole file is meant.
      writer.field("line", diagnostic.line == 0 ? nil : diagnostic.line)
      writer.field("column", diagnostic.column == 0 ? nil : diagnostic.column)
      writer.field("message", diagnostic.message)
      writer.field("suggestion", diagnostic.suggestion)
      writer.field("page", diagnostic.code.page)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
  }
}
