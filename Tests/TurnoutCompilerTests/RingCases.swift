import Testing
import Turnout

@testable import TurnoutCompiler

/// One request for lengths, as a document would make it.
struct RingStep {
  var weights: [(key: String, weight: Weight)] = []
  var shares: [(key: String, share: Percentage)] = []

  func lengths(carriedFrom previous: Allocation?) throws -> Lengths {
    shares.isEmpty
      ? try Lengths(weights: weights, carriedFrom: previous) : try Lengths(shares: shares)
  }

  func allocation(carriedFrom previous: Allocation?) throws -> Allocation {
    let lengths = try lengths(carriedFrom: previous)
    return previous.map { .carried(from: $0, lengths) } ?? .fresh(lengths)
  }

  mutating func shuffle(_ dice: inout Dice) {
    weights.shuffle(using: &dice)
    shares.shuffle(using: &dice)
  }
}

extension Dice {
  /// Arms from a small pool, so that steps of one chain have many in common.
  mutating func step(partial: Bool) -> RingStep {
    var pool = (0..<(2 + upTo(14))).map { "arm-\($0)" } + ["cells:é", "cells:e\u{301}", "B", "a.b"]
    pool.shuffle(using: &self)
    let keys = pool.prefix(1 + upTo(pool.count))
    var step = RingStep()
    if partial {
      var left: UInt64 = 100
      step.shares = keys.map { key in
        let whole = next() % (left / 2 + 1)
        left -= whole
        let text = whole > 0 && chance(50) ? "\(whole - 1).\(digits())%" : "\(whole)%"
        return (key, Percentage(text) ?? .all)
      }
    } else {
      step.weights = keys.map { ($0, weight()) }
      if step.weights.allSatisfy({ $0.weight.units == 0 }) { step.weights[0].weight = .one }
    }
    return step
  }

  private mutating func weight() -> Weight {
    switch upTo(5) {
    case 0: read("0")
    case 1: read("1")
    case 2: read("\(upTo(4))")
    case 3: read("\(upTo(1_000_000_000)).\(digits())")
    default: read("0.\(digits())")
    }
  }

  /// A weight that must be readable; if it is not, the properties fail on its absence.
  private func read(_ text: String) -> Weight {
    guard let weight = Weight(text) else {
      Issue.record("no weight: \(text)")
      return .one
    }
    return weight
  }

  private mutating func digits() -> String {
    String(String(1_000_000_000 + upTo(1_000_000_000)).suffix(1 + upTo(9)))
  }
}

/// What a piece of the ring was and is.
struct Piece {
  var length: UInt64
  var before: String?
  var after: String?
}

/// Both allocations cut at the borders of both: another way than the product's.
func pieces(_ old: Allocation, _ new: Allocation) -> [Piece] {
  let ends = (old.intervals + new.intervals).flatMap { [$0.lower, $0.upper] }
  let borders = Set(ends + [0, Ring.positions]).sorted()
  return zip(borders, borders.dropFirst()).map { lower, upper in
    Piece(length: upper - lower, before: old.owner(of: lower), after: new.owner(of: lower))
  }
}

extension Allocation {
  func owner(of position: UInt64) -> String? {
    intervals.first { $0.lower <= position && position < $0.upper }.map { arms[$0.arm].key }
  }

  func length(of key: String) -> UInt64 {
    arms.first { Array($0.key.utf8) == Array(key.utf8) }?.length ?? 0
  }

  /// Everything that `arms` and `intervals` promise; and the whole ring, if it is to be covered.
  func isSound(covers: Bool) -> Bool {
    var lengths = [UInt64](repeating: 0, count: arms.count)
    var end: UInt64 = 0
    var last: Int?
    for interval in intervals {
      guard interval.lower < interval.upper, interval.lower >= end else { return false }
      if covers, interval.lower != end { return false }
      if interval.lower == end, interval.arm == last { return false }
      lengths[interval.arm] += interval.upper - interval.lower
      (end, last) = (interval.upper, interval.arm)
    }
    let sorted = zip(arms, arms.dropFirst()).allSatisfy {
      $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
    }
    return sorted && lengths == arms.map(\.length) && end <= Ring.positions
      && (!covers || end == Ring.positions)
  }
}
