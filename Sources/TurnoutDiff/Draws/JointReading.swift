/// Which coordinates two programs read, where, and into which classes that divides them.
struct JointReading {
  /// The positions of a coordinate by where they lead, from all nodes that read it.
  struct Classes {
    /// How many positions each has.
    var lengths: [UInt64] = []
    /// By program and node: where each class leads.
    var targets: [[Int: [Int]]] = [[:], [:]]
  }

  /// A set of the coordinates that more than one node reads.
  struct SharedSet {
    private var words = SIMD4<UInt64>(repeating: 0)

    mutating func insert(_ index: Int) { words[index >> 6] |= 1 << UInt64(index & 63) }
    func contains(_ index: Int) -> Bool { words[index >> 6] >> UInt64(index & 63) & 1 != 0 }
    mutating func formUnion(_ other: SharedSet) { words |= other.words }
    func union(_ other: SharedSet) -> SharedSet {
      var union = self
      union.formUnion(other)
      return union
    }
  }

  private var coordinates: [Int: Classes] = [:]
  /// The order in which coordinates are read first.
  private var ranks: [Int: Int] = [:]
  private var shared: [Int: Int] = [:]
  private var own: [[Int?]] = [[], []]
  /// By program and node: the shared coordinates that may be read from there on.
  private var lives: [[SharedSet]] = [[], []]

  mutating func read(_ first: DrawProgram, _ second: DrawProgram) throws(JointDraw.Excess) {
    var readers: [Int: [(side: Int, node: Int)]] = [:]
    for (side, program) in [first, second].enumerated() {
      own[side] = program.nodes.enumerated().map { node, what in
        guard case .draw(let coordinate, _) = what else { return nil }
        readers[coordinate, default: []].append((side, node))
        return coordinate
      }
    }
    rank(Self.order(own[0]), Self.order(own[1]))
    for (coordinate, nodes) in readers {
      if nodes.count > 1 { shared[coordinate] = shared.count }
      coordinates[coordinate] = Self.classes(nodes, [first, second])
    }
    guard shared.count <= JointDraw.coordinatesMax else {
      throw JointDraw.Excess(
        words: "more than \(JointDraw.coordinatesMax) draws that are made more than once")
    }
    for (side, program) in [first, second].enumerated() {
      var live: [SharedSet] = []
      for node in program.nodes {
        var set = SharedSet()
        if case .draw(let coordinate, let branches) = node {
          if let index = shared[coordinate] { set.insert(index) }
          for branch in branches { set.formUnion(live[branch.next]) }
        }
        live.append(set)
      }
      lives[side] = live
    }
  }

  /// The coordinates of a program in the order of reading: the last nodes come first.
  private static func order(_ own: [Int?]) -> [Int] {
    var seen: Set<Int> = []
    return own.reversed().compactMap { $0 }.filter { seen.insert($0).inserted }
  }

  /// One order for both, which keeps that of each where they do not contradict.
  private mutating func rank(_ one: [Int], _ other: [Int]) {
    let (ones, others) = (Set(one), Set(other))
    var (i, j) = (0, 0)
    func add(_ coordinate: Int) {
      if ranks[coordinate] == nil { ranks[coordinate] = ranks.count }
    }
    while i < one.count || j < other.count {
      if i < one.count, ranks[one[i]] != nil {
        i += 1
      } else if j < other.count, ranks[other[j]] != nil {
        j += 1
      } else if i < one.count, j == other.count || !others.contains(one[i]) || one[i] == other[j] {
        add(one[i])
      } else if j < other.count, i == one.count || !ones.contains(other[j]) {
        add(other[j])
      } else {
        add(one[i])
      }
    }
  }

  private static func classes(
    _ readers: [(side: Int, node: Int)], _ programs: [DrawProgram]
  ) -> Classes {
    let lists = readers.map { side, node -> [DrawProgram.Branch] in
      guard case .draw(_, let branches) = programs[side].nodes[node] else { return [] }
      return branches
    }
    var numbers: [[Int]: Int] = [:]
    var classes = Classes()
    var vectors: [[Int]] = []
    var places = [Int](repeating: 0, count: lists.count)
    var lower: UInt64 = 0
    while lower < 1 << 32 {
      var upper: UInt64 = 1 << 32
      var vector: [Int] = []
      vector.reserveCapacity(lists.count)
      for (list, branches) in lists.enumerated() where places[list] < branches.count {
        upper = min(upper, branches[places[list]].upper)
        vector.append(branches[places[list]].next)
      }
      if let known = numbers[vector] {
        classes.lengths[known] += upper - lower
      } else {
        numbers[vector] = vectors.count
        vectors.append(vector)
        classes.lengths.append(upper - lower)
      }
      for (list, branches) in lists.enumerated()
      where places[list] < branches.count && branches[places[list]].upper == upper {
        places[list] += 1
      }
      lower = upper
    }
    for (index, reader) in readers.enumerated() {
      classes.targets[reader.side][reader.node] = vectors.map { $0[index] }
    }
    return classes
  }

  // MARK: What the walk asks

  /// The coordinate to be read next, in the state of two nodes; nil at the end of both.
  func next(_ first: Int, _ second: Int) -> Int? {
    guard let one = own[0][first] else { return own[1][second] }
    guard let other = own[1][second] else { return one }
    return ranks[one, default: 0] <= ranks[other, default: 0] ? one : other
  }

  func classes(of coordinate: Int) -> Classes { coordinates[coordinate] ?? Classes() }
  func sharedIndex(of coordinate: Int) -> Int? { shared[coordinate] }
  func live(_ first: Int, _ second: Int) -> SharedSet { lives[0][first].union(lives[1][second]) }
}
