/// What one evaluation did, in the order in which it did it: what a ``Recorder`` writes down and an
/// ``Explanation`` is rendered from. Names and values are copies; nothing here refers to a table.
package struct Evaluation: Sendable, Equatable {
  package var decision: Decision
  /// The use case that was asked for, as the request writes it.
  package var useCase: Value?
  /// Why there is no decision, in words; nil if there is one.
  package var refusal: String?
  /// The use case's unit; nil if there is no such use case, or nothing was evaluated.
  package var unit: Unit?
  /// Nil if the use case has no overrides, or they were not looked at.
  package var override: Override?
  /// The rules that were tried, in their order.
  package var rules: [Rule] = []
  /// How many rules stand below the last one that was tried.
  package var rulesLeft = 0
  /// Nil if nothing decided.
  package var placement: Placement?
  package var shadows: [Shadow] = []
  package var leftOut = LeftOut()

  package init(decision: Decision, useCase: Value? = nil, refusal: String? = nil) {
    self.decision = decision
    self.useCase = useCase
    self.refusal = refusal
  }

  /// A text, a number or a boolean, of the document or of the request.
  package enum Value: Sendable, Equatable {
    /// The first bytes of a text, and how many it has in all.
    case text([UInt8], count: Int)
    case number(Double)
    case boolean(Bool)

    package init(_ text: String) {
      let bytes = Array(text.utf8)
      self = .text(bytes, count: bytes.count)
    }
  }

  /// A unit that was asked for.
  package struct Unit: Sendable, Equatable {
    package var name: String
    /// The unit that stood in for it.
    package var standsIn: String?
    /// Nil if neither it nor any that might stand in was given.
    package var value: Value?

    package init(name: String, standsIn: String? = nil, value: Value? = nil) {
      self.name = name
      self.standsIn = standsIn
      self.value = value
    }
  }

  /// One test of a condition. Segments are written out, and each `not` is part of where a test
  /// leads.
  package struct Test: Sendable, Equatable {
    /// `unit` is the use case's unit.
    package var attribute: String
    package var op: String
    /// The document's values, if there are at most ``Limit/operands``.
    package var operands: [Value]
    package var operandCount: Int
    /// The request's value; nil is missing.
    package var value: Value?
    package var held: Bool
    package var leads: Lead

    package enum Lead: String, Sendable { case next, holds, fails }
  }

  /// What was drawn, or could not be for want of a unit.
  package struct Draw: Sendable, Equatable {
    package var allocation: AllocationKind
    /// What follows the colon in the allocation's default salt.
    package var owner: String
    package var salt: String
    package var source: Source
    /// Nil if nothing was hashed, likewise the position and the interval.
    package var value: Value?
    package var position: UInt32?
    package var interval: Range<UInt64>?
    /// Nil where the position is nobody's.
    package var arm: String?

    package enum Source: Sendable, Equatable {
      case unit(String, standsIn: String?)
      case requestID
      /// The arm with most positions, for want of the unit and of a request id.
      case nothing(String)
    }
  }

  /// What was found by the use case's unit.
  package enum Override: Sendable, Equatable {
    case none
    case version(String)
    /// The same, but it is for production traffic only.
    case versionOfOtherTraffic(String)
    case cells([OverrideCell])
  }

  /// A cell that an override gives.
  package struct OverrideCell: Sendable, Equatable {
    package var experiment: String
    package var cell: String
  }

  /// What was not written down, for there is a bound.
  package struct LeftOut: Sendable, Equatable {
    package var tests = 0
    package var draws = 0
    package var choices = 0

    package init() {}
    package var isNothing: Bool { tests == 0 && draws == 0 && choices == 0 }
  }

  /// Bounds of what is written down.
  package enum Limit {
    /// Bytes of one text.
    package static let textBytes = 1_024
    /// Values of one test.
    package static let operands = 16
    /// Tests, draws, and choices of placements of one evaluation.
    package static let tests = 4_096
    package static let draws = 4_096
    package static let choices = 1_024
  }
}
