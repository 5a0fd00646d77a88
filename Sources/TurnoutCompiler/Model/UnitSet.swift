/// Units that a condition lists, as bytes: in their order, each once.
///
/// They lie side by side in one array, since a segment may have millions of them.
package struct UnitSet: Sendable, Hashable {
  private var bytes: [UInt8] = []
  /// Where each unit ends in `bytes`. A set is far smaller than 4 GiB.
  private var ends: [UInt32] = []

  package init(_ units: some Sequence<some Sequence<UInt8>>) {
    var bytes: [UInt8] = []
    var places: [Range<Int>] = []
    for unit in units {
      let start = bytes.count
      bytes += unit
      places.append(start..<bytes.count)
    }
    self.init(bytes, at: places)
  }

  /// The units that stand at `places` of `text`, in any order and any number of times.
  package init(_ text: [UInt8], at places: [Range<Int>]) {
    var order = places.map { Place($0, of: text) }
    order.sort { $0.precedes($1, in: text) }
    bytes.reserveCapacity(text.count)
    ends.reserveCapacity(order.count)
    var last: Place?
    for place in order {
      if let last, !last.precedes(place, in: text) { continue }
      bytes += text[place.range]
      ends.append(UInt32(truncatingIfNeeded: bytes.count))
      last = place
    }
  }

  /// A unit in a text, with its first bytes as a number that has their order: most comparisons end
  /// there.
  private struct Place {
    let prefix: UInt64
    let start: UInt32
    let end: UInt32

    init(_ range: Range<Int>, of text: [UInt8]) {
      var prefix: UInt64 = 0
      for index in 0..<8 {
        let byte = index < range.count ? text[range.lowerBound + index] : 0
        prefix = prefix << 8 | UInt64(byte)
      }
      self.prefix = prefix
      start = UInt32(truncatingIfNeeded: range.lowerBound)
      end = UInt32(truncatingIfNeeded: range.upperBound)
    }

    var range: Range<Int> { Int(start)..<Int(end) }

    func precedes(_ other: Place, in text: [UInt8]) -> Bool {
      if prefix != other.prefix { return prefix < other.prefix }
      var index = Int(start)
      var otherIndex = Int(other.start)
      while index < end, otherIndex < other.end {
        let (byte, otherByte) = (text[index], text[otherIndex])
        if byte != otherByte { return byte < otherByte }
        index += 1
        otherIndex += 1
      }
      return otherIndex < other.end
    }
  }
}

extension UnitSet: RandomAccessCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { ends.count }

  package subscript(position: Int) -> ArraySlice<UInt8> {
    bytes[(position == 0 ? 0 : Int(ends[position - 1]))..<Int(ends[position])]
  }
}
