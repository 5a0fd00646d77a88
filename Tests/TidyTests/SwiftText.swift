/// Swift source with comments and the insides of literals blanked, line for line, so that a rule
/// about code does not trip over prose.
enum SwiftText {
  static func code(of text: String) -> [String] {
    var output: [Character] = []
    let input = Array(text)
    var index = 0
    var comments = 0
    var isLine = false
    var literal: Literal?
    while index < input.count {
      let character = input[index]
      if character == "\n" {
        isLine = false
        output.append("\n")
        index += 1
      } else if isLine {
        index += 1
      } else if comments > 0 {
        if starts("*/", input, index) {
          comments -= 1
          index += 2
        } else if starts("/*", input, index) {
          comments += 1
          index += 2
        } else {
          index += 1
        }
      } else if let open = literal {
        if starts("\\" + open.hashes, input, index) {
          // An escape; what an interpolation holds is blanked along with the rest.
          index += 1 + open.hashes.count + 1
        } else if starts(open.quotes + open.hashes, input, index) {
          output.append("\"")
          index += open.quotes.count + open.hashes.count
          literal = nil
        } else {
          index += 1
        }
      } else if starts("//", input, index) {
        isLine = true
      } else if starts("/*", input, index) {
        comments = 1
        index += 2
      } else if let open = Literal(at: index, of: input) {
        output.append("\"")
        index += open.hashes.count + open.quotes.count
        literal = open
      } else {
        output.append(character)
        index += 1
      }
    }
    return String(output).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private struct Literal {
    let quotes: String
    let hashes: String

    init?(at start: Int, of input: [Character]) {
      var index = start
      while index < input.count, input[index] == "#" { index += 1 }
      guard index < input.count, input[index] == "\"" else { return nil }
      hashes = String(repeating: "#", count: index - start)
      quotes = SwiftText.starts("\"\"\"", input, index) ? "\"\"\"" : "\""
    }
  }

  private static func starts(_ prefix: String, _ input: [Character], _ index: Int) -> Bool {
    var at = index
    for character in prefix {
      guard at < input.count, input[at] == character else { return false }
      at += 1
    }
    return true
  }
}
