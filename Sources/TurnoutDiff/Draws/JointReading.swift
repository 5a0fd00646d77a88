/// Which coordinates two programs read, where, and into which classes that divides them. Coordinates have
/// numbers of their own here, in the order in which they are read first.
struct JointReading {
  /// A set of the coordinates that more than one node reads.
  struct SharedSet {
    private var words = SIMD4<UInt64>(repeating: 0)

    mutating func insert(_ index: Int) { words[index >> 6] |= 1 << UInt64(index & 63) }
    func contains(_ index: Int) -> Bool { words[index >> 6] >> UInt64(index & 63) & 1 != 0 }
    func union(_ other: SharedSet) -> SharedSet {
      var union = self
      union.words |= other.words
      return union
    }
  }

  /// By coordinate: how many positions each class has, those that lead alike from all nodes.
  private(set) var lengths: [[UInt64]] = []
  /// By coordinate: its number among those that more than one node reads; -1 of others.
  private(set) var sharedIndex: [Int] = []
  private var sides = [Side(), Side()]

  private struct Side {
    /// By node: its coordinate; -1 at an end.
    var coordinates: [Int] = []
    /// By node: where each class of its coordinate leads.
    var targets: [[Int]] = []
    /// By node: the shared coordinates that may be read from there on.
    var lives: [SharedSet] = []
  }

  private struct Reader {
    var side: Int
    var node: Int
    var branches: [DrawProgram.Branch]
  }

  init(_ first: DrawProgram, _ second: DrawProgram) throws(JointDraw.Excess) {
    let programs = [first, second]
    let numbers = Self.order(Self.coordinates(first), Self.coordinates(second))
    var readers = [[Reader]](repeating: [], count: numbers.count)
    for (side, program) in programs.enumerated() {
      sides[side].targets = [[Int]](repeating: [], count: program.nodes.count)
      sides[side].coordinates = program.nodes.enumerated().map { node, what in
        guard case .draw(let coordinate, let branches) = what,
          let number = numbers[coordinate]
        else { return -1 }
        readers[number].append(Reader(side: side, node: node, branches: branches))
        return number
      }
    }
    var sharedCount = 0
    for nodes in readers {
      sharedIndex.append(nodes.count > 1 ? sharedCount : -1)
      if nodes.count > 1 { sharedCount += 1 }
    }
    guard sharedCount <= JointDraw.coordinatesMax else {
      throw JointDraw.Excess(
        words: "more than \(JointDraw.coordinatesMax) draws that are made more than once")
    }
    for nodes in readers { divide(nodes) }
    for (side, program) in programs.enumerated() { live(side, program) }
  }

  /// The coordinates of a program in the order of reading: the last nodes come first.
  private static func coordinates(_ program: DrawProgram) -> [Int] {
    var seen: Set<Int> = []
    var order: [Int] = []
    for node in program.nodes.reversed() {
      if case .draw(let coordinate, _) = node, seen.insert(coordinate).inserted {
        order.append(coordinate)
      }
    }
    return order
  }

  /// Numbers in one order for both, which keeps that of each where they do not contradict.
  private static func order(_ one: [Int], _ other: [Int]) -> [Int: Int] {
    var numbers: [Int: Int] = [:]
    let (ones, others) = (Set(one), Set(other))
    var (i, j) = (0, 0)
    while i < one.count || j < other.count {
      if i < one.count, numbers[one[i]] != nil {
        i += 1
      } else if j < other.count, numbers[other[j]] != nil {
        j += 1
      } else if j < other.count,
        i == one.count || others.contains(one[i]) && !ones.contains(other[j])
      {
        numbers[other[j]] = numbers.count
      } else {
        numbers[one[i]] = numbers.count
      }
    }
    return numbers
  }

  /// Divides the ring by the borders of all nodes that read one coordinate.
  private mutating func divide(_ readers: [Reader]) {
    var numbers: [[Int]: Int] = [:]
    var lengths: [UInt64] = []
    var vectors: [[Int]] = []
    var places = [Int](repeating: 0, count: readers.count)
    var lower: UInt64 = 0
    while lower < 1 << 32 {
      var upper: UInt64 = 1 << 32
      var vector = [Int](repeating: 0, count: readers.count)
      for (index, reader) in readers.enumerated() where places[index] < reader.branches.count {
        let branch = reader.branches[places[index]]
        upper = min(upper, branch.upper)
        vector[index] = branch.next
      }
      if let known = numbers[vector] {
        lengths[known] += upper - lower
      } else {
        numbers[vector] = vectors.count
        vectors.append(vector)
        lengths.append(upper - lower)
      }
      for (index, reader) in readers.enumerated()
      where places[index] < reader.branches.count && reader.branches[places[index]].upper == upper {
        places[index] += 1
      }
      lower = upper
    }
    self.lengths.append(lengths)
    for (index, reader) in readers.enumerated() {
      sides[reader.side].targets[reader.node] = vectors.map { $0[index] }
    }
  }

  private mutating func live(_ side: Int, _ program: DrawProgram) {
    var lives: [SharedSet] = []
    lives.reserveCapacity(program.nodes.count)
    for (node, what) in program.nodes.enumerated() {
      var set = SharedSet()
      if case .draw(_, let branches) = what {
        let shared = sharedIndex[sides[side].coordinates[node]]
        if shared >= 0 { set.insert(shared) }
        for branch in branches { set = set.union(lives[branch.next]) }
      }
      lives.append(set)
    }
    sides[side].lives = lives
  }

  // MARK: What the walk asks

  /// The coordinate to be read next, in the state of two nodes; -1 at the end of both.
  func next(_ first: Int, _ second: Int) -> Int {
    let (one, other) = (sides[0].coordinates[first], sides[1].coordinates[second])
    return one < 0 ? other : other < 0 ? one : min(one, other)
  }

  /// The coordinate that a node reads; -1 at an end.
  func coordinate(_ side: Int, _ node: Int) -> Int { sides[side].coordinates[node] }
  /// Where a node leads by the class of its coordinate.
  func target(_ side: Int, _ node: Int, _ number: Int) -> Int {
    sides[side].targets[node][number]
  }
  func live(_ first: Int, _ second: Int) -> SharedSet {
    sides[0].lives[first].union(sides[1].lives[second])
  }
}
