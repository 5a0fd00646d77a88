/// Reads one JSON text (RFC 8259) from its start, strictly: what it returns is what was written,
/// and everything else is a fault with its place. It reads only as deep as its caller asks.
struct JSONReader {
  /// What is wrong, and at which byte.
  struct Fault: Error {
    var offset: Int
    var message: String
  }

  /// A value that holds no others.
  enum Scalar {
    case string(String)
    case number(Double)
    case boolean(Bool)
    case null
  }

  private let bytes: [UInt8]
  private(set) var offset = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The number that `text` is, all of it; nil if it is none that JSON has, or beyond a double.
  static func number(_ text: String) -> Double? {
    var reader = JSONReader(Array(text.utf8))
    guard case .number(let number)? = try? reader.scalar(), reader.offset == reader.bytes.count
    else { return nil }
    return number
  }

  /// Calls `member` for each member of the object that begins here, in order, with the reader at
  /// its value, which `member` reads. No name may come twice.
  mutating func object(
    _ member: (inout JSONReader, _ name: String, _ offset: Int) throws(Fault) -> Void
  ) throws(Fault) {
    skipSpace()
    guard peek == UInt8(ascii: "{") else { throw fault("expected an object, `{`") }
    offset += 1
    skipSpace()
    if skip("}") { return }
    // By bytes: two names that only look alike are two.
    var names: Set<[UInt8]> = []
    while true {
      skipSpace()
      let start = offset
      guard peek == UInt8(ascii: "\"") else { throw fault("expected a name in double quotes") }
      let name = try text()
      guard names.insert(Array(name.utf8)).inserted else {
        throw Fault(offset: start, message: "`\(name)` stands here twice")
      }
      skipSpace()
      guard skip(":") else { throw fault("expected `:`") }
      skipSpace()
      try member(&self, name, start)
      skipSpace()
      if skip(",") { continue }
      if skip("}") { return }
      throw fault("expected `,` or `}`")
    }
  }

  /// Calls `element` for each element of the list that begins here, in order, with the reader at the
  /// element, which `element` reads.
  mutating func list(_ element: (inout JSONReader) throws(Fault) -> Void) throws(Fault) {
    skipSpace()
    guard peek == UInt8(ascii: "[") else { throw fault("expected a list, `[`") }
    offset += 1
    skipSpace()
    if skip("]") { return }
    while true {
      skipSpace()
      try element(&self)
      skipSpace()
      if skip(",") { continue }
      if skip("]") { return }
      throw fault("expected `,` or `]`")
    }
  }

  /// Reads a text, a number, `true`, `false` or `null`.
  mutating func scalar() throws(Fault) -> Scalar {
    guard let byte = peek else { throw fault("the line ends where a value should stand") }
    switch byte {
    case UInt8(ascii: "\""): return .string(try text())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    case UInt8(ascii: "t") where skip(word: "true"): return .boolean(true)
    case UInt8(ascii: "f") where skip(word: "false"): return .boolean(false)
    case UInt8(ascii: "n") where skip(word: "null"): return .null
    case UInt8(ascii: "{"): throw fault("an object cannot stand here")
    case UInt8(ascii: "["): throw fault("a list cannot stand here")
    default: throw fault("expected a value")
    }
  }

  /// Reads a list or an object, if one begins here, and forgets it. False: something else does.
  mutating func skipContainer(depth: Int = 0) throws(Fault) -> Bool {
    guard let byte = peek, byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") else {
      return false
    }
    guard depth < 64 else { throw fault("lists and objects stand more than 64 deep here") }
    if byte == UInt8(ascii: "{") {
      try object { reader, _, _ throws(Fault) in
        if !(try reader.skipContainer(depth: depth + 1)) { _ = try reader.scalar() }
      }
      return true
    }
    try list { reader throws(Fault) in
      if !(try reader.skipContainer(depth: depth + 1)) { _ = try reader.scalar() }
    }
    return true
  }

  /// Nothing but white space may be left.
  mutating func end() throws(Fault) {
    skipSpace()
    guard offset == bytes.count else { throw fault("more follows after the object") }
  }

  // MARK: Texts

  private mutating func text() throws(Fault) -> String {
    let start = offset
    offset += 1
    var end = offset
    while end < bytes.count, bytes[end] != UInt8(ascii: "\""), bytes[end] != UInt8(ascii: "\\"),
      bytes[end] >= 0x20
    { end += 1 }
    var content = Array(bytes[offset..<end])
    offset = end
    while true {
      guard let byte = peek else {
        throw Fault(offset: start, message: "this text has no closing quote")
      }
      if byte == UInt8(ascii: "\"") { break }
      if byte < 0x20 { throw fault("a control character must be written as an escape") }
      if byte == UInt8(ascii: "\\") {
        try escape(into: &content)
      } else {
        content.append(byte)
        offset += 1
      }
    }
    offset += 1
    guard let text = String(validating: content, as: UTF8.self) else {
      throw Fault(offset: start, message: "this text is not UTF-8; give bytes as `unit_base64`")
    }
    return text
  }

  private mutating func escape(into content: inout [UInt8]) throws(Fault) {
    let start = offset
    offset += 1
    guard let letter = peek else { throw fault("the line ends inside an escape") }
    offset += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(letter)
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0c)
    case UInt8(ascii: "n"): content.append(0x0a)
    case UInt8(ascii: "r"): content.append(0x0d)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "u"):
      guard let scalar = scalarEscape() else {
        throw Fault(
          offset: start, message: "`\\u` needs four hexadecimal digits, surrogates in pairs")
      }
      content.append(contentsOf: String(scalar).utf8)
    default: throw Fault(offset: start, message: "JSON has no such escape")
    }
  }

  /// What stands after `\u`: four digits, or twice four for a pair of surrogates.
  private mutating func scalarEscape() -> Unicode.Scalar? {
    guard let first = hexadecimal() else { return nil }
    guard (0xd800..<0xdc00).contains(first) else { return Unicode.Scalar(first) }
    guard skip("\\"), skip("u"), let second = hexadecimal(), (0xdc00..<0xe000).contains(second)
    else { return nil }
    return Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
  }

  private mutating func hexadecimal() -> UInt32? {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80
      else { return nil }
      value = value * 16 + UInt32(digit)
      offset += 1
    }
    return value
  }

  // MARK: Numbers

  private mutating func number() throws(Fault) -> Double {
    let start = offset
    _ = skip("-")
    if skip("0") {
      if let byte = peek, Self.isDigit(byte) {
        throw Fault(offset: start, message: "a number cannot begin with a zero and go on")
      }
    } else {
      try digits()
    }
    if skip(".") { try digits() }
    if skip("e") || skip("E") {
      if !skip("+") { _ = skip("-") }
      try digits()
    }
    let written = String(decoding: bytes[start..<offset], as: UTF8.self)
    guard let value = Double(written), value.isFinite else {
      throw Fault(offset: start, message: "this number is too large for a double")
    }
    return value
  }

  private mutating func digits() throws(Fault) {
    guard let byte = peek, Self.isDigit(byte) else { throw fault("expected a digit") }
    while let byte = peek, Self.isDigit(byte) { offset += 1 }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  // MARK: Bytes

  private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private func fault(_ message: String) -> Fault { Fault(offset: offset, message: message) }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0d || byte == 0x0a {
      offset += 1
    }
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard let byte = peek, UInt32(byte) == character.value else { return false }
    offset += 1
    return true
  }

  private mutating func skip(word: StaticString) -> Bool {
    let word = Array("\(word)".utf8)
    guard bytes[offset...].starts(with: word) else { return false }
    offset += word.count
    return true
  }
}
