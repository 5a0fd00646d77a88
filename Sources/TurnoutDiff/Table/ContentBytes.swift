/// A content, written so that different ones differ: numbers say where they end, texts how long they are.
struct ContentBytes {
  private(set) var bytes: [UInt8] = []

  mutating func add(_ number: UInt64) {
    // Most numbers are small: seven bits a byte, the highest says that more follow.
    var rest = number
    while rest > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  mutating func add(_ number: Int) { add(UInt64(bitPattern: Int64(number))) }

  mutating func add(_ text: String) { add(Array(text.utf8)) }

  mutating func add(_ part: [UInt8]) {
    add(part.count)
    bytes.append(contentsOf: part)
  }

  /// A map, with what its values come to.
  mutating func add(map: TableMap, _ value: (Int) -> Int) {
    add(map.count)
    for entry in map {
      add(entry.key)
      add(value(entry.value))
    }
  }
}
