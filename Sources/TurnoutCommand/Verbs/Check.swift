import ArgumentParser
import Turnout
import TurnoutCompiler
import TurnoutDiff

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find everything that is wrong with routing documents.",
    discussion: """
      All errors at once, each with file, line, column and what would be right. Exit status 1 if \
      there is any. With --store, also what only shows beside the table that is head there.

      Warnings say what is allowed and seldom meant; they stop nothing, unless --strict is given. \
      Which rules and values no request gets to is proved here alone. \
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
    let (sources, compiled, expected) = try Progress.during { progress in
      let head = try head()
      progress.step("reading")
      let sources = Documents.load(paths: documents.documents)
      progress.step("checking")
      let now = now.flatMap { Instant($0)?.nanoseconds } ?? SystemClock.now
      let compiled = CompiledTable(
        sources, unitFiles: Documents.unitFiles, against: head, now: now, proves: true)
      progress.step("asking what is expected")
      return (
        sources, compiled, try ExpectationRun(compiled, of: sources, now: now)
      )
    }
    if json.isOn {
      try Console.printJSON { write(compiled, expected, to: &$0) }
    } else {
      try report(compiled, expected, files: sources.count)
    }
    if compiled.image == nil { throw Refusal(status: sources.statusIfWrong) }
    let isDoubtful = strict && DiagnosticCounts(compiled).warnings > 0
    if !expected.failed.isEmpty || isDoubtful { throw Refusal() }
  }

  private func head() throws(TurnoutError) -> Image? {
    guard let store else { return nil }
    guard try Directory.status(store) != nil else {
      throw TurnoutError(
        .noStore,
        "There is no store at \(store). Leave --store out to check as the first publish into a new "
          + "one would.")
    }
    return try OpenTable.head(of: store)?.image
  }

  private func report(_ compiled: CompiledTable, _ expected: ExpectationRun, files: Int) throws {
    for diagnostic in compiled.diagnostics {
      Console.printError(diagnostic.text(colored: Style.error.isColored))
    }
    let counts = DiagnosticCounts(compiled)
    guard let image = compiled.image else {
      return Console.fail(counts.summary(files: files) + ".")
    }
    guard expected.failed.isEmpty else {
      ExpectedCases.printFailed(expected, without: store == nil ? "--store" : nil)
      return Console.fail(ExpectedCases.summary(expected) + ".")
    }
    let facts = try image.withBytes { bytes throws(TurnoutError) in
      TableFacts(try Image.validate(bytes)).summary
    }
    var line = Style.output.green("ok") + "  " + Figures.count(files, "file") + ": " + facts
    if expected.askedCount > 0 {
      line += "; " + Figures.count(expected.askedCount, "case") + " as expected"
    }
    if counts.warnings > 0 { line += "; " + Figures.count(counts.warnings, "warning") }
    try Console.print(line)
  }

  private func write(
    _ compiled: CompiledTable, _ expected: ExpectationRun, to writer: inout JSONWriter
  ) {
    let counts = DiagnosticCounts(compiled)
    writer.beginObject()
    writer.field("ok", compiled.image != nil && expected.failed.isEmpty)
    writer.field("errors", counts.errors + expected.failed.count)
    writer.field("warnings", counts.warnings)
    writer.key("diagnostics")
    writer.beginArray()
    for diagnostic in compiled.diagnostics + expected.failed.map(\.diagnostic) {
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
    ExpectedCases.write(expected, to: &writer)
    writer.endObject()
  }
}
