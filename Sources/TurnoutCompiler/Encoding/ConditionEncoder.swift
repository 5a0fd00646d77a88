import Turnout

/// The section of conditions: blocks that hold all that their tests name, equal ones once.
struct ConditionEncoder {
  private(set) var blocks = ByteWriter()
  private var offsets: [[UInt8]: UInt32] = [:]

  /// The block's offset plus 1; 0 for a condition that always holds.
  mutating func add(_ program: TestProgram) -> UInt32 {
    if program.steps.isEmpty { return 0 }
    var record = RecordWriter()
    record.write { bytes in
      bytes.append(UInt32(0))
      bytes.append(u16: program.steps.count)
      bytes.append(UInt16(0))
    }
    record.append(program.steps)
    let block = record.finish(alignedTo: Section.conditions.stride)
    if let offset = offsets[block] { return offset }
    let offset = UInt32(truncatingIfNeeded: blocks.count + 1)
    offsets[block] = offset
    blocks.append(block)
    return offset
  }
}
