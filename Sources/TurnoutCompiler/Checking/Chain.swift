/// Names that lead to other names: segments to segments, units to those that stand in for them.
struct Chain {
  /// Every name after all that it leads to.
  private(set) var order: [String] = []
  /// The names on the way round, for the first few circles.
  private(set) var circles: [[String]] = []

  private static let circlesMax = 64

  private enum State {
    case open(depth: Int)
    case done
  }

  /// `steps` gives, for each name, the names that it leads to; unknown ones are passed over.
  /// However long the way, the stack does not grow.
  init(_ names: [String], steps: [String: [String]]) {
    var states: [String: State] = [:]
    for name in names where states[name] == nil {
      var path: [(name: String, next: Int)] = [(name, 0)]
      states[name] = .open(depth: 0)
      while let last = path.last {
        let ahead = steps[last.name] ?? []
        guard last.next < ahead.count else {
          states[last.name] = .done
          order.append(last.name)
          path.removeLast()
          continue
        }
        path[path.count - 1].next += 1
        let next = ahead[last.next]
        switch states[next] {
        case .open(let depth):
          if circles.count < Self.circlesMax { circles.append(path[depth...].map(\.name)) }
        case .done: break
        case nil:
          guard steps[next] != nil else { break }
          states[next] = .open(depth: path.count)
          path.append((next, 0))
        }
      }
    }
  }
}
