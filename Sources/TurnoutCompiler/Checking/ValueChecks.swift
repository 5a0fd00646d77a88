extension Checker {
  /// A value to compare an attribute with, in the attribute's type.
  func value(_ node: Node, _ type: AttributeType, _ what: String) -> AttributeValue? {
    guard case .scalar(let text, _) = node.content else {
      reportWrongType(node, what, "a \(type.rawValue)")
      return nil
    }
    guard !node.isNull else {
      report.error(
        .empty, at: node.mark, "\(what) is compared with nothing",
        "write a value, in quotes if it is this very word; `{ exists: false }` asks whether it is"
          + " missing")
      return nil
    }
    return value(text, at: node.mark, type, what)
  }

  func value(
    _ text: String, at mark: SourceMark, _ type: AttributeType, _ what: String
  ) -> AttributeValue? {
    let bytesMax = type == .version ? Limits.versionBytesMax : Limits.valueBytesMax
    guard text.utf8.count <= bytesMax else {
      report.error(
        .limit, at: mark, "the value of \(what) has \(text.utf8.count) bytes",
        "at most \(bytesMax)")
      return nil
    }
    switch type {
    case .string:
      return .string(Text(text))
    case .number:
      if let number = Self.number(text) { return .number(number) }
      report.error(
        .wrongType, at: mark, "\(what) is a number, \(Printable.quoted(text)) is none",
        "write it as JSON does: 12, -0.5, 1e3")
    case .version:
      if let version = Version(text) { return .version(version) }
      report.error(
        .wrongType, at: mark, "\(what) is a version, \(Printable.quoted(text)) is none",
        "write numbers between points: 8.10, 3.1.4-beta.2")
    case .boolean:
      let node = Node(content: .scalar(text, isPlain: false), mark: mark)
      return boolean(node, what).map(AttributeValue.boolean)
    }
    return nil
  }

  /// What a number is that JSON would write so. Infinities are none, neither written nor by overflow;
  /// −0 is 0.
  static func number(_ text: String) -> Double? {
    guard isNumber(text), let number = Double(text), number.isFinite else { return nil }
    return number == 0 ? 0 : number
  }

  /// Whether it is a number as JSON writes it (RFC 8259, section 6), of any size: no `+1`, `.5`, `5.`,
  /// `0x10` or `1_000`, but `1e3`.
  static func isNumber(_ text: String) -> Bool {
    var rest = Substring(text).utf8
    if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
    let whole = rest.prefix(while: Digits.isDigit)
    guard let first = whole.first, first != UInt8(ascii: "0") || whole.count == 1 else {
      return false
    }
    rest = rest.dropFirst(whole.count)
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      let fraction = rest.prefix(while: Digits.isDigit)
      guard !fraction.isEmpty else { return false }
      rest = rest.dropFirst(fraction.count)
    }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
        rest = rest.dropFirst()
      }
      let exponent = rest.prefix(while: Digits.isDigit)
      guard !exponent.isEmpty else { return false }
      rest = rest.dropFirst(exponent.count)
    }
    return rest.isEmpty
  }
}

extension Version {
  /// Nil unless the text is `digits(.digits)*[-suffix][+build]`, suffix and build being letters,
  /// digits and hyphens between points.
  package init?(_ text: String) {
    let halves = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
    if halves.count > 1, Self.identifiers(halves[1]) == nil { return nil }
    let parts = halves[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    var numbers: [String] = []
    for number in parts[0].split(separator: ".", omittingEmptySubsequences: false) {
      guard !number.isEmpty, number.utf8.allSatisfy(Digits.isDigit) else { return nil }
      numbers.append(Self.withoutLeadingZeros(number))
    }
    while numbers.count > 1, numbers.last == "0" { numbers.removeLast() }
    var canonical = numbers.joined(separator: ".")
    if parts.count > 1 {
      guard let suffix = Self.identifiers(parts[1]) else { return nil }
      canonical += "-" + suffix.joined(separator: ".")
    }
    self.init(text: Text(text), canonical: Text(canonical))
  }

  private static func identifiers(_ text: Substring) -> [String]? {
    var identifiers: [String] = []
    for identifier in text.split(separator: ".", omittingEmptySubsequences: false) {
      let isWellFormed = identifier.utf8.allSatisfy { byte in
        Digits.isDigit(byte) || byte == UInt8(ascii: "-")
          || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
      }
      guard !identifier.isEmpty, isWellFormed else { return nil }
      identifiers.append(
        identifier.utf8.allSatisfy(Digits.isDigit)
          ? withoutLeadingZeros(identifier) : String(identifier))
    }
    return identifiers
  }

  private static func withoutLeadingZeros(_ digits: Substring) -> String {
    let significant = digits.drop { $0 == "0" }
    return significant.isEmpty ? "0" : String(significant)
  }
}
