import Turnout
import TurnoutCompiler
import TurnoutDiff

/// What the cases of documents came to.
enum Expected {
  /// Cases that are spelled out; of more, only how many there are is said.
  private static let shownMax = 20

  /// Each that failed with its place and its explanation, on standard error.
  static func printFailed(_ run: ExpectationRun) {
    let isColored = Style.error.isColored
    for failed in run.failed.prefix(shownMax) {
      var text = failed.diagnostic.text(colored: isColored)
      let explanation = failed.explanation?.text(isColored: isColored) ?? ""
      let lines = explanation.split(separator: "\n", omittingEmptySubsequences: false)
      text += "\n" + lines.map { $0.isEmpty ? "" : "    " + $0 }.joined(separator: "\n")
      Console.printError(text)
    }
  }

  /// `2 of 14 cases of `expect` came out otherwise`.
  static func summary(_ run: ExpectationRun) -> String {
    let shown =
      run.failed.count > shownMax ? " (the first \(shownMax) are shown)" : ""
    let cases = Figures.count(run.askedCount, "case")
    return "\(Figures.grouped(run.failed.count)) of \(cases) of `expect` came out otherwise"
      + shown
  }

  /// `"expectations": {"asked": …, "failed": […]}`.
  static func write(_ run: ExpectationRun, to writer: inout JSONWriter) {
    writer.key("expectations")
    writer.beginObject()
    writer.field("asked", run.askedCount)
    writer.key("failed")
    writer.beginArray()
    for failed in run.failed {
      writer.beginObject()
      writer.field("file", failed.diagnostic.file)
      writer.field("line", failed.diagnostic.line)
      writer.field("column", failed.diagnostic.column)
      writer.field("description", failed.expectation.description)
      writer.field("use_case", failed.expectation.useCase)
      writer.key("differs")
      writer.beginArray()
      for mismatch in failed.mismatches {
        writer.beginObject()
        writer.field("what", mismatch.what)
        writer.key("expected")
        writer.beginArray()
        for alternative in mismatch.expected { writer.string(alternative) }
        writer.endArray()
        writer.field("came", mismatch.came)
        writer.endObject()
      }
      writer.endArray()
      writer.field("explain", raw: failed.explanation?.json ?? "null")
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
  }
}
