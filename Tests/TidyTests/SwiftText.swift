/// Swift source with comments and the insides of literals blanked, line for line, so that a rule
/// about code does not trip over prose.
enum SwiftText {
  private static let newline = UInt8(ascii: "\n")
  private static let quote = UInt8(ascii: "\"")

  static func code(of text: String) -> [String] {
    var output: [UInt8] = []
    let input = Array(text.utf8)
    var index = 0
    var comments = 0
    var isLine = false
    var literal: Literal?
    while index < input.count {
      let character = input[index]
      if character == newline {
        isLine = false
        output.append(newline)
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
          output.append(quote)
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
        output.append(quote)
        index += open.hashes.count + open.quotes.count
        literal = open
      } else {
        output.append(character)
        index += 1
      }
    }
    return output.split(separator: newline, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  private struct Literal {
    let quotes: String
    let hashes: String

    init?(at start: Int, of input: [UInt8]) {
      var index = start
      while index < input.count, input[index] == UInt8(ascii: "#") { index += 1 }
      guard index < input.count, input[index] == quote else { return nil }
      hashes = String(repeating: "#", count: index - start)
      quotes = SwiftText.starts("\"\"\"", input, index) ? "\"\"\"" : "\""
    }
  }

  private static func starts(_ prefix: String, _ input: [UInt8], _ index: Int) -> Bool {
    var at = index
    for character in prefix.utf8 {
      guard at < input.count, input[at] == character else { return false }
      at += 1
    }
    return true
  }
}
