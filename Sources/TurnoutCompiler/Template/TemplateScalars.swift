import Turnout

/// Scalars of a template.
extension Checker {
  /// `none` stands for nothing where a thing may be left out altogether.
  func isNone(_ node: Node) -> Bool {
    if case .scalar("none", _) = node.content { return true }
    return false
  }

  /// Reads a mapping, or reports that there is none.
  func mapping(_ node: Node, _ shape: Shape, _ suggestion: String? = nil) -> Fields? {
    guard case .mapping(let entries) = node.content else {
      reportWrongType(node, shape.what, "a mapping", suggestion)
      return nil
    }
    return Fields(entries, at: node.mark, shape, report)
  }

  /// Digits within bounds.
  func count(_ node: Node, _ what: String, _ range: ClosedRange<Int>) -> Int? {
    guard case .scalar(let text, _) = node.content, !node.isNull else {
      reportWrongType(node, what, "a number")
      return nil
    }
    guard let number = Int(text), text.utf8.allSatisfy(Digits.isDigit), range.contains(number)
    else {
      report.error(
        .invalidValue, at: node.mark, "\(what) cannot be \(Printable.quoted(text))",
        "a whole number from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return number
  }

  /// `250ms`, `1.5s`, `15s`, `5m`, `1h`; `0s` is Envoy's way to say without end.
  func duration(_ node: Node, _ what: String) -> EnvoyTemplate.Duration? {
    guard case .scalar(let text, _) = node.content, !node.isNull else {
      reportWrongType(node, what, "a duration", "such as 500ms, 15s or 5m")
      return nil
    }
    let units: [(String, Double)] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)]
    for (unit, milliseconds) in units where text.hasSuffix(unit) {
      let digits = text.dropLast(unit.count)
      guard !digits.isEmpty, digits.utf8.allSatisfy({ Digits.isDigit($0) || $0 == 0x2e }),
        let number = Double(digits), number * milliseconds < 1e12
      else { continue }
      return EnvoyTemplate.Duration(milliseconds: Int((number * milliseconds).rounded()))
    }
    report.error(
      .invalidValue, at: node.mark, "\(what) cannot be \(Printable.quoted(text))",
      Double(text) != nil ? "add a unit: \(text)s, \(text)ms" : "such as 500ms, 15s or 5m")
    return nil
  }

  /// The name of a header, in small letters, as Envoy has them.
  func headerName(_ node: Node, _ what: String) -> String? {
    guard let text = token(node, what, bytesMax: Limits.nameBytesMax) else { return nil }
    let isName = text.utf8.allSatisfy { byte in
      Digits.isDigit(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == 0x2d || byte == 0x5f
    }
    guard isName else {
      report.error(
        .invalidValue, at: node.mark, "\(what) cannot be \(Printable.quoted(text))",
        "the name of a header has letters, digits, - and _")
      return nil
    }
    return text.lowercased()
  }

  func absolutePath(_ node: Node, _ what: String) -> String? {
    guard let text = text(node, what, bytesMax: Limits.pathBytesMax) else { return nil }
    guard text.utf8.first == UInt8(ascii: "/"), text.utf8.allSatisfy({ $0 >= 0x20 }) else {
      report.error(
        .invalidValue, at: node.mark, "\(what) cannot be \(Printable.quoted(text))",
        "a path that begins with /")
      return nil
    }
    return text
  }

  /// The path of a request, as it stands there: without a query.
  func requestPath(_ node: Node, _ what: String) -> String? {
    guard let path = absolutePath(node, what) else { return nil }
    guard path.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != 0x3f && $0 != 0x23 }) else {
      report.error(
        .invalidValue, at: node.mark, "\(what) cannot be \(Printable.quoted(path))",
        "printable ASCII without spaces, `?` and `#`")
      return nil
    }
    return path
  }

  /// What is listened on: no names, which Envoy does not resolve there.
  func socketPlace(_ node: Node, _ what: String) -> EnvoyTemplate.SocketPlace? {
    guard let text = token(node, what, bytesMax: Limits.addressBytesMax) else { return nil }
    switch DestinationAddress(text, portMin: 0) {
    case .address(let address, let port): return .port(address, port)
    case .pipe(let path): return .pipe(path)
    case .name, nil:
      report.error(
        .invalidValue, at: node.mark, "\(what) cannot be \(Printable.quoted(text))",
        "write 127.0.0.1:10000, [::1]:10000 or unix:/run/envoy.sock")
      return nil
    }
  }

  /// A value for Envoy, as it is: plain scalars follow YAML's core schema.
  func tree(_ node: Node) -> JSONTree {
    switch node.content {
    case .scalar(let text, isPlain: false): return .text(text)
    case .scalar(let text, isPlain: true):
      switch CoreSchema.value(text) {
      case .json("true"): return true
      case .json("false"): return false
      case .json("null"): return .null
      case .json(let json): return .number(json)
      case .text: return .text(text)
      case .notFinite, .tooLarge:
        report.error(
          .invalidValue, at: node.mark, "JSON has no number `\(text)`",
          "put it in quotes to mean the text")
        return .null
      }
    case .list(let nodes): return .list(nodes.map(tree))
    case .mapping(let entries):
      return .object(entries.map { JSONTree.Member(key: $0.key, value: tree($0.value)) })
    }
  }
}
