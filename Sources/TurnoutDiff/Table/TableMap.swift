import Turnout

/// The entries of a map of a table, as they lie there.
struct TableMap: Sequence {
  struct Entry {
    var key: [UInt8]
    var value: Int
  }

  let count: Int
  private let first: Int
  private let records: TableRecords

  init(_ number: Int, of records: TableRecords) {
    let directory = records.record(.maps, number)
    count = records.u32(directory + Layout.Map.entryCount)
    first =
      records.start(.mapData) + records.u32(directory + Layout.Map.slots)
      + 8 << records.u32(directory + Layout.Map.slotCountLog2)
    self.records = records
  }

  func makeIterator() -> some IteratorProtocol<Entry> {
    (0..<count).lazy.map { number in
      let entry = first + number * Layout.Map.entryBytes
      return Entry(
        key: records.copy(
          records.start(.text) + records.u32(entry), records.u32(entry + Layout.Map.entryTextBytes)),
        value: records.u32(entry + Layout.Map.entryValue))
    }.makeIterator()
  }
}

/// The texts of a set of a table.
struct TableSet: Sequence {
  let count: Int
  private let start: Int
  private let records: TableRecords

  init(_ number: Int, of records: TableRecords) {
    let directory = records.record(.maps, number)
    count = records.u32(directory + Layout.Map.entryCount)
    start = records.start(.mapData) + records.u32(directory + Layout.Map.slots)
    self.records = records
  }

  func makeIterator() -> some IteratorProtocol<[UInt8]> {
    var next = start + records.u32(start)
    return (0..<count).lazy.map { _ in
      let size = records.u16(next)
      defer { next += Layout.Map.setTextBytes + size }
      return records.copy(next + Layout.Map.setTextBytes, size)
    }.makeIterator()
  }
}
