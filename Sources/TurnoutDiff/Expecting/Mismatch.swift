import Turnout
package import TurnoutCompiler

/// One thing that was expected and did not come.
package struct Mismatch: Sendable, Hashable {
  /// What it is of: `model`, ``cell of `depth` ``.
  package var what: String
  /// Any of these would have done; empty: none at all.
  package var expected: [String]
  /// Nil: none at all.
  package var came: String?
  package var mark: SourceMark

  /// As a part of a sentence.
  package var text: String {
    let wanted = expected.isEmpty ? "none" : expected.map { "`\($0)`" }.joined(separator: " or ")
    return "expected \(what) \(wanted), came \(came.map { "`\($0)`" } ?? "none")"
  }
}

extension Expectation {
  /// What of an answer is not as expected, in the order in which a case is documented; empty if
  /// everything is.
  func mismatches(_ decision: Decision) -> [Mismatch] {
    guard "\(decision.status.name)" == outcome.status.rawValue else {
      return [
        Mismatch(
          what: "status", expected: [outcome.status.rawValue], came: "\(decision.status.name)",
          mark: outcome.statusMark ?? mark)
      ]
    }
    var found: [Mismatch?] = []
    let model = ExpectedModel(model: decision.model, version: decision.version)
    found.append(outcome.model?.mismatch("model", model) { $0.fits(model) })
    found.append(outcome.cluster?.mismatch("cluster", decision.cluster) { $0 == decision.cluster })
    found.append(outcome.shard?.mismatch("shard", decision.shard) { $0 == decision.shard })
    found.append(
      outcome.routingKey?.mismatch("routing key", decision.routingKey) {
        $0 == decision.routingKey
      })
    for part in outcome.cells {
      let cell = decision.cells.first { $0.experiment == part.name }?.cell
      found.append(part.mismatch("cell of `\(part.name)`", cell) { $0 == $1 })
    }
    for part in outcome.shadows {
      let shadow = decision.shadows.first { $0.name == part.name }
        .map { ExpectedModel(model: $0.model, version: $0.version) }
      found.append(part.mismatch("shadow `\(part.name)`", shadow) { $0.fits($1) })
    }
    if !outcome.config.isEmpty {
      let config = ConfigText(decision.config ?? "{}")
      found += outcome.config.map { $0.mismatch(config) }
    }
    return found.compactMap(\.self)
  }
}

extension ExpectedModel {
  fileprivate func fits(_ came: ExpectedModel) -> Bool {
    model == came.model && (version == nil || version == came.version)
  }
}

extension Expected {
  fileprivate func mismatch<Came>(
    _ what: String, _ came: Came?, _ fits: (Value) -> Bool
  ) -> Mismatch? {
    guard !alternatives.contains(where: fits) else { return nil }
    return Mismatch(
      what: what, expected: alternatives.map { "\($0)" }, came: came.map { "\($0)" }, mark: mark)
  }
}

extension ExpectedPart {
  fileprivate func mismatch(
    _ what: String, _ came: Value?, _ fits: (Value, Value) -> Bool
  ) -> Mismatch? {
    let isRight =
      if let alternatives {
        came.map { came in alternatives.contains { fits($0, came) } } ?? false
      } else {
        came == nil
      }
    guard !isRight else { return nil }
    return Mismatch(
      what: what, expected: (alternatives ?? []).map { "\($0)" }, came: came.map { "\($0)" },
      mark: mark)
  }
}

extension ExpectedConfig {
  fileprivate func mismatch(_ config: ConfigText) -> Mismatch? {
    let came = config[entry.key.string]
    guard came != entry.json.string else { return nil }
    return Mismatch(
      what: "config `\(entry.key)`", expected: [entry.json.string], came: came, mark: mark)
  }
}
