package import Turnout

/// One allocation as a table has it.
package struct TableAllocation: Sendable {
  package let kind: AllocationKind
  /// What follows the colon in the default salt of its kind.
  package let owner: String
  package let salt: String
  /// In byte order of their keys, those without positions too. Positions of nobody are in none.
  package let arms: [Arm]

  package struct Arm: Sendable {
    /// As a document names it: of a layer an experiment, of a holdout and a sample `in`.
    package let name: String
    /// What the arm is known by from table to table: in a layer the salt of the experiment's cells,
    /// else its name.
    package let key: String
    /// Ascending; ends are exclusive and go up to 2^32.
    package let intervals: [Range<UInt64>]
  }
}

/// Every allocation of a table, read back from its image.
package struct TableAllocations: Sendable {
  /// In the order in which they were compiled.
  package let all: [TableAllocation]

  package init(_ image: Image) {
    var all: [TableAllocation] = []
    Self.each(of: image, AllocationReader(image)) { found, arms, allocation in
      let names = Dictionary(
        arms.map { (Array($0.key.utf8), $0.name) }, uniquingKeysWith: { first, _ in first })
      var lists = [[Range<UInt64>]](repeating: [], count: allocation.arms.count)
      for interval in allocation.intervals {
        lists[interval.arm].append(interval.lower..<interval.upper)
      }
      all.append(
        TableAllocation(
          kind: found.kind, owner: found.ownerName, salt: found.salt,
          arms: zip(allocation.arms, lists).map { arm, list in
            TableAllocation.Arm(
              name: names[Array(arm.key.utf8)] ?? arm.key, key: arm.key, intervals: list)
          }))
    }
    self.all = all
  }

  /// The same for carrying, which asks for less of each.
  static func carried(in image: Image) -> [EarlierAllocation] {
    var carried: [EarlierAllocation] = []
    carried.reserveCapacity(image.count(.lineage))
    let reader = AllocationReader(image)
    each(of: image, reader) { found, _, allocation in
      carried.append(
        EarlierAllocation(
          kind: found.kind, salt: found.salt, owner: found.ownerName, allocation: allocation,
          unit: reader.unit(of: found)))
    }
    return carried
  }

  private static func each(
    of image: Image, _ reader: AllocationReader,
    _ body: (AllocationReader.Lineage, [(name: String, key: String)], Allocation) -> Void
  ) {
    for number in 0..<image.count(.lineage) {
      // Validation has vouched for every record.
      guard let found = reader.lineage(number), let block = reader.block(found),
        let (arms, intervals) = reader.read(block, of: found),
        let allocation = Allocation(keys: arms.map(\.key), intervals: intervals)
      else { continue }
      body(found, arms, allocation)
    }
  }
}
