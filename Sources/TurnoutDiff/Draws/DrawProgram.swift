/// What one table does with every unit in one context: a graph of draws without circles. Each node reads
/// one coordinate of the unit, its position under one salt, and goes on by the interval that has it.
struct DrawProgram: Hashable {
  /// A node comes after all that it leads to.
  private(set) var nodes: [Node] = []
  var root = 0
  /// Whether there was too much to write down: it means nothing then.
  var isCut = false

  enum Node: Hashable {
    /// The end, with the number of an outcome.
    case leaf(Int)
    /// The number of a coordinate, and where its intervals lead.
    case draw(Int, [Branch])
  }

  /// From where the branch before ends up to `upper`, which is not in it.
  struct Branch: Hashable {
    var upper: UInt64
    var next: Int
  }

  mutating func add(_ node: Node) -> Int {
    nodes.append(node)
    return nodes.count - 1
  }

  /// Adds a draw whose intervals lead where `next` says; none if they all lead to one place.
  mutating func add(
    draw coordinate: Int, _ intervals: [TableRecords.Interval], _ next: (Int) -> Int
  ) -> Int {
    var branches: [Branch] = []
    var memory: (target: Int, next: Int)?
    for interval in intervals {
      let target: Int
      if let memory, memory.target == interval.target {
        target = memory.next
      } else {
        target = next(interval.target)
        memory = (interval.target, target)
      }
      if branches.last?.next == target {
        branches[branches.count - 1].upper = interval.upper
      } else {
        branches.append(Branch(upper: interval.upper, next: target))
      }
    }
    if branches.count == 1 { return branches[0].next }
    return add(.draw(coordinate, branches))
  }

  /// One that ends at once.
  static func ended(_ outcome: Int) -> DrawProgram {
    var program = DrawProgram()
    program.root = program.add(.leaf(outcome))
    return program
  }
}

/// Numbers for things, from 0 on, in the order in which they first come.
final class Numbering<Thing: Hashable> {
  private var numbers: [Thing: Int] = [:]
  private(set) var things: [Thing] = []

  func number(_ thing: Thing) -> Int {
    if let known = numbers[thing] { return known }
    numbers[thing] = things.count
    things.append(thing)
    return things.count - 1
  }

  subscript(_ number: Int) -> Thing { things[number] }
}

/// What makes a coordinate of a unit: two draws with the same salt by the same unit see one position, all
/// others are independent.
struct Coordinate: Hashable {
  /// Of the salt: the hash that positions are made with, so that equal ones draw alike.
  var seed: UInt64
  /// The number of the unit's name, or of what draws in its place.
  var source: Int
}
