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
  func mismatches(_ came: Outcome, config: String? = nil) -> [Mismatch] {
    guard came.status == outcome.status.rawValue else {
      return [
        Mismatch(
          what: "status", expected: [outcome.status.rawValue], came: came.status,
          mark: outcome.statusMark ?? mark)
      ]
    }
    var found: [Mismatch?] = []
    if let endpoint = came.destination.endpoint {
      let model = ExpectedModel(model: endpoint.model, version: endpoint.version)
      let (cluster, shard, key) = (endpoint.cluster, endpoint.shard, endpoint.routingKey)
      found = [
        outcome.model?.mismatch("model", model) { $0.fits(model) },
        outcome.cluster?.mismatch("cluster", cluster) { $0 == cluster },
        outcome.shard?.mismatch("shard", shard) { $0 == shard },
        outcome.routingKey?.mismatch("routing key", key) { $0 == key },
      ]
    }
    for part in outcome.cells {
      let cell = came.cells.first { $0.experiment == part.name }?.cell
      found.append(part.mismatch("cell of `\(part.name)`", cell) { $0 == $1 })
    }
    for part in outcome.shadows {
      let shadow = came.shadows.first { $0.name == part.name }?.endpoint
      let model = shadow.map { ExpectedModel(model: $0.model, version: $0.version) }
      found.append(part.mismatch("shadow `\(part.name)`", model) { $0.fits($1) })
    }
    if !outcome.config.isEmpty {
      let config = ConfigText(config ?? "{}")
      found += outcome.config.map { $0.mismatch(config) }
    }
    return found.compactMap(\.self)
  }
}

extension Outcome {
  fileprivate var status: String {
    switch destination {
    case .endpoint: "\(Status.ok.name)"
    case .refusal(let status): "\(status.name)"
    }
  }

  /// What one request was answered with.
  init(_ decision: Decision) {
    self.init(Destination(decision))
    cells = decision.cells.map { Cell(experiment: $0.experiment, cell: $0.cell) }
    shadows = decision.shadows.map { Shadow(name: $0.name, endpoint: Destination.Endpoint($0)) }
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
