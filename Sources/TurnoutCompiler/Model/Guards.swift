/// How much a change may move at most; nil is no bound.
package struct Guards: Sendable, Hashable {
  /// Of the units of any use case.
  package var move: GuardedShare?
  /// Of the load of any cluster or shard.
  package var clusterLoad: GuardedGrowth?
}

/// The guards of documents: the strictest that they state, and those of single use cases.
package struct DocumentGuards: Sendable, Hashable {
  package var all = Guards()
  /// By the use case's name.
  package var useCases: [String: GuardedShare] = [:]

  package init() {}

  package var isEmpty: Bool { all == Guards() && useCases.isEmpty }
}

/// The largest share of units that may change destination.
package struct GuardedShare: Sendable, Hashable {
  package var share: Percentage
  package var mark: SourceMark
}

/// How much something may grow by, relative to what it is.
package struct GuardedGrowth: Sendable, Hashable {
  package var growth: Growth
  package var mark: SourceMark
}

/// A growth in percent, exact: a whole number of billionths of a percent. Written `+20%`.
package struct Growth: Sendable, Hashable, Comparable {
  /// 10⁻⁹ of a percent each.
  package let units: UInt64

  /// As a number of percents, and as a part of 1: `20` and `0.2`.
  package var percents: String { Decimal.text(UInt128(units)) }
  package var fraction: String {
    Decimal.text(UInt128(units), unitsPerOne: UInt128(Percentage.whole))
  }

  /// Reads `+`, a number as weights have it, and `%` at once. It may be above 100.
  package init?(_ text: String) {
    let bytes = text.utf8
    guard bytes.first == UInt8(ascii: "+"), bytes.last == UInt8(ascii: "%"), bytes.count > 2 else {
      return nil
    }
    guard let units = Decimal.units(bytes.dropFirst().dropLast()) else { return nil }
    self.units = units
  }

  package static func < (left: Growth, right: Growth) -> Bool { left.units < right.units }
}
