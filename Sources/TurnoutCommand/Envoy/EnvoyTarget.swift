import ArgumentParser
import TurnoutCompiler

/// For which Envoy the files are.
struct EnvoyTarget {
  enum Version: String, CaseIterable, ExpressibleByArgument {
    case v138 = "1.38"
    case v139 = "1.39"
    case v140 = "1.40"

    /// A patch level may stand behind it.
    init?(argument: String) {
      guard
        let version = Self.allCases.last(where: {
          argument == $0.rawValue || argument.hasPrefix($0.rawValue + ".")
        })
      else { return nil }
      self = version
    }
  }

  /// How the module is asked: Envoy 1.40 has cluster specifiers, which run where a route's cluster is
  /// looked up; before that there is the HTTP filter.
  enum Form {
    case specifier
    case filter
  }

  let version: Version
  let form: Form

  init(_ version: Version, usesFilter: Bool) {
    self.version = version
    form = usesFilter || version != .v140 ? .filter : .specifier
  }

  /// The format of a value that the module gives with a decision.
  func metadata(_ key: String) -> String {
    switch form {
    case .specifier: "%METADATA(ROUTE:turnout:\(key))%"
    case .filter: "%DYNAMIC_METADATA(turnout:\(key))%"
    }
  }

  var words: String {
    form == .specifier ? "cluster specifier" : "HTTP filter"
  }
}

extension JSONTree {
  /// A message of Envoy's where any may stand.
  static func any(_ type: String, _ members: [Member]) -> JSONTree {
    .object([Member(key: "@type", value: .text("type.googleapis.com/" + type))] + members)
  }

  static func any(_ type: String, _ message: JSONTree = [:]) -> JSONTree {
    guard case .object(let members) = message else { return message }
    return any(type, members)
  }

  /// A header that replaces one of its name.
  static func header(_ name: String, _ value: String) -> JSONTree {
    [
      "header": ["key": .text(name), "value": .text(value)],
      "append_action": "OVERWRITE_IF_EXISTS_OR_ADD",
    ]
  }
}
