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
    var order = places.map { Place($0) }
    Place.sort(&order, in: text)
    bytes.reserveCapacity(text.count)
    ends.reserveCapacity(order.count)
    var last: Place?
    for place in order {
      let unit = text[place.range]
      if let last, text[last.range] == unit { continue }
      bytes += unit
      ends.append(UInt32(truncatingIfNeeded: bytes.count))
      last = place
    }
  }

  private struct Place {
    /// Eight bytes of the unit as a number that has their order, zeros where it is shorter.
    private var digit: UInt64 = 0
    private let start: UInt32
    private let end: UInt32

    init(_ range: Range<Int>) {
      start = UInt32(truncatingIfNeeded: range.lowerBound)
      end = UInt32(truncatingIfNeeded: range.upperBound)
    }

    var range: Range<Int> { Int(start)..<Int(end) }

    /// By eight bytes, and where those are equal by the next eight: units that begin alike, as
    /// those of one kind do, are compared as numbers too.
    static func sort(_ places: inout [Place], in text: [UInt8]) {
      var runs = [(run: places.indices, depth: 0)]
      while let (run, depth) = runs.popLast() {
        for index in run { places[index].read(text, at: depth) }
        places[run].sort {
          $0.digit != $1.digit ? $0.digit < $1.digit : $0.length(at: depth) < $1.length(at: depth)
        }
        var first = run.lowerBound
        for index in run
        where index + 1 == run.upperBound || !places[index].isAlike(places[index + 1]) {
          // Those that have ended are the shortest of them, and equal.
          while first <= index, places[first].length(at: depth) < 8 { first += 1 }
          if first < index { runs.append((first..<(index + 1), depth + 8)) }
          first = index + 1
        }
      }
    }

    private mutating func read(_ text: [UInt8], at depth: Int) {
      digit = 0
      let first = Int(start) + depth
      for index in first..<(first + 8) {
        digit = digit << 8 | (index < end ? UInt64(text[index]) : 0)
      }
    }

    /// How many of the eight bytes it has.
    private func length(at depth: Int) -> Int {
      Swift.min(Int(end) - Int(start) - depth, 8)
    }

    private func isAlike(_ other: Place) -> Bool { digit == other.digit }
  }
}

extension UnitSet: RandomAccessCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { ends.count }

  package subscript(position: Int) -> ArraySlice<UInt8> {
    bytes[(position == 0 ? 0 : Int(ends[position - 1]))..<Int(ends[position])]
  }
}
