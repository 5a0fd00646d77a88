package import Turnout
package import TurnoutCompiler

/// The cases of documents, asked of the table that the documents gave.
package struct ExpectationRun: Sendable {
  package let askedCount: Int
  /// In the order of the cases.
  package let failed: [FailedExpectation]

  /// Asks all of `compiled`, if it has an image. Under no overlay; cases that say no time are asked at
  /// `now`.
  package init(_ compiled: CompiledTable, of sources: [Source], now: Int64) throws(TurnoutError) {
    askedCount = compiled.expectations.count
    guard askedCount > 0, let image = compiled.image else {
      failed = []
      return
    }
    failed = try image.withBytes { bytes throws(TurnoutError) in
      var asked = AskedTable(image: try Image.validate(bytes), sources: sources, now: now)
      return compiled.expectations.compactMap { asked.failure(of: $0) }
    }
  }
}

/// A case that came out otherwise.
package struct FailedExpectation: Sendable {
  package let expectation: Expectation
  /// Where, what was expected, and what came.
  package let diagnostic: Diagnostic
  /// Of a request what differs; empty of a share.
  package let mismatches: [Mismatch]
  package let evidence: Evidence

  /// Whether where arms lie had a part in it. A share does not depend on that.
  package var isDrawn: Bool {
    guard case .explanation(let explanation) = evidence else { return false }
    return explanation.evaluation.isDrawn
  }

  package enum Evidence: Sendable {
    /// How the answer to a request came about.
    case explanation(Explanation)
    /// What all units get, the largest share first.
    case shares(CountedShares)
  }
}

/// A table that cases are asked of.
private struct AskedTable {
  let image: Image
  let sources: [Source]
  let now: Int64
  /// Draws that may still be followed.
  var steps = CountedShares.stepsMax

  mutating func failure(of expectation: Expectation) -> FailedExpectation? {
    switch expectation.subject {
    case .request(let given): failure(of: expectation, given)
    case .share(let share): failure(of: expectation, share)
    }
  }

  private func failure(
    of expectation: Expectation, _ given: ExpectedRequest
  ) -> FailedExpectation? {
    var request = expectation.request(now: now)
    request.unit = Request.Unit(given.unit)
    request.requestID = Request.Unit(given.requestID)
    for unit in given.units { request.units[unit.name] = Request.Unit(unit.value) }
    // A table that is no revision yet has no number.
    let table = TableResolver(image: image, revision: 0)
    let decision = table.resolve(request)
    let mismatches = expectation.mismatches(Outcome(decision), config: decision.config)
    guard let first = mismatches.first else { return nil }
    return FailedExpectation(
      expectation: expectation,
      diagnostic: diagnostic(
        expectation, first.mark, mismatches.map(\.text).joined(separator: "; ")),
      mismatches: mismatches, evidence: .explanation(table.explain(request)))
  }

  private mutating func failure(
    of expectation: Expectation, _ expected: ExpectedShare
  ) -> FailedExpectation? {
    let counted = CountedShares(expectation, in: image, now: now, steps: &steps)
    guard !counted.fits(expected) else { return nil }
    return FailedExpectation(
      expectation: expectation,
      diagnostic: diagnostic(expectation, expected.mark, counted.words(expectation, expected)),
      mismatches: [], evidence: .shares(counted))
  }

  private func diagnostic(
    _ expectation: Expectation, _ mark: SourceMark, _ words: String
  ) -> Diagnostic {
    Diagnostic(
      .expectationFailed, at: mark, of: sources,
      expectation.description.map { "\($0): \(words)" } ?? words)
  }
}

extension Expectation {
  /// What a case asks, without any unit.
  func request(now: Int64) -> Request {
    var request = Request(useCase, now: self.now ?? now, wantsConfig: !outcome.config.isEmpty)
    for attribute in context { request.attributes[attribute.name] = attribute.value.given }
    for assignment in assignments {
      request.assignments.updateValue(assignment.cell, forKey: assignment.experiment)
    }
    return request
  }
}

extension Evaluation {
  fileprivate var isDrawn: Bool {
    let isDecided = rules.contains { rule in
      let gates = rule.experiment?.gates ?? []
      return rule.draw != nil
        || gates.contains { gate in
          switch gate.kind {
          case .holdout(_, _, let draw), .layer(_, let draw): draw != nil
          default: false
          }
        }
    }
    let walks = placement?.walks ?? []
    return isDecided
      || walks.contains { walk in
        walk.draw != nil || walk.clusters.contains { $0.shard?.draw != nil }
      }
  }
}

extension AttributeValue {
  /// As a request gives it.
  fileprivate var given: Request.Value {
    switch self {
    case .string(let text): .string(text.string)
    case .number(let number): .number(number)
    case .boolean(let value): .boolean(value)
    case .version(let version): .string(version.text.string)
    }
  }
}
