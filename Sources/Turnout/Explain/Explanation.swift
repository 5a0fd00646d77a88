/// Why a request got its answer, or none: every rule that was tried, every test and draw with what
/// it was made of, and the walk from version to address. `Docs/explain.md` describes both forms.
public struct Explanation: Sendable {
  package let evaluation: Evaluation

  package init(_ evaluation: Evaluation) { self.evaluation = evaluation }

  /// The decision, equal to what a resolve of the same request at the same moment gives.
  public var decision: Decision { evaluation.decision }

  /// For people: lines, each ended. Long values are cut, with `…`.
  public var text: String { text(isColored: false) }

  /// For programs: one JSON object on one line, without the line's end.
  public var json: String { EvaluationJSON.text(evaluation) }

  /// The text, with the marks of terminals for bold, dim, green and red.
  package func text(isColored: Bool) -> String {
    EvaluationText.text(evaluation, TextPage.Style(isColored: isColored))
  }
}
