package import Turnout

/// An allocation of the table compiled against, as it was recorded there.
package struct EarlierAllocation: Sendable {
  package let kind: AllocationKind
  package let salt: String
  /// What follows the colon in the default salt of its kind: `ContinueWatchingRanking/canary`.
  package let owner: String
  package let allocation: Allocation
  /// What it drew by; nil of a split of clusters, and of what requests drew.
  package let unit: String?

  package init(
    kind: AllocationKind, salt: String, owner: String, allocation: Allocation, unit: String? = nil
  ) {
    self.kind = kind
    self.salt = salt
    self.owner = owner
    self.allocation = allocation
    self.unit = unit
  }
}

/// Which allocation of the table compiled against each new one is carried from.
package struct CarrySources: Sendable {
  private struct Draw: Hashable {
    let kind: AllocationKind
    let salt: Text
    /// Nil: whoever has the salt.
    let owner: Text?
  }

  package let allocations: [EarlierAllocation]
  /// Numbers of `allocations`; nil where it is several.
  private let numbers: [Draw: Int?]

  package init(_ allocations: [EarlierAllocation]) {
    self.allocations = allocations
    var numbers: [Draw: Int?] = [:]
    numbers.reserveCapacity(allocations.count)
    var sharesSalt = [Bool](repeating: false, count: allocations.count)
    func add(_ number: Int, _ draw: Draw) {
      guard let earlier = numbers.updateValue(number, forKey: draw) else { return }
      numbers.updateValue(nil, forKey: draw)
      sharesSalt[number] = true
      if let earlier { sharesSalt[earlier] = true }
    }
    for (number, allocation) in allocations.enumerated() {
      add(number, Draw(kind: allocation.kind, salt: Text(allocation.salt), owner: nil))
    }
    // Only where several share a salt does it matter whose they are.
    for number in allocations.indices where sharesSalt[number] {
      let allocation = allocations[number]
      let owner = Text(allocation.owner)
      add(number, Draw(kind: allocation.kind, salt: Text(allocation.salt), owner: owner))
    }
    self.numbers = numbers
  }

  /// The one of the same kind and salt, as its number in `allocations`; where several share that
  /// salt, the one with the same owner among them. Nil: the new allocation is fresh.
  package func number(kind: AllocationKind, salt: String, owner: String) -> Int? {
    if allocations.isEmpty { return nil }
    let salt = Text(salt)
    guard let any = numbers[Draw(kind: kind, salt: salt, owner: nil)] else { return nil }
    return any ?? numbers[Draw(kind: kind, salt: salt, owner: Text(owner))] ?? nil
  }

  package func source(kind: AllocationKind, salt: String, owner: String) -> Allocation? {
    number(kind: kind, salt: salt, owner: owner).map { allocations[$0].allocation }
  }
}
