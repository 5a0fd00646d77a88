/// What outcomes tell beside the destination.
package enum OutcomeParts: Sendable {
  case none
  case named(experiments: Set<String>, shadows: Set<String>)
  case all

  var areAny: Bool {
    switch self {
    case .none: false
    case .named(let experiments, let shadows): !experiments.isEmpty || !shadows.isEmpty
    case .all: true
    }
  }

  func tell(experiment: String) -> Bool {
    switch self {
    case .none: false
    case .named(let experiments, _): experiments.contains(experiment)
    case .all: true
    }
  }

  func tell(shadow: String) -> Bool {
    switch self {
    case .none: false
    case .named(_, let shadows): shadows.contains(shadow)
    case .all: true
    }
  }
}

/// What a request may be answered with, of which the shares are asked for.
package struct Outcome: Sendable, Hashable {
  package var destination: Destination
  /// In the order of their rules. Only those that are drawn or given where they are asked for.
  package var cells: [Cell] = []
  /// In the order of the document. Only where they are asked for.
  package var shadows: [Shadow] = []

  package init(_ destination: Destination) { self.destination = destination }

  package struct Cell: Sendable, Hashable {
    package var experiment: String
    package var cell: String

    package init(experiment: String, cell: String) {
      self.experiment = experiment
      self.cell = cell
    }
  }

  package struct Shadow: Sendable, Hashable {
    package var name: String
    package var endpoint: Destination.Endpoint

    package init(name: String, endpoint: Destination.Endpoint) {
      self.name = name
      self.endpoint = endpoint
    }
  }
}
