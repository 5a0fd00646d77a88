package import Turnout

/// An allocation of the table compiled against, as it was recorded there.
package struct EarlierAllocation: Sendable {
  package let kind: AllocationKind
  package let salt: String
  /// What follows the colon in the default salt of its kind: `ContinueWatchingRanking/canary`.
  package let owner: String
  package let allocation: Allocation

  package init(kind: AllocationKind, salt: String, owner: String, allocation: Allocation) {
    self.kind = kind
    self.salt = salt
    self.owner = owner
    self.allocation = allocation
  }
}

/// Which allocation of the table compiled against each new one is carried from.
package struct CarrySources: Sendable {
  /// Salts by their bytes, since equal strings may differ in them.
  private struct Draw: Hashable {
    let kind: AllocationKind
    let salt: [UInt8]
  }

  package let allocations: [EarlierAllocation]
  /// Numbers of `allocations`.
  private let numbers: [Draw: [Int]]

  package init(_ allocations: [EarlierAllocation]) {
    self.allocations = allocations
    numbers = Dictionary(grouping: allocations.indices) {
      Draw(kind: allocations[$0].kind, salt: Array(allocations[$0].salt.utf8))
    }
  }

  /// The one of the same kind and salt, as its number in `allocations`; where several share that
  /// salt, the one with the same owner among them. Nil: the new allocation is fresh.
  package func number(kind: AllocationKind, salt: String, owner: String) -> Int? {
    let candidates = numbers[Draw(kind: kind, salt: Array(salt.utf8))] ?? []
    if candidates.count <= 1 { return candidates.first }
    let owned = candidates.filter { ByteOrder.same(allocations[$0].owner, owner) }
    return owned.count == 1 ? owned.first : nil
  }

  package func source(kind: AllocationKind, salt: String, owner: String) -> Allocation? {
    number(kind: kind, salt: salt, owner: owner).map { allocations[$0].allocation }
  }
}
