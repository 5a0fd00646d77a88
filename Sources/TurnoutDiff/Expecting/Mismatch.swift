import Turnout
package import TurnoutCompiler

/// One thing that was expected and did not come.
package struct Mismatch: Sendable, Hashable {
  /// What it is of: `model`, `cell of depth`.
  package var what: String
  package var expected: String
  package var came: String
  package var mark: SourceMark

  /// As a part of a sentence.
  package var text: String { "expected \(what) \(expected), came \(came)" }
}

extension Expectation {
  /// What of an answer is not as expected, in the order in which a case is documented; empty if
  /// everything is.
  func mismatches(_ decision: Decision) -> [Mismatch] {
    guard decision.status.isTheSame(as: outcome.status) else {
      return [
        Mismatch(
          what: "status", expected: "`\(outcome.status.rawValue)`", came: "`\(decision.status.name)`",
          mark: outcome.statusMark ?? mark)
      ]
    }
    var found: [Mismatch] = []
    let model = ExpectedModel(model: decision.model, version: decision.version)
    if let expected = outcome.model,
      !expected.alternatives.contains(where: { $0.fits(model) })
    {
      found.append(expected.mismatch("model", came: "`\(model)`"))
    }
    let texts = [
      ("cluster", outcome.cluster, Optional(decision.cluster)),
      ("shard", outcome.shard, decision.shard),
      ("routing key", outcome.routingKey, decision.routingKey),
    ]
    for case (let what, let expected?, let came) in texts {
      guard !expected.alternatives.contains(where: { $0 == came }) else { continue }
      found.append(expected.mismatch(what, came: came.map { "`\($0)`" } ?? "none"))
    }
    for part in outcome.cells {
      let cell = decision.cells.first { $0.experiment == part.name }?.cell
      guard !part.holds(cell, { $0 == $1 }) else { continue }
      found.append(part.mismatch("cell of `\(part.name)`", came: cell))
    }
    for part in outcome.shadows {
      let shadow = decision.shadows.first { $0.name == part.name }
        .map { ExpectedModel(model: $0.model, version: $0.version) }
      guard !part.holds(shadow, { $0.fits($1) }) else { continue }
      found.append(part.mismatch("shadow `\(part.name)`", came: shadow))
    }
    if !outcome.config.isEmpty {
      let config = ConfigText(decision.config ?? "{}")
      for key in outcome.config {
        let came = config[key.entry.key.string]
        guard came != key.entry.json.string else { continue }
        found.append(
          Mismatch(
            what: "config `\(key.entry.key)`", expected: "`\(key.entry.json)`",
            came: came.map { "`\($0)`" } ?? "no such key", mark: key.mark))
      }
    }
    return found
  }
}

extension ExpectedModel {
  func fits(_ came: ExpectedModel) -> Bool {
    model == came.model && (version == nil || version == came.version)
  }
}

extension Expected where Value: CustomStringConvertible {
  /// `a`, or `a` or `b`.
  var words: String {
    alternatives.map { "`\($0)`" }.joined(separator: " or ")
  }

  fileprivate func mismatch(_ what: String, came: String) -> Mismatch {
    Mismatch(what: what, expected: words, came: came, mark: mark)
  }
}

extension ExpectedPart where Value: CustomStringConvertible {
  var words: String {
    alternatives.map { $0.map { "`\($0)`" }.joined(separator: " or ") } ?? "none"
  }

  fileprivate func holds(_ came: Value?, _ fits: (Value, Value) -> Bool) -> Bool {
    guard let alternatives else { return came == nil }
    guard let came else { return false }
    return alternatives.contains { fits($0, came) }
  }

  fileprivate func mismatch(_ what: String, came: Value?) -> Mismatch {
    Mismatch(what: what, expected: words, came: came.map { "`\($0)`" } ?? "none", mark: mark)
  }
}

extension Status {
  fileprivate func isTheSame(as expected: ExpectedStatus) -> Bool {
    "\(name)" == expected.rawValue
  }
}
