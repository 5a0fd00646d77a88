/// Text whose identity and order are those of its UTF-8 bytes.
///
/// `String` compares by Unicode canonical equivalence, so that `é` written in two ways is one
/// string. To requests, salts and configs they are two.
package struct Text: Sendable {
  package var string: String

  package init(_ string: String) {
    self.string = string
  }

  package var utf8: String.UTF8View { string.utf8 }
}

extension Text: Hashable {
  package static func == (left: Text, right: Text) -> Bool {
    ByteOrder.same(left.string, right.string)
  }

  /// Equal bytes are canonically equivalent, so the string's own hash serves.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(string)
  }
}

extension Text: Comparable {
  package static func < (left: Text, right: Text) -> Bool {
    ByteOrder.precedes(left.string, right.string)
  }
}

extension Text: ExpressibleByStringLiteral, CustomStringConvertible {
  package init(stringLiteral value: String) {
    self.init(value)
  }

  package var description: String { string }
}
