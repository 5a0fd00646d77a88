/// An address of a routing document as a proxy dials it. Documents take any text; this is what of it
/// Envoy can reach.
package enum DestinationAddress: Sendable, Hashable {
  /// `10.0.1.1:8080`, `[2001:db8::1]:8080`; without the brackets.
  case address(_ address: String, _ port: Int)
  /// `ranker.internal:8080`
  case name(_ name: String, _ port: Int)
  /// `unix:/run/ranker.sock`
  case pipe(_ path: String)

  /// Nil: none of them.
  package init?(_ text: String, portMin: Int = 1) {
    if text.hasPrefix("unix:") {
      let path = text.dropFirst(5)
      // What sockaddr_un holds.
      guard path.hasPrefix("/"), path.utf8.count <= 107 else { return nil }
      self = .pipe(String(path))
      return
    }
    guard let colon = text.lastIndex(of: ":") else { return nil }
    let digits = text[text.index(after: colon)...]
    guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy(Digits.isDigit),
      let port = Int(digits), (portMin...65_535).contains(port)
    else { return nil }
    let host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      let address = host.dropFirst().dropLast()
      guard Self.isIPv6(address) else { return nil }
      self = .address(String(address), port)
    } else if host.utf8.allSatisfy({ Digits.isDigit($0) || $0 == 0x2e }) {
      guard Self.isIPv4(host) else { return nil }
      self = .address(String(host), port)
    } else {
      guard Self.isName(host) else { return nil }
      self = .name(String(host), port)
    }
  }

  private static func isIPv4(_ text: Substring) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4
      && parts.allSatisfy { part in
        guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy(Digits.isDigit),
          let number = Int(part)
        else { return false }
        return number <= 255 && (part == "0" || part.utf8.first != UInt8(ascii: "0"))
      }
  }

  private static func isIPv6(_ text: Substring) -> Bool {
    var groups = 0
    let halves = text.split(separator: "::", omittingEmptySubsequences: false)
    guard (1...2).contains(halves.count) else { return false }
    for (index, half) in halves.enumerated() where !half.isEmpty {
      let parts = half.split(separator: ":", omittingEmptySubsequences: false)
      for (number, part) in parts.enumerated() {
        let isLast = number == parts.count - 1 && index == halves.count - 1
        if isLast, part.contains("."), isIPv4(part) {
          groups += 2
        } else {
          guard (1...4).contains(part.utf8.count), part.allSatisfy(\.isHexDigit) else {
            return false
          }
          groups += 1
        }
      }
    }
    return halves.count == 2 ? groups <= 7 : groups == 8
  }

  /// Letters, digits, hyphens and underscores between points, at least one letter in all.
  private static func isName(_ text: Substring) -> Bool {
    guard (1...253).contains(text.utf8.count) else { return false }
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    // A point at the end says that the name is whole.
    let named = labels.last == "" ? labels.dropLast() : labels[...]
    return !named.isEmpty
      && named.allSatisfy { label in
        (1...63).contains(label.utf8.count)
          && label.utf8.allSatisfy { byte in
            Digits.isDigit(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == 0x2d
              || byte == 0x5f
          }
      }
  }
}
