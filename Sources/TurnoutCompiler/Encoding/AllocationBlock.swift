import Turnout

extension Allocation {
  /// The allocation as the table has it. `targets` is what each arm leads to, in the arms' order.
  func encoded(_ spec: AllocationSpec, targets: [UInt32]) -> [UInt8] {
    var targets = targets
    var pieces: [(last: UInt64, arm: Int)] = []
    pieces.reserveCapacity(intervals.count)
    var next: UInt64 = 0
    for interval in intervals {
      if next < interval.lower { pieces.append((interval.lower - 1, arms.count)) }
      pieces.append((interval.upper - 1, interval.arm))
      next = interval.upper
    }
    if next < Ring.positions { pieces.append((Ring.positions - 1, arms.count)) }
    if allocated < Ring.positions { targets.append(Format.nobody) }

    var block = ByteWriter()
    block.reserve(24 + pieces.count * 6 + targets.count * 4)
    block.append(Ring.seed(salt: spec.salt.string))
    block.append(u32: pieces.count)
    block.append(u16: targets.count)
    block.append(u16: spec.kind.fillsRing ? heaviest ?? 0 : 0)
    for piece in pieces { block.append(UInt32(truncatingIfNeeded: piece.last)) }
    for target in targets { block.append(target) }
    for piece in pieces { block.append(u16: piece.arm) }
    block.align(8)
    return block.bytes
  }
}

extension AllocationKind {
  /// Whether every position has an arm: whether arms divide by weight and not by share.
  var fillsRing: Bool {
    switch self {
    case .split, .cells, .placement, .shards: true
    case .layer, .holdout, .sample: false
    }
  }
}
