/// A case of `expect:`: what a table must answer. It is about the table and no part of it.
package struct Expectation: Sendable, Hashable {
  package var useCase: String
  package var subject: Subject
  /// By attribute, in byte order; `traffic` may be among them.
  package var context: [ExpectedAttribute]
  /// By experiment, in byte order; nil keeps the unit out.
  package var assignments: [ExpectedAssignment]
  /// Nanoseconds since 1970 in UTC; nil is the clock.
  package var now: Int64?
  package var outcome: ExpectedOutcome
  /// What the document says about the case.
  package var description: String?
  package var mark: SourceMark

  /// Whom a case asks for.
  package enum Subject: Sendable, Hashable {
    case request(ExpectedRequest)
    case share(ExpectedShare)
  }
}

/// What is expected, each with the place where it is said.
package struct ExpectedOutcome: Sendable, Hashable {
  package var status = ExpectedStatus.ok
  package var statusMark: SourceMark?
  package var model: Expected<ExpectedModel>?
  package var cluster: Expected<String>?
  package var shard: Expected<String>?
  package var routingKey: Expected<String>?
  /// By experiment, in byte order.
  package var cells: [ExpectedPart<String>] = []
  /// By shadow, in byte order.
  package var shadows: [ExpectedPart<ExpectedModel>] = []
  /// By key, in byte order.
  package var config: [ExpectedConfig] = []
}

package struct ExpectedRequest: Sendable, Hashable {
  /// The primary one; empty is none.
  package var unit = ""
  /// Others by name, in byte order.
  package var units: [ExpectedUnit] = []
  package var requestID = ""
}

package struct ExpectedUnit: Sendable, Hashable {
  package var name: String
  package var value: String
}

/// The share of all units for which the outcome holds.
package struct ExpectedShare: Sendable, Hashable {
  package var share: Percentage
  /// Either way.
  package var tolerance: Percentage
  package var mark: SourceMark
}

package struct ExpectedAttribute: Sendable, Hashable {
  package var name: String
  package var value: AttributeValue
}

package struct ExpectedAssignment: Sendable, Hashable {
  package var experiment: String
  package var cell: String?
}

/// The statuses that a table comes to by itself.
package enum ExpectedStatus: String, Sendable, Hashable, CaseIterable {
  case ok
  case disabled
  case missingRequired = "missing_required"
}

/// Any of some alternatives.
package struct Expected<Value: Sendable & Hashable>: Sendable, Hashable {
  /// As written; never empty.
  package var alternatives: [Value]
  package var mark: SourceMark
}

/// Any of some alternatives for one experiment or shadow; nil is none at all.
package struct ExpectedPart<Value: Sendable & Hashable>: Sendable, Hashable {
  package var name: String
  package var alternatives: [Value]?
  package var mark: SourceMark
}

/// A model version, or any version of a model.
package struct ExpectedModel: Sendable, Hashable {
  package var model: String
  package var version: String?

  package init(model: String, version: String?) {
    self.model = model
    self.version = version
  }
}

extension ExpectedModel: CustomStringConvertible {
  package var description: String { version.map { "\(model)@\($0)" } ?? model }
}

/// A key that the merged config has.
package struct ExpectedConfig: Sendable, Hashable {
  package var entry: ConfigEntry
  package var mark: SourceMark
}
