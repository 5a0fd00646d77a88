import Testing
import TurnoutCompiler

/// SplitMix64, so that a failure can be repeated from its seed.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

private let fragments = [
  "[", "]", "{", "}", ":", ": ", "- ", "\n", "\n  ", "? ", "&a ", "*a", "!!x ", "<<: ", "---\n",
  "...\n", "%TAG ! x\n", "|\n", ">\n", "\"", "'", "#", "\t", "\r", "\u{0}", "\u{feff}", "\u{2028}",
  "~", "null", ".nan", "1e999", "@", "%", "split", "ranges", "units", "all", "4294967296",
  "units_file", "experiment", "100%", "salt", "shared_salt: true", "otherwise", "when", "in", "{}",
  "99999999999999999999", "\\ud800", "\\", "é",
]

@Test func noMutationOfADocumentCrashesTheChecker() {
  let seed = UInt64.random(in: 0...UInt64.max)
  print("seed \(seed)")
  var generator = SeededGenerator(state: seed)
  let good = Array(fullDocument.utf8)
  for round in 0..<3_000 {
    var bytes = good
    for _ in 0..<Int.random(in: 1...6, using: &generator) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      let end = min(bytes.count, place + Int.random(in: 0...12, using: &generator))
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
      case 1: bytes.removeSubrange(place..<end)
      case 2: bytes.insert(contentsOf: bytes[place..<end], at: 0)
      case 3: bytes.removeSubrange(place...)
      default:
        let fragment = fragments.randomElement(using: &generator) ?? ""
        bytes.replaceSubrange(place..<end, with: Array(fragment.utf8))
      }
    }
    let name = round.isMultiple(of: 3) ? "doc.json" : "doc.yaml"
    let checked = CheckedDocuments(
      [Source(name: name, bytes: bytes)], unitFiles: fullDocumentUnitFiles)
    // Either a model, or a reason why not.
    let isWrong = checked.diagnostics.contains { $0.severity == .error }
    #expect((checked.document == nil) == isWrong, "seed \(seed)")
    _ = checked.text()
  }
}

@Test func noBytesCrashTheChecker() {
  let seed = UInt64.random(in: 0...UInt64.max)
  print("seed \(seed)")
  var generator = SeededGenerator(state: seed)
  for _ in 0..<2_000 {
    var bytes: [UInt8] = []
    for _ in 0..<Int.random(in: 0...40, using: &generator) {
      if Bool.random(using: &generator) {
        bytes.append(UInt8.random(in: 0...255, using: &generator))
      } else {
        bytes += Array((fragments.randomElement(using: &generator) ?? "").utf8)
      }
    }
    let checked = CheckedDocuments([Source(name: "doc.yaml", bytes: bytes)])
    #expect(checked.document == nil, "seed \(seed)")
  }
}
