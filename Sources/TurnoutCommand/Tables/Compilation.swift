import Turnout
import TurnoutCompiler
import TurnoutDiff

/// Documents that became a table.
struct Compilation {
  let sources: [Source]
  let unitFiles: [UnitFile]
  let image: [UInt8]
  let digest: Digest
  let changes: [AllocationChange]
  let guards: DocumentGuards
  private let compiled: CompiledTable
  let gone: [AllocationChange]

  /// Compiles, with the files of units that the sources name from the disk. What is doubtful goes to
  /// standard error, if that is wanted; what is wrong does, and is a refusal.
  init(_ sources: [Source], against earlier: Image?, tellsWarnings: Bool = true) throws {
    let compiled = CompiledTable(
      sources, unitFiles: Documents.unitFiles, against: earlier, now: SystemClock.now)
    for diagnostic in compiled.diagnostics where tellsWarnings || diagnostic.severity == .error {
      Console.printError(diagnostic.text(colored: Style.error.isColored))
    }
    guard let image = compiled.image, let digest = compiled.digest else {
      throw Refusal(
        message: DiagnosticCounts(compiled).summary(files: sources.count) + ": nothing was done.",
        status: sources.statusIfWrong)
    }
    self.sources = sources
    self.image = image
    unitFiles = compiled.unitFiles
    self.digest = digest
    changes = compiled.changes
    guards = compiled.guards
    gone = compiled.gone
    self.compiled = compiled
  }

  /// Asks what the documents expect. What comes out otherwise goes to standard error, and is a refusal.
  /// `option` is the one that would have named a table to compile against, where none was.
  func requireExpected(without option: String? = nil) throws {
    let run = try ExpectationRun(compiled, of: sources, now: SystemClock.now)
    guard !run.failed.isEmpty else { return }
    ExpectedCases.printFailed(run, without: option)
    throw Refusal(message: ExpectedCases.summary(run) + ": nothing was done.")
  }
}

/// How many errors and warnings.
struct DiagnosticCounts {
  let errors: Int
  let warnings: Int

  init(_ compiled: CompiledTable) {
    warnings = compiled.diagnostics.count { $0.severity == .warning }
    errors = compiled.diagnostics.count - warnings + compiled.omittedCount
  }

  func summary(files: Int) -> String {
    var text = Figures.count(errors, "error")
    if warnings > 0 { text += " and " + Figures.count(warnings, "warning") }
    let shown = errors > Limits.diagnosticsShownMax
    if shown { text += " (the first \(Limits.diagnosticsShownMax) are shown)" }
    return text + " in " + Figures.count(files, "file")
  }
}
