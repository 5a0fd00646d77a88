/// A condition whose names are resolved and whose values have the types of their attributes.
package indirect enum Condition: Sendable, Hashable {
  /// Every one holds; `all([])` always does.
  case all([Condition])
  /// At least one holds. Never empty.
  case any([Condition])
  case not(Condition)
  case segment(String)
  case test(ConditionTest)
  /// The use case's unit is among these, of which there is at least one.
  case units(UnitSet)

  package static let always = Condition.all([])
}

package struct ConditionTest: Sendable, Hashable {
  package var subject: Subject
  package var operation: Operation

  package init(subject: Subject, operation: Operation) {
    self.subject = subject
    self.operation = operation
  }

  package enum Subject: Sendable, Hashable {
    case attribute(name: String, type: AttributeType)
    /// The use case's unit, tested as a string.
    case unit
  }

  /// The operands are of the subject's type. Texts, versions and numbers have an order, booleans
  /// have none; prefix, suffix and contains are of texts.
  package enum Operation: Sendable, Hashable {
    case equal(AttributeValue)
    case notEqual(AttributeValue)
    case less(AttributeValue)
    case lessOrEqual(AttributeValue)
    case greater(AttributeValue)
    case greaterOrEqual(AttributeValue)
    /// Sorted, each value once, never empty.
    case among([AttributeValue])
    /// As `among`.
    case notAmong([AttributeValue])
    case prefix(Text)
    case suffix(Text)
    case contains(Text)
    case exists(Bool)
  }
}
