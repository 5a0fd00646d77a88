import ArgumentParser
import Turnout
import TurnoutCompiler
import TurnoutDiff

struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say who moves where between two tables, before anybody does.",
    discussion: """
      A table is a document or a folder of them, a table file, a store (its head), or of --store \
      @head, a revision as @3, or what was head at a time, as "@yesterday 15:00". One alone is \
      compared with @head. Documents are compiled against the table before them, as a publish would.

      Shares are exact: worked out over all units by arithmetic, for each class of context apart. \
      --population weighs contexts, or resolves requests one by one.

        turnout diff routing.yaml                # what would a publish of it move?
        turnout diff @3 @head
        turnout diff old.table new.table --json
        turnout diff routing.yaml --population requests.jsonl
        turnout diff routing.yaml --html moves.html
        turnout diff routing.yaml --exit-code    # exit status 1 if anything moves
      """)

  @Argument(
    help: ArgumentHelp(
      "The table before, and the one after; before is @head if left out.", valueName: "table"),
    completion: .file())
  var tables: [String]

  @Option(
    help: ArgumentHelp(
      "Requests or weighted contexts as lines of JSON; `-` is standard input.", valueName: "file"),
    completion: .file())
  var population: String?

  @Option(
    help: ArgumentHelp(
      "The time that windows of experiments are held against, as in 2026-11-20T00:00:00Z. "
        + "Default: the clock.", valueName: "time"))
  var now: String?

  @Option(
    help: ArgumentHelp(
      "Also write a page with pictures, for a browser: one file that needs nothing else.",
      valueName: "file"),
    completion: .file(extensions: ["html"]))
  var html: String?

  @Flag(help: "Show everything, not only what moves most.")
  var all = false

  @Flag(help: "End with exit status 1 if anything moves, 0 if not; anything else is trouble.")
  var exitCode = false

  @OptionGroup var store: StoreOption
  @OptionGroup var json: JSONOption

  func validate() throws {
    guard (1...2).contains(tables.count) else {
      throw ValidationError("Name one table or two.")
    }
    if html?.isEmpty == true { throw ValidationError("--html needs the name of a file.") }
    if let now, Instant(now) == nil { throw ValidationError("--now: \(Instant.expectation).") }
  }

  func run() throws {
    let (before, after) = tables.count == 1 ? ("@head", tables[0]) : (tables[0], tables[1])
    let (difference, overlay) = try Progress.during { progress in
      progress.step("reading")
      do {
        let (difference, overlay) = try compare(before, after, progress)
        if let html {
          progress.step("writing the page")
          try WholeFile.make(Array(DifferencePage(difference).text.utf8), at: html, "the page")
        }
        return (difference, overlay)
      } catch let refusal as Refusal where refusal.status == .refused {
        // Documents that are no table: not what a comparison may answer with 1.
        throw Refusal(message: refusal.message, status: .wrongUsage)
      } catch let error as TurnoutError where ExitStatus(error.status) == .refused {
        throw TurnoutError(.invalidArgument, error.message)
      }
    }
    if json.isOn {
      try Console.printJSON { DifferenceJSON.write(difference, overlay: overlay, to: &$0) }
    } else {
      try Console.print(
        (DifferenceText(difference, isWhole: all).lines() + (overlay?.lines ?? []))
          .joined(separator: "\n"))
    }
    if exitCode, difference.moves { throw Refusal() }
  }

  private func compare(
    _ before: String, _ after: String, _ progress: Progress
  ) throws -> (TableDifference, OverlayDifference?) {
    let time = now.flatMap { Instant($0)?.nanoseconds } ?? SystemClock.now
    return try TableReference(before).open(as: before, in: store.directory, against: nil) { old in
      try TableReference(after).open(
        as: after, in: store.directory, against: old.image
      ) { new in
        progress.step("comparing")
        let comparison = TableComparison(
          before: old.compared, after: new.compared, now: time)
        if let population {
          try PopulationFile(path: population).add(to: comparison, progress)
        }
        let overlay = try OverlayDifference(from: old, to: new, in: store.directory)
        return (comparison.difference(population: population), overlay)
      }
    }
  }
}

extension ReferencedTable {
  /// As a comparison takes it.
  var compared: TableComparison.Named {
    TableComparison.Named(name: name, revision: revision, image: image)
  }
}
