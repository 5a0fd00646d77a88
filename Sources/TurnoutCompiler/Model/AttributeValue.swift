/// A value that an attribute is compared with.
package enum AttributeValue: Sendable, Hashable {
  case string(Text)
  /// Finite, and never −0.
  case number(Double)
  case boolean(Bool)
  case version(Version)
}

extension AttributeValue: Comparable {
  /// An order to list values in, the same for every spelling of them; what `<` in a condition
  /// means is the engine's. Values of one list have one type.
  package static func < (left: AttributeValue, right: AttributeValue) -> Bool {
    switch (left, right) {
    case (.string(let left), .string(let right)): left < right
    case (.number(let left), .number(let right)): left < right
    case (.boolean(let left), .boolean(let right)): !left && right
    case (.version(let left), .version(let right)): left.canonical < right.canonical
    default: left.rank < right.rank
    }
  }

  private var rank: Int {
    switch self {
    case .string: 0
    case .number: 1
    case .boolean: 2
    case .version: 3
    }
  }
}

/// `digits(.digits)*[-suffix][+build]`, for example `8.10` or `3.1.4-beta.2+77`.
package struct Version: Sendable {
  /// As written.
  package var text: Text
  /// The same for all spellings of one version: no leading zeros, no trailing `.0`, no build.
  package var canonical: Text
}

extension Version: Hashable {
  package static func == (left: Version, right: Version) -> Bool {
    left.canonical == right.canonical
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(canonical)
  }
}
