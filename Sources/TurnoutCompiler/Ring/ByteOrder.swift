/// The order of names is the order of their UTF-8. Swift's own `<` and `==` of strings compare
/// canonical equivalents, which would make two salts one.
enum ByteOrder {
  /// Over spans: what walks the views of two strings takes three times as long, and compiling
  /// compares names more often than it does anything else.
  static func precedes(_ first: String, _ second: String) -> Bool {
    let (first, second) = (first.utf8.span, second.utf8.span)
    for index in 0..<min(first.count, second.count) where first[index] != second[index] {
      return first[index] < second[index]
    }
    return first.count < second.count
  }

  static func same(_ first: String, _ second: String) -> Bool {
    let (first, second) = (first.utf8.span, second.utf8.span)
    guard first.count == second.count else { return false }
    for index in first.indices where first[index] != second[index] { return false }
    return true
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
