import Turnout

/// An allocation that is carried from nothing.
struct NewAllocation {
  var spec: AllocationSpec
  var allocation: Allocation
}

/// Finds what was renamed, it seems, without keeping its salt: its units are all drawn again.
enum Renames {
  /// What one that went and one that came are compared by.
  private struct Look: Hashable {
    var kind: AllocationKind
    /// The arms by their bytes, in order.
    var arms: [[UInt8]]
    /// Of those with one arm, which all look alike.
    var length: UInt64?
    /// A use case or a model, where it counts.
    var family: Substring?
  }

  /// Each of `gone` has one of `come` at most to itself: one of the same use case or model if there
  /// is one, else the first.
  static func warnings(gone: [EarlierAllocation], come: [NewAllocation]) -> [CompileFault] {
    // Of a first table, and of most others, nothing has gone.
    if gone.isEmpty || come.isEmpty { return [] }
    var gone = gone.filter(\.allocation.isDraw)
    var come = come.filter(\.allocation.isDraw)
    let resalted = take(&gone, &come) { kind, owner, _ in
      Look(kind: kind, arms: [], length: nil, family: Substring(owner))
    }
    var pairs = take(&gone, &come) { look($0, $1, $2, family: family($1)) }
    pairs += take(&gone, &come) { look($0, $1, $2, family: nil) }
    return resalted.compactMap(saltChange)
      + pairs.compactMap { old, new in
        let spec = new.spec
        if spec.allowed.contains(.renameWithoutSalt) { return nil }
        // The salt is there, but with several that share it.
        if ByteOrder.same(spec.salt.string, old.salt) { return nil }
        return CompileFault(
          code: .renameWithoutSalt,
          message:
            "`\(old.owner)` is gone and `\(spec.owner)` has come with the same arms, so that all "
            + "its units are drawn again",
          suggestion: "if it is the same under another name, keep its draw by `salt: \(old.salt)`",
          mark: spec.mark)
      }
  }

  /// `salt-changed`: it is still called what it was.
  private static func saltChange(_ old: EarlierAllocation, _ new: NewAllocation) -> CompileFault? {
    let spec = new.spec
    // One salt, but with several that share it.
    if spec.allowed.contains(.saltChanged) || ByteOrder.same(spec.salt.string, old.salt) {
      return nil
    }
    return CompileFault(
      code: .saltChanged,
      message:
        "\(spec.kind.what) `\(spec.owner)` had the salt \(Printable.quoted(old.salt)) and has "
        + "\(Printable.quoted(spec.salt.string)): all its units are drawn again",
      suggestion: "keep the draw by `salt: \(old.salt)`, or say `allow: [salt-changed]`",
      mark: spec.mark)
  }

  /// Takes those of both that look alike, pair by pair and in their order.
  private static func take(
    _ gone: inout [EarlierAllocation], _ come: inout [NewAllocation],
    _ look: (AllocationKind, String, Allocation) -> Look
  ) -> [(old: EarlierAllocation, new: NewAllocation)] {
    // Last first, so that the first is taken off the end.
    var waiting: [Look: [Int]] = [:]
    for index in come.indices.reversed() {
      let new = come[index]
      waiting[look(new.spec.kind, new.spec.owner, new.allocation), default: []].append(index)
    }
    var pairs: [(old: EarlierAllocation, new: NewAllocation)] = []
    var rest: [EarlierAllocation] = []
    var taken = [Bool](repeating: false, count: come.count)
    for old in gone {
      if let index = waiting[look(old.kind, old.owner, old.allocation)]?.popLast() {
        pairs.append((old, come[index]))
        taken[index] = true
      } else {
        rest.append(old)
      }
    }
    gone = rest
    come = zip(come, taken).filter { !$0.1 }.map(\.0)
    return pairs
  }

  /// A sample has one arm as all samples do: only its use case tells it from others.
  private static func look(
    _ kind: AllocationKind, _ owner: String, _ allocation: Allocation, family: Substring?
  ) -> Look {
    let isOne = allocation.arms.count == 1 && kind != .layer
    return Look(
      kind: kind, arms: allocation.arms.map { Array($0.key.utf8) },
      length: isOne ? allocation.allocated : nil,
      family: family ?? (kind == .sample ? self.family(owner) : nil))
  }

  /// The use case of `use case/rule`, the model of `model@version`.
  private static func family(_ owner: String) -> Substring {
    owner.prefix { $0 != "/" && $0 != "@" }
  }
}

extension Allocation {
  /// Whether it matters what a unit's position is: not all of them have the same arm, or none.
  var isDraw: Bool {
    guard let first = intervals.first else { return false }
    return intervals.count > 1 || first.upper - first.lower < Ring.positions
  }
}
