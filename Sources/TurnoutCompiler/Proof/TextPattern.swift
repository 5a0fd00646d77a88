/// What a test asks of a text that is no interval of the order of texts.
struct TextPattern: Equatable, Sendable {
  enum Kind: Equatable, Sendable {
    case suffix([UInt8])
    case contains([UInt8])
    /// Too many values to be intervals.
    case units(UnitSet)
    case values([AttributeValue])
  }

  var kind: Kind
  var isNegated: Bool

  func holds(for text: [UInt8]) -> Bool {
    let matches =
      switch kind {
      case .suffix(let suffix): text.ends(with: suffix)
      case .contains(let part): text[...].contains(part)
      case .units(let units):
        units.hasElement {
          $0.elementsEqual(text)
        } before: {
          $0.lexicographicallyPrecedes(text)
        }
      case .values(let values):
        values.hasElement {
          Array($0.utf8).elementsEqual(text)
        } before: {
          Array($0.utf8).lexicographicallyPrecedes(text)
        }
      }
    return matches != isNegated
  }

  /// Whether it holds for every text that has these `known` patterns and begins with `prefix`, or for
  /// none; nil where that is not known.
  func verdict(knowing known: [TextPattern], prefix: ArraySlice<UInt8>) -> Bool? {
    let positive: Bool? =
      switch kind {
      case .suffix(let suffix): Self.verdict(suffix: suffix, known)
      case .contains(let part): Self.verdict(part: part, known, prefix)
      case .units, .values: known.first { $0.kind == kind }.map { !$0.isNegated }
      }
    return positive.map { $0 != isNegated }
  }

  private static func verdict(suffix: [UInt8], _ known: [TextPattern]) -> Bool? {
    if suffix.isEmpty { return true }
    for pattern in known {
      switch (pattern.kind, pattern.isNegated) {
      case (.suffix(let other), false):
        if other.ends(with: suffix) { return true }
        if !suffix.ends(with: other) { return false }
      case (.suffix(let other), true): if suffix.ends(with: other) { return false }
      case (.contains(let part), true): if suffix[...].contains(part) { return false }
      default: break
      }
    }
    return nil
  }

  private static func verdict(
    part: [UInt8], _ known: [TextPattern], _ prefix: ArraySlice<UInt8>
  ) -> Bool? {
    if prefix.contains(part) { return true }
    for pattern in known {
      switch (pattern.kind, pattern.isNegated) {
      case (.suffix(let other), false), (.contains(let other), false):
        if other[...].contains(part) { return true }
      case (.contains(let other), true): if part[...].contains(other) { return false }
      default: break
      }
    }
    return nil
  }
}

/// Texts by intervals and patterns: those in an interval that have every pattern.
struct TextSet: Equatable, Sendable {
  private(set) var intervals: Intervals<TextCut>
  private(set) var patterns: [TextPattern] = []

  init(_ intervals: Intervals<TextCut>) {
    self.intervals = intervals
  }

  /// False is certain only if it is true: patterns may exclude each other in ways not looked for.
  var isEmpty: Bool { intervals.isEmpty }

  func intersection(_ other: TextSet) -> TextSet {
    var result = self
    result.intervals = intervals.intersection(other.intervals)
    if result.intervals != intervals {
      for pattern in patterns {
        result.intervals.keep { Self.verdict(pattern, on: $0, []) ?? true }
      }
    }
    for pattern in other.patterns { result.add(pattern) }
    result.settle()
    return result
  }

  mutating func add(_ pattern: TextPattern) {
    var isKnown = true
    let known = patterns
    intervals.keep { interval in
      let verdict = Self.verdict(pattern, on: interval, known)
      if verdict == nil { isKnown = false }
      return verdict ?? true
    }
    if !isKnown { patterns.append(pattern) }
  }

  /// Single texts have been looked at already.
  private mutating func settle() {
    if !patterns.isEmpty, intervals.list.allSatisfy({ $0.onlyText != nil }) { patterns = [] }
  }

  private static func verdict(
    _ pattern: TextPattern, on interval: Intervals<TextCut>.Interval, _ known: [TextPattern]
  ) -> Bool? {
    if let text = interval.onlyText { return pattern.holds(for: text) }
    return pattern.verdict(knowing: known, prefix: interval.commonPrefix)
  }
}

extension [UInt8] {
  fileprivate func ends(with suffix: [UInt8]) -> Bool {
    count >= suffix.count && self[(count - suffix.count)...].elementsEqual(suffix)
  }
}

extension ArraySlice<UInt8> {
  fileprivate func contains(_ part: [UInt8]) -> Bool {
    guard let first = part.first else { return true }
    guard count >= part.count else { return false }
    for start in startIndex...(endIndex - part.count) where self[start] == first {
      if self[start..<(start + part.count)].elementsEqual(part) { return true }
    }
    return false
  }
}

extension RandomAccessCollection where Index == Int {
  /// Whether an element of the sorted collection is the one, of which `before` says what precedes it.
  fileprivate func hasElement(
    _ isIt: (Element) -> Bool, before isBefore: (Element) -> Bool
  ) -> Bool {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = (low + high) / 2
      if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low < endIndex && isIt(self[low])
  }
}

extension AttributeValue {
  /// Of a string; nothing of others.
  fileprivate var utf8: String.UTF8View {
    if case .string(let text) = self { return text.utf8 }
    return "".utf8
  }
}
