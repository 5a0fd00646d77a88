extension Condition {
  /// Whether it is written as one that always holds.
  var isAlways: Bool {
    if case .all(let parts) = self { parts.isEmpty } else { false }
  }

  /// Whether `withoutNeedlessParts` is another one.
  private var hasNeedlessParts: Bool {
    switch self {
    case .all(let parts):
      parts.count == 1 || parts.contains { $0.isAlways || $0.hasNeedlessParts }
    case .any(let parts):
      parts.count == 1 || parts.contains { $0.isAlways || $0.hasNeedlessParts }
    case .not(let part): part.hasNeedlessParts
    case .segment, .test, .units: false
    }
  }

  /// The same condition without parts that always hold, so that two ways of writing it are equal.
  var withoutNeedlessParts: Condition {
    guard hasNeedlessParts else { return self }
    switch self {
    case .all(let parts):
      let kept = parts.map(\.withoutNeedlessParts).filter { !$0.isAlways }
      return kept.count == 1 ? kept[0] : .all(kept)
    case .any(let parts):
      let kept = parts.map(\.withoutNeedlessParts)
      if kept.contains(where: \.isAlways) { return .always }
      return kept.count == 1 ? kept[0] : .any(kept)
    case .not(let part): return .not(part.withoutNeedlessParts)
    case .segment, .test, .units: return self
    }
  }
}
