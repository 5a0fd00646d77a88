import Turnout

/// A record that holds what it names: parts of their own sizes, and behind them all texts.
struct RecordWriter {
  private(set) var bytes = ByteWriter()
  /// Where in the record a text's offset is wanted, and the text.
  private var texts: [(offsetAt: Int, text: Text)] = []

  /// Appends fields; offsets in the record count from its start.
  mutating func write(_ body: (inout ByteWriter) -> Void) { body(&bytes) }

  mutating func patch(u16 value: Int, at offset: Int) {
    bytes.patch(UInt16(truncatingIfNeeded: value), at: offset)
  }

  mutating func patch(u32 value: Int, at offset: Int) { bytes.patch(u32: value, at: offset) }

  /// Begins a part; its offset.
  mutating func startPart() -> Int {
    bytes.align(8)
    return bytes.count
  }

  /// The same, and writes the offset at `offsetAt`.
  @discardableResult
  mutating func startPart(offsetAt: Int) -> Int {
    let start = startPart()
    bytes.patch(u32: start, at: offsetAt)
    return start
  }

  /// A text to come: its offset will stand here.
  mutating func appendOffset(of text: Text) {
    if !text.utf8.isEmpty { texts.append((bytes.count, text)) }
    bytes.append(UInt32(0))
  }

  /// Tests side by side, then their lists.
  mutating func append(_ steps: [TestProgram.Step]) {
    let start = bytes.count
    for step in steps {
      bytes.append(UInt16(step.test.kind.rawValue))
      bytes.append(step.test.attribute)
      bytes.append(step.onTrue)
      bytes.append(step.onFalse)
      bytes.appendZeros(8)
    }
    for (i, step) in steps.enumerated() {
      append(step.test.operand, at: start + i * Layout.Test.bytes + Layout.Test.operand)
    }
  }

  private mutating func append(_ operand: TestProgram.Operand, at: Int) {
    switch operand {
    case .none: break
    case .mask(let mask): bytes.patch(UInt32(mask), at: at)
    case .number(let number): bytes.patch(number.bitPattern, at: at)
    case .key(let key): bytes.patch(key, at: at)
    case .map(let map): bytes.patch(map, at: at)
    case .text(let text):
      texts.append((at, text))
      bytes.patch(u32: text.utf8.count, at: at + 4)
    case .texts(let values):
      startPart(offsetAt: at)
      bytes.patch(u32: values.count, at: at + 4)
      for value in values {
        texts.append((bytes.count, value))
        bytes.append(UInt32(0))
        bytes.append(u32: value.utf8.count)
      }
    case .numbers(let numbers):
      startPart(offsetAt: at)
      bytes.patch(u32: numbers.count, at: at + 4)
      for number in numbers { bytes.append(number.bitPattern) }
    }
  }

  /// The record with its texts and its size, which stands at its start.
  mutating func finish(alignedTo unit: Int) -> [UInt8] {
    for (offsetAt, text) in texts {
      bytes.patch(u32: bytes.count, at: offsetAt)
      bytes.append(text.utf8)
    }
    bytes.align(unit)
    bytes.patch(u32: bytes.count, at: 0)
    return bytes.bytes
  }
}
