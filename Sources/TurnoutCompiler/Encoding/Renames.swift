import Turnout

/// An allocation that is carried from nothing.
struct NewAllocation {
  var spec: AllocationSpec
  var allocation: Allocation
}

/// Finds what was renamed, it seems, without keeping its salt: its units are all drawn again.
enum Renames {
  /// One that went: what it is compared by.
  private struct Look: Hashable {
    var kind: AllocationKind
    /// The arms by their bytes, in order.
    var arms: [[UInt8]]
    /// Of those with one arm, which all look alike: its length, and for a sample the use case.
    var length: UInt64?
    var useCase: Substring?
  }

  /// Each of `gone` has one of `come` at most to itself: one of the same use case or model if there
  /// is one, else the first.
  static func warnings(gone: [EarlierAllocation], come: [NewAllocation]) -> [CompileFault] {
    var waiting: [Look: [NewAllocation]] = [:]
    for new in come where new.allocation.isDraw {
      waiting[look(new.spec.kind, new.spec.owner, new.allocation), default: []].append(new)
    }
    return gone.compactMap { old in
      guard old.allocation.isDraw else { return nil }
      let look = look(old.kind, old.owner, old.allocation)
      guard let alike = waiting[look], !alike.isEmpty else { return nil }
      let index =
        alike.firstIndex { family($0.spec.owner) == family(old.owner) } ?? alike.startIndex
      waiting[look]?.remove(at: index)
      let new = alike[index].spec
      if new.allowed.contains(.renameWithoutSalt) { return nil }
      if ByteOrder.same(new.salt.string, old.salt) { return nil }
      return CompileFault(
        code: .renameWithoutSalt,
        message:
          "`\(old.owner)` is gone and `\(new.owner)` has come with the same arms, so all its "
          + "units are drawn again; if it is a new name for the old, `salt: \(old.salt)` keeps them",
        mark: new.mark)
    }
  }

  private static func look(
    _ kind: AllocationKind, _ owner: String, _ allocation: Allocation
  ) -> Look {
    let isOne = allocation.arms.count == 1 && kind != .layer
    return Look(
      kind: kind, arms: allocation.arms.map { Array($0.key.utf8) },
      length: isOne ? allocation.allocated : nil,
      useCase: kind == .sample ? family(owner) : nil)
  }

  /// The use case of `use case/rule`, the model of `model@version`.
  private static func family(_ owner: String) -> Substring {
    owner.prefix { $0 != "/" && $0 != "@" }
  }
}

extension Allocation {
  /// Whether it matters what a unit's position is: not all of them have the same arm, or none.
  fileprivate var isDraw: Bool {
    guard let first = intervals.first else { return false }
    return intervals.count > 1 || first.upper - first.lower < Ring.positions
  }
}
