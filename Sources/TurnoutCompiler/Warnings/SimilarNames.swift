/// Which names of one kind are so alike that one of them is probably a slip of the other.
///
/// Two kinds of likeness. What looks alike: the same letters in another case, `l` for `1`, `O` for
/// `0`, `_` for `-`. And what one slip of the hand makes of the other: a letter more, less, another or
/// two of them changed about, within a word of ``lettersMin`` letters (of two changed about, one less). Digits are meant: `v1` and
/// `v2`, `cw-10` and `cw-100` are not alike, nor are words as short as `us` and `uk`.
struct SimilarNames {
  /// In a word with fewer, one letter is no slip: `eu` and `us`, `cw-a` and `cw-b`, `east` and `west`.
  static let lettersMin = 5
  /// Of more names of one kind only those that look alike are looked for.
  static let comparedMax = 50_000

  /// Pairs of numbers of `names`, the first below the second; of each second one pair at most.
  private(set) var pairs: [(Int, Int)] = []

  init(_ names: [String]) {
    let texts = names.map { Array($0.utf8) }
    var found: [Int: Int] = [:]
    func keep(_ one: Int, _ other: Int) {
      let (first, second) = (min(one, other), max(one, other))
      if found[second] == nil { found[second] = first }
    }
    for fold in [Self.withoutCase, Self.shape] {
      var folded: [UInt64: Int] = [:]
      folded.reserveCapacity(texts.count)
      for (number, text) in texts.enumerated() {
        let hash = text.reduce(0) { ($0 &+ UInt64(fold($1))) &* Self.base }
        if let other = folded[hash] {
          // Of texts that only their hashes make equal nothing is said.
          if text.lazy.map(fold).elementsEqual(texts[other].lazy.map(fold)) { keep(other, number) }
        } else {
          folded[hash] = number
        }
      }
    }
    if texts.count <= Self.comparedMax {
      // Names that one edit tells apart have a text in common that lacks one letter of either.
      var traces: [Trace] = []
      var powers: [UInt64] = [1]
      for (number, text) in texts.enumerated() {
        while powers.count < text.count { powers.append(powers[powers.count - 1] &* Self.base) }
        Self.add(text, number, powers, to: &traces)
      }
      Self.dropLonely(&traces)
      traces.sort { ($0.hash, $0.number) < ($1.hash, $1.number) }
      var start = 0
      while start < traces.count {
        var end = start + 1
        while end < traces.count, traces[end].hash == traces[start].hash { end += 1 }
        let alike = traces[start..<min(end, start + Self.togetherMax)]
        for one in alike {
          for other in alike where one.number < other.number && found[other.number] == nil {
            if Self.isSlip(texts[one.number], texts[other.number]) {
              keep(one.number, other.number)
            }
          }
        }
        start = end
      }
    }
    pairs = found.map { ($0.value, $0.key) }.sorted { $0.1 < $1.1 }
  }

  /// Of names that share a text, so many are compared with each other.
  private static let togetherMax = 64

  private struct Trace {
    var hash: UInt64
    var number: Int
  }

  private static let base: UInt64 = 0x0000_0100_0000_01b3

  /// Leaves out most traces that no other one equals, so that few are to be sorted.
  private static func dropLonely(_ traces: inout [Trace]) {
    var bits = 1
    while bits < 32, 1 << bits < traces.count * 4 { bits += 1 }
    // How often each place was met, up to twice. A hash's place are the upper bits of a product.
    var met = [UInt8](repeating: 0, count: 1 << bits)
    func place(_ trace: Trace) -> Int {
      Int(truncatingIfNeeded: (trace.hash &* 0x9e37_79b9_7f4a_7c15) >> (64 - bits))
    }
    for trace in traces { met[place(trace)] = min(2, met[place(trace)] + 1) }
    traces.removeAll { met[place($0)] < 2 }
  }

  /// A name's hash, and those of what is left of it without one letter of a long word. `powers` are those
  /// of `base`, one for each letter.
  private static func add(
    _ text: [UInt8], _ number: Int, _ powers: [UInt64], to traces: inout [Trace]
  ) {
    func hash(_ hash: UInt64, _ byte: UInt8) -> UInt64 { hash &* base &+ UInt64(byte) &+ 1 }
    let whole = text.reduce(0, hash)
    traces.append(Trace(hash: whole, number: number))
    var before: UInt64 = 0
    var wordEnd = 0
    var isLong = false
    for index in text.indices {
      if index >= wordEnd {
        wordEnd = isLetter(text[index]) ? word(of: text, around: index).end : index + 1
        isLong = wordEnd - index >= lettersMin - 1
      }
      let through = hash(before, text[index])
      let isRepeated = index > 0 && text[index] == text[index - 1]
      if isLong, !isRepeated {
        // What comes after it stays; what comes before it moves up by its place.
        let without = whole &- (through &- before) &* powers[text.count - index - 1]
        traces.append(Trace(hash: without, number: number))
      }
      before = through
    }
  }

  private static func withoutCase(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "_"), UInt8(ascii: "."): UInt8(ascii: "-")
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
    default: byte
    }
  }

  /// What some typefaces make of it.
  private static func shape(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "1"), UInt8(ascii: "I"): UInt8(ascii: "l")
    case UInt8(ascii: "0"), UInt8(ascii: "O"): UInt8(ascii: "o")
    case UInt8(ascii: "_"), UInt8(ascii: "."): UInt8(ascii: "-")
    default: byte
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  /// Whether one edit of letters within a long word makes one of the other. The first letter of a word
  /// is seldom mistaken: `watch` and `match` are two words.
  static func isSlip(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    let (short, long) = one.count <= other.count ? (one, other) : (other, one)
    guard long.count - short.count <= 1 else { return false }
    guard let at = long.indices.first(where: { $0 >= short.count || long[$0] != short[$0] }) else {
      return false
    }
    let isSameLength = short.count == long.count
    func isRest(_ longer: Int, _ shorter: Int) -> Bool {
      at + longer <= long.count && at + shorter <= short.count
        && long[(at + longer)...].elementsEqual(short[(at + shorter)...])
    }
    var isSwap = false
    if isSameLength, !isRest(1, 1) {
      guard at + 1 < long.count, long[at] == short[at + 1], long[at + 1] == short[at],
        isRest(2, 2)
      else { return false }
      isSwap = true
    } else if !isSameLength, !isRest(1, 0) {
      return false
    }
    let edited = [long[at], isSameLength ? short[at] : long[at]]
    guard edited.allSatisfy(isLetter) else { return false }
    let (start, end) = word(of: long, around: at)
    guard start < at || isSwap else { return false }
    let letters = end - start - (isSameLength ? 0 : 1)
    return letters >= (isSwap ? lettersMin - 1 : lettersMin)
  }

  /// The run of letters around an index, from one capital after a small letter to before the next.
  private static func word(of text: [UInt8], around index: Int) -> (start: Int, end: Int) {
    func isCapital(_ byte: UInt8) -> Bool { isLetter(byte) && byte & 0x20 == 0 }
    func begins(_ index: Int) -> Bool {
      index == 0 || !isLetter(text[index - 1])
        || (isCapital(text[index]) && !isCapital(text[index - 1]))
    }
    var start = index
    while !begins(start) { start -= 1 }
    var end = index + 1
    while end < text.count, isLetter(text[end]), !begins(end) { end += 1 }
    return (start, end)
  }
}
