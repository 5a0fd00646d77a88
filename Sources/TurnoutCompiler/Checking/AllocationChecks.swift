internal import Turnout

/// What all allocations have in common: arms with weights, a unit, a salt, ranges.
extension Checker {
  /// The allocation that `arms` and the keys `salt`, `shared_salt` and `ranges` of `fields` make. Its
  /// own `unit` is read by the caller, who knows the default, and so is `allow`. `errors` is how many
  /// there were before the arms were read: with a faulty arm, whether its ranges fit cannot be said.
  func allocation(
    _ kind: AllocationKind, owner: String, unit: String, arms: [ArmSpec], _ fields: Fields,
    at mark: SourceMark, since errors: Int, allowed: Set<DiagnosticCode>
  ) -> AllocationSpec {
    let arms = arms.sorted { $0.key < $1.key }
    if arms.count > Limits.armsPerAllocationMax {
      report.error(
        .limit, at: mark, "there are \(arms.count) arms",
        "at most \(Limits.armsPerAllocationMax) are possible")
    }
    if !arms.isEmpty, arms.allSatisfy(\.isWithoutWeight) {
      report.error(
        .zeroWeights, at: mark, "all weights are 0",
        "a weight of 0 can only stand beside one above 0")
    }
    var salt = Text("\(kind.saltPrefix):\(owner)")
    if let node = fields["salt"], let text = text(node, "`salt`", bytesMax: Limits.saltBytesMax) {
      if text.isEmpty {
        report.error(
          .empty, at: node.mark, "`salt` is empty", "write a text, or leave it out")
      }
      salt = Text(text)
    }
    let sharedSalt = fields["shared_salt"].flatMap { boolean($0, "`shared_salt`") }
    let allocation = AllocationSpec(
      kind: kind, owner: owner, salt: salt, sharedSalt: sharedSalt ?? false, unit: unit,
      arms: arms, ranges: fields["ranges"].flatMap { ranges($0, arms) },
      allowed: allowed, mark: mark)
    allocations.append(allocation)
    if report.errorCount == errors { checkFit(allocation) }
    return allocation
  }

  /// That the ranges of a pinned allocation are disjoint and fit its weights or shares; those of
  /// weights cover the ring.
  private func checkFit(_ allocation: AllocationSpec) {
    do throws(RangesError) {
      _ = try allocation.pinnedByName()
    } catch {
      for fault in error.faults {
        let arm = allocation.ranges?.first { $0.name == fault.key }
        let interval = fault.index.flatMap { index in
          arm.flatMap { $0.intervals.indices.contains(index) ? $0.intervals[index].mark : nil }
        }
        report.error(
          .invalidRange, at: interval ?? arm?.mark ?? allocation.mark, fault.description,
          fault.suggestion)
      }
    }
  }

  /// The structure of `ranges: { arm: [[lo, hi], …] }`, for exactly the arms that there are. An
  /// arm without positions has an empty list.
  private func ranges(_ node: Node, _ arms: [ArmSpec]) -> [PinnedArm]? {
    guard case .mapping(let entries) = node.content else {
      reportWrongType(node, "`ranges`", "a mapping from arms to lists of `[lo, hi]`")
      return nil
    }
    let names = Set(arms.map(\.name))
    var pinned: [PinnedArm] = []
    for entry in entries {
      guard names.contains(entry.key) else {
        report.error(
          .unknownName, at: entry.keyMark, "there is no arm \(Printable.quoted(entry.key))",
          report.suggestion(for: entry.key, among: names)
            ?? "the arms are \(arms.prefix(8).map { "`\($0.name)`" }.joined(separator: ", "))")
        continue
      }
      guard case .list(let intervals) = entry.value.content else {
        reportWrongType(entry.value, "the ranges of an arm", "a list of `[lo, hi]`")
        continue
      }
      guard intervals.count <= Limits.intervalsPerArmMax else {
        reportCount(
          entry.value, "the list of ranges", intervals.count, Limits.intervalsPerArmMax)
        continue
      }
      pinned.append(
        PinnedArm(
          name: entry.key, intervals: intervals.compactMap(interval), mark: entry.keyMark))
    }
    let given = Set(entries.map(\.key))
    if let missing = arms.first(where: { !given.contains($0.name) }) {
      report.error(
        .missingKey, at: node.mark, "`ranges` leaves out the arm `\(missing.name)`",
        "pin all arms; one without positions has `[]`")
    }
    let place = Dictionary(uniqueKeysWithValues: arms.enumerated().map { ($1.name, $0) })
    return pinned.sorted { place[$0.name, default: 0] < place[$1.name, default: 0] }
  }

  private func interval(_ node: Node) -> PinnedInterval? {
    guard case .list(let ends) = node.content, ends.count == 2 else {
      reportWrongType(node, "a range", "a pair `[lo, hi]`")
      return nil
    }
    guard let low = position(ends[0]), let high = position(ends[1]) else { return nil }
    guard low < high else {
      report.error(
        .invalidRange, at: node.mark, "the range [\(low), \(high)] holds no position",
        "lo is its first position, hi the one after its last")
      return nil
    }
    return PinnedInterval(low: low, high: high, mark: node.mark)
  }

  private func position(_ node: Node) -> UInt64? {
    let end: UInt64 = 1 << 32
    if case .scalar(let text, _) = node.content, !text.isEmpty,
      text.utf8.allSatisfy(Digits.isDigit), let position = UInt64(text), position <= end
    {
      return position
    }
    reportWrongType(node, "an end of a range", "a whole number from 0 to \(end)")
    return nil
  }
}

extension ArmSpec {
  fileprivate var isWithoutWeight: Bool {
    if case .weight(let weight) = size { return weight.units == 0 }
    return false
  }
}

extension AllocationSpec {
  /// What each arm is to have where nothing is carried, by the arms' names; nil where the sizes make
  /// no allocation, of which the report says why.
  func lengthsByName() -> Lengths? {
    var weights: [(key: String, weight: Weight)] = []
    var shares: [(key: String, share: Percentage)] = []
    for arm in arms {
      switch arm.size {
      case .weight(let weight): weights.append((key: arm.name, weight: weight))
      case .share(let share): shares.append((key: arm.name, share: share))
      }
    }
    return shares.isEmpty
      ? try? Lengths(weights: weights, carriedFrom: nil) : try? Lengths(shares: shares)
  }

  /// What the ranges say, by the arms' names; nil where nothing is pinned.
  func pinnedByName() throws(RangesError) -> Allocation? {
    guard let ranges, let lengths = lengthsByName() else { return nil }
    return try Allocation.pinned(
      ranges.map { arm in
        (key: arm.name, ranges: arm.intervals.map { (lower: $0.low, upper: $0.high) })
      }, lengths)
  }
}
