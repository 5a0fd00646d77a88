import Turnout

extension Allocation {
  /// The allocation as the table has it. `targets` is what each arm leads to, in the arms' order.
  func encoded(salt: String, targets: [UInt32]) -> [UInt8] {
    var block = ByteWriter()
    block.append(Ring.seed(salt: salt))
    block.append(UInt32(truncatingIfNeeded: intervals.count))
    block.append(UInt16(truncatingIfNeeded: arms.count))
    block.append(UInt16(truncatingIfNeeded: heaviest ?? 0))
    for interval in intervals { block.append(UInt32(truncatingIfNeeded: interval.upper - 1)) }
    for target in targets { block.append(target) }
    for interval in intervals { block.append(UInt16(truncatingIfNeeded: interval.arm)) }
    block.align(8)
    return block.bytes
  }
}
