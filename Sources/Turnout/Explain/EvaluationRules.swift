extension Evaluation {
  /// One rule that was tried.
  package struct Rule: Sendable, Equatable {
    /// From 1, as people count.
    package var number: Int
    package var name: String?
    package var kind: RuleKind
    package var tests: [Test] = []
    package var held = false
    /// Of a split.
    package var draw: Draw?
    package var lookup: Lookup?
    package var experiment: Experiment?
    package var outcome = Outcome.skipped
    /// The version that it decides for.
    package var version: String?

    package init(number: Int, name: String? = nil, kind: RuleKind) {
      self.number = number
      self.name = name
      self.kind = kind
    }

    package enum Outcome: String, Sendable {
      /// Its condition did not hold.
      case skipped
      /// It decides for a version.
      case decided
      /// Its experiment gave a cell, which names no model for the use case.
      case contributed
      /// Its lookup found nothing, or its experiment gave no cell.
      case passed
    }
  }

  /// The probe of a rule that looks up.
  package struct Lookup: Sendable, Equatable {
    package var attribute: String
    package var value: Value?
    package var version: String?
  }

  /// Whether the unit is in a cell of a rule's experiment.
  package struct Experiment: Sendable, Equatable {
    package var name: String
    package var layer: String
    package var gates: [Gate] = []
    package var cell: Cell?

    package init(name: String, layer: String) {
      self.name = name
      self.layer = layer
    }
  }

  package struct Cell: Sendable, Equatable {
    package var name: String
    package var by: Decision.Cell.Source
    /// Only by hash.
    package var draw: Draw?
    /// The version that it names for the use case.
    package var version: String?
  }

  /// One step of whether the unit is in a cell, and where it leads.
  package struct Gate: Sendable, Equatable {
    package var kind: Kind
    package var way: Way

    package init(_ kind: Kind, _ way: Way) {
      self.kind = kind
      self.way = way
    }

    /// Where a gate leads: to the next one, into no cell, or into a cell.
    package enum Way: String, Sendable { case on, out, into }

    package enum Kind: Sendable, Equatable {
      case enabled
      case switchedOn
      /// Nanoseconds since 1970 in UTC; nil is not said.
      case window(now: Int64, starts: Int64?, ends: Int64?)
      case traffic(Traffic)
      case assignment(Assignment)
      case override
      case assignedByHash
      case layerFree(takenBy: String?)
      case holdout(String, Holdout, Draw?)
      case when([Test])
      case layer(hasUnit: Bool, Draw?)
    }

    package enum Assignment: Sendable, Equatable {
      case none
      case cell
      /// Null.
      case keptOut
      case unknown(Value)
    }

    package enum Holdout: String, Sendable {
      case otherTraffic = "other_traffic"
      case noUnit = "no_unit"
      case outside
      case inside
    }
  }

  /// The request's class and those that fit: all of them if there are at most ``Limit/operands``.
  package struct Traffic: Sendable, Equatable {
    package var value: Value
    package var classes: [Value]
    package var classCount: Int
  }
}
