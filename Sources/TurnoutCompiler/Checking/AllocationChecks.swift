internal import Turnout

/// What all allocations have in common: arms with weights, a unit, a salt, ranges.
extension Checker {
  /// The allocation that `arms` and the keys `salt`, `shared_salt` and `ranges` of `fields` make.
  /// Its own `unit` is read by the caller, who knows the default. `errors` is how many there were
  /// before the arms were read: with a faulty arm, whether its ranges fit cannot be said.
  func allocation(
    _ kind: AllocationKind, owner: String, unit: String, arms: [ArmSpec], _ fields: Fields,
    at mark: SourceMark, since errors: Int
  ) -> AllocationSpec {
    let arms = arms.sorted { Text($0.name) < Text($1.name) }
    if arms.count > Limits.armsPerAllocationMax {
      report.error(
        .limit, at: mark, "there are \(arms.count) arms",
        "at most \(Limits.armsPerAllocationMax) are possible")
    }
    if !arms.isEmpty, arms.allSatisfy({ !$0.isPositive }) {
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
      arms: arms, ranges: fields["ranges"].flatMap { ranges($0, arms) }, mark: mark)
    allocations.append(allocation)
    if report.errorCount == errors { checkFit(allocation) }
    return allocation
  }

  /// That the ranges of a pinned allocation are disjoint, cover the ring and fit the weights.
  private func checkFit(_ allocation: AllocationSpec) {
    do throws(RangesError) {
      _ = try allocation.pinned()
    } catch {
      for fault in error.faults {
        let arm = allocation.ranges?.first { $0.name == fault.key }
        let interval = fault.index.flatMap { index in
          arm.flatMap { $0.intervals.indices.contains(index) ? $0.intervals[index].mark : nil }
        }
        report.error(
          .invalidRange, at: interval ?? arm?.mark ?? allocation.mark, fault.description)
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
            ?? "the arms are \(arms.prefix(8).map(\.name).joined(separator: ", "))")
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
    return pinned.sorted { Text($0.name) < Text($1.name) }
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

  /// Different salts make independent draws. Two allocations with one salt draw alike, which is
  /// meant only where both say so.
  func checkSalts() {
    var bySalt: [Text: [Int]] = [:]
    for index in allocations.indices { bySalt[allocations[index].salt, default: []].append(index) }
    for (salt, sharing) in bySalt where sharing.count > 1 {
      let ordered = sharing.sorted { allocations[$0].mark.precedes(allocations[$1].mark) }
      for (rank, index) in ordered.enumerated() where !allocations[index].sharedSalt {
        let other = allocations[ordered[rank == 0 ? 1 : 0]]
        report.error(
          .sharedSalt, at: allocations[index].mark,
          "the salt \(Printable.quoted(salt.string)) is also that of"
            + " \(other.kind.what) `\(other.owner)` at \(report.place(other.mark))",
          "say `shared_salt: true` at both if they should draw alike, else give one another `salt`")
      }
    }
  }
}

extension AllocationKind {
  /// What stands before the colon in the default salt.
  var saltPrefix: String {
    switch self {
    case .split: "split"
    case .layer: "layer"
    case .cells: "cells"
    case .holdout: "holdout"
    case .sample: "shadow"
    case .placement: "placement"
    case .shards: "shards"
    }
  }

  /// For messages.
  fileprivate var what: String {
    switch self {
    case .split: "the split"
    case .layer: "the layer"
    case .cells: "the cells of"
    case .holdout: "the holdout"
    case .sample: "the sample of the shadow"
    case .placement: "the placement of"
    case .shards: "the shards of"
    }
  }
}
