/// The order of names is the order of their UTF-8. Swift's own `<` and `==` of strings compare
/// canonical equivalents, which would make two salts one.
enum ByteOrder {
  static func precedes(_ first: String, _ second: String) -> Bool {
    first.utf8.lexicographicallyPrecedes(second.utf8)
  }

  static func same(_ first: String, _ second: String) -> Bool {
    first.utf8.elementsEqual(second.utf8)
  }

  /// Indices of the pairs of the same key in two lists that are in byte order without duplicates.
  static func pairs(_ first: [Arm], _ second: [Arm]) -> [(first: Int, second: Int)] {
    var pairs: [(first: Int, second: Int)] = []
    var i = 0
    var j = 0
    while i < first.count, j < second.count {
      if same(first[i].key, second[j].key) {
        pairs.append((i, j))
        i += 1
        j += 1
      } else if precedes(first[i].key, second[j].key) {
        i += 1
      } else {
        j += 1
      }
    }
    return pairs
  }

  /// The first key that two neighbours of a list in byte order share.
  static func duplicate(in arms: [Arm]) -> String? {
    zip(arms, arms.dropFirst()).first { same($0.key, $1.key) }?.0.key
  }
}
