/// Use cases that change in the very same way: a move of a model or a cluster is one change, though
/// thousands of use cases make it.
struct ChangeGroup {
  /// Without a name of its own.
  let change: UseCaseDifference
  /// In the order of the document.
  var useCases: [UseCaseDifference]

  /// Those that move most first, then those that begin, then by name.
  static func all(of useCases: [UseCaseDifference]) -> [ChangeGroup] {
    var numbers: [UseCaseDifference: Int] = [:]
    var groups: [ChangeGroup] = []
    for useCase in useCases {
      var nameless = useCase
      nameless.name = ""
      nameless.listedUnits = nil
      if let number = numbers[nameless] {
        groups[number].useCases.append(useCase)
      } else {
        numbers[nameless] = groups.count
        groups.append(ChangeGroup(change: nameless, useCases: [useCase]))
      }
    }
    let keys = groups.map { group in
      (group.change.largestMove?.moved ?? .zero, group.change.largestBeginning)
    }
    return groups.indices.sorted { one, other in
      if keys[one].0 != keys[other].0 { return keys[one].0 > keys[other].0 }
      if keys[one].1 != keys[other].1 { return keys[one].1 > keys[other].1 }
      return one < other
    }.map { groups[$0] }
  }
}

extension UseCaseDifference {
  /// The largest share that gets a destination and had none.
  var largestBeginning: Share {
    counted.map(\.begun).max() ?? .zero
  }

  /// The class to show first: the one that moves most, else the one in which most begins.
  var foremost: ClassDifference? {
    largestMove ?? counted.max { $0.begun < $1.begun }
  }
}
