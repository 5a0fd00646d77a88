/// What is wrong with an image, and at which byte: plain words, so that a check costs one comparison.
struct Fault: Error {
  let at: Int
  let what: StaticString

  init(_ at: Int, _ what: StaticString) {
    self.at = at
    self.what = what
  }

  var error: TurnoutError {
    TurnoutError(.corrupt, "the table is damaged at byte \(at): \(what)")
  }
}

extension Section {
  /// What a number says that is none of a record of this section.
  var lacksRecord: StaticString {
    switch self {
    case .versions: "no such model version"
    case .placements: "no such placement"
    case .clusters: "no such cluster"
    case .maps: "no such map"
    case .configKeys: "no such config key"
    case .configs: "no such config"
    case .experiments: "no such experiment"
    case .layers: "no such layer"
    default: "no such record"
    }
  }
}
