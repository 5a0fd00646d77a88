/// Under which salts the next table carries the allocations of this one.
extension Validation {
  mutating func checkLineage() throws(TurnoutError) {
    for index in 0..<count(.lineage) {
      let at = offset(.lineage) + index * Section.lineage.stride
      try checkText(
        try int(at + Layout.Lineage.salt), try int(at + Layout.Lineage.saltBytes), at: at)
      try checkText(
        try int(at + Layout.Lineage.ownerName), try int(at + Layout.Lineage.ownerNameBytes), at: at)
      try checkZero(at + 28, at + Section.lineage.stride)
      guard let kind = AllocationKind(rawValue: UInt8(truncatingIfNeeded: try u32(at))) else {
        throw corrupt(at, "no such kind of allocation")
      }
      try checkZero(at + 1, at + 4)
      let owner = AllocationOwner(
        kind, try int(at + Layout.Lineage.owner), try int(at + Layout.Lineage.part))
      // Taken out first: as an argument of a method of this value, it would copy all of them.
      let isKnown = allocations.remove(owner)
      try check(isKnown, at, "no such allocation, or one named before")
    }
    try check(allocations.isEmpty, offset(.lineage), "an allocation without a record")
  }
}
