package import Turnout
package import TurnoutCompiler

/// The cases of documents, asked of the table that the documents gave.
package struct ExpectationRun: Sendable {
  package let askedCount: Int
  /// In the order of the cases.
  package let failed: [FailedExpectation]

  /// Asks all of `compiled`, which has an image. Under no overlay; cases that say no time are asked
  /// at `now`.
  package init(_ compiled: CompiledTable, of sources: [Source], now: Int64) throws(TurnoutError) {
    askedCount = compiled.expectations.count
    guard askedCount > 0, let image = compiled.image else {
      failed = []
      return
    }
    failed = try image.withBytes { bytes throws(TurnoutError) in
      let image = try Image.validate(bytes)
      let table = TableResolver(image: image, revision: 0)
      return compiled.expectations.compactMap { expectation in
        expectation.failure(on: table, sources, now: now)
      }
    }
  }
}

/// A case that came out otherwise.
package struct FailedExpectation: Sendable {
  package let expectation: Expectation
  /// Where, what was expected, and what came.
  package let diagnostic: Diagnostic
  package let mismatches: [Mismatch]
  /// How the answer came about; nil of a share.
  package let explanation: Explanation?
}

extension Expectation {
  fileprivate func failure(
    on table: TableResolver, _ sources: [Source], now: Int64
  ) -> FailedExpectation? {
    guard case .request(let given) = subject else { return nil }
    let request = request(given, now: now)
    let mismatches = mismatches(table.resolve(request))
    guard let first = mismatches.first else { return nil }
    let words = mismatches.map(\.text).joined(separator: "; ")
    return FailedExpectation(
      expectation: self,
      diagnostic: Diagnostic(
        .expectationFailed, at: first.mark, of: sources,
        description.map { "\($0): \(words)" } ?? words),
      mismatches: mismatches, explanation: table.explain(request))
  }

  private func request(_ given: ExpectedRequest, now: Int64) -> Request {
    var request = Request(
      useCase, unit: Request.Unit(given.unit), requestID: Request.Unit(given.requestID),
      now: self.now ?? now, wantsConfig: !outcome.config.isEmpty)
    for unit in given.units { request.units[unit.name] = Request.Unit(unit.value) }
    for attribute in context { request.attributes[attribute.name] = attribute.value.given }
    for assignment in assignments {
      request.assignments.updateValue(assignment.cell, forKey: assignment.experiment)
    }
    return request
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
