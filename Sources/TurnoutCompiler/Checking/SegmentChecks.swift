extension Checker {
  /// At the top level of a segment `description`, `owner`, `labels` and `allow` are notes, also where
  /// an attribute is called so; that one is tested inside of `all: [{ owner: … }]`.
  func checkSegments(_ declarations: [Declaration]) -> [Segment] {
    for declaration in declarations { segments[declaration.name] = declaration.mark }
    let checked = declarations.map { declaration in
      var segment = Segment(name: declaration.name, condition: .always, mark: declaration.mark)
      if case .mapping(let entries) = declaration.value.content {
        let keys = Shape.segmentNotes.keys
        let notes = Fields(
          entries.filter { keys.contains($0.key) }, at: declaration.value.mark, .segmentNotes,
          report)
        checkNotes(notes)
        allow(notes, at: declaration.mark)
        segment.condition = condition(entries.filter { !keys.contains($0.key) })
      } else {
        segment.condition = condition(declaration.value, "the segment `\(segment.name)`")
      }
      return segment
    }
    checkSegmentChains(checked)
    return checked
  }

  private func checkSegmentChains(_ checked: [Segment]) {
    var steps: [String: [String]] = [:]
    for segment in checked {
      var named: [String] = []
      segment.condition.forEachSegment { named.append($0) }
      steps[segment.name] = named
    }
    let chain = Chain(checked.map(\.name), steps: steps)
    reportCircles(chain, "segment", in: segments, "a segment cannot be part of itself")

    let byName = Dictionary(checked.map { ($0.name, $0) }) { first, _ in first }
    var depths: [String: Int] = [:]
    for name in chain.order {
      guard let segment = byName[name] else { continue }
      let depth = (steps[name] ?? []).map { (depths[$0] ?? 0) + 1 }.max() ?? 0
      depths[name] = depth
      if depth == Limits.segmentChainMax + 1 {
        report.error(
          .limit, at: segment.mark, "the segment `\(name)` names segments that name segments …",
          "at most \(Limits.segmentChainMax) in a row")
      }
      let count = testCount(segment.condition)
      if count > Limits.testsPerConditionMax { reportTestCount(count, at: segment.mark) }
      segmentTestCounts[name] = count > Limits.testsPerConditionMax ? 1 : count
    }
  }

  /// The condition of a rule, its segments written out, stays within bounds.
  func checkTestCount(_ condition: Condition, at mark: SourceMark) {
    let count = testCount(condition)
    if count > Limits.testsPerConditionMax { reportTestCount(count, at: mark) }
  }

  private func reportTestCount(_ count: Int, at mark: SourceMark) {
    report.error(
      .limit, at: mark, "the condition has \(count) tests with its segments written out",
      "at most \(Limits.testsPerConditionMax); a list of values is one test")
  }

  /// Combinators count as one, like tests, so that `{ all: [{}, {}, …] }` is bounded too.
  private func testCount(_ condition: Condition) -> Int {
    switch condition {
    case .all(let parts), .any(let parts): parts.reduce(1) { $0 + testCount($1) }
    case .not(let part): 1 + testCount(part)
    case .segment(let name): segmentTestCounts[name] ?? 1
    case .test, .units: 1
    }
  }
}

extension Condition {
  /// Calls `body` with every segment that the condition names, as often as it does.
  func forEachSegment(_ body: (String) -> Void) {
    switch self {
    case .all(let parts), .any(let parts): for part in parts { part.forEachSegment(body) }
    case .not(let part): part.forEachSegment(body)
    case .segment(let name): body(name)
    case .test, .units: break
    }
  }
}
