internal import Turnout

/// A set of points of an order: intervals that include their lower end and not their upper one, in
/// ascending order, none empty, no two touching.
struct Intervals<Point: Comparable & Sendable>: Equatable, Sendable {
  struct Interval: Equatable, Sendable {
    var lower: Point
    /// Nil: without end.
    var upper: Point?
  }

  private(set) var list: [Interval]

  /// Takes intervals for what `list` promises of them.
  init(ordered list: [Interval]) {
    self.list = list
  }

  /// Of intervals in ascending order that may touch.
  init(ascending all: [Interval]) {
    list = []
    for interval in all {
      if let last = list.indices.last, list[last].upper == interval.lower {
        list[last].upper = interval.upper
      } else {
        list.append(interval)
      }
    }
  }

  /// None, if the upper end does not come after the lower one.
  init(from lower: Point, to upper: Point?) {
    list = upper.map { lower < $0 } ?? true ? [Interval(lower: lower, upper: upper)] : []
  }

  var isEmpty: Bool { list.isEmpty }

  func intersection(_ other: Intervals) -> Intervals {
    var result: [Interval] = []
    var (i, j) = (0, 0)
    while i < list.count, j < other.list.count {
      let (one, two) = (list[i], other.list[j])
      let lower = max(one.lower, two.lower)
      let endsFirst = Self.endsBefore(one.upper, two.upper)
      let upper = endsFirst ? one.upper : two.upper
      if upper.map({ lower < $0 }) ?? true { result.append(Interval(lower: lower, upper: upper)) }
      if endsFirst { i += 1 } else { j += 1 }
    }
    return Intervals(ordered: result)
  }

  /// What is in `whole`, which is one interval, and not here.
  func complement(in whole: Interval) -> Intervals {
    var result: [Interval] = []
    var next: Point? = whole.lower
    for interval in list {
      if let lower = next, lower < interval.lower {
        result.append(Interval(lower: lower, upper: interval.lower))
      }
      next = interval.upper
      if next == nil { break }
    }
    if let lower = next, whole.upper.map({ lower < $0 }) ?? true {
      result.append(Interval(lower: lower, upper: whole.upper))
    }
    return Intervals(ordered: result)
  }

  mutating func keep(where isKept: (Interval) -> Bool) {
    if !list.allSatisfy(isKept) { list = list.filter(isKept) }
  }

  private static func endsBefore(_ one: Point?, _ two: Point?) -> Bool {
    guard let one else { return false }
    return two.map { one < $0 } ?? true
  }
}

/// A place between versions: before or after all that equal one of them. Between two places there may
/// be no version, which is never assumed.
struct VersionCut: Comparable, Sendable {
  /// Nil: before every version.
  var version: [UInt8]?
  var isAfter = false

  static func == (one: VersionCut, two: VersionCut) -> Bool { order(one, two) == 0 }
  static func < (one: VersionCut, two: VersionCut) -> Bool { order(one, two) < 0 }

  private static func order(_ one: VersionCut, _ two: VersionCut) -> Int {
    guard let first = one.version, let second = two.version else {
      return (one.version == nil ? 0 : 1) - (two.version == nil ? 0 : 1)
    }
    let order = VersionOrder.compare(first, second)
    return order != 0 ? order : (one.isAfter ? 1 : 0) - (two.isAfter ? 1 : 0)
  }
}

/// A text in the order of bytes. The next one after it is itself and a zero.
struct TextCut: Comparable, Sendable {
  var bytes: [UInt8]

  static func < (one: TextCut, two: TextCut) -> Bool {
    one.bytes.lexicographicallyPrecedes(two.bytes)
  }

  var next: TextCut { TextCut(bytes: bytes + [0]) }

  /// The first text after all that begin with this one; nil if there is none.
  var afterPrefixed: TextCut? {
    var bytes = bytes
    while let last = bytes.popLast() {
      guard last < 0xff else { continue }
      bytes.append(last + 1)
      return TextCut(bytes: bytes)
    }
    return nil
  }
}

extension Intervals<TextCut>.Interval {
  /// The only text in it, if it has one.
  var onlyText: [UInt8]? { upper == lower.next ? lower.bytes : nil }

  /// What all texts in it begin with.
  var commonPrefix: ArraySlice<UInt8> {
    guard let upper else { return [] }
    var count = zip(lower.bytes, upper.bytes).prefix { $0 == $1 }.count
    while count < lower.bytes.count {
      let longer = TextCut(bytes: Array(lower.bytes[...count]))
      guard let end = longer.afterPrefixed, upper <= end else { break }
      count += 1
    }
    return lower.bytes[..<count]
  }
}
