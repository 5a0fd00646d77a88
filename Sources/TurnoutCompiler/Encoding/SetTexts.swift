import Turnout

/// What a set has in the map data: where each bucket's texts begin, and the texts in the order of
/// their hashes. It counts from the set's own start, so that equal sets are equal bytes.
struct SetTexts {
  private(set) var data = ByteWriter()
  /// Of the number of buckets, of which each has two texts on the average.
  let bucketsLog2: Int

  init<Value: Sequence<UInt8>>(_ values: some RandomAccessCollection<Value>) {
    var log2 = 1
    while values.count > 2 << log2 { log2 += 1 }
    bucketsLog2 = log2
    let order = Self.order(values, bucketsLog2: log2)

    let buckets = 1 << log2
    data.appendZeros((buckets + 1) * 4)
    var next = 0
    for (hash, index) in order {
      let bucket = Self.bucket(hash, log2)
      while next <= bucket {
        data.patch(u32: data.count, at: next * 4)
        next += 1
      }
      let sizeAt = data.count
      data.append(UInt16(0))
      data.append(values[values.index(values.startIndex, offsetBy: index)])
      let size = data.count - sizeAt - Layout.Map.setTextBytes
      data.patch(UInt16(truncatingIfNeeded: size), at: sizeAt)
    }
    while next <= buckets {
      data.patch(u32: data.count, at: next * 4)
      next += 1
    }
    data.align(8)
  }

  private static func bucket(_ hash: UInt64, _ log2: Int) -> Int {
    Int(truncatingIfNeeded: hash >> UInt64(64 - log2))
  }

  /// The values by their hashes. They are dealt to their buckets first: sorting millions at once
  /// would take most of the time of compiling.
  private static func order<Value: Sequence<UInt8>>(
    _ values: some RandomAccessCollection<Value>, bucketsLog2 log2: Int
  ) -> [(hash: UInt64, index: Int)] {
    var hashes: [UInt64] = []
    hashes.reserveCapacity(values.count)
    var ends = [Int](repeating: 0, count: 1 << log2)
    var scratch: [UInt8] = []
    for value in values {
      scratch.removeAll(keepingCapacity: true)
      scratch.append(contentsOf: value)
      let hash = XXH3.hash64(scratch)
      hashes.append(hash)
      ends[bucket(hash, log2)] += 1
    }
    var total = 0
    for bucket in ends.indices {
      total += ends[bucket]
      ends[bucket] = total
    }
    var order = [(hash: UInt64, index: Int)](repeating: (0, 0), count: hashes.count)
    var starts = ends
    for (index, hash) in hashes.enumerated().reversed() {
      starts[bucket(hash, log2)] -= 1
      order[starts[bucket(hash, log2)]] = (hash, index)
    }
    for (start, end) in zip(starts, ends) where end - start > 1 {
      order[start..<end].sort { ($0.hash, $0.index) < ($1.hash, $1.index) }
    }
    return order
  }
}
