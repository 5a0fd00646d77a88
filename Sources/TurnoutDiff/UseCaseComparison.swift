import Turnout

/// One use case in both tables, class by class.
extension TableComparison {
  func difference(of useCase: UseCase) -> UseCaseDifference {
    let change: UseCaseDifference.Change =
      useCase.before == nil ? .added : useCase.after == nil ? .removed : .changed
    var difference = UseCaseDifference(name: useCase.name, change: change)
    let survey = ContextSurvey(
      [
        (before.records, useCase.before), (after.records, useCase.after),
      ], unitsMax: listedUnitsLeft)
    listedUnitsLeft -= survey.listedUnits.count
    let candidates = ContextCandidates(
      survey, units: otherUnits, now: now, contextsMax: contextsMax)
    difference.omittedCount = candidates.omittedCount
    var seen: Set<Programs> = []
    let stepsGiven = min(Self.stepsMax, stepsLeft)
    var steps = stepsGiven
    defer { stepsLeft -= stepsGiven - max(0, steps) }
    // By their ends, where the classes are that were found.
    var found: [[JointDraw.Pair: Share]: Int] = [:]
    for (index, candidate) in candidates.all.enumerated() {
      var request = candidate.request
      request.useCase = useCase.name
      let programs = Programs(
        before: ProgramBuilder.program(before, request),
        after: ProgramBuilder.program(after, request))
      guard seen.insert(programs).inserted else { continue }
      // Nothing moves where both do the same.
      if index > 0, programs.before == programs.after {
        difference.stillClassCount += 1
        continue
      }
      let words =
        candidate.words.isEmpty ? Self.baseWords(required: survey.required) : candidate.words
      do throws(JointDraw.Excess) {
        let joint = try JointDraw(programs.before, programs.after, steps: &steps)
        if index == 0 {
          addLoad(joint, request, &difference)
        } else if !joint.ends.keys.contains(where: { $0.before != $0.after }) {
          difference.stillClassCount += 1
          continue
        }
        if let alike = found[joint.ends] {
          difference.classes[alike].alikeCount += 1
          continue
        }
        found[joint.ends] = difference.classes.count
        difference.classes.append(
          ClassDifference(
            circumstances: words, basis: .arithmetic, flows: flows(joint)))
      } catch {
        if index == 0 { unknownLoads.append(useCase.name) }
        difference.classes.append(ClassDifference(circumstances: words, limit: error.words))
      }
    }
    difference.listedUnits = listedUnits(of: useCase, survey, candidates)
    return difference
  }

  private struct Programs: Hashable {
    var before: DrawProgram
    var after: DrawProgram
  }

  private static func baseWords(required: [String]) -> String {
    required.isEmpty
      ? "nothing else given" : "only " + required.joined(separator: ", ") + " given"
  }

  func flows(_ joint: JointDraw) -> [Flow] {
    joint.ends.map { pair, share in
      Flow(
        from: numbers.outcomes[pair.before].destination,
        to: numbers.outcomes[pair.after].destination, share: share)
    }
  }

  // MARK: Loads

  private func addLoad(
    _ joint: JointDraw, _ request: Request, _ difference: inout UseCaseDifference
  ) {
    add(joint.shares(of: \.before), .before, isShadow: false)
    add(joint.shares(of: \.after), .after, isShadow: false)
    let (were, are) = (copies(before, request), copies(after, request))
    for copy in were { add(copy.ends, .before, isShadow: true) }
    for copy in are { add(copy.ends, .after, isShadow: true) }
    let come = are.map(\.name).filter { name in !were.contains { $0.name == name } }
    for name in were.map(\.name) + come {
      let (old, new) = (were.first { $0.name == name }, are.first { $0.name == name })
      if old?.ends == new?.ends, old?.target == new?.target { continue }
      difference.shadows.append(
        ShadowChange(name: name, before: old?.copies, after: new?.copies))
    }
  }

  func addLoad(ofUnchanged useCase: UseCase) {
    var request = Request(useCase.name, unit: ContextOutcomes.anyUnit)
    guard let record = useCase.after else { return }
    for unit in otherUnits { request.units[unit] = ContextOutcomes.anyUnit }
    request.requestID = ContextOutcomes.anyUnit
    request.now = now
    if after.records.u16(record + Layout.UseCase.requireCount) > 0 {
      let survey = ContextSurvey([(after.records, record)], unitsMax: 0)
      let first = ContextCandidates(survey, units: otherUnits, now: now).all.first
      request.attributes = first?.request.attributes ?? [:]
    }
    var steps = Self.stepsMax
    guard let ends = ends(ProgramBuilder.program(after, request), &steps) else {
      unknownLoads.append(useCase.name)
      return
    }
    let copies = copies(after, request)
    for time in [LoadTally.Time.before, .after] {
      add(ends, time, isShadow: false)
      for copy in copies { add(copy.ends, time, isShadow: true) }
    }
  }

  private func add(_ ends: [Int: Share], _ time: LoadTally.Time, isShadow: Bool) {
    for (outcome, share) in ends {
      guard let endpoint = numbers.outcomes[outcome].destination.endpoint else { continue }
      loads.add(endpoint, share, time, isShadow: isShadow)
    }
  }

  /// What one program comes to; nil if that is too much to work out.
  private func ends(_ program: DrawProgram, _ steps: inout Int) -> [Int: Share]? {
    (try? JointDraw(program, .ended(0), steps: &steps))?.shares(of: \.before)
  }

  struct ShadowEnds {
    var name: String
    var target: String
    var ends: [Int: Share]
    var share: Share

    var copies: ShadowChange.Copies { ShadowChange.Copies(share: share, target: target) }
  }

  func copies(_ side: ComparedSide, _ request: Request) -> [ShadowEnds] {
    ProgramBuilder.shadows(side, request).map { shadow in
      var steps = Self.stepsMax
      // One sample, one split and one draw of a shard: never too much.
      let ends = ends(shadow.program, &steps) ?? [:]
      let share = ends.filter { numbers.outcomes[$0.key].destination.endpoint != nil }
        .reduce(Share.zero) { $0 + $1.value }
      return ShadowEnds(name: shadow.name, target: shadow.target, ends: ends, share: share)
    }
  }

  // MARK: Units that are named

  private func listedUnits(
    of useCase: UseCase, _ survey: ContextSurvey, _ candidates: ContextCandidates
  ) -> ListedUnits? {
    guard !survey.listedUnits.isEmpty, var request = candidates.all.first?.request else {
      return nil
    }
    request.useCase = useCase.name
    var moved = 0
    for unit in survey.listedUnits {
      request.unit = Request.Unit(bytes: unit)
      for name in otherUnits { request.units[name] = request.unit }
      let (old, new) = (
        Destination(before.resolver.resolve(request)), Destination(after.resolver.resolve(request))
      )
      if old.endpoint != nil, old != new { moved += 1 }
    }
    return ListedUnits(
      count: survey.listedUnits.count, movedCount: moved,
      overriddenCount: survey.overriddenUnits.count, omittedCount: survey.omittedUnitCount)
  }
}
