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
  private var reading = JointReading()

  /// What both come to. `steps` is what may be spent, and is less by what was.
  init(_ first: DrawProgram, _ second: DrawProgram, steps: inout Int) throws(Excess) {
    self.first = first
    self.second = second
    try reading.read(first, second)
    try walk(&steps)
  }

  private struct State: Hashable {
    var first: Int
    var second: Int
    /// Pairs of a shared coordinate's index and the class of the unit's position, in ascending order.
    var known: [Int32] = []
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
        guard let coordinate = reading.next(state.first, state.second) else {
          if case .leaf(let before) = first.nodes[state.first],
            case .leaf(let after) = second.nodes[state.second]
          {
            ends[Pair(before: before, after: after), default: .zero] += share
            if ends.count > Self.endsMax {
              throw Excess(words: "more than \(Self.endsMax) pairs of destinations")
            }
          }
          continue
        }
        let classes = reading.classes(of: coordinate)
        steps -= classes.lengths.count
        if steps < 0 {
          throw Excess(words: "its draws combine in too many ways")
        }
        for (number, length) in classes.lengths.enumerated() where length > 0 {
          let next = advance(state, coordinate, number)
          waiting[next.first + next.second][next, default: .zero] += share.scaled(by: length)
        }
      }
    }
  }

  /// The state after the position under a coordinate was found to be in a class.
  private func advance(_ state: State, _ coordinate: Int, _ number: Int) -> State {
    var next = state
    if let shared = reading.sharedIndex(of: coordinate) {
      let place = stride(from: 0, to: next.known.count, by: 2).first {
        next.known[$0] > shared
      }
      next.known.insert(
        contentsOf: [Int32(shared), Int32(number)], at: place ?? next.known.count)
    }
    // One that is read may lead to another that is known already.
    while let to = step(first, next.first, coordinate, number, next.known, side: 0) {
      next.first = to
    }
    while let to = step(second, next.second, coordinate, number, next.known, side: 1) {
      next.second = to
    }
    if !next.known.isEmpty {
      let live = reading.live(next.first, next.second)
      var kept: [Int32] = []
      for place in stride(from: 0, to: next.known.count, by: 2)
      where live.contains(Int(next.known[place])) {
        kept += next.known[place...place + 1]
      }
      next.known = kept
    }
    return next
  }

  /// Where a node leads if its coordinate is known; nil if it is not, or at the end.
  private func step(
    _ program: DrawProgram, _ node: Int, _ coordinate: Int, _ number: Int, _ known: [Int32],
    side: Int
  ) -> Int? {
    guard case .draw(let own, _) = program.nodes[node] else { return nil }
    var found = own == coordinate ? number : nil
    if found == nil, let shared = reading.sharedIndex(of: own) {
      found = stride(from: 0, to: known.count, by: 2).first { known[$0] == shared }
        .map { Int(known[$0 + 1]) }
    }
    return found.map { reading.classes(of: own).targets[side][node]?[$0] ?? 0 }
  }
}
