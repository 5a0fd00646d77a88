/// Two programs run on the same units: which share of these ends where in both.
///
/// Coordinates are independent of each other, so the share of the units on a path is the product of the
/// shares of its intervals. Both programs are walked at once, from draw to draw; where both read the same
/// coordinate it is divided once, by the borders of both. What was read is remembered for as long as
/// either may read it again. States that are alike from there on are one state, whose shares add up, so
/// that the work follows the number of states and not of paths.
struct JointDraw {
  /// Ends of both, by the numbers of their outcomes, and their shares, which add up to 1.
  private(set) var ends: [Pair: Share] = [:]

  struct Pair: Hashable {
    var before: Int
    var after: Int
  }

  /// What is too much, in words.
  struct Excess: Error { var words: String }

  static let coordinatesMax = 256
  static let endsMax = 50_000

  private let first: DrawProgram
  private let second: DrawProgram
  private let reading: JointReading

  /// What both come to. `steps` is what may be spent, and is less by what was.
  init(_ first: DrawProgram, _ second: DrawProgram, steps: inout Int) throws(Excess) {
    self.first = first
    self.second = second
    reading = try JointReading(first, second)
    try walk(&steps)
  }

  /// The ends of one of the two, with their shares.
  func shares(of side: KeyPath<Pair, Int>) -> [Int: Share] {
    var shares: [Int: Share] = [:]
    for (pair, share) in ends { shares[pair[keyPath: side], default: .zero] += share }
    return shares
  }

  private struct State: Hashable {
    var first: Int
    var second: Int
    /// Pairs of a shared coordinate's index and the class of the unit's position.
    var known: [Known] = []
  }

  private struct Known: Hashable {
    var shared: Int32
    var number: Int32
  }

  private mutating func walk(_ steps: inout Int) throws(Excess) {
    // A step leads to nodes with smaller numbers, so that all that leads to a state comes before it.
    var waiting = [[State: Share]](
      repeating: [:], count: first.nodes.count + second.nodes.count - 1)
    waiting[first.root + second.root][State(first: first.root, second: second.root)] = .one
    for rank in waiting.indices.reversed() where !waiting[rank].isEmpty {
      let states = waiting[rank]
      waiting[rank] = [:]
      for (state, share) in states {
        let coordinate = reading.next(state.first, state.second)
        if coordinate < 0 {
          try end(state, share)
          continue
        }
        let lengths = reading.lengths[coordinate]
        steps -= lengths.count
        if steps < 0 { throw Excess(words: "its draws combine in too many ways") }
        for (number, length) in lengths.enumerated() {
          let next = advance(state, coordinate, number)
          waiting[next.first + next.second][next, default: .zero] += share.scaled(by: length)
        }
      }
    }
  }

  private mutating func end(_ state: State, _ share: Share) throws(Excess) {
    guard case .leaf(let before) = first.nodes[state.first],
      case .leaf(let after) = second.nodes[state.second]
    else { return }
    ends[Pair(before: before, after: after), default: .zero] += share
    if ends.count > Self.endsMax {
      throw Excess(words: "more than \(Self.endsMax) pairs of destinations")
    }
  }

  /// The state after the position under a coordinate was found to be in a class.
  private func advance(_ state: State, _ coordinate: Int, _ number: Int) -> State {
    var next = state
    let shared = reading.sharedIndex[coordinate]
    if shared >= 0 {
      let known = Known(shared: Int32(shared), number: Int32(number))
      next.known.insert(
        known, at: next.known.firstIndex { $0.shared > known.shared } ?? next.known.count)
    }
    // One that is read may lead to another that is known already.
    next.first = settle(0, next.first, coordinate, number, next.known)
    next.second = settle(1, next.second, coordinate, number, next.known)
    if !next.known.isEmpty {
      let live = reading.live(next.first, next.second)
      next.known.removeAll { !live.contains(Int($0.shared)) }
    }
    return next
  }

  /// Goes on from a node for as long as its coordinate is known.
  private func settle(
    _ side: Int, _ start: Int, _ coordinate: Int, _ number: Int, _ known: [Known]
  ) -> Int {
    var node = start
    while true {
      let own = reading.coordinate(side, node)
      if own < 0 { return node }
      if own == coordinate {
        node = reading.target(side, node, number)
        continue
      }
      let shared = reading.sharedIndex[own]
      guard shared >= 0, let found = known.first(where: { Int($0.shared) == shared }) else {
        return node
      }
      node = reading.target(side, node, Int(found.number))
    }
  }
}
