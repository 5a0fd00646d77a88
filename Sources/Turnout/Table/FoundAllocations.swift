/// The allocations that validation has found, until a record of lineage names each: for every owner of
/// a kind a word with a bit for each part, of which rules have most. A table has as many as it has use cases, and is validated at
/// every start, so this is an array and no set.
struct FoundAllocations {
  private var parts: [UInt64]
  /// By kind: where its owners begin in `parts`, and how many there are.
  private let owners: [(first: Int, count: Int)]
  private var left = 0

  var isEmpty: Bool { left == 0 }

  /// `count` gives how many owners a kind has.
  init(_ count: (AllocationKind) -> Int) {
    var owners = [(first: Int, count: Int)](repeating: (0, 0), count: 8)
    var first = 0
    for kind in AllocationKind.allCases {
      owners[Int(kind.rawValue)] = (first, count(kind))
      first += count(kind)
    }
    self.owners = owners
    parts = [UInt64](repeating: 0, count: first)
  }

  /// Nil if there is no such owner, or no such part of one.
  private func place(_ owner: AllocationOwner) -> (index: Int, bit: UInt64)? {
    let known = owners[Int(owner.kind.rawValue)]
    guard owner.owner >= 0, owner.owner < known.count, owner.part >= 0,
      owner.part < Format.rulesPerUseCaseMax
    else { return nil }
    return (known.first + owner.owner, UInt64(1) << UInt64(owner.part))
  }

  /// False if it has no place, or is there already.
  mutating func insert(_ owner: AllocationOwner) -> Bool {
    guard let (index, bit) = place(owner), parts[index] & bit == 0 else { return false }
    parts[index] |= bit
    left += 1
    return true
  }

  /// False if it is not there.
  mutating func remove(_ owner: AllocationOwner) -> Bool {
    guard let (index, bit) = place(owner), parts[index] & bit != 0 else { return false }
    parts[index] &= ~bit
    left -= 1
    return true
  }
}
