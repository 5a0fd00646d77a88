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
  /// Salts and owners by their bytes, since equal strings may differ in them.
  private struct Draw: Hashable {
    let kind: AllocationKind
    let salt: [UInt8]
    /// Nil: whoever has the salt.
    let owner: [UInt8]?
  }

  package let allocations: [EarlierAllocation]
  /// Numbers of `allocations`; nil where it is several.
  private let numbers: [Draw: Int?]

  package init(_ allocations: [EarlierAllocation]) {
    self.allocations = allocations
    var numbers: [Draw: Int?] = [:]
    for (number, allocation) in allocations.enumerated() {
      let (kind, salt) = (allocation.kind, Array(allocation.salt.utf8))
      for owner in [nil, Array(allocation.owner.utf8)] {
        let draw = Draw(kind: kind, salt: salt, owner: owner)
        numbers.updateValue(numbers.keys.contains(draw) ? nil : number, forKey: draw)
      }
    }
    self.numbers = numbers
  }

  /// The one of the same kind and salt, as its number in `allocations`; where several share that
  /// salt, the one with the same owner among them. Nil: the new allocation is fresh.
  package func number(kind: AllocationKind, salt: String, owner: String) -> Int? {
    let salt = Array(salt.utf8)
    guard let any = numbers[Draw(kind: kind, salt: salt, owner: nil)] else { return nil }
    return any ?? numbers[Draw(kind: kind, salt: salt, owner: Array(owner.utf8))] ?? nil
  }

  package func source(kind: AllocationKind, salt: String, owner: String) -> Allocation? {
    number(kind: kind, salt: salt, owner: owner).map { allocations[$0].allocation }
  }
}
