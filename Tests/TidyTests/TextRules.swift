/// What holds for every text file: length, name, blanks, and no work left lying about.
enum TextRules {
  static let linesMax = 500
  static let vagueWords: Set<String> = [
    "manager", "helper", "helpers", "util", "utils", "utility", "utilities", "common", "misc",
  ]
  /// Spelled in two parts, so that this file passes its own rule.
  private static let leftovers = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]

  static func check(_ file: SourceFile) -> [Finding] {
    var findings: [Finding] = []
    func find(_ line: Int, _ advice: String) {
      findings.append(Finding(path: file.path, line: line, advice: advice))
    }
    let lines = file.lines
    if file.isCode, lines.count > linesMax {
      find(linesMax + 1, "\(lines.count) lines; split it by subject, \(linesMax) are the most")
    }
    // Files of units and what a fuzzer found are data: how their lines end is what they test.
    let isData =
      file.path.hasPrefix("Tests/vectors/documents/") && file.fileExtension == "txt"
      || file.path.hasPrefix("Tests/Fuzz/regressions/")
    let isProse = !isData
    let mayTab =
      isData || ["Makefile", "LICENSE"].contains(file.name) || file.fileExtension == "tsv"
    for (index, line) in lines.enumerated() {
      if !mayTab, line.utf8.contains(0x09) { find(index + 1, "a tab; indent with spaces") }
      if isProse, let end = line.utf8.last, [0x20, 0x09, 0x0D].contains(end) {
        find(index + 1, "a blank at the end of the line; take it away")
      }
      if file.isCode, leftovers.contains(where: { contains(line, word: $0) }) {
        find(index + 1, "work left lying about; do it now or open an issue")
      }
    }
    let endsOnce = file.text.hasSuffix("\n") && !file.text.hasSuffix("\n\n")
    if isProse, !file.text.isEmpty, !endsOnce {
      find(max(lines.count, 1), "end the file in exactly one newline")
    }
    for part in file.path.split(separator: "/") where hasVagueWord(String(part)) {
      find(1, "\(part): name it by the noun it is about, not \(vagueWords.sorted())")
    }
    if file.fileExtension == "swift" {
      for (index, line) in file.code.enumerated()
      where ["struct ", "class ", "enum ", "actor ", "protocol "].contains(where: line.contains) {
        let pattern = /\b(?:struct|class|enum|actor|protocol)\s+(\w+)/
        if let match = try? pattern.firstMatch(in: line), hasVagueWord(String(match.output.1)) {
          find(index + 1, "\(match.output.1): name the type by the noun it is about")
        }
      }
    }
    return findings
  }

  /// The words of a name in camel case, with hyphens or with underscores.
  static func hasVagueWord(_ name: String) -> Bool {
    var word = ""
    var words: [String] = []
    for character in name {
      if character.isUppercase || !character.isLetter {
        words.append(word)
        word = ""
      }
      if character.isLetter { word.append(contentsOf: character.lowercased()) }
    }
    words.append(word)
    return !vagueWords.isDisjoint(with: words)
  }

  private static func contains(_ line: String, word: String) -> Bool {
    guard let range = line.firstRange(of: word) else { return false }
    let before = line[..<range.lowerBound].last ?? " "
    let after = line[range.upperBound...].first ?? " "
    return !before.isLetter && !after.isLetter
  }
}
