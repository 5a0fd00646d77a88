import Turnout
import TurnoutCompiler
import TurnoutDiff

/// What the cases of documents came to.
enum ExpectedCases {
  /// Cases that are spelled out; of more, only how many there are is said.
  private static let shownMax = 20
  /// Answers to units that are told apart.
  private static let answersMax = 12

  /// Each that failed with its place and its explanation, on standard error. `option` is the one that
  /// would have named a table to compile against, where none was.
  static func printFailed(_ run: ExpectationRun, without option: String? = nil) {
    let isColored = Style.error.isColored
    for failed in run.failed.prefix(shownMax) {
      var lines = [failed.diagnostic.text(colored: isColored)] + evidence(failed)
      if let option, failed.isDrawn {
        lines.append(
          "    Without \(option) arms lie as in a first publish: elsewhere this unit may draw another."
        )
      }
      Console.printError(lines.joined(separator: "\n") + "\n")
    }
  }

  private static func evidence(_ failed: FailedExpectation) -> [String] {
    switch failed.evidence {
    case .explanation(let explanation):
      let text = explanation.text(isColored: Style.error.isColored)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      return (lines.last == "" ? lines.dropLast() : lines).map { $0.isEmpty ? "" : "    " + $0 }
    case .shares(let counted):
      var table = TextTable([.right, .left, .left])
      for answer in counted.answers.prefix(answersMax) {
        table.add([
          Figures.percent(answer.share.positions), Printable.text(answer.text),
          answer.isExpected ? "as expected" : "",
        ])
      }
      let more = counted.answers.count - answersMax
      let rest =
        more > 0 ? ["    and \(Figures.count(more, "other answer")); --json lists all"] : []
      return table.lines(indent: "    ") + rest
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
        writer.field("expected", mismatch.expected)
        writer.field("came", mismatch.came)
        writer.endObject()
      }
      writer.endArray()
      write(failed.evidence, to: &writer)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
  }

  /// `explain`, or of a share `answers`; the other one is null.
  private static func write(
    _ evidence: FailedExpectation.Evidence, to writer: inout JSONWriter
  ) {
    guard case .shares(let counted) = evidence else {
      if case .explanation(let explanation) = evidence {
        writer.field("explain", raw: explanation.json)
      }
      return writer.field("answers", raw: "null")
    }
    writer.field("explain", raw: "null")
    writer.key("answers")
    writer.beginArray()
    for answer in counted.answers {
      writer.beginObject()
      writer.field("answer", answer.text)
      writer.field("share", raw: Figures.share(answer.share.positions))
      writer.field("as_expected", answer.isExpected)
      writer.endObject()
    }
    writer.endArray()
  }
}
