import Turnout
import TurnoutCompiler

/// What all units get in the context of a case, told apart by what the case asks.
package struct CountedShares: Sendable {
  /// The largest share first; those that are as expected before others.
  package let answers: [Answer]
  /// The share of those that are as expected.
  package let expected: Share
  /// Why nothing could be counted, in words.
  package let limit: String?

  package struct Answer: Sendable {
    package var text: String
    package var share: Share
    package var isExpected: Bool
  }

  /// Draws that are followed for the cases of all documents together before the rest is given up.
  static let stepsMax = 20_000_000

  /// `steps` is what may be spent, and is less by what was.
  init(_ expectation: Expectation, in image: Image, now: Int64, steps: inout Int) {
    var request = ContextOutcomes.withAllUnits(expectation.request(now: now), in: image)
    request.requestID = ContextOutcomes.anyUnit
    do throws(TurnoutError) {
      let asked = OutcomeParts.named(
        experiments: Set(expectation.outcome.cells.map(\.name)),
        shadows: Set(expectation.outcome.shadows.map(\.name)))
      let most = min(steps, ContextOutcomes.stepsMax)
      var left = most
      defer { steps -= most - left }
      let counted = try ContextOutcomes(request, in: image, telling: asked, steps: &left)
      var shares: [String: Answer] = [:]
      for (outcome, share) in counted.outcomes {
        let text = outcome.text(asked: expectation.outcome)
        let isExpected = expectation.mismatches(outcome).isEmpty
        shares[text, default: Answer(text: text, share: .zero, isExpected: isExpected)].share +=
          share
      }
      answers = shares.values.sorted { one, other in
        if one.isExpected != other.isExpected { return one.isExpected }
        return one.share != other.share ? one.share > other.share : one.text < other.text
      }
      expected = answers.reduce(into: Share.zero) { if $1.isExpected { $0 += $1.share } }
      limit = nil
    } catch {
      (answers, expected) = ([], .zero)
      limit = error.message
    }
  }

  /// Whether it is the share that was expected, as far off as it may be.
  func fits(_ wanted: ExpectedShare) -> Bool {
    guard limit == nil else { return false }
    let (share, off) = (wanted.share.units, wanted.tolerance.units)
    let counted = expected.times(Percentage.whole)
    return counted >= Share(whole: share - min(share, off)) && counted <= Share(whole: share + off)
  }

  func words(_ expectation: Expectation, _ wanted: ExpectedShare) -> String {
    if let limit { return limit }
    var text = "expected \(wanted.share.percents) %"
    if wanted.tolerance.units > 0 { text += " (within \(wanted.tolerance.percents) %)" }
    let outcome = expectation.outcome.words
    return text
      + " of units to get \(outcome), came \(RingShare.roundedPercent(expected.positions))"
  }
}

extension Outcome {
  /// Told apart only by what is asked.
  fileprivate func text(asked: ExpectedOutcome) -> String {
    var parts: [String] = []
    if let endpoint = destination.endpoint {
      let isPlaced = asked.cluster != nil || asked.shard != nil || asked.routingKey != nil
      if isPlaced {
        parts.append(destination.text)
      } else if asked.model != nil {
        parts.append(endpoint.target)
      }
    } else {
      return destination.text
    }
    for part in asked.cells {
      let cell = cells.first { $0.experiment == part.name }?.cell
      parts.append("\(part.name): \(cell ?? "no cell")")
    }
    for part in asked.shadows {
      let shadow = shadows.first { $0.name == part.name }?.endpoint
      parts.append("shadow \(part.name): \(shadow?.target ?? "none")")
    }
    return parts.isEmpty ? "an answer" : parts.joined(separator: ", ")
  }
}

extension ExpectedOutcome {
  /// What is expected, as a part of a sentence.
  fileprivate var words: String {
    guard status == .ok else { return "status `\(status.rawValue)`" }
    var parts: [String] = []
    if let model { parts.append("model \(model.words)") }
    if let cluster { parts.append("cluster \(cluster.words)") }
    if let shard { parts.append("shard \(shard.words)") }
    if let routingKey { parts.append("routing key \(routingKey.words)") }
    parts += cells.map { part in
      (part.alternatives.map { "cell " + words($0) } ?? "no cell") + " of `\(part.name)`"
    }
    parts += shadows.map { part in
      part.alternatives.map { "shadow `\(part.name)` for " + words($0) }
        ?? "no shadow `\(part.name)`"
    }
    guard let last = parts.last, parts.count > 1 else { return parts.first ?? "an answer" }
    return parts.dropLast().joined(separator: ", ") + " and " + last
  }

  private func words<Value>(_ alternatives: [Value]) -> String {
    alternatives.map { "`\($0)`" }.joined(separator: " or ")
  }
}

extension Expected {
  fileprivate var words: String { alternatives.map { "`\($0)`" }.joined(separator: " or ") }
}
