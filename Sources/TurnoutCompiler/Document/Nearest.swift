/// The name that was probably meant.
package enum Nearest {
  private static let bytesMax = Limits.nameBytesMax * 2 + 1

  /// The candidate with the fewest edits (insertion, deletion, replacement, swap of neighbours;
  /// case does not count), nil if even that takes more than a third of the letters.
  package static func name(to name: String, among candidates: some Sequence<String>) -> String? {
    let wanted = folded(name)
    guard !wanted.isEmpty, wanted.count <= bytesMax else { return nil }
    var best: (name: String, distance: Int)?
    for candidate in candidates {
      let shorter = min(wanted.count, candidate.utf8.count)
      let distanceMax = shorter < 2 ? 0 : max(1, shorter / 3)
      guard abs(candidate.utf8.count - wanted.count) <= distanceMax else { continue }
      let distance = distance(wanted, folded(candidate), atMost: distanceMax)
      guard distance <= distanceMax else { continue }
      if let known = best {
        if distance > known.distance { continue }
        if distance == known.distance, Text(known.name) < Text(candidate) { continue }
      }
      best = (candidate, distance)
    }
    return best?.name
  }

  private static func folded(_ name: String) -> [UInt8] {
    name.utf8.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
  }

  /// Optimal string alignment distance; anything above `atMost` where that is exceeded.
  private static func distance(_ left: [UInt8], _ right: [UInt8], atMost: Int) -> Int {
    if left == right { return 0 }
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    var current = last
    for i in 0..<left.count {
      current[0] = i + 1
      var smallest = current[0]
      for j in 0..<right.count {
        let replaced = last[j] + (left[i] == right[j] ? 0 : 1)
        var cost = min(replaced, last[j + 1] + 1, current[j] + 1)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          cost = min(cost, beforeLast[j - 1] + 1)
        }
        current[j + 1] = cost
        smallest = min(smallest, cost)
      }
      if smallest > atMost { return smallest }
      (beforeLast, last, current) = (last, current, beforeLast)
    }
    return last[right.count]
  }
}
