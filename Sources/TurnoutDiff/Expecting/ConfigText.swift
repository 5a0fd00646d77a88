import Turnout
import TurnoutCompiler

/// The merged config of a decision, read at its top level: compact, as the engine writes it.
struct ConfigText {
  /// Keys as JSON writes them, quotes included, and values likewise.
  private var values: [[UInt8]: ArraySlice<UInt8>] = [:]

  init(_ json: String) {
    let bytes = Array(json.utf8)
    var start = 1
    while start < bytes.count, bytes[start] == UInt8(ascii: "\"") {
      let colon = Self.end(of: bytes, from: start, at: UInt8(ascii: ":"))
      let comma = Self.end(of: bytes, from: colon + 1, at: UInt8(ascii: ","))
      guard colon < comma else { return }
      values[Array(bytes[start..<colon])] = bytes[(colon + 1)..<comma]
      start = comma + 1
    }
  }

  /// The value of a key as JSON; nil if there is no such key.
  subscript(key: String) -> String? {
    values[Array(JSONText.quoted(key).utf8)].map { String(decoding: $0, as: UTF8.self) }
  }

  /// Where the next `mark` stands that is in no text, list or object, or the end of the object.
  private static func end(of bytes: [UInt8], from start: Int, at mark: UInt8) -> Int {
    var depth = 0
    var isText = false
    var index = start
    while index < bytes.count {
      let byte = bytes[index]
      if isText {
        if byte == UInt8(ascii: "\\") { index += 1 }
        if byte == UInt8(ascii: "\"") { isText = false }
      } else if depth == 0, byte == mark {
        return index
      } else {
        switch byte {
        case UInt8(ascii: "\""): isText = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
          if depth == 0 { return index }
          depth -= 1
        default: break
        }
      }
      index += 1
    }
    return index
  }
}
