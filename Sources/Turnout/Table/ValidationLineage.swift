/// Under which salts the next table carries the allocations of this one: a record for each allocation.
///
/// The records of a kind are in the order of their owners, and those of use cases, splits and samples
/// together, in the order in which their blocks stand. So each is met as its allocation is, and nothing
/// needs to be remembered. Kinds do not stand between one another, so that one can be searched for.
extension Validation {
  /// The next record of a use case's allocation, which must name this one.
  @inline(__always)
  func takeLineage(
    _ kind: AllocationKind, _ owner: Int, _ part: Int, at: Int, _ taken: inout Taken
  ) throws(Fault) {
    skipOtherLineage(&taken)
    try check(taken.nextLineage < count(.lineage), at, "an allocation without a record of lineage")
    let record = record(.lineage, taken.nextLineage)
    try check(
      u32(record) == UInt32(kind.rawValue) && int(record &+ Layout.Lineage.owner) == owner
        && int(record &+ Layout.Lineage.part) == part, record,
      "lineage does not follow the use cases' allocations")
    taken.nextLineage &+= 1
  }

  /// Goes on to the next record of a use case's allocation.
  @inline(__always)
  private func skipOtherLineage(_ taken: inout Taken) {
    let count = count(.lineage)
    while taken.nextLineage < count {
      let kind = u32(record(.lineage, taken.nextLineage))
      if kind == AllocationKind.split.rawValue || kind == AllocationKind.sample.rawValue { return }
      taken.nextLineage &+= 1
    }
  }

  func checkLineage(_ taken: inout Taken) throws(Fault) {
    skipOtherLineage(&taken)
    try check(
      taken.nextLineage == count(.lineage), offset(.lineage), "lineage of no use case's allocation")
    var others = OtherLineage()
    var named = 0
    var rank = 0
    for number in 0..<count(.lineage) {
      let at = record(.lineage, number)
      let saltBytes = int(at &+ Layout.Lineage.saltBytes)
      let nameBytes = int(at &+ Layout.Lineage.ownerNameBytes)
      // An explanation copies both.
      try check(
        saltBytes <= Format.saltBytesMax && nameBytes <= Format.ownerNameBytesMax, at,
        "a salt or a name has too many bytes")
      try checkText(int(at &+ Layout.Lineage.salt), saltBytes, at: at)
      try checkText(int(at &+ Layout.Lineage.ownerName), nameBytes, at: at)
      try checkZero(at &+ 28, at &+ 32)
      guard let kind = AllocationKind(rawValue: UInt8(truncatingIfNeeded: u32(at))),
        u32(at) <= UInt8.max
      else { throw Fault(at, "no such kind of allocation") }
      try check(kind.lineageRank >= rank, at, "kinds of lineage are not in order")
      rank = kind.lineageRank
      switch kind {
      case .split, .sample: continue
      case .shards: try check(&others.shards, at, .clusters, Layout.Cluster.allocation)
      case .placement: try check(&others.placements, at, .placements, Layout.Placement.split)
      case .layer: try check(&others.layers, at, .layers, Layout.Layer.allocation)
      case .cells: try check(&others.cells, at, .experiments, Layout.Experiment.allocation)
      case .holdout: try check(&others.holdouts, at, .holdouts, Layout.Holdout.allocation)
      }
      named &+= 1
    }
    // Each names another block of the section, and there are as many of them.
    try check(
      named == taken.allocations, offset(.lineage), "an allocation without a record of lineage")
  }

  /// For each kind the least owner that the next record may name.
  private struct OtherLineage {
    var shards = 0
    var placements = 0
    var layers = 0
    var cells = 0
    var holdouts = 0
  }

  /// A record whose owner, one of `section`, refers to an allocation at `reference`.
  private func check(
    _ least: inout Int, _ at: Int, _ section: Section, _ reference: Int
  ) throws(Fault) {
    let owner = int(at &+ Layout.Lineage.owner)
    try check(owner >= least, at, "lineage is not in order")
    try check(
      owner < count(section) && u32(at &+ Layout.Lineage.part) == 0
        && u32(record(section, owner) &+ reference) != 0, at, "no such allocation")
    least = owner &+ 1
  }
}
